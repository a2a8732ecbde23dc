"""Which values a write would change: for fields that stay as they are once they are in use."""


def find_changes(records, vals, names):
    """Yield ``(record, field)`` for each of these fields whose value ``vals`` would change."""
    for name in sorted(names & vals.keys()):
        field = records._fields[name]
        for record in records:
            new = field.convert_to_cache(vals[name], record)
            if new != field.convert_to_cache(record[name], record):
                yield record, field

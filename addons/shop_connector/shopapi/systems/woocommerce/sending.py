"""Writing records: many in one call, each with an outcome of its own."""

from __future__ import annotations

from collections.abc import Sequence

from ...documents import Outcome
from ...errors import DataError
from ...paging import chunks
from ...saving import Task
from .client import BATCH, Client
from .comparing import not_taken
from .shop import Shop


class Sender:
    """What all that saves records has in common."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop

    def send(self, path: str, tasks: Sequence[Task]) -> dict[int, Outcome]:
        """Write the tasks in as few calls as allowed; the outcomes by ``id`` of their entries."""
        outcomes: dict[int, Outcome] = {}
        for chunk in chunks(tasks, BATCH):
            ordered = [each for each in chunk if each[2] is None]
            create = [fields for _entry, fields, _key in ordered]
            ordered += [each for each in chunk if each[2] is not None]
            update = [{"id": int(key), **fields} for _entry, fields, key in ordered if key]
            results = self.client.batch(path, create, update)
            for (entry, fields, key), result in zip(ordered, results, strict=True):
                error = result if isinstance(result, DataError) else not_taken(fields, result)
                number = key if isinstance(result, DataError) else str(result["id"])
                outcomes[id(entry)] = Outcome(
                    key=entry.key,
                    external_id=number,
                    error=error,
                    adopted=key is not None and entry.external_id is None,
                )
        return outcomes

from odoo import models

# Context: ids of the sequences that give no number while transfers are validated.
# ``stock.picking._action_done`` sets it and draws later, for the transfers that need it.
SILENT_SEQUENCES = "l10n_it_ddt_silent_sequences"


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def next_by_id(self, sequence_date=None):
        if self.id in self.env.context.get(SILENT_SEQUENCES, ()):
            return False
        return super().next_by_id(sequence_date=sequence_date)

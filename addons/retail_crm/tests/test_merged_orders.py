"""Row 67: quotations that became a part of another one are neither sold nor lost."""

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestMergedOrders(DeskCase):
    def setUp(self):
        super().setUp()
        self.kept, self.gone = (self._order(channel_id=self.channel.id) for _twice in range(2))

    def _merge(self):
        (self.kept | self.gone).action_merge()
        self.env.flush_all()

    def test_067_papers_go_with_the_lines(self):
        paper = self.env["ir.attachment"].create(
            {"name": "Drawing.txt", "raw": b"x", "res_model": "sale.order", "res_id": self.gone.id}
        )
        self._merge()
        self.assertEqual((paper.res_model, paper.res_id), ("sale.order", self.kept.id))

    def test_067_no_figure_counts_a_merged_quotation_as_cancelled(self):
        self._merge()
        self.assertEqual((self.gone.state, self.gone.merged_into_id), ("cancel", self.kept))
        self.kept.action_confirm()
        self.env.flush_all()
        [row] = self.env["retail.channel.report"]._read_group(
            [("channel_id", "=", self.channel.id)],
            [],
            ["order_count:sum", "cancel_rate:avg", "conversion_rate:avg", "revenue:sum"],
        )
        self.assertEqual(row, (1, 0.0, 100.0, 40.0))
        figures = self.customer.get_customer_card()["figures"]
        self.assertEqual((figures["orders"], figures["cancelled"]), (1, 0))
        self.assertEqual(figures["cancel_rate"], 0.0)

    def test_067_the_reasons_of_cancellations_leave_it_out(self):
        lost = self._order(channel_id=self.channel.id)
        lost._action_cancel()
        line = self.gone.order_line.copy({"order_id": self.gone.id})
        self._merge()
        # a line that was added to it afterwards
        line.order_id = self.gone
        self.env.flush_all()
        action = self.env.ref("retail_crm.sale_report_reasons_action")
        domain = [*safe_eval(action.domain), ("channel_id", "=", self.channel.id)]
        found = self.env["sale.report"]._read_group(domain, ["order_reference"])
        self.assertEqual([reference for (reference,) in found], [f"sale.order,{lost.id}"])

    def test_067_what_is_a_quotation_again_counts_again(self):
        self._merge()
        self.gone.action_draft()
        self.assertFalse(self.gone.merged_into_id)

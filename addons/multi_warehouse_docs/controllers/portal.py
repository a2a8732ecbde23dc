"""My Delivery Notes: the customer finds the documents of his goods."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import content_disposition, request, route
from odoo.tools import consteq

from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.addons.sale_stock.controllers.portal import SaleStockPortal

PDF = "multi_warehouse_docs.action_report_document"
URL = "/my/delivery_notes"


class DocumentPortal(SaleStockPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "delivery_note_count" in counters:
            values["delivery_note_count"] = self._get_delivery_notes().search_count(
                self._get_delivery_note_domain()
            )
        return values

    def _get_delivery_notes(self):
        # the customer may see documents of all contacts of his company: the domain says which
        return request.env["stock.picking"].sudo()

    def _get_delivery_note_domain(self):
        partner = request.env.user.partner_id
        return self._get_delivery_notes()._get_portal_domain(partner)

    # === LIST ===

    @route([URL, f"{URL}/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_delivery_notes(
        self, page=1, sortby=None, filterby=None, search=None, search_in=None, **kwargs
    ):
        sortings, filters = self._get_note_sortings(), self._get_note_filters()
        inputs = self._get_note_inputs()
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        search_in = search_in if search_in in inputs else "all"
        domain = self._get_delivery_note_domain() & filters[filterby]["domain"]
        if search:
            domain &= Domain.OR(
                Domain(field, "ilike", search) for field in inputs[search_in]["fields"]
            )
        notes = self._get_delivery_notes()
        arguments = {"sortby": sortby, "filterby": filterby}
        arguments.update({"search": search, "search_in": search_in} if search else {})
        pager = portal_pager(
            url=URL,
            url_args=arguments,
            total=notes.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = notes.search(
            domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        values = {
            **self._prepare_portal_layout_values(),
            "delivery_notes": found,
            "page_name": "delivery_note",
            "default_url": URL,
            "pager": pager,
            "sortby": sortby,
            "searchbar_sortings": sortings,
            "filterby": filterby,
            "searchbar_filters": filters,
            "search": search,
            "search_in": search_in,
            "searchbar_inputs": inputs,
        }
        return request.render("multi_warehouse_docs.portal_my_delivery_notes", values)

    def _get_note_sortings(self):
        _ = request.env._
        return {
            "date": {"label": _("Newest"), "order": "document_date desc, id desc"},
            "number": {"label": _("Number"), "order": "document_number, id"},
        }

    def _get_note_inputs(self):
        _ = request.env._
        order = ["sale_ids.name", "sale_ids.document_number", "sale_ids.client_order_ref"]
        return {
            "all": {
                "input": "all",
                "label": _("Search in All"),
                "fields": ["document_number", *order, "origin"],
            },
            "number": {
                "input": "number",
                "label": _("Search in Number"),
                "fields": ["document_number"],
            },
            "order": {
                "input": "order",
                "label": _("Search in Order"),
                "fields": order,
            },
            "product": {
                "input": "product",
                "label": _("Search in Products"),
                "fields": ["move_ids.product_id.name", "move_ids.product_id.default_code"],
            },
        }

    def _get_note_filters(self):
        _ = request.env._
        today = fields.Date.context_today(request.env.user)
        month, year = today.replace(day=1), today.replace(month=1, day=1)
        ranges = {
            "month": (_("This Month"), month, month + relativedelta(months=1)),
            "last_month": (_("Last Month"), month - relativedelta(months=1), month),
            "year": (_("This Year"), year, year + relativedelta(years=1)),
            "last_year": (_("Last Year"), year - relativedelta(years=1), year),
        }
        return {
            "all": {"label": _("All"), "domain": Domain.TRUE},
            **{
                name: {
                    "label": label,
                    "domain": Domain("document_date", ">=", start)
                    & Domain("document_date", "<=", end - timedelta(days=1)),
                }
                for name, (label, start, end) in ranges.items()
            },
        }

    # === ONE DOCUMENT ===

    @route(f"{URL}/<int:picking_id>", type="http", auth="public", website=True)
    def portal_delivery_note(self, picking_id, access_token=None, download=None, **kwargs):
        """Answer with the PDF, to its customer or to who holds the link."""
        note = self._find_delivery_note(picking_id, access_token)
        if not note:
            return request.redirect("/my")
        return self._show_delivery_note(note, download)

    def _find_delivery_note(self, picking_id, access_token):
        note = self._get_delivery_notes().browse(picking_id).exists()
        if not note.document_number or note.document_type_id.kind == "internal":
            return note.browse()
        if access_token and note.access_token and consteq(note.access_token, access_token):
            return note
        if request.env.user._is_public():
            return note.browse()
        if request.env.user._is_internal():
            return note if note.with_user(request.env.user).has_access("read") else note.browse()
        return note.filtered_domain(self._get_delivery_note_domain())

    def _show_delivery_note(self, note, download=None):
        # one copy: further ones are for carrier and consignor
        reports = request.env["ir.actions.report"].sudo()
        reports = reports.with_company(note.company_id).with_context(single_copy=True)
        content = reports._render_qweb_pdf(PDF, note.ids)[0]
        name = f"{note._get_document_file_name()}.pdf"
        kind = "attachment" if download else "inline"
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name, disposition_type=kind)),
        ]
        return request.make_response(content, headers=headers)

    @route()
    def portal_my_picking_report(self, picking_id, access_token=None, **kw):
        """On the order's page: a numbered document is printed as the document it is."""
        try:
            note = self._stock_picking_check_access(picking_id, access_token=access_token)
        except (AccessError, MissingError):
            return super().portal_my_picking_report(picking_id, access_token=access_token, **kw)
        if note.document_number:
            return self._show_delivery_note(note)
        return super().portal_my_picking_report(picking_id, access_token=access_token, **kw)

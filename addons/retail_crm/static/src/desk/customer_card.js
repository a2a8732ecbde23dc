import { Component } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { deserializeDate, deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";

const ICONS = { phone: "fa-phone", email: "fa-envelope-o", messenger: "fa-comment-o", social: "fa-share-alt" };

/** Who is calling: contact points, what to mind, open and past orders, figures. */
export class CustomerCard extends Component {
    static template = "retail_crm.CustomerCard";
    static props = { desk: Object };

    setup() {
        this.action = useService("action");
        this.formatCurrency = formatCurrency;
    }

    get customer() {
        return this.props.desk.customer;
    }

    icon(kind) {
        return ICONS[kind] || "fa-at";
    }

    link(contact) {
        const scheme = { phone: "tel:", email: "mailto:" }[contact.kind];
        return scheme ? scheme + contact.value.replace(/\s/g, "") : undefined;
    }

    day(value) {
        return value ? formatDate(deserializeDateTime(value)) : "";
    }

    date(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }

    openForm() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: this.customer.id,
            views: [[false, "form"]],
        });
    }
}

import { Component } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { LookUp } from "./look_up";

/** Finds customers by name, phone or e-mail, and orders by number. */
export class Finder extends Component {
    static template = "retail_crm.Finder";
    static components = { LookUp };
    static props = { desk: Object, onNew: Function };

    setup() {
        this.formatCurrency = formatCurrency;
        this.placeholder = _t("Name, phone, e-mail or order number");
        this.search = this.search.bind(this);
        this.onSelect = this.onSelect.bind(this);
    }

    async search(text) {
        const found = await this.props.desk.call("find", text);
        return [
            ...found.customers.map((hit) => ({ ...hit, kind: "customer", key: `c${hit.id}` })),
            ...found.orders.map((hit) => ({ ...hit, kind: "order", key: `o${hit.id}` })),
            { kind: "new", key: "new", text },
        ];
    }

    onSelect(row, text) {
        if (row.kind === "customer") {
            return this.props.desk.openCustomer(row.id);
        }
        if (row.kind === "order") {
            return this.props.desk.openOrder(row.id);
        }
        return this.props.onNew(text);
    }
}

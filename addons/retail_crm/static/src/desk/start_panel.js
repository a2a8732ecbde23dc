import { Component } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";

/** Before anybody calls: the unfinished orders of this person, and the keys. */
export class StartPanel extends Component {
    static template = "retail_crm.StartPanel";
    static props = { desk: Object };

    setup() {
        this.formatCurrency = formatCurrency;
    }
}

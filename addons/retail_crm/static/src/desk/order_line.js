import { Component } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { parseFloat } from "@web/views/fields/parsers";
import { DeskInput } from "./desk_input";
import { chooseSubstitute } from "./steps";

/** One line: quantity, price and discount change in place. */
export class OrderLine extends Component {
    static template = "retail_crm.OrderLine";
    static components = { DeskInput };
    static props = { line: Object, desk: Object, onMove: Function };

    setup() {
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.formatCurrency = formatCurrency;
    }

    get isEditable() {
        return this.props.line.is_goods && this.props.desk.order.is_editable;
    }

    number(value, kind) {
        return this.props.desk.formatQuantity(value, kind);
    }

    onChange(field, text) {
        if (this.props.desk.isBarcode(text)) {
            return this.props.desk.addBarcode(text.trim());
        }
        let value;
        try {
            value = parseFloat(text.trim() || "0");
        } catch {
            this.notification.add(_t("%s is not a number", text), { type: "warning" });
            this.props.desk.refused++;
            return;
        }
        if (field === "product_uom_qty" && !text.trim()) {
            return; // emptied is taken back: who wants the line gone types 0
        }
        return this.props.desk.changeLine(this.props.line.id, { [field]: value });
    }

    onKeydown(ev) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (step) {
            ev.preventDefault();
            this.props.onMove(step);
        } else if (ev.key === "Enter" || ev.key === "Escape") {
            ev.preventDefault();
            this.props.desk.focus("product");
        } else if (ev.key === "Delete" && ev.ctrlKey) {
            ev.preventDefault();
            this.remove();
        }
    }

    remove() {
        this.props.desk.focus("product");
        return this.props.desk.changeLine(this.props.line.id, { product_uom_qty: 0 });
    }

    substitute() {
        const { desk, line } = this.props;
        return chooseSubstitute({ desk, dialog: this.dialog, line });
    }
}

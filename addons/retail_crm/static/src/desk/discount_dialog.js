import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { parseFloat } from "@web/views/fields/parsers";

/** A discount on the whole order: a percentage of every line, or an amount. Arrow keys change which. */
export class DiscountDialog extends Component {
    static template = "retail_crm.DiscountDialog";
    static components = { Dialog };
    static props = { desk: Object, close: Function };

    setup() {
        this.state = useState({ value: "", kind: "percent" });
        this.notification = useService("notification");
        useAutofocus({ refName: "value" });
    }

    async apply() {
        let value;
        try {
            value = parseFloat(this.state.value || "0");
        } catch {
            this.notification.add(_t("%s is not a number", this.state.value), { type: "warning" });
            return;
        }
        this.props.close();
        const isPercent = this.state.kind === "percent";
        await this.props.desk.onOrder(
            "discount_order",
            isPercent ? value : 0,
            isPercent ? 0 : value
        );
        this.props.desk.focus("product");
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.apply();
        } else if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            this.state.kind = this.state.kind === "percent" ? "amount" : "percent";
        }
    }
}

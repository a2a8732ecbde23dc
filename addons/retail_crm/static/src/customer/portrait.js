/** The figures, latest orders and favourite products of a customer, asked for in one call. */
import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDate, deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat, formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

export class Portrait extends Component {
    static template = "retail_crm.Portrait";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ card: null });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.props.record.resId) {
                return this.load(next.record.resId);
            }
        });
    }

    async load(id) {
        this.wanted = id;
        const card = id ? await this.orm.call("res.partner", "get_customer_card", [[id]]) : null;
        if (id === this.wanted) {
            this.state.card = card;
        }
    }

    get figures() {
        return this.state.card.figures;
    }

    money(amount, currencyId) {
        return formatMonetary(amount, { currencyId: currencyId || this.state.card.currency.id });
    }

    share(part) {
        return formatPercentage(part, { digits: [false, 0] });
    }

    quantity(number) {
        return formatFloat(number, { digits: [false, 2], trailingZeros: false });
    }

    day(value) {
        if (!value) {
            return "";
        }
        return formatDate(value.length > 10 ? deserializeDateTime(value) : deserializeDate(value));
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("retail_crm_portrait", { component: Portrait });

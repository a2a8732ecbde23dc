import { Component } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDateTime, serializeDateTime } from "@web/core/l10n/dates";
import { DeskInput } from "./desk_input";

/** What concerns the whole order: promised time, remark, reference, addresses; its totals. */
export class OrderFoot extends Component {
    static template = "retail_crm.OrderFoot";
    static components = { DateTimeInput, DeskInput };
    static props = { desk: Object };

    setup() {
        this.formatCurrency = formatCurrency;
    }

    get order() {
        return this.props.desk.order;
    }

    get isEditable() {
        return !this.order || this.order.is_editable;
    }

    moment(name) {
        const value = this.order?.[name];
        return value ? deserializeDateTime(value) : false;
    }

    onMoment(name, moment) {
        const value = moment ? serializeDateTime(moment) : false;
        if (value === (this.order?.[name] || false)) {
            return;
        }
        const { commitment_from: from, commitment_date: until } = this.order || {};
        const values = { [name]: value };
        // a window is never without its end, nor the wrong way round, whichever is typed first
        if (name === "commitment_from" && value && (!until || value > until)) {
            values.commitment_date = value;
        } else if (name === "commitment_date" && from && (!value || value < from)) {
            values.commitment_from = false;
        }
        return this.props.desk.changeOrder(values);
    }

    onAddress(name, ev) {
        return this.onChange(name, Number(ev.target.value));
    }

    onChange(name, value) {
        return this.props.desk.changeOrder({ [name]: value });
    }
}

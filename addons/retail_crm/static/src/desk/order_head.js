import { Component } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/** Number and stage of the order, and whether the server has all that was typed. */
export class OrderHead extends Component {
    static template = "retail_crm.OrderHead";
    static props = { desk: Object };

    setup() {
        this.action = useService("action");
    }

    get order() {
        return this.props.desk.order;
    }

    openForm() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: this.order.id,
            views: [[false, "form"]],
        });
    }
}

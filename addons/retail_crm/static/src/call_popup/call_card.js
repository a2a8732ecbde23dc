import { Component, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { InquiryDialog } from "../desk/inquiry_dialog";

/** Who is calling: name, what to mind, open orders, and what can be done about it. */
export class CallCard extends Component {
    static template = "retail_crm.CallCard";
    static props = { card: Object, close: Function, update: Function };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
    }

    get card() {
        return this.props.card;
    }

    get isKnown() {
        return Boolean(this.card.partner_id);
    }

    _openDesk(params) {
        return this.action.doAction({ type: "ir.actions.client", tag: "retail_crm.order_desk", params });
    }

    /** The order desk with the customer; who is not known yet is noted as an inquiry. */
    openCard() {
        if (this.isKnown) {
            return this._openDesk({ partner_id: this.card.partner_id });
        }
        this._ask((partnerId) => this._openDesk({ partner_id: partnerId }));
    }

    openOrder(order) {
        return this._openDesk({ order_id: order.id });
    }

    newOrder() {
        if (this.isKnown) {
            return this._newOrder(this.card.defaults);
        }
        this._ask((partnerId) =>
            this._newOrder({ ...this.card.defaults, default_partner_id: partnerId })
        );
    }

    _newOrder(defaults) {
        const context = Object.fromEntries(Object.entries(defaults).filter(([, value]) => value));
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            views: [[false, "form"]],
            context,
        });
    }

    _ask(onCustomer) {
        this.dialog.add(InquiryDialog, { text: this.card.number, onCustomer });
    }

    openNote() {
        return this.action.doAction("retail_crm.retail_call_action_note", {
            props: { resId: this.card.id },
        });
    }

    async choose(customer) {
        const card = await this.orm.call("retail.call", "choose_customer", [
            [this.card.id],
            customer.id,
        ]);
        this.props.update(card);
    }
}

/** The cards of all calls that go on for the user; they stay until the call ends. */
export class CallCards extends Component {
    static template = "retail_crm.CallCards";
    static components = { CallCard };
    static props = { cards: Object, close: Function, update: Function };

    setup() {
        this.cards = useState(this.props.cards);
    }
}

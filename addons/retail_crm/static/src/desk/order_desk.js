import {
    Component,
    onMounted,
    onWillStart,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { CustomerCard } from "./customer_card";
import { DeskModel } from "./desk_model";
import { Finder } from "./finder";
import { InquiryDialog } from "./inquiry_dialog";
import { NextSteps } from "./next_steps";
import { OrderFoot } from "./order_foot";
import { OrderHead } from "./order_head";
import { OrderLines } from "./order_lines";
import { StartPanel } from "./start_panel";
import { chooseLeadCustomer, stepRegistry } from "./steps";

/** One screen for a person on the phone: who, what, next. Everything is reached by keyboard. */
export class OrderDesk extends Component {
    static template = "retail_crm.OrderDesk";
    static components = {
        CustomerCard,
        Finder,
        Layout,
        NextSteps,
        OrderFoot,
        OrderHead,
        OrderLines,
        StartPanel,
    };
    static props = { ...standardActionServiceProps, partnerId: { type: Number, optional: true } };

    setup() {
        const orm = useService("orm");
        const notification = useService("notification");
        const action = useService("action");
        this.dialog = useService("dialog");
        this.root = useRef("root");
        this.desk = useState(new DeskModel({ orm, notification, action }));
        this.runStep = this.runStep.bind(this);
        this.onNew = this.onNew.bind(this);
        this.desk.flush = () => this._flush();

        onWillStart(() => this.desk.start(this._getStart()));
        onMounted(() => {
            if (this.desk.leadChoice) {
                chooseLeadCustomer({ desk: this.desk, dialog: this.dialog });
            }
        });
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev), { capture: true });
        useEffect(() => this.desk.applyFocus());
        useEffect(
            (orderId) => this.props.updateActionState?.({ resId: orderId || undefined }),
            () => [this.desk.orderId]
        );
        useSetupAction({
            beforeLeave: () => this._finish(),
            beforeUnload: (ev) => {
                this._flush();
                if (this.desk.waiting) {
                    ev.preventDefault(); // the browser asks whether to wait
                }
            },
            getLocalState: () => ({
                orderId: this.desk.orderId,
                partnerId: this.desk.customer?.id,
            }),
        });
    }

    _getStart() {
        const { action, state, resId, partnerId } = this.props;
        const params = action.params || {};
        return {
            orderId: state?.orderId || resId || params.order_id,
            partnerId: state?.partnerId || partnerId || params.partner_id,
            leadId: !state && params.lead_id,
        };
    }

    // === KEYS ===

    onKeydown(ev) {
        if (ev.altKey || ev.ctrlKey || ev.metaKey || ev.shiftKey || ev.repeat) {
            return;
        }
        const step = stepRegistry.getAll().find((one) => one.key === ev.key);
        if (step && !document.querySelector(".modal:not(.o_inactive_modal)")) {
            ev.preventDefault();
            this.runStep(step);
        }
    }

    async runStep(step) {
        const { refused } = this.desk;
        this._flush();
        await this.desk.settle();
        await this.desk.opening; // a key pressed ahead is for what was asked for before it
        if (refused !== this.desk.refused) {
            return; // what was typed last did not count, and is to be looked at first
        }
        if (step.isOffered(this.desk) && step.isReady(this.desk)) {
            await step.run({ desk: this.desk, dialog: this.dialog });
        }
    }

    onChannel(ev) {
        return this.desk.setChannel(Number(ev.target.value) || false);
    }

    onNew(text) {
        this.dialog.add(InquiryDialog, {
            text,
            onCustomer: (partnerId) => this.desk.openCustomer(partnerId),
        });
    }

    // === NOTHING IS LOST ===

    /** Send what has been typed but not yet left. */
    _flush() {
        const { activeElement } = document;
        if (this.root.el?.contains(activeElement) && activeElement.matches("input, textarea")) {
            activeElement.dispatchEvent(new Event("change", { bubbles: true }));
        }
        this.desk.flushEntry?.();
    }

    async _finish() {
        this._flush();
        await this.desk.settle();
    }
}

registry.category("actions").add("retail_crm.order_desk", OrderDesk);

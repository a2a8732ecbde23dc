import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";

const MODEL = "retail.order.desk";

/**
 * Five fields for whoever calls: name, phone, e-mail, what it is about, channel. Who is known
 * already is shown before anything is saved.
 */
export class InquiryDialog extends Component {
    static template = "retail_crm.InquiryDialog";
    static components = { Dialog };
    static props = {
        text: { type: String, optional: true },
        onCustomer: { type: Function, optional: true },
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.values = useState({ name: "", phone: "", email: "", subject: "", channel_id: false });
        this.state = useState({ known: [], channels: [], isSaving: false });
        this.lookLater = useDebounced(() => this.findKnown(), 250);
        this._readText(this.props.text || "");
        useAutofocus({ refName: "name" });
        this._loadChannels();
    }

    /** What was typed into the finder is a phone number, an e-mail or a name. */
    _readText(text) {
        const field = text.includes("@") ? "email" : /^[+\d][\d\s()/.-]{3,}$/.test(text) ? "phone" : "name";
        this.values[field] = text;
        if (text && field !== "name") {
            this.findKnown();
        }
    }

    async _loadChannels() {
        const desk = await this.orm.call(MODEL, "open_desk", []);
        this.state.channels = desk.channels;
        this.values.channel_id = desk.channel_id;
    }

    async findKnown() {
        const { phone, email, name } = this.values;
        this.state.known = await this.keepLast.add(
            this.orm.call(MODEL, "find_duplicates", [{ phone, email, name }])
        );
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && ev.target.tagName !== "TEXTAREA") {
            ev.preventDefault();
            this.save(ev.ctrlKey);
        }
    }

    /** Keep the inquiry: as a lead, or as a customer to whom the desk sells at once. */
    async save(asCustomer, partnerId = false) {
        if (this.state.isSaving) {
            return;
        }
        this.state.isSaving = true;
        try {
            const saved = await this.orm.call(MODEL, "save_inquiry", [
                { ...this.values },
                asCustomer,
                partnerId,
            ]);
            this.props.close();
            this._told(asCustomer, saved);
        } finally {
            this.state.isSaving = false;
        }
    }

    _told(asCustomer, { partner_id, lead_id }) {
        if (!asCustomer) {
            this.notification.add(_t("The inquiry is saved as a lead"), {
                type: "success",
                buttons: [{ name: _t("Open"), onClick: () => this._open("crm.lead", lead_id) }],
            });
        } else if (this.props.onCustomer) {
            this.props.onCustomer(partner_id);
        } else {
            this.action.doAction("retail_crm.order_desk_action", {
                props: { partnerId: partner_id },
            });
        }
    }

    _open(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

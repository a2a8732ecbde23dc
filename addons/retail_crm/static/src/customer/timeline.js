/** All that was written about and with a customer, over every document, a page at a time. */
import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const KINDS = {
    mail_in: { icon: "fa-envelope", title: _t("Received") },
    mail_out: { icon: "fa-paper-plane-o", title: _t("Sent") },
    sms: { icon: "fa-commenting-o", title: _t("SMS") },
    note: { icon: "fa-sticky-note-o", title: _t("Note") },
    call: { icon: "fa-phone", title: _t("Call") },
    system: { icon: "fa-cog", title: _t("Odoo") },
};

export class TimelineList extends Component {
    static template = "retail_crm.TimelineList";
    static props = { partnerId: Number };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ entries: [], cursor: false, everything: false, loading: false });
        onWillStart(() => this.load(this.props.partnerId));
        onWillUpdateProps((next) => {
            if (next.partnerId !== this.props.partnerId) {
                return this.load(next.partnerId);
            }
        });
    }

    /** The first page, or the one after what is there. */
    async load(partnerId, more = false) {
        this.state.loading = true;
        this.wanted = partnerId;
        try {
            const page = await this.orm.call("res.partner", "get_timeline", [[partnerId]], {
                before: more ? this.state.cursor : false,
                everything: this.state.everything,
            });
            if (partnerId !== this.wanted) {
                return;
            }
            this.state.entries = more ? [...this.state.entries, ...page.entries] : page.entries;
            this.state.cursor = page.cursor;
        } finally {
            this.state.loading = false;
        }
    }

    toggle(ev) {
        this.state.everything = ev.target.checked;
        return this.load(this.props.partnerId);
    }

    kind(entry) {
        return KINDS[entry.kind];
    }

    time(entry) {
        return formatDateTime(deserializeDateTime(entry.date), { showSeconds: false });
    }

    open(entry) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: entry.model,
            res_id: entry.res_id,
            views: [[false, "form"]],
        });
    }
}

export class Timeline extends Component {
    static template = "retail_crm.Timeline";
    static components = { TimelineList };
    static props = { ...standardWidgetProps };
}

registry.category("view_widgets").add("retail_crm_timeline", { component: Timeline });

import { Component } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { stepRegistry } from "./steps";

/** What can be done next, each by one key. */
export class NextSteps extends Component {
    static template = "retail_crm.NextSteps";
    static props = { desk: Object, run: Function };

    setup() {
        this.notification = useService("notification");
        this.formatCurrency = formatCurrency;
    }

    get steps() {
        return stepRegistry.getAll().filter((step) => step.isOffered(this.props.desk));
    }

    async copyLink() {
        await browser.navigator.clipboard.writeText(this.props.desk.payment.link);
        this.notification.add(_t("The link is on the clipboard"), { type: "success" });
    }
}

import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

const PERIOD = 120000;

/** How many orders wait too long for the user: always in sight, one click opens them. */
export class OverdueCount extends Component {
    static template = "retail_crm.OverdueCount";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ count: 0 });
        onWillStart(async () => {
            this.isUser = await user.hasGroup("retail_crm.group_retail_crm_user");
            if (this.isUser) {
                this.refresh();
                this.timer = setInterval(() => this.refresh(), PERIOD);
            }
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    async refresh() {
        if (document.hidden) {
            return;
        }
        this.state.count = await this.orm.silent.call("sale.order", "get_overdue_count", []);
    }

    open() {
        this.action.doAction("retail_crm.sale_order_overdue_action");
    }
}

registry
    .category("systray")
    .add("retail_crm.overdue_count", { Component: OverdueCount }, { sequence: 45 });

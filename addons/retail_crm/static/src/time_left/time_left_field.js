import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

/** One clock for all cards of the board: a timer each would wake the browser hundreds of times. */
const clock = { now: DateTime.now(), listeners: new Set(), timer: null };

function listen(listener) {
    clock.listeners.add(listener);
    if (!clock.timer) {
        clock.now = DateTime.now();
        clock.timer = setInterval(() => {
            clock.now = DateTime.now();
            clock.listeners.forEach((each) => each(clock.now));
        }, 15000);
    }
    return () => {
        clock.listeners.delete(listener);
        if (!clock.listeners.size) {
            clearInterval(clock.timer);
            clock.timer = null;
        }
    };
}

/** Text for a number of minutes: minutes below two hours, hours below two days, then days. */
export function formatTimeLeft(minutes) {
    const size = Math.abs(minutes);
    const sign = minutes < 0 ? "−" : "";
    if (size < 120) {
        return _t("%(sign)s%(count)s min", { sign, count: size });
    }
    if (size < 48 * 60) {
        return _t("%(sign)s%(count)s h", { sign, count: Math.floor(size / 60) });
    }
    return _t("%(sign)s%(count)s days", { sign, count: Math.floor(size / 1440) });
}

/** Counts down to a moment: how long an order may still stay where it is. */
export class TimeLeftField extends Component {
    static template = "retail_crm.TimeLeftField";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ now: DateTime.now() });
        let forget = () => {};
        onWillStart(() => {
            forget = listen((now) => {
                this.state.now = now;
            });
        });
        onWillUnmount(() => forget());
    }

    get deadline() {
        return this.props.record.data[this.props.name];
    }

    get minutes() {
        return Math.floor(this.deadline.diff(this.state.now, "minutes").minutes);
    }

    get text() {
        return formatTimeLeft(this.minutes);
    }

    get title() {
        return formatDateTime(this.deadline);
    }

    get classes() {
        if (this.minutes < 0) {
            return "text-danger fw-bold";
        }
        return this.minutes < 30 ? "text-warning fw-bold" : "text-muted";
    }
}

registry.category("fields").add("time_left", {
    component: TimeLeftField,
    displayName: _t("Time Left"),
    supportedTypes: ["datetime"],
});

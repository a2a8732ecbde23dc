import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

/** A short list to choose from by arrow keys and Enter, or by the number of the row. */
export class ChoiceDialog extends Component {
    static template = "retail_crm.ChoiceDialog";
    static components = { Dialog };
    static props = {
        title: String,
        text: { type: String, optional: true },
        choices: Array, // {id, name, detail, amount, isBad, isOff}
        onChoose: Function,
        close: Function,
    };

    setup() {
        this.state = useState({ active: Math.max(this.props.choices.findIndex((one) => !one.isOff), 0) });
        this.list = useRef("list");
        onMounted(() => this.list.el.focus());
    }

    onKeydown(ev) {
        const count = this.props.choices.length;
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (step) {
            ev.preventDefault();
            this.state.active = (this.state.active + step + count) % count;
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.choose(this.props.choices[this.state.active]);
        } else if (/^[1-9]$/.test(ev.key) && this.props.choices[ev.key - 1]) {
            ev.preventDefault();
            this.choose(this.props.choices[ev.key - 1]);
        }
    }

    choose(choice) {
        if (choice && !choice.isOff) {
            this.props.close();
            return this.props.onChoose(choice);
        }
    }
}

import { Component, useState } from "@odoo/owl";

/**
 * A box whose text stays as it is typed while answers of the server redraw the rest. `onChange`
 * gets the text once it is left, Enter is pressed, or the desk needs all that was typed.
 */
export class DeskInput extends Component {
    static template = "retail_crm.DeskInput";
    static props = {
        value: String,
        onChange: Function,
        label: String,
        id: { type: String, optional: true },
        focus: { type: String, optional: true },
        isNumber: { type: Boolean, optional: true },
        isOff: { type: Boolean, optional: true },
        placeholder: { type: String, optional: true },
        onKeydown: { type: Function, optional: true },
    };
    static defaultProps = { onKeydown: () => {} };

    setup() {
        this.state = useState({ typed: null });
        this.sent = null;
    }

    onInput(ev) {
        this.state.typed = ev.target.value;
    }

    async onChange() {
        const { typed } = this.state;
        if (typed === null || typed === this.sent) {
            return;
        }
        if (this.sent === null && typed === this.props.value) {
            this.state.typed = null; // taken back
            return;
        }
        this.sent = typed;
        try {
            await this.props.onChange(typed);
        } finally {
            if (this.sent === typed) {
                this.sent = null;
            }
            if (this.state.typed === typed) {
                this.state.typed = null;
            }
        }
    }

    onKeydown(ev) {
        if (ev.key === "Escape") {
            this.state.typed = null;
        } else if (["Enter", "ArrowDown", "ArrowUp"].includes(ev.key)) {
            this.onChange();
        }
        this.props.onKeydown(ev);
    }

    onFocus(ev) {
        if (this.props.isNumber) {
            ev.target.select();
        }
    }
}

import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

/** One line of text, asked for; Enter answers. */
export class AskDialog extends Component {
    static template = "retail_crm.AskDialog";
    static components = { Dialog };
    static props = { title: String, label: String, onAnswer: Function, close: Function };

    setup() {
        this.state = useState({ text: "" });
        useAutofocus({ refName: "text" });
    }

    answer() {
        this.props.close();
        return this.props.onAnswer(this.state.text.trim());
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.answer();
        }
    }
}

import { Component, useRef, useState } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { useDebounced } from "@web/core/utils/timing";

const PAUSE = 180; // ms without a key before the server is asked

/**
 * A box that looks up while one types, and is used by keyboard alone.
 *
 * One question per pause; an answer that a later question has overtaken is dropped. Enter takes
 * the marked row. Enter before the answer is there (a scanner, a quick typist) asks at once, and
 * takes the row if it is the only one.
 */
export class LookUp extends Component {
    static template = "retail_crm.LookUp";
    static props = {
        name: String,
        placeholder: String,
        search: Function, // (text) => Promise<Array<{key}>>
        onSelect: Function, // (row, text)
        onEscape: { type: Function, optional: true },
        onUp: { type: Function, optional: true }, // arrow up in the empty box
        nothing: { type: String, optional: true },
        slots: Object,
    };
    static defaultProps = { onEscape: () => {}, onUp: () => {} };

    setup() {
        this.state = useState({ text: "", rows: [], active: 0, isOpen: false, isWaiting: false });
        this.answered = "";
        this.keepLast = new KeepLast();
        this.askLater = useDebounced(() => this.ask(), PAUSE);
        this.list = useRef("list");
    }

    get listId() {
        return `o_desk_${this.props.name}_list`;
    }

    onInput(ev) {
        this.state.text = ev.target.value;
        this.askLater();
    }

    /** @returns {Promise<boolean>} whether the rows are those of the text; never for an old text */
    async ask() {
        this.askLater.cancel();
        const text = this.state.text.trim();
        if (!text) {
            this.close();
            return false;
        }
        this.state.isWaiting = true;
        try {
            const rows = await this.keepLast.add(this.props.search(text));
            Object.assign(this.state, { rows, active: 0, isOpen: true });
            this.answered = text;
            return true;
        } finally {
            this.state.isWaiting = false;
        }
    }

    async onKeydown(ev) {
        if (ev.altKey || ev.ctrlKey || ev.metaKey || ev.isComposing) {
            return;
        }
        const { rows, isOpen } = this.state;
        if (ev.key === "Enter") {
            ev.preventDefault();
            await this.onEnter();
        } else if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            if (isOpen && rows.length) {
                this.mark(this.state.active + (ev.key === "ArrowDown" ? 1 : -1));
            } else if (ev.key === "ArrowUp" && !this.state.text) {
                this.props.onUp();
            }
        } else if (ev.key === "Escape") {
            ev.preventDefault();
            ev.stopPropagation();
            const hadText = this.state.text;
            this.reset();
            if (!hadText) {
                this.props.onEscape();
            }
        } else if (ev.key === "Tab") {
            this.close();
        }
    }

    async onEnter() {
        const { state } = this;
        if (state.isOpen && this.answered === state.text.trim()) {
            this.select(state.rows[state.active]);
        } else if ((await this.ask()) && state.rows.length === 1) {
            this.select(state.rows[0]);
        }
    }

    mark(index) {
        const count = this.state.rows.length;
        this.state.active = (index + count) % count;
        const row = this.list.el?.children[this.state.active];
        row?.scrollIntoView({ block: "nearest" });
    }

    select(row) {
        if (row) {
            const { text } = this.state;
            this.reset();
            this.props.onSelect(row, text.trim());
        }
    }

    close() {
        this.askLater.cancel();
        Object.assign(this.state, { rows: [], isOpen: false, isWaiting: false });
        this.answered = "";
    }

    reset() {
        this.state.text = "";
        this.keepLast.add(Promise.resolve()); // whatever is under way is old now
        this.close();
    }
}

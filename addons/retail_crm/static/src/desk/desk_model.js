import { markRaw } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Mutex } from "@web/core/utils/concurrency";
import { formatFloat } from "@web/views/fields/formatters";

const MODEL = "retail.order.desk";
// the shortest barcode of goods has eight digits; nobody orders so many of anything
const BARCODE = /^\d{8,}$/;

/**
 * What the order desk shows, and every way in which it changes.
 *
 * Changes go to the server one after the other, as they are made: nothing waits for a "save", and
 * what is typed while an answer is on its way is not lost. The server's answer is the new truth.
 */
export class DeskModel {
    constructor({ orm, notification, action }) {
        this.services = markRaw({ orm, notification, action, mutex: new Mutex() });
        this.channels = [];
        this.channelId = false;
        // the channel of orders that begin here, whatever order is looked at
        this.homeChannelId = false;
        // counts what was asked to be opened: an answer about what was asked before comes too late
        this.turn = 0;
        // the turn whose customer and order are on the screen
        this.shown = 0;
        // settled when what was asked for is there; null when nothing is on its way
        this.opening = null;
        // counts what was typed and did not count
        this.refused = 0;
        this.drafts = [];
        this.customer = null;
        this.order = null;
        this.payment = null;
        this.waiting = 0;
        this.focusRequest = null;
        // decimals that are kept of quantities and discounts
        this.digits = { quantity: 2, discount: 2 };
        // a lead whose customer may be several people
        this.leadChoice = null;
    }

    call(method, ...args) {
        return this.services.orm.call(MODEL, method, args);
    }

    // === OPENING ===

    async start({ orderId, partnerId, leadId }) {
        const desk = await this.call("open_desk");
        this.channels = desk.channels;
        this.channelId = this.homeChannelId = desk.channel_id;
        this.drafts = desk.drafts;
        this.digits = desk.digits;
        if (leadId) {
            await this.openLead(leadId);
        } else if (orderId) {
            await this.openOrder(orderId);
        } else if (partnerId) {
            await this.openCustomer(partnerId);
        } else {
            this.focus("finder");
        }
    }

    /**
     * Go on with a lead. Where several customers are meant, they are left in `leadChoice`.
     *
     * @param {number | false | null} [partnerId] who it is; false: somebody new
     */
    async openLead(leadId, partnerId = null) {
        const { customers, order_id } = await this.call("open_lead", leadId, partnerId);
        this.leadChoice = customers ? { leadId, customers } : null;
        if (customers) {
            this.focus("finder");
        } else {
            await this.openOrder(order_id);
        }
    }

    /** Show a customer, ready to take an order. What was there before is saved already. */
    openCustomer(partnerId) {
        return this._open("product", async () => ({
            customer: await this.call("get_customer", partnerId),
            order: null,
        }));
    }

    /** Show an order and its customer. */
    openOrder(orderId) {
        return this._open("product", async () => {
            const order = await this.call("get_order", orderId);
            const isSame = this.customer?.id === order.partner_id;
            const customer = isSame
                ? this.customer
                : await this.call("get_customer", order.partner_id);
            return { customer, order };
        });
    }

    /** Ready for the next caller. */
    clear() {
        return this._open("finder", async () => {
            this.drafts = (await this.call("open_desk", this.channelId)).drafts;
            return { customer: null, order: null };
        });
    }

    /**
     * Show something else. Until it is there, what is typed is for what is still seen, and the
     * server has it before the screen changes.
     */
    _open(focus, fetch) {
        const turn = ++this.turn;
        const opened = this._fetchAndShow(turn, focus, fetch);
        this.opening = Promise.allSettled([opened]).then(() => {
            if (turn === this.turn) {
                this.opening = null;
            }
        });
        return opened;
    }

    async _fetchAndShow(turn, focus, fetch) {
        const { refused } = this;
        await this._sendTyped();
        const { customer, order } = await fetch();
        if (refused === this.refused) {
            await this._sendTyped(); // what was typed meanwhile
        }
        if (turn === this.turn) {
            this.shown = turn;
            this.customer = customer;
            this._showOrder(order);
            this.focus(focus);
        }
    }

    _sendTyped() {
        this.flush?.();
        return this.settle();
    }

    /** @returns {() => boolean} whether what is shown now still is, and nothing else was asked for */
    mark() {
        const { shown } = this;
        return () => shown === this.shown && !this.opening;
    }

    async refreshCustomer() {
        const { customer, turn } = this;
        if (customer) {
            const answer = await this.call("get_customer", customer.id);
            if (turn === this.turn && this.customer?.id === answer.id) {
                this.customer = answer;
            }
        }
    }

    _showOrder(order) {
        this.order = order;
        this.payment = null;
        this.channelId = order?.channel_id || this.homeChannelId;
    }

    // === CHANGING ===

    /**
     * Send a change; the order becomes what the server answers.
     *
     * @param {() => [string, ...any]} prepare method and arguments, asked for when the changes
     *     before have been answered: only then a new order has its id
     * @returns {Promise<Object>} the answer
     */
    async change(prepare) {
        this.waiting++;
        try {
            return await this.services.mutex.exec(async () => {
                const answer = await this._ask(prepare());
                this._showOrder(answer);
                for (const notice of answer.notices || []) {
                    this.services.notification.add(notice, { type: "warning" });
                }
                return answer;
            });
        } finally {
            this.waiting--;
        }
    }

    async _ask(request) {
        try {
            return await this.call(...request);
        } catch (error) {
            this.refused++;
            if (this.order) {
                // what was typed did not count: show what does, before anything that follows
                this._showOrder(await this.call("get_order", this.order.id));
            }
            throw error;
        }
    }

    /** Whether a scanner wrote this into a box for a number. */
    isBarcode(text) {
        return BARCODE.test(text.trim());
    }

    /** A quantity as it is kept here, without zeros at the end. */
    formatQuantity(value, kind = "quantity") {
        return formatFloat(value, { digits: [16, this.digits[kind]], trailingZeros: false });
    }

    get orderId() {
        return this.order?.id || false;
    }

    addLine(productId, quantity) {
        return this.change(() => [
            "add_line",
            productId,
            quantity,
            this.customer.id,
            this.channelId,
            this.orderId,
        ]);
    }

    /** Add one of what was scanned, wherever the cursor was. */
    addBarcode(barcode) {
        return this.change(() => [
            "add_barcode",
            barcode,
            this.customer.id,
            this.channelId,
            this.orderId,
        ]);
    }

    changeLine(lineId, values) {
        return this.change(() => ["change_line", lineId, values]);
    }

    replaceLine(lineId, productId) {
        return this.change(() => ["replace_line", lineId, productId]);
    }

    changeOrder(values) {
        return this.change(() => ["change_order", values, this.customer.id, this.orderId]);
    }

    repeatLast() {
        return this.change(() => [
            "repeat_last",
            this.customer.id,
            this.channelId,
            this.orderId,
        ]);
    }

    /** Do something with the order that is shown. */
    onOrder(method, ...args) {
        return this.change(() => [method, this.orderId, ...args]);
    }

    setChannel(channelId) {
        if (!this.order) {
            this.homeChannelId = channelId;
        }
        this.channelId = channelId;
        return this.order ? this.changeOrder({ channel_id: channelId }) : Promise.resolve();
    }

    async findProducts(text) {
        return this.call("find_products", text, this.customer.id, this.channelId, this.orderId);
    }

    /**
     * Ask the server about what is shown.
     *
     * @param {() => [string, ...any]} prepare method and arguments, asked for when the changes
     *     before have been answered
     * @returns {Promise<any>} the answer; null when it comes too late, and something else is shown
     */
    async ask(prepare) {
        const isShown = this.mark();
        await this.settle();
        const answer = isShown() && (await this.call(...prepare()));
        return isShown() ? answer : null;
    }

    async showPaymentLink() {
        let asked;
        const payment = await this.ask(() => {
            asked = this.order;
            return ["get_payment_link", this.orderId];
        });
        // a change since then made another amount of it
        if (payment && asked === this.order) {
            this.payment = payment;
        }
    }

    /** Run an action of the server, for example a report or the e-mail of the order. */
    async run(method, ...args) {
        const action = await this.ask(() => [method, this.orderId, ...args]);
        if (!action) {
            return;
        }
        await this.services.action.doAction(action, {
            onClose: async () => {
                const { orderId } = this;
                const order = orderId && (await this.call("get_order", orderId));
                if (order && orderId === this.orderId) {
                    this.order = order;
                }
            },
        });
    }

    async setNotReached() {
        const told = await this.call("set_not_reached", this.customer.id, this.orderId);
        this.services.notification.add(told, { type: "success" });
        await this.refreshCustomer();
    }

    /** Wait until the server has all that was typed. */
    async settle() {
        await this.services.mutex.getUnlockedDef();
    }

    // === FOCUS ===

    /** Put the cursor into the part of the screen with this name, as soon as it is there. */
    focus(name) {
        this.focusRequest = { name };
    }

    applyFocus() {
        const { focusRequest } = this;
        const el = focusRequest && document.querySelector(`[data-focus="${focusRequest.name}"]`);
        if (el) {
            this.focusRequest = null;
            el.focus();
        }
    }

    get status() {
        if (this.waiting) {
            return _t("Saving...");
        }
        return this.order ? _t("Saved") : "";
    }
}

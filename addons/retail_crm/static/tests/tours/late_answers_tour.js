import { registry } from "@web/core/registry";
import { Deferred } from "@web/core/utils/concurrency";
import { DeskModel } from "@retail_crm/desk/desk_model";
import { findCustomer, patient, Typist } from "./typing";

const PAUSE = 300; // ms in which an answer reaches the screen

const { call } = DeskModel.prototype;
const held = {};

/** Keep the next answer of a method back. Returns what lets it pass, and waits for the screen. */
function holdAnswer(method) {
    const released = (held[method] = new Deferred());
    DeskModel.prototype.call = async function (name, ...args) {
        const answer = await call.call(this, name, ...args);
        const wait = held[name];
        delete held[name];
        await wait;
        return answer;
    };
    return async () => {
        released.resolve();
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
    };
}

/** The button of an open order on the customer's card, told by its amount. */
function cardOrder(amount) {
    const buttons = [...document.querySelectorAll(".o_desk_who .list-group-item")];
    return buttons.find((button) => button.textContent.includes(amount));
}

/** The order of this amount is on the screen. */
function seeTotal(amount, run) {
    return { content: `the order of ${amount}`, trigger: `.o_desk_total:contains(${amount})`, run };
}

/** Answers that come late, while another order is opened: three drafts of one customer. */
registry.category("web_tour.tours").add("retail_crm_desk_late_answers", {
    steps: () => {
        const typist = new Typist();
        let release;
        return patient([
            ...findCustomer(typist, "1234567", "Maria Rossi"),
            {
                content: "the draft of 40.00",
                trigger: ".o_desk_who .list-group-item:contains(40.00)",
                run: "click",
            },
            seeTotal("40.00", async (helpers) => {
                release = holdAnswer("get_payment_link");
                await typist.press(helpers, "F4");
                cardOrder("25.00").click();
            }),
            seeTotal("25.00", () => release()),
            {
                content: "a late payment link is not shown under another order",
                trigger: ".o_desk_next:not(:has(.o_desk_payment))",
                run: async (helpers) => {
                    release = holdAnswer("find_shipping_methods");
                    await typist.press(helpers, "F7");
                    cardOrder("27.00").click();
                },
            },
            seeTotal("27.00", () => release()),
            {
                content: "nor is a shipping method chosen for it",
                trigger: "body:not(:has(.modal))",
                run: async (helpers) => {
                    release = holdAnswer("confirm");
                    await typist.press(helpers, "F8");
                    cardOrder("40.00").click();
                    await release();
                },
            },
            {
                content: "what could not be confirmed is told",
                trigger: ".o_notification:contains(is not confirmed)",
            },
            seeTotal("40.00"),
            {
                content: "and asked of nobody else",
                trigger: "body:not(:has(.modal)) .o_desk_line input[data-focus^=line]",
                run: async (helpers) => {
                    const showOther = holdAnswer("get_order");
                    release = holdAnswer("change_line");
                    cardOrder("25.00").click();
                    document.querySelector(".o_desk_line input[data-focus^=line]").focus();
                    await typist.type(helpers, "3");
                    await typist.press(helpers, "Enter");
                    await showOther();
                    await release();
                },
            },
            seeTotal("25.00"),
            {
                content: "what was typed before the other order was there is not shown with it",
                trigger: ".o_desk_line:contains(Six flutes) input[data-focus^=line]",
                run: () => document.querySelector(".o_desk_line input[data-focus^=line]").focus(),
            },
            {
                content: "a quantity is emptied",
                trigger: ".o_desk_line input[data-focus^=line]:focus",
                run: async (helpers) => {
                    await typist.press(helpers, "Backspace");
                    await typist.press(helpers, "Enter");
                },
            },
            {
                content: "and is what it was",
                trigger: ".o_desk_line input[data-focus^=line]:value(2)",
                run: () => document.querySelector(".o_desk_line input[data-focus^=line]").focus(),
            },
            {
                content: "0 takes the line away",
                trigger: ".o_desk_line input[data-focus^=line]:focus",
                run: async (helpers) => {
                    await typist.press(helpers, "0");
                    await typist.press(helpers, "Enter");
                },
            },
            { trigger: ".o_desk_lines:not(:has(.o_desk_line))" },
        ]);
    },
});

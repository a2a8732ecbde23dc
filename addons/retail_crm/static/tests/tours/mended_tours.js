import { registry } from "@web/core/registry";
import {
    confirmOrder,
    findCustomer,
    inLastLine,
    openLead,
    patient,
    seeLine,
    Typist,
} from "./typing";

const tours = registry.category("web_tour.tours");
const CORKSCREW = "4006381333931";

/** What a scanner does: the digits, then Enter, wherever the cursor is. */
async function scan(typist, helpers) {
    await typist.type(helpers, CORKSCREW);
    await typist.press(helpers, "Enter");
}

/** The same corkscrew is scanned four times; nobody looks where the cursor is. */
tours.add("retail_crm_desk_scan", {
    steps: () => {
        const typist = new Typist();
        return patient([
            ...findCustomer(typist, "1234567", "Maria Rossi"),
            {
                content: "scanned into the box for products",
                trigger: "[data-focus=product]:focus",
                run: (helpers) => scan(typist, helpers),
            },
            {
                content: "and again, while its quantity is asked for",
                trigger: "[data-focus=quantity]:focus",
                run: (helpers) => scan(typist, helpers),
            },
            seeLine("Corkscrew", "18.00"),
            ...inLastLine(typist, "scanned into the quantity of the line", (helpers) =>
                scan(typist, helpers)
            ),
            seeLine("Corkscrew", "27.00"),
            {
                content: "the quantity is that of pieces",
                trigger: ".o_desk_line input[data-focus^=line]:value(3)",
            },
            ...inLastLine(typist, "three decimals stay three decimals", async (helpers) => {
                await typist.type(helpers, "0.125");
                await typist.press(helpers, "Enter");
            }),
            {
                content: "as they are kept",
                trigger: ".o_desk_line:contains(1.13) input[data-focus^=line]:value(0.125)",
            },
        ]);
    },
});

/** A lead whose phone number two customers have: a person chooses. */
tours.add("retail_crm_desk_lead_choice", {
    steps: () => {
        const typist = new Typist();
        return patient([
            openLead(),
            {
                content: "both are offered, and somebody new",
                trigger:
                    ".modal .o_desk_choices:focus:contains(Maria Rossi):contains(Somebody new) .list-group-item:contains(Prato)",
                run: async (helpers) => {
                    const choices = [...document.querySelectorAll(".modal .list-group-item")];
                    const index = choices.findIndex((one) => one.textContent.includes("Prato"));
                    await typist.press(helpers, String(index + 1));
                },
            },
            { trigger: ".o_desk_customer:contains(Mario Rossi)" },
            { trigger: ".o_desk_what header:contains(New)" },
        ]);
    },
});

/** What is half typed belongs to the caller it was typed for; what is no number stops the keys. */
tours.add("retail_crm_desk_half_typed", {
    steps: () => {
        const typist = new Typist();
        return patient([
            ...findCustomer(typist, "1234567", "Maria Rossi"),
            {
                content: "a product",
                trigger: "[data-focus=product]:focus",
                run: (helpers) => typist.type(helpers, "baro"),
            },
            {
                trigger: ".o_desk_hits .dropdown-item.focus:contains(Barolo)",
                run: (helpers) => typist.press(helpers, "Enter"),
            },
            {
                content: "its quantity, without Enter; the next caller",
                trigger: "[data-focus=quantity]:focus",
                run: async (helpers) => {
                    await typist.type(helpers, "3");
                    await typist.press(helpers, "alt+n");
                },
            },
            {
                content: "the desk is ready for somebody else, and the order is in the list",
                trigger: ".o_desk_drafts .list-group-item:contains(Maria Rossi):contains(120.00)",
            },
            ...findCustomer(typist, "giulia", "Giulia Verdi"),
            {
                content: "her screen has nothing of his",
                trigger: ".o_desk_customer:contains(Giulia Verdi)",
            },
            { trigger: ".o_desk_lines:not(:has(.o_desk_line))" },
            {
                trigger: "[data-focus=product]:focus",
                run: (helpers) => typist.type(helpers, "flut"),
            },
            {
                trigger: ".o_desk_hits .dropdown-item.focus:contains(Six flutes)",
                run: (helpers) => typist.press(helpers, "Enter"),
            },
            {
                trigger: "[data-focus=quantity]:focus",
                run: (helpers) => typist.press(helpers, "Enter"),
            },
            seeLine("Six flutes", "12.50"),
            ...inLastLine(typist, "what is no number, and confirm at once", async (helpers) => {
                await typist.type(helpers, "2w");
                await typist.press(helpers, "F8");
            }),
            { trigger: ".o_notification:contains(2w is not a number)" },
            {
                content: "it is looked at first",
                trigger: ".o_desk_what header:not(:has(.text-bg-success))",
            },
            { trigger: ".o_desk_line input[data-focus^=line]:value(1)" },
            ...confirmOrder(typist),
        ]);
    },
});

import { registry } from "@web/core/registry";
import {
    addLine,
    confirmOrder,
    findCustomer,
    inLastLine,
    openLead,
    patient,
    pressStep,
    seeLine,
    Typist,
} from "./typing";

const tours = registry.category("web_tour.tours");

/**
 * Scenario 1, a deal from a web order: the order has come in, the customer is called twice, wants
 * one bottle less, the order is confirmed, goes on its way and is done.
 */
tours.add("retail_crm_scenario_web_order", {
    steps: () => {
        const typist = new Typist();
        return patient([
            {
                content: "the web order is looked for by the shop's reference",
                trigger: "[data-focus=finder]:focus",
                run: (helpers) => typist.type(helpers, "WEB-1907"),
            },
            {
                content: "it is found: down from its customer to the order",
                trigger: ".o_desk_hits:contains(Maria Rossi) .dropdown-item:contains(New)",
                run: async (helpers) => {
                    const hits = document.querySelectorAll(".o_desk_hits .dropdown-item");
                    const order = [...hits].findIndex((hit) => hit.querySelector(".fa-file-text-o"));
                    for (let down = 0; down < order; down++) {
                        await typist.press(helpers, "ArrowDown");
                    }
                    await typist.press(helpers, "Enter");
                },
            },
            { trigger: ".o_desk_what header:contains(New)" },
            pressStep(typist, "not_reached", "F9"),
            {
                content: "the next call is planned; now the customer answers and wants one less",
                trigger: ".o_desk_who:contains(attempt 1)",
            },
            ...inLastLine(typist, "one bottle is enough", async (helpers) => {
                await typist.press(helpers, "1");
                await typist.press(helpers, "Enter");
            }),
            { trigger: ".o_desk_total:contains(40.00)" },
            ...confirmOrder(typist),
            pressStep(typist, "stage", "alt+j"),
            {
                content: "it goes on its way",
                trigger: ".o_desk_choices:focus .list-group-item:contains(On Its Way)",
                run: async (helpers) => {
                    const stages = [...document.querySelectorAll(".o_desk_choices .list-group-item")];
                    const index = stages.findIndex((one) => one.textContent.includes("On Its Way"));
                    await typist.press(helpers, String(index + 1));
                },
            },
            { trigger: ".o_desk_what header:contains(On Its Way)" },
        ]);
    },
});

/** Scenario 2, a new customer calls: known by no number, written down, sold to. */
tours.add("retail_crm_scenario_phone_order", {
    steps: () => {
        const typist = new Typist();
        return patient([
            {
                content: "the number that calls is typed",
                trigger: "[data-focus=finder]:focus",
                run: (helpers) => typist.type(helpers, "0577998877"),
            },
            {
                content: "nobody has it: a new inquiry",
                trigger: ".o_desk_hits .dropdown-item.focus:contains(New inquiry)",
                run: (helpers) => typist.press(helpers, "Enter"),
            },
            {
                content: "the number is filled in already; the name is asked",
                trigger: "#o_inquiry_name:focus",
                run: (helpers) => typist.type(helpers, "chiara bianchi"),
            },
            {
                content: "a customer to sell to at once",
                trigger: "#o_inquiry_phone:value(0577998877)",
                run: (helpers) => typist.press(helpers, "control+Enter"),
            },
            ...addLine(typist, "baro", "Barolo", "3"),
            seeLine("Barolo", "120.00"),
            {
                content: "the remark about the delivery",
                trigger: "#o_desk_wish",
                run: async (helpers) => {
                    document.querySelector("#o_desk_wish").focus();
                    await typist.type(helpers, "after six");
                },
            },
            ...confirmOrder(typist),
            pressStep(typist, "payment", "F4"),
            { trigger: ".o_desk_payment input:value(/my/orders/)" },
        ]);
    },
});

/** Scenario 2 with the web shop: the order is entered for a known customer of the shop's channel. */
tours.add("retail_crm_scenario_shop_phone_order", {
    steps: () => {
        const typist = new Typist();
        return patient([
            ...findCustomer(typist, "rossi", "Maria Rossi"),
            {
                content: "the order shall be seen in the web shop",
                trigger: ".o_desk_channel",
                run: "selectByLabel Cellar Online",
            },
            {
                content: "back to the lines",
                trigger: "[data-focus=product]",
                run: () => document.querySelector("[data-focus=product]").focus(),
            },
            ...addLine(typist, "flut", "Six flutes", "2"),
            seeLine("Six flutes", "25.00"),
            ...confirmOrder(typist),
            pressStep(typist, "place", "alt+w"),
            { trigger: ".o_desk_steps:not(:has(button[name=place]))" },
        ]);
    },
});

/** Scenario 3, a lead from a web form becomes customer, quotation and order. */
tours.add("retail_crm_scenario_lead", {
    steps: () => {
        const typist = new Typist();
        return patient([
            openLead(),
            { trigger: ".o_desk_customer:contains(Luca Neri)" },
            ...addLine(typist, "cork", "Corkscrew", "1"),
            seeLine("Corkscrew", "9.00"),
            ...confirmOrder(typist),
        ]);
    },
});

/** One key from any screen: a new inquiry. */
tours.add("retail_crm_inquiry", {
    steps: () => {
        const typist = new Typist();
        return patient([
            {
                content: "one key, wherever one is",
                trigger: ".o_list_view",
                run: (helpers) => typist.press(helpers, "alt+shift+n"),
            },
            {
                content: "somebody who is known",
                trigger: "#o_inquiry_name:focus",
                run: async (helpers) => {
                    await typist.type(helpers, "Signora Rossi");
                    await typist.press(helpers, "Tab");
                    await typist.type(helpers, "055 1234567");
                },
            },
            {
                content: "is shown before anything is saved, and taken",
                trigger: ".o_desk_known:contains(Maria Rossi)",
                run: (helpers) => typist.press(helpers, "alt+1"),
            },
            { trigger: ".o_order_desk .o_desk_customer:contains(Maria Rossi)" },
        ]);
    },
});

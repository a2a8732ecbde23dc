import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * The scenarios of everyday work, as tours: an administrator starts them from the list of tours in
 * a database with demo data, and either follows the pointer or lets them run by themselves. Steps
 * without `run` wait for what is to be seen, and are passed over when a person does the work.
 */
const tours = registry.category("web_tour.tours");
const PATIENCE = 45000; // ms, for a busy machine

/** One movement that a person makes and a test makes. */
function step(content, trigger, run = "click") {
    return { content, trigger, run, tooltipPosition: "bottom", timeout: PATIENCE };
}

/** What is there before it goes on. */
function see(trigger) {
    return { trigger, timeout: PATIENCE };
}

/** Type into a box and press Enter; a person is told to press it. */
function write(content, trigger, text) {
    return [
        step(content, trigger, `edit ${text}`),
        { ...step(content, trigger, "press Enter"), isActive: ["auto"] },
    ];
}

/** Press the button of one of the next steps of the desk. */
function press(content, name) {
    return step(content, `.o_desk_steps button[name=${name}]:enabled`);
}

function confirm() {
    return [
        press(_t("Confirm the order."), "confirm"),
        see(".o_desk_what header .badge.text-bg-success"),
    ];
}

function addLine(code, quantity) {
    return [
        step(_t("Type some letters of the product, or its code."), "[data-focus=product]", `edit ${code}`),
        step(_t("It is found, with its price and its stock."), `.o_desk_what .o_desk_hits .dropdown-item:contains(${code})`),
        ...write(_t("Type the quantity and press Enter."), "[data-focus=quantity]", quantity),
        see(`.o_desk_line:contains(${code})`),
    ];
}

function moveOn(stage) {
    return [
        press(_t("Move the order on."), "stage"),
        step(_t("Choose the next stage."), `.o_desk_choices .list-group-item:contains(${stage})`),
        see(`.o_desk_what header .badge:contains(${stage})`),
    ];
}

/**
 * Scenario 1, a deal from a web order: the order has come in, the customer is called twice, wants
 * one bottle less, the order is confirmed, goes on its way and is done.
 */
tours.add("retail_crm_scenario_web_order", {
    steps: () => [
        step(_t("A web order has come in. Look for it by the shop's number: WEB-1907."), "[data-focus=finder]", "edit WEB-1907"),
        step(_t("Open the order."), ".o_desk_hits .dropdown-item:has(.fa-file-text-o)"),
        see(".o_desk_line"),
        press(_t("The customer does not answer: the next call is planned."), "not_reached"),
        see(".o_desk_who .o_desk_customer li:has(.text-nowrap)"),
        ...write(_t("Now she answers, and wants one bottle only. Type 1 and press Enter."), ".o_desk_line input[data-focus^=line]", "1"),
        ...confirm(),
        ...moveOn(_t("On Its Way")),
        ...moveOn(_t("Delivered")),
    ],
});

/** Scenario 2, a new customer calls: known by no number, written down, sold to. */
tours.add("retail_crm_scenario_phone_order", {
    steps: () => [
        step(_t("The telephone rings. Type the number that calls: 0577998877."), "[data-focus=finder]", "edit 0577998877"),
        step(_t("Nobody has it: a new inquiry."), ".o_desk_hits .dropdown-item:has(.fa-plus)"),
        see("#o_inquiry_phone:value(0577998877)"),
        step(_t("The number is filled in already. Type the name: Chiara Bianchi."), "#o_inquiry_name", "edit Chiara Bianchi"),
        step(_t("A customer to sell to at once."), ".modal-footer button[data-hotkey=v]:enabled"),
        see(".o_desk_customer:contains(Chiara Bianchi)"),
        ...addLine("BARO-18", "3"),
        ...write(_t("Type what she wishes about the delivery, and press Enter."), "#o_desk_wish", "after six"),
        ...confirm(),
        press(_t("Make a payment link, to send it by SMS."), "payment"),
        see(".o_desk_payment input:value(/my/orders/)"),
    ],
});

/** Scenario 2 with the web shop: the order is entered for a known customer of the shop's channel. */
tours.add("retail_crm_scenario_shop_phone_order", {
    steps: () => [
        step(_t("A customer of the web shop calls. Type some letters of the name: rossi."), "[data-focus=finder]", "edit rossi"),
        step(_t("She is known."), ".o_desk_hits .dropdown-item:contains(Maria Rossi)"),
        see(".o_desk_customer:contains(Maria Rossi)"),
        {
            ...step(_t("The order shall be seen in the web shop: choose its channel."), ".o_desk_channel"),
            isActive: ["manual"],
        },
        {
            ...step(_t("The web shop's channel."), ".o_desk_channel", "selectByLabel Cantina Online"),
            isActive: ["auto"],
        },
        ...addLine("CAVA", "2"),
        ...confirm(),
        {
            ...press(_t("Place the order in the web shop, where the customer sees it too."), "place"),
            // a shop that is not connected takes no orders
            isActive: [".o_desk_steps button[name=place]"],
        },
        see(".o_desk_steps:not(:has(button[name=place]))"),
    ],
});

/** Scenario 3, a lead from a web form becomes customer, quotation and order. */
tours.add("retail_crm_scenario_lead", {
    steps: () => [
        step(_t("An inquiry from the form of the web site. Open it."), ".o_kanban_record:contains(Luca Neri)"),
        step(_t("Go on at the order desk."), ".o_form_view button[name=action_open_desk]"),
        see(".o_desk_customer:contains(Luca Neri)"),
        ...addLine("CAVA", "1"),
        ...confirm(),
    ],
});

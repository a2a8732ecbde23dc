import { registry } from "@web/core/registry";

const CARD = ".o_kanban_record:contains(Maria Rossi)";
const inColumn = (name) => `.o_kanban_group:has(.o_kanban_header:contains(${name})) ${CARD}`;
const bigButton = (name) => `${CARD} button[name=action_next_stage]:contains(${name})`;

/** A manager on the phone: two big buttons on each card, no dragging. */
registry.category("web_tour.tours").add("retail_crm_board_phone", {
    steps: () => [
        {
            content: "the screen is a phone's and the button is for a thumb",
            trigger: bigButton("Approval"),
            run: ({ anchor }) => {
                if (window.innerWidth > 400 || anchor.offsetHeight < 40) {
                    throw new Error(`${window.innerWidth} px wide, ${anchor.offsetHeight} px high`);
                }
            },
        },
        { content: "one stage on", trigger: bigButton("Approval"), run: "click" },
        { content: "and another", trigger: bigButton("Assembly"), run: "click" },
        {
            content: "the order is confirmed; the other button asks why",
            trigger: `${CARD}:has(button:contains(On Its Way)) button[name=action_cancel]`,
            run: "click",
        },
        {
            content: "nothing was cancelled yet",
            trigger: ".modal button:contains(Keep It)",
            run: "click",
        },
        { content: "back on the board", trigger: `body:not(:has(.modal)) ${CARD}` },
    ],
});

/** Cards are dragged; one dropped on Cancelled asks for the reason. */
registry.category("web_tour.tours").add("retail_crm_board_drag", {
    steps: () => [
        {
            content: "to approval",
            trigger: inColumn("New"),
            run: "drag_and_drop .o_kanban_group:has(.o_kanban_header:contains(Approval))",
        },
        { content: "it is there", trigger: inColumn("Approval") },
        {
            content: "to the folded column of the cancelled ones",
            trigger: inColumn("Approval"),
            run: "drag_and_drop .o_kanban_group:contains(Cancelled)",
        },
        {
            content: "why?",
            trigger: ".modal button:contains(Choose the Reason)",
            run: "click",
        },
        {
            content: "the list of reasons",
            trigger: ".modal .o_field_widget[name=reason_id] input",
            run: "edit Delivery too late",
        },
        {
            content: "this one",
            trigger: ".o-autocomplete--dropdown-item:contains(Delivery too late)",
            run: "click",
        },
        {
            content: "cancel",
            trigger: ".modal button[name=action_cancel_orders]",
            run: "click",
        },
        { content: "done", trigger: "body:not(:has(.modal))" },
    ],
});

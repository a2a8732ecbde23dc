import { registry } from "@web/core/registry";

/** The card of a customer: figures, favourite products, and all that was written, page by page. */
registry.category("web_tour.tours").add("retail_crm_customer_card", {
    steps: () => [
        {
            content: "the portrait is a page of the customer",
            trigger: ".o_notebook a[name=portrait]",
            run: "click",
        },
        {
            content: "it counts the orders",
            trigger: ".o_retail_portrait .o_retail_tile:first-child:contains(Orders):contains(1)",
        },
        {
            content: "and knows what is bought",
            trigger: ".o_retail_portrait td:contains(Glass)",
        },
        {
            content: "a second number stands with the others",
            trigger: "[name=contact_point_ids] .o_data_row:contains(348 111 2233)",
        },
        {
            content: "the timeline is another page",
            trigger: ".o_notebook a[name=timeline]",
            run: "click",
        },
        {
            content: "the newest comes first",
            trigger: ".o_retail_timeline_entry:first:contains(letter 39)",
        },
        {
            content: "earlier ones are asked for",
            trigger: ".o_retail_timeline button:contains(Show Earlier Ones)",
            run: "click",
        },
        {
            content: "and come below",
            trigger: ".o_retail_timeline_entry:contains(letter 0)",
        },
        {
            content: "what Odoo noted is hidden until it is asked for",
            trigger: ".o_retail_timeline .form-check-input",
            run: "click",
        },
        {
            content: "then it is there, too",
            trigger: ".o_retail_timeline_entry .fa-cog",
        },
        {
            content: "each entry leads to its document",
            trigger: ".o_retail_timeline_entry a:contains(Sales Order)",
            run: "click",
        },
        {
            content: "which opens",
            trigger: ".o_form_view .o_field_widget[name=order_line]",
        },
    ],
});

import { registry } from "@web/core/registry";

/** What a scanner does: the keys of the code in quick succession, then Enter. */
function scan(code) {
    for (const key of [...code, "Enter"]) {
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }
}

registry.category("web_tour.tours").add("multi_warehouse_docs_scan", {
    steps: () => [
        {
            content: "a product is scanned on the quotation",
            trigger: ".o_form_view .o_field_widget[name=order_line]",
            run: () => scan("4006381333931"),
        },
        {
            content: "it is on a line, and is scanned again",
            trigger: ".o_data_row:contains(Laptop)",
            run: () => scan("4006381333931"),
        },
        {
            content: "the line counts two; an unknown code is scanned",
            trigger: ".o_data_row td[name=product_uom_qty]:contains(2.00)",
            run: () => scan("0000000000000"),
        },
        {
            content: "a sentence says that nothing has it; a number is scanned",
            trigger: ".o_notification:contains(Nothing has the code 0000000000000)",
            run: () => scan("SCANNED-TRANSFER"),
        },
        {
            content: "the transfer with that number is open",
            trigger: ".o_form_view .o_field_widget[name=picking_type_id]",
        },
    ],
});

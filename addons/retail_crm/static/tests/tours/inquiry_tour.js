import { registry } from "@web/core/registry";
import { patient, Typist } from "./typing";

/** One key from any screen: a new inquiry. */
registry.category("web_tour.tours").add("retail_crm_inquiry", {
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

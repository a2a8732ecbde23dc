import { reactive } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { CallCards } from "./call_card";

/** Shows the card of who is calling, as long as the call goes on. */
export const callCardService = {
    dependencies: ["action", "bus_service", "dialog", "orm"],
    start(env, { bus_service, orm }) {
        const cards = reactive({});
        const close = (id) => delete cards[id];
        const update = (card) => {
            cards[card.id] = card;
        };
        registry
            .category("main_components")
            .add("retail_crm.CallCards", { Component: CallCards, props: { cards, close, update } });
        bus_service.subscribe("retail_crm.call_card", update);
        bus_service.subscribe("retail_crm.call_card_close", ({ id }) => close(id));
        bus_service.start();
        // a page that was loaded anew shows the calls that go on
        user.hasGroup("retail_crm.group_retail_crm_user").then(async (isUser) => {
            if (isUser) {
                for (const card of await orm.silent.call("retail.call", "get_cards", [])) {
                    update(card);
                }
            }
        });
        return { cards, close };
    },
};

registry.category("services").add("retail_crm.call_cards", callCardService);

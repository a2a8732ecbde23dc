import { registry } from "@web/core/registry";

/** Tells people at once that they got orders, with a button that opens them. */
export const orderAssignmentService = {
    dependencies: ["action", "bus_service", "notification"],
    start(env, { action, bus_service, notification }) {
        bus_service.subscribe("retail_crm.order_assigned", ({ title, message, button, order_ids }) => {
            const close = notification.add(message, {
                title,
                type: "info",
                sticky: true,
                buttons: [
                    {
                        name: button,
                        primary: true,
                        onClick: () => {
                            close();
                            action.doAction(openOrders(title, order_ids));
                        },
                    },
                ],
            });
        });
        bus_service.start();
    },
};

function openOrders(name, ids) {
    const orders = { type: "ir.actions.act_window", res_model: "sale.order", name };
    if (ids.length === 1) {
        return { ...orders, res_id: ids[0], views: [[false, "form"]] };
    }
    return {
        ...orders,
        domain: [["id", "in", ids]],
        views: [
            [false, "list"],
            [false, "form"],
        ],
    };
}

registry.category("services").add("retail_crm.order_assignment", orderAssignmentService);

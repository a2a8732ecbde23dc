import { registry } from "@web/core/registry";

/**
 * Reminders of tasks: they stay on the screen until the person opens the document, puts it off or
 * closes them, and go from all windows when one has reacted or the task is settled.
 */
export const reminderService = {
    dependencies: ["action", "bus_service", "notification", "orm"],
    start(env, { action, bus_service, notification, orm }) {
        const shown = new Map();

        function hide(id) {
            const close = shown.get(id);
            shown.delete(id);
            close?.();
        }

        function show(reminder) {
            hide(reminder.id);
            const close = notification.add(reminder.message, {
                title: reminder.title,
                type: "warning",
                sticky: true,
                className: "o_retail_reminder",
                buttons: [
                    {
                        name: reminder.open,
                        primary: true,
                        onClick: async () => {
                            hide(reminder.id);
                            await orm.call("mail.activity", "action_reminder_seen", [[reminder.id]]);
                            const document = await orm.call(
                                "mail.activity",
                                "action_open_document",
                                [[reminder.id]]
                            );
                            await action.doAction(document);
                        },
                    },
                    {
                        name: reminder.later,
                        onClick: () => {
                            hide(reminder.id);
                            orm.call("mail.activity", "action_remind_later", [[reminder.id]]);
                        },
                    },
                ],
                // closed by the person; what closes by itself was taken from the list before
                onClose: () => {
                    if (shown.delete(reminder.id)) {
                        orm.call("mail.activity", "action_reminder_seen", [[reminder.id]]);
                    }
                },
            });
            shown.set(reminder.id, close);
        }

        bus_service.subscribe("retail_crm.reminder", show);
        bus_service.subscribe("retail_crm.reminder_over", ({ id }) => hide(id));
        bus_service.start();
        // what came while no window was open
        orm.silent.call("mail.activity", "get_unseen_reminders", []).then((reminders) => {
            for (const reminder of reminders) {
                if (!shown.has(reminder.id)) {
                    show(reminder);
                }
            }
        });
    },
};

registry.category("services").add("retail_crm.reminder", reminderService);

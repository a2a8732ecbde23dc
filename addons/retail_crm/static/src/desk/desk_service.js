import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { InquiryDialog } from "./inquiry_dialog";

/**
 * Two keys on every screen: a new inquiry, the order desk. Both are in the command palette, too.
 */
export const deskService = {
    dependencies: ["command", "dialog", "action"],

    async start(env, { command, dialog, action }) {
        if (!(await user.hasGroup("retail_crm.group_retail_crm_user"))) {
            return;
        }
        const always = { global: true };
        command.add(_t("New Inquiry"), () => dialog.add(InquiryDialog, {}), {
            ...always,
            hotkey: "alt+shift+n",
            hotkeyOptions: { bypassEditableProtection: true, global: true },
        });
        command.add(_t("Order Desk"), () => action.doAction("retail_crm.order_desk_action"), {
            ...always,
            hotkey: "alt+shift+o",
            hotkeyOptions: { bypassEditableProtection: true, global: true },
        });
    },
};

registry.category("services").add("retail_crm.order_desk", deskService);

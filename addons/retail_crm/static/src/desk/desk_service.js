import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { InquiryDialog } from "./inquiry_dialog";

/**
 * Two keys on every screen: a new inquiry, the order desk. Both are in the command palette, too.
 */
export const deskService = {
    dependencies: ["command", "dialog", "action"],

    start(env, { command, dialog, action }) {
        let isInquiryOpen = false;
        function openInquiry() {
            if (!isInquiryOpen) {
                isInquiryOpen = true;
                dialog.add(InquiryDialog, {}, { onClose: () => (isInquiryOpen = false) });
            }
        }
        function openDesk() {
            action.doAction("retail_crm.order_desk_action");
        }
        const everywhere = (hotkey) => ({
            hotkey,
            global: true,
            hotkeyOptions: { bypassEditableProtection: true, global: true },
        });
        user.hasGroup("retail_crm.group_retail_crm_user").then((isUser) => {
            if (isUser) {
                command.add(_t("New Inquiry"), openInquiry, everywhere("alt+shift+n"));
                command.add(_t("Order Desk"), openDesk, everywhere("alt+shift+o"));
            }
        });
    },
};

registry.category("services").add("retail_crm.order_desk", deskService);

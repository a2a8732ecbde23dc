import { _t } from "@web/core/l10n/translation";
import { AskDialog } from "@retail_crm/desk/ask_dialog";
import { ChoiceDialog } from "@retail_crm/desk/choice_dialog";
import { stepRegistry } from "@retail_crm/desk/steps";

stepRegistry.add(
    "coupon",
    {
        id: "coupon",
        hotkey: "c",
        label: _t("Coupon"),
        icon: "fa-ticket",
        isOffered: (desk) => !desk.order || desk.order.is_editable,
        isReady: (desk) => Boolean(desk.order?.can_confirm),
        run: ({ desk, dialog }) =>
            dialog.add(AskDialog, {
                title: _t("Coupon"),
                label: _t("Code"),
                onAnswer: async (code) => {
                    const isShown = desk.mark();
                    const { rewards } = await desk.onOrder("apply_code", code);
                    if (rewards?.length && isShown()) {
                        dialog.add(ChoiceDialog, {
                            title: _t("Reward"),
                            choices: rewards,
                            onChoose: (reward) => desk.onOrder("take_reward", reward.id),
                        });
                    }
                },
            }),
    },
    { sequence: 65 }
);

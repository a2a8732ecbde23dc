import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { ChoiceDialog } from "./choice_dialog";
import { DiscountDialog } from "./discount_dialog";

/** Let the person choose a shipping method, each with its price for this order. */
async function chooseShipping({ desk, dialog }) {
    const methods = await desk.ask(() => ["find_shipping_methods", desk.orderId]);
    if (!methods) {
        return;
    }
    dialog.add(ChoiceDialog, {
        title: _t("Shipping method"),
        choices: methods.map((method) => ({
            id: method.id,
            name: method.name,
            detail: method.problem || method.message,
            isBad: Boolean(method.problem),
            isOff: Boolean(method.problem),
            amount:
                method.price === false ? "" : formatCurrency(method.price, method.currency_id),
        })),
        onChoose: (choice) => desk.onOrder("choose_shipping", choice.id),
    });
}

/** Confirm; goods that are missing are told first, and a second Enter or F8 confirms all the same. */
async function confirm({ desk, dialog }) {
    const isShown = desk.mark();
    const answer = await desk.onOrder("confirm");
    if (!answer.question) {
        return desk.refreshCustomer();
    }
    if (!isShown()) {
        // somebody else is on the screen: to be asked now would be to confirm what is seen there
        const text = _t("%s is not confirmed: there is not enough in stock.", answer.name);
        return desk.services.notification.add(text, { type: "warning", sticky: true });
    }
    dialog.add(ChoiceDialog, {
        title: _t("Not enough in stock"),
        text: answer.question.join("\n"),
        choices: [
            { id: "back", name: _t("Back to the lines") },
            { id: "confirm", name: _t("Confirm all the same") },
        ],
        onChoose: async (choice) => {
            if (choice.id === "confirm") {
                await desk.onOrder("confirm", true);
                await desk.refreshCustomer();
            }
        },
    });
}

/** Let the person choose what to sell instead of a line's product. */
export async function chooseSubstitute({ desk, dialog, line }) {
    const products = await desk.ask(() => ["find_substitutes", line.id]);
    if (!products) {
        return;
    }
    dialog.add(ChoiceDialog, {
        title: _t("Instead of %s", line.name),
        choices: products.map((product) => ({
            id: product.id,
            name: product.name,
            detail: product.is_stored ? _t("%s free", desk.formatQuantity(product.free)) : "",
            isBad: product.is_stored && product.free <= 0,
            amount: formatCurrency(product.price, product.currency_id),
        })),
        onChoose: (choice) => desk.replaceLine(line.id, choice.id),
    });
}

/** Let the person say whose inquiry it is, where several customers may be meant. */
export function chooseLeadCustomer({ desk, dialog }) {
    const { leadId, customers } = desk.leadChoice;
    dialog.add(ChoiceDialog, {
        title: _t("Whose inquiry is it?"),
        text: _t("Several customers have this phone number or e-mail address."),
        choices: [
            ...customers.map(({ id, name, phone, email, city }) => ({
                id,
                name,
                detail: [phone, email, city].filter(Boolean).join(", "),
            })),
            { id: false, name: _t("Somebody new") },
        ],
        onChoose: (choice) => desk.openLead(leadId, choice.id),
    });
}

/** The line with the cursor, else the first of which there is not enough. */
function getLineToReplace(desk) {
    const id = Number(document.activeElement.closest("[data-line]")?.dataset.line);
    const lines = desk.order?.is_editable ? desk.order.lines : [];
    return lines.find((line) => line.id === id) || lines.find((line) => line.is_short);
}

/** Let the person choose one of the stages that the order may go to from here. */
async function chooseStage({ desk, dialog }) {
    dialog.add(ChoiceDialog, {
        title: _t("Move %(order)s on from %(stage)s", {
            order: desk.order.name,
            stage: desk.order.stage,
        }),
        choices: desk.order.stages,
        onChoose: async (stage) => {
            await desk.onOrder("enter_stage", stage.id);
            await desk.refreshCustomer();
        },
    });
}

const isDraft = (desk) => Boolean(desk.order?.is_editable);
const isOrder = (desk) => Boolean(desk.order);

/**
 * All that one key does at the desk. `key` is a function key; every step also has `hotkey`, with
 * Alt, for keyboards and people without function keys.
 *
 * isOffered: the button is there. isReady: it can be pressed. Other addons add steps to the registry.
 */
const STEPS = [
    {
        id: "confirm",
        key: "F8",
        hotkey: "f",
        label: _t("Confirm"),
        icon: "fa-check",
        isPrimary: true,
        isOffered: (desk) => !desk.order || isDraft(desk),
        isReady: (desk) => Boolean(desk.order?.can_confirm),
        run: confirm,
    },
    {
        id: "invoice",
        key: "F10",
        hotkey: "i",
        label: _t("Invoice"),
        icon: "fa-file-text-o",
        isPrimary: true,
        isOffered: (desk) => isOrder(desk) && !isDraft(desk),
        isReady: (desk) => desk.order.can_invoice,
        run: ({ desk }) => desk.onOrder("invoice"),
    },
    {
        id: "stage",
        hotkey: "j",
        label: _t("Move On"),
        icon: "fa-arrow-right",
        isOffered: isOrder,
        isReady: (desk) => desk.order.stages.length > 0,
        run: chooseStage,
    },
    {
        id: "place",
        hotkey: "w",
        label: _t("Place in the Web Shop"),
        icon: "fa-shopping-cart",
        isOffered: (desk) => Boolean(desk.order?.can_place),
        isReady: () => true,
        run: ({ desk }) => desk.onOrder("place_in_shop"),
    },
    {
        id: "repeat",
        key: "F2",
        hotkey: "r",
        label: _t("Repeat Last"),
        icon: "fa-repeat",
        isOffered: (desk) => !desk.order || isDraft(desk),
        isReady: (desk) => Boolean(desk.customer?.figures.orders),
        run: ({ desk }) => desk.repeatLast(),
    },
    {
        id: "shipping",
        key: "F7",
        hotkey: "s",
        label: _t("Shipping"),
        icon: "fa-truck",
        isOffered: (desk) => !desk.order || isDraft(desk),
        isReady: (desk) => Boolean(desk.order?.can_confirm),
        run: chooseShipping,
    },
    {
        id: "discount",
        hotkey: "d",
        label: _t("Discount"),
        icon: "fa-percent",
        isOffered: (desk) => !desk.order || isDraft(desk),
        isReady: (desk) => Boolean(desk.order?.can_confirm),
        run: ({ desk, dialog }) => dialog.add(DiscountDialog, { desk }),
    },
    {
        id: "substitute",
        hotkey: "u",
        label: _t("Substitute"),
        icon: "fa-exchange",
        isOffered: (desk) => Boolean(desk.order?.lines.some((line) => line.is_short)),
        isReady: (desk) => desk.order.is_editable,
        run: ({ desk, dialog }) =>
            chooseSubstitute({ desk, dialog, line: getLineToReplace(desk) }),
    },
    {
        id: "payment",
        key: "F4",
        hotkey: "l",
        label: _t("Payment Link"),
        icon: "fa-link",
        isOffered: isOrder,
        isReady: (desk) => desk.order.amount_open > 0,
        run: ({ desk }) => desk.showPaymentLink(),
    },
    {
        id: "mail",
        hotkey: "m",
        label: _t("E-mail"),
        icon: "fa-envelope-o",
        isOffered: isOrder,
        isReady: () => true,
        run: ({ desk }) => desk.run("send_mail"),
    },
    {
        id: "sms",
        hotkey: "t",
        label: _t("SMS"),
        icon: "fa-mobile",
        isOffered: isOrder,
        isReady: () => true,
        run: ({ desk }) => desk.run("send_sms", Boolean(desk.payment)),
    },
    {
        id: "print",
        hotkey: "p",
        label: _t("Print"),
        icon: "fa-print",
        isOffered: isOrder,
        isReady: () => true,
        run: ({ desk }) => desk.run("print_document"),
    },
    {
        id: "merge",
        hotkey: "g",
        label: _t("Merge Drafts"),
        icon: "fa-compress",
        isOffered: (desk) => isDraft(desk) && desk.order.other_drafts.length > 0,
        isReady: () => true,
        run: async ({ desk }) => {
            await desk.onOrder("merge_drafts");
            await desk.refreshCustomer();
        },
    },
    {
        id: "not_reached",
        key: "F9",
        hotkey: "x",
        label: _t("Not Reached"),
        icon: "fa-phone",
        isOffered: () => true,
        isReady: (desk) => Boolean(desk.customer),
        run: ({ desk }) => desk.setNotReached(),
    },
    {
        id: "next",
        hotkey: "n",
        label: _t("Next Caller"),
        icon: "fa-forward",
        isOffered: () => true,
        isReady: (desk) => Boolean(desk.customer),
        run: ({ desk }) => desk.clear(),
    },
];

export const stepRegistry = registry.category("retail_crm.desk_steps");
STEPS.forEach((step, index) => stepRegistry.add(step.id, step, { sequence: 10 * (index + 1) }));

/** A scanner beside the keyboard: on documents and counts, the server decides what a code means. */
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { useBus, useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { ListController } from "@web/views/list/list_controller";

const DOCUMENTS = ["stock.picking", "sale.order", "purchase.order"];

/**
 * Send each scanned code to `scan_barcode` of the model, one after the other.
 *
 * @param {() => Promise<number[] | null>} save keeps what is on screen; null: it cannot be kept
 * @param {() => Promise<void>} reload shows what the server has done
 */
function useScans(controller, save, reload) {
    const barcode = useService("barcode");
    const orm = useService("orm");
    const action = useService("action");
    const notification = useService("notification");
    let last = Promise.resolve();

    async function scan(code) {
        const ids = await save();
        if (!ids) {
            return;
        }
        const context = controller.props.context;
        const found = await orm.call(controller.props.resModel, "scan_barcode", [ids, code], {
            context,
        });
        if (found.action) {
            await action.doAction(found.action);
        } else {
            notification.add(found.message, { type: found.type });
            await reload();
        }
    }

    useBus(barcode.bus, "barcode_scanned", ({ detail }) => {
        if (controller.env.inDialog || document.querySelector(".modal:not(.o_inactive_modal)")) {
            return;
        }
        last = last.then(() => scan(detail.barcode)).catch((error) => {
            notification.add(_t("The scan was not understood: %s", error.data?.message || error), {
                type: "danger",
            });
        });
    });
}

patch(FormController.prototype, {
    setup() {
        super.setup();
        if (DOCUMENTS.includes(this.props.resModel)) {
            useScans(
                this,
                async () => {
                    const record = this.model.root;
                    const saved = !(await record.isDirty()) && record.resId ? true : await record.save();
                    return saved ? [record.resId] : null;
                },
                () => this.model.root.load()
            );
        }
    },
});

patch(ListController.prototype, {
    setup() {
        super.setup();
        const counts = this.props.resModel === "stock.quant" && this.props.context.inventory_mode;
        if (DOCUMENTS.includes(this.props.resModel) || counts) {
            useScans(
                this,
                async () => ((await this.model.root.leaveEditMode()) === false ? null : []),
                () => this.model.load()
            );
        }
    },
});

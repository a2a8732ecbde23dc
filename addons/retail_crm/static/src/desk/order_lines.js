import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { parseFloat } from "@web/views/fields/parsers";
import { LookUp } from "./look_up";
import { OrderLine } from "./order_line";

/**
 * The lines of the order, and the row in which the next one is typed: product, Enter, quantity,
 * Enter. The server is asked once a line, and meanwhile the next can be typed.
 */
export class OrderLines extends Component {
    static template = "retail_crm.OrderLines";
    static components = { LookUp, OrderLine };
    static props = { desk: Object };

    setup() {
        this.notification = useService("notification");
        this.formatCurrency = formatCurrency;
        this.number = (value) => this.desk.formatQuantity(value);
        this.entry = useState({ product: null, quantity: "1" });
        this.quantity = useRef("quantity");
        this.placeholder = _t("Product: first letters, reference or barcode");
        this.nothing = _t("No product is called so");
        this.search = this.search.bind(this);
        this.onSelect = this.onSelect.bind(this);
        useEffect(
            (product) => {
                if (product) {
                    this.quantity.el.focus();
                    this.quantity.el.select();
                }
            },
            () => [this.entry.product]
        );
        useEffect(() => this.desk.applyFocus());
        this.desk.flushEntry = () => this.flush();
    }

    get desk() {
        return this.props.desk;
    }

    get lines() {
        return this.desk.order?.lines || [];
    }

    async search(text) {
        const products = await this.desk.findProducts(text);
        return products.map((product) => ({ ...product, key: product.id }));
    }

    onSelect(product) {
        this.entry.quantity = "1";
        this.entry.product = product;
    }

    onEscapeProduct() {
        this.desk.focus("finder");
    }

    onUpFromProduct() {
        this.onMove(this.lines.length, -1);
    }

    onQuantityKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.flush();
        } else if (ev.key === "Escape") {
            ev.preventDefault();
            ev.stopPropagation();
            this.entry.product = null;
            this.desk.focus("product");
        }
    }

    /** Add what is being typed. */
    flush() {
        const { product, quantity } = this.entry;
        if (!product) {
            return;
        }
        if (this.desk.isBarcode(quantity)) {
            return this.addScanned(product, quantity.trim());
        }
        let number;
        try {
            number = parseFloat(quantity || "1");
        } catch {
            this.notification.add(_t("%s is not a quantity", quantity), { type: "warning" });
            this.desk.refused++;
            this.quantity.el?.select();
            return;
        }
        this.entry.product = null;
        this.desk.focus("product");
        if (number) {
            return this.desk.addLine(product.id, number);
        }
    }

    /** The next thing was scanned while the quantity of this one was asked for: one of each. */
    addScanned(product, barcode) {
        this.entry.product = null;
        this.desk.focus("product");
        this.desk.addLine(product.id, 1);
        return this.desk.addBarcode(barcode);
    }

    /** Up and down through the lines that can be changed; below the last is the row for the next. */
    onMove(index, step) {
        let next = index + step;
        while (this.lines[next] && !this.lines[next].is_goods) {
            next += step;
        }
        this.desk.focus(this.lines[next] ? `line${this.lines[next].id}` : "product");
    }
}

import { qtyAtDateWidget } from "@sale_stock/widgets/qty_at_date_widget";

// The popover of an order line shows every warehouse, not only that of the order.
qtyAtDateWidget.fieldDependencies.push({ name: "warehouse_availability", type: "json" });

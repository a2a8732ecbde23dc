import { registry } from "@web/core/registry";
import { session } from "@web/session";

/** The link of any telephone number calls by the telephone system of whoever has an extension. */
export const callOutService = {
    dependencies: ["notification", "orm"],
    start(env, { notification, orm }) {
        if (!session.retail_calls_out) {
            return; // the person's own device calls, as everywhere
        }
        function decoded(text) {
            try {
                return decodeURIComponent(text);
            } catch {
                return text; // a lone % sign: what was written is as good as it gets
            }
        }
        async function call(number) {
            const answer = await orm.call("retail.call", "call_number", [number]);
            if (answer.link) {
                window.location.assign(answer.link);
            } else {
                notification.add(answer.message, { type: "success" });
            }
        }
        document.addEventListener(
            "click",
            (ev) => {
                const link = ev.target.closest?.("a[href^='tel:']");
                if (link && !ev.ctrlKey && !ev.metaKey) {
                    ev.preventDefault();
                    ev.stopPropagation();
                    call(decoded(link.getAttribute("href").slice("tel:".length)));
                }
            },
            { capture: true }
        );
    },
};

registry.category("services").add("retail_crm.call_out", callOutService);

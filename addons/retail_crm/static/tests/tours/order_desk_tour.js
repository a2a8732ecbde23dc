import { registry } from "@web/core/registry";
import {
    addLine,
    findCustomer,
    getCalls,
    patient,
    pressStep,
    seeConfirmed,
    seeLine,
    Typist,
} from "./typing";

const SECONDS_A_KEY = 0.28; // an average typist, who also reads
const LIMIT = 60;
// open the desk, the customer, three lines, methods, shipping, discount, confirm, customer again
const CALLS = 10;

/**
 * What the order took of a person and of the server. Both are counted: how long the server takes
 * for a call depends on the machine.
 */
function checkEffort(typist) {
    const seconds = typist.keys * SECONDS_A_KEY;
    const calls = getCalls();
    const others = calls.filter((name) => !["find", "find_products"].includes(name));
    const told = `${typist.keys} keys, ${calls.length} calls: ${calls.join(", ")}`;
    console.log(`order desk: ${seconds.toFixed(1)} s of typing, ${told}`);
    if (seconds > LIMIT) {
        throw new Error(`The order took ${seconds} s: ${told}`);
    }
    // a look-up is one at most for each letter, however slowly they are typed
    if (others.length > CALLS || calls.length - others.length > typist.keys) {
        throw new Error(`The order took too many calls: ${told}`);
    }
}

/** Existing customer, three lines, carrier, discount, confirmed: by keyboard, within a minute. */
const typist = new Typist();
registry.category("web_tour.tours").add("retail_crm_desk_order", {
    steps: () => patient([
        ...findCustomer(typist, "1234567", "Maria Rossi"),
        ...addLine(typist, "baro", "Barolo", "2"),
        ...addLine(typist, "flut", "Six flutes", "6"),
        ...addLine(typist, "cork", "Corkscrew", "1"),
        seeLine("Corkscrew", "9.00"),
        pressStep(typist, "shipping", "F7"),
        {
            content: "the first is taken",
            trigger: ".o_desk_choices:focus .active:contains(Desk Courier)",
            run: (helpers) => typist.press(helpers, "Enter"),
        },
        {
            content: "shipping is on the order; one key asks for a discount",
            trigger: ".o_desk_total:contains(172.00)",
            run: (helpers) => typist.press(helpers, "alt+d"),
        },
        {
            content: "ten percent",
            trigger: ".modal input[aria-label=Discount]:focus",
            run: async (helpers) => {
                await typist.type(helpers, "10");
                await typist.press(helpers, "Enter");
            },
        },
        {
            content: "the total is less; one key confirms",
            trigger: ".o_desk_total:contains(155.60)",
            run: (helpers) => typist.press(helpers, "F8"),
        },
        seeConfirmed(() => checkEffort(typist)),
    ]),
});

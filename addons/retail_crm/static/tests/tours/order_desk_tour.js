import { registry } from "@web/core/registry";
import {
    addLine,
    findCustomer,
    getServerSeconds,
    patient,
    pressStep,
    seeConfirmed,
    seeLine,
    Typist,
} from "./typing";

const SECONDS_A_KEY = 0.28; // an average typist, who also reads
const LIMIT = 60;

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
        seeConfirmed(() => {
            const seconds = typist.keys * SECONDS_A_KEY + getServerSeconds();
            const told = `${typist.keys} keys, ${getServerSeconds().toFixed(1)} s of the server`;
            console.log(`order desk: ${told}, ${seconds.toFixed(1)} s in all`);
            if (seconds > LIMIT) {
                throw new Error(`The order took ${seconds} s: ${told}`);
            }
        }),
    ]),
});

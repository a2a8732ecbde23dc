/** A person who uses the keyboard only, and the count of the keys. */
export class Typist {
    constructor() {
        this.keys = 0;
    }

    /** Type a text into whatever has the cursor. */
    async type(helpers, text) {
        for (const sign of text) {
            await this.press(helpers, sign === " " ? "Space" : sign);
        }
    }

    /** Press one key, or one with Alt or Control ("alt+d"). */
    async press(helpers, key) {
        this.keys++;
        await helpers.press(key);
    }
}

/** The names of the order desk's methods that the page has called, one for each answer. */
export function getCalls() {
    return performance
        .getEntriesByType("resource")
        .map((entry) => entry.name.match(/\/call_kw\/retail\.order\.desk\/(\w+)/)?.[1])
        .filter(Boolean);
}

/** Steps that a busy machine may take long for. */
export function patient(steps) {
    return steps.map((step) => ({ timeout: 45000, ...step }));
}

/** The step in which a customer is looked for by some letters and taken with Enter. */
export function findCustomer(typist, letters, name) {
    return [
        {
            content: "the cursor waits in the finder",
            trigger: "[data-focus=finder]:focus",
            run: (helpers) => typist.type(helpers, letters),
        },
        {
            content: `${name} is found while typing`,
            trigger: `.o_desk_hits .dropdown-item.focus:contains(${name})`,
            run: (helpers) => typist.press(helpers, "Enter"),
        },
    ];
}

/** The steps in which a product and its quantity are typed. */
export function addLine(typist, letters, name, quantity) {
    return [
        {
            content: `the cursor waits for a product: ${letters}`,
            trigger: "[data-focus=product]:focus",
            run: (helpers) => typist.type(helpers, letters),
        },
        {
            content: `${name} is found, with its stock`,
            trigger: `.o_desk_hits .dropdown-item.focus:contains(${name}) .o_desk_place`,
            run: (helpers) => typist.press(helpers, "Enter"),
        },
        {
            content: "the quantity is typed",
            trigger: "[data-focus=quantity]:focus",
            run: async (helpers) => {
                await typist.type(helpers, quantity);
                await typist.press(helpers, "Enter");
            },
        },
    ];
}

/** The line is there and the server has it. */
export function seeLine(name, amount) {
    return {
        content: `${name} is on the order`,
        trigger: `.o_desk_line:contains(${name}):contains(${amount})`,
    };
}

/** Press one key as soon as the button of this step can be pressed. */
export function pressStep(typist, name, key) {
    return {
        content: `${name}: ${key}`,
        trigger: `.o_desk_steps button[name=${name}]:enabled`,
        run: (helpers) => typist.press(helpers, key),
    };
}

/** The order is confirmed; `run` may look at it. */
export function seeConfirmed(run) {
    const step = {
        content: "the order is confirmed",
        trigger: ".o_desk_what header .badge.text-bg-success",
    };
    return run ? { ...step, run } : step;
}

/** The steps in which the order is confirmed by key. */
export function confirmOrder(typist) {
    return [pressStep(typist, "confirm", "F8"), seeConfirmed()];
}

/** The step in which a lead is taken to the order desk. */
export function openLead() {
    return {
        content: "the lead is opened at the order desk",
        trigger: ".o_form_view button[name=action_open_desk]",
        run: "click",
    };
}

/** The steps from the box for products up to the last line, where `run` types. */
export function inLastLine(typist, content, run) {
    return [
        {
            content: "up to the line",
            trigger: "[data-focus=product]:focus",
            run: (helpers) => typist.press(helpers, "ArrowUp"),
        },
        { content, trigger: ".o_desk_line input[data-focus^=line]:focus", run },
    ];
}

/** Which recordings are listed: by words, place and time. */
import { choice, element } from "./element.js";
import type { Hub } from "./node-red.js";
import { say } from "./words.js";

/** Days back, today included. */
const PERIODS = ["", "1", "7", "30"] as const;
/** Nobody types faster; each letter would be a search of its own. */
const TYPING_MS = 300;

/** As Node-RED is asked for it. */
export interface Wanted {
    readonly words?: string;
    readonly site?: string;
    readonly from?: number;
}

export class Filter {
    readonly content: HTMLElement;
    readonly #words = element("input", {
        type: "search",
        maxlength: "200",
        placeholder: say("field.search"),
        "aria-label": say("field.search"),
    });
    readonly #site = choice(say("field.place"), [["", say("option.everyPlace")]]);
    readonly #period = choice(
        say("field.period"),
        PERIODS.map((days) => [days, say(`option.days${days || "All"}`)]),
    );

    constructor(onChange: () => void) {
        let typing: ReturnType<typeof setTimeout> | undefined;
        this.#words.addEventListener("input", () => {
            clearTimeout(typing);
            typing = setTimeout(onChange, TYPING_MS);
        });
        for (const select of [this.#site, this.#period]) select.addEventListener("change", onChange);
        const fields = [this.#words, this.#site, this.#period];
        for (const field of fields) field.classList.add("earshot-privacy-field");
        this.content = element("div", { class: "earshot-privacy-filter", role: "search" }, ...fields);
    }

    /** Letters and digits only are words. */
    get wanted(): Wanted {
        const words = this.#words.value.trim();
        const from = startOf(Number(this.#period.value));
        return {
            ...(/[\p{L}\p{N}]/u.test(words) && { words }),
            ...(this.#site.value !== "" && { site: this.#site.value }),
            ...(from !== undefined && { from }),
        };
    }

    get isOn(): boolean {
        return Object.keys(this.wanted).length > 0;
    }

    setSites(sites: NonNullable<Hub["sites"]>): void {
        const chosen = this.#site.value;
        const options = sites.map(({ id, name }) => element("option", { value: id }, name));
        this.#site.replaceChildren(element("option", { value: "" }, say("option.everyPlace")), ...options);
        this.#site.value = sites.some(({ id }) => id === chosen) ? chosen : "";
    }
}

/** The first moment of the day `days - 1` days ago. */
function startOf(days: number): number | undefined {
    if (days === 0) return undefined;
    const start = new Date();
    start.setHours(0, 0, 0, 0);
    start.setDate(start.getDate() - days + 1);
    return start.getTime();
}

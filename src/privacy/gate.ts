/** What of a message may go on to one destination outside of the home's trust. Without a grant there stands `[withheld]`. */

export const GRANTS = [
    /** What was said and answered, and every other text. */
    "text",
    /** What was meant: the intent with its slots, the devices and their states, numbers and switches. */
    "slots",
    /** The place it was said at, and the area that was meant. */
    "location",
    "speaker",
    /** Sound, and the handles that lead to it. */
    "sound",
] as const;

export type Grant = (typeof GRANTS)[number];

export const WITHHELD = "[withheld]";

export interface Gated<M> {
    /** A copy: other branches may share the message. */
    readonly message: M;
    /** What of it goes on. */
    readonly disclosed: readonly Grant[];
    /** What was there and doesn't. */
    readonly withheld: readonly Grant[];
}

type Properties = Readonly<Record<string, unknown>>;
type Rule = (value: unknown, gate: Gate) => unknown;

/** Where a message goes, and how: set by the flow for the nodes that send it. */
const ROUTING = new Set([
    ..."_msgid parts topic url method headers cookies statusCode followRedirects requestTimeout rejectUnauthorized".split(
        " ",
    ),
    ..."qos retain responseTopic correlationData contentType messageExpiryInterval host port ip to from cc bcc".split(
        " ",
    ),
    ..."_session complete reset redaction".split(" "),
]);
/** What of an intent and of a result says what was meant and done, in no words of the speaker's. */
const INTENT = new Set(["name", "confidence", "targets", "candidates", "all", "response"]);
const RESULT = new Set(["devices", "handled", "asked"]);
/** Slots that name a place. */
const PLACES = new Set(["area", "floor", "preferred_area_id"]);
/** Deeper than any message; what lies deeper is withheld. */
const MAX_DEPTH = 20;
/** A shorter text is found in addresses by chance. */
const MIN_REPEATED = 4;

export function gated<M extends object>(message: M, grants: ReadonlySet<Grant>): Gated<M> {
    const gate = new Gate(grants, textsOf(message as Properties));
    const passed = Object.entries(message).map(([name, value]) => [name, ruleFor(name)(value, gate)]);
    return { message: Object.fromEntries(passed) as M, disclosed: gate.disclosed, withheld: gate.withheld };
}

class Gate {
    readonly #grants: ReadonlySet<Grant>;
    /** In small letters. */
    readonly #texts: readonly string[];
    readonly #met = new Set<Grant>();
    readonly #seen = new WeakSet<object>();

    constructor(grants: ReadonlySet<Grant>, texts: readonly string[]) {
        this.#grants = grants;
        this.#texts = texts.filter((text) => text.length >= MIN_REPEATED).map((text) => text.toLowerCase());
    }

    get disclosed(): readonly Grant[] {
        return GRANTS.filter((grant) => this.#met.has(grant) && this.#grants.has(grant));
    }

    get withheld(): readonly Grant[] {
        return GRANTS.filter((grant) => this.#met.has(grant) && !this.#grants.has(grant));
    }

    /** The value, where all that it needs is granted. */
    pass(value: unknown, ...needed: readonly Grant[]): unknown {
        if (value === undefined || value === null || value === "") return value;
        for (const grant of needed) this.#met.add(grant);
        return needed.every((grant) => this.#grants.has(grant)) ? value : WITHHELD;
    }

    /** By what it is: nobody knows what a flow has put there. */
    anything(value: unknown, depth = 0): unknown {
        if (typeof value === "string") return this.pass(value, "text");
        if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return this.pass(value, "sound");
        if (typeof value === "number" || typeof value === "boolean") return this.pass(value, "slots");
        if (value === undefined || value === null) return value;
        if (!isData(value) || depth === MAX_DEPTH || this.#seen.has(value)) return WITHHELD;
        this.#seen.add(value);
        const inside = (entry: unknown) => this.anything(entry, depth + 1);
        const passed = Array.isArray(value)
            ? value.map(inside)
            : Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, inside(entry)]));
        this.#seen.delete(value);
        return passed;
    }

    /** Where it goes may be told, unless that repeats what was said. */
    routing(value: unknown, depth = 0): unknown {
        if (typeof value === "string") return this.#repeats(value) ? this.pass(value, "text") : value;
        if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return this.pass(value, "sound");
        if (typeof value !== "object" || value === null) return value;
        if (!isData(value) || depth === MAX_DEPTH) return WITHHELD;
        if (Array.isArray(value)) return value.map((entry: unknown) => this.routing(entry, depth + 1));
        return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, this.routing(entry, depth + 1)]));
    }

    #repeats(text: string): boolean {
        const plain = decoded(text).toLowerCase();
        return this.#texts.some((said) => plain.includes(said));
    }
}

const RULES: Readonly<Record<string, Rule>> = {
    voice: (value, gate) =>
        mapped(value, gate, (name, entry) => {
            if (name === "session" || name === "recording") return gate.pass(entry, "sound");
            if (name === "site") return gate.pass(entry, "location");
            if (name === "speaker") return gate.pass(entry, "speaker");
            return name === "format" || name === "startedAt" ? gate.routing(entry) : gate.anything(entry);
        }),
    site: (value, gate) => gate.pass(value, "location"),
    speaker: (value, gate) => gate.pass(value, "speaker"),
    transcript: (value, gate) => gate.pass(value, "text"),
    intent: (value, gate) =>
        mapped(value, gate, (name, entry) => {
            if (name === "slots") return mapped(entry, gate, (slot, meant) => slotPassed(slot, meant, gate));
            return INTENT.has(name) ? gate.pass(entry, "slots") : gate.anything(entry);
        }),
    result: (value, gate) =>
        mapped(value, gate, (name, entry) => (RESULT.has(name) ? gate.pass(entry, "slots") : gate.anything(entry))),
    // What answers a request has to know whom; what was asked, it doesn't.
    res: (value) => value,
};

function ruleFor(name: string): Rule {
    if (ROUTING.has(name)) return (value, gate) => gate.routing(value);
    return RULES[name] ?? ((value, gate) => gate.anything(value));
}

function slotPassed(slot: string, meant: unknown, gate: Gate): unknown {
    if (typeof meant === "object") return gate.anything(meant);
    return PLACES.has(slot) ? gate.pass(meant, "slots", "location") : gate.pass(meant, "slots");
}

function mapped(value: unknown, gate: Gate, rule: (name: string, entry: unknown) => unknown): unknown {
    if (!isData(value) || Array.isArray(value)) return gate.anything(value);
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, rule(name, entry)]));
}

/**
 * A list, or an object with nothing but data in it: what else a message may carry, such as the request of a server, leads to
 * all of the program. Objects from another realm have another `Object.prototype`.
 */
function isData(value: unknown): value is object {
    if (typeof value !== "object" || value === null) return false;
    if (Array.isArray(value)) return true;
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** What was said and answered, by the properties that say so. */
function textsOf({ transcript, intent, result, payload }: Properties): readonly string[] {
    const of = (value: unknown, name: string): unknown =>
        typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
    const texts = [of(transcript, "text"), of(intent, "text"), of(result, "say"), payload];
    return texts.filter((text) => typeof text === "string");
}

function decoded(text: string): string {
    try {
        return decodeURIComponent(text.replaceAll("+", " "));
    } catch {
        return text;
    }
}

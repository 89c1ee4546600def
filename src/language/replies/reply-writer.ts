/** Words for replies: the language's texts with their places filled, lists of names, counted things, numbers, durations. */
import type { Language } from "../language";
import { classOf, type DeviceOutcome } from "./outcome";

export type Values = Readonly<Record<string, string | number>>;

/** Devices that are called by their names where a sentence is about them; of more, their number is told. */
const MAX_NAMED = 2;
/** Up to so many the names follow the number. */
const MAX_LISTED = 5;
/** Numbers up to this are written as words where they count devices. */
const LARGEST_SPELLED = 12;

export class ReplyWriter {
    readonly #plurals: Intl.PluralRules;
    readonly #numbers: Intl.NumberFormat;

    constructor(readonly language: Language) {
        this.#plurals = new Intl.PluralRules(language.code);
        this.#numbers = new Intl.NumberFormat(language.code, { maximumFractionDigits: 1, useGrouping: false });
    }

    has(key: string): boolean {
        return this.language.replies.has(key);
    }

    /** A whole sentence: the text for that many things, with a capital. */
    sentence(key: string, count = 1, values: Values = {}): string {
        const text = this.phrase(key, count, values);
        return text.charAt(0).toUpperCase() + text.slice(1);
    }

    /** A text as it stands in the file, for use inside another. */
    phrase(key: string, count = 1, values: Values = {}): string {
        const forms = this.language.replies.get(key);
        const form = forms?.[this.#plurals.select(count)] ?? forms?.other ?? "";
        return form.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) => {
            const value = values[name] ?? "";
            return typeof value === "number" ? this.number(value) : value;
        });
    }

    /** "the lamp and the fan", "three lights". */
    devices(outcomes: readonly Pick<DeviceOutcome, "device">[]): string {
        const count = outcomes.length;
        if (count <= MAX_NAMED) return this.and(this.#named(outcomes));
        const spelled = count <= LARGEST_SPELLED ? this.language.numbers.spelled(count) : undefined;
        return `${spelled ?? count} ${this.things(outcomes)}`;
    }

    /** The names that follow a number of devices; undefined where they were said already, or are too many. */
    listed(outcomes: readonly Pick<DeviceOutcome, "device">[]): string | undefined {
        const count = outcomes.length;
        return count > MAX_NAMED && count <= MAX_LISTED ? this.and(this.#bare(outcomes)) : undefined;
    }

    /** "the desk lamp or the floor lamp"; undefined where the names are too many, or don't tell the devices apart. */
    choices(outcomes: readonly Pick<DeviceOutcome, "device">[]): string | undefined {
        const names = new Set(this.#named(outcomes));
        return names.size < outcomes.length || names.size > MAX_LISTED ? undefined : this.or([...names]);
    }

    /** "lights", "windows"; "devices" where they are of several kinds. */
    things(outcomes: readonly Pick<DeviceOutcome, "device">[]): string {
        const kinds = new Set(outcomes.map(({ device }) => this.#kind(device)));
        const [kind = "type"] = kinds;
        return this.phrase(kinds.size === 1 ? kind : "type", outcomes.length);
    }

    /** A name inside a sentence. */
    name(name: string): string {
        return this.language.replies.get("names")?.other === "lower case" ? lowered(name) : name;
    }

    and(texts: readonly string[]): string {
        return new Intl.ListFormat(this.language.code, { type: "conjunction" }).format(texts);
    }

    or(texts: readonly string[]): string {
        return new Intl.ListFormat(this.language.code, { type: "disjunction" }).format(texts);
    }

    number(value: number): string {
        return this.#numbers.format(value);
    }

    /** "1 hour and 30 minutes", from any number of each. */
    duration(parts: { readonly hours?: number; readonly minutes?: number; readonly seconds?: number }): string {
        const said = (["hours", "minutes", "seconds"] as const).flatMap((unit) => {
            const count = parts[unit] ?? 0;
            return count === 0 ? [] : [this.phrase(unit, count, { count })];
        });
        return said.length === 0 ? this.phrase("seconds", 0, { count: 0 }) : this.and(said);
    }

    #named(outcomes: readonly Pick<DeviceOutcome, "device">[]): string[] {
        return outcomes.map(({ device }) => {
            return isProper(device) ? device.name : this.phrase("device", 1, { name: this.name(device.name) });
        });
    }

    #bare(outcomes: readonly Pick<DeviceOutcome, "device">[]): string[] {
        return outcomes.map(({ device }) => (isProper(device) ? device.name : this.name(device.name)));
    }

    #kind(device: DeviceOutcome["device"]): string {
        const kinds = [`type_${classOf(device)}`, `type_${device.type}`];
        return kinds.find((key) => this.has(key)) ?? "type";
    }
}

/** Named as people are: no "the" belongs before it. */
function isProper({ type }: DeviceOutcome["device"]): boolean {
    return type === "person" || type === "weather";
}

/** Abbreviations ("TV", "LED") stay as they are. */
function lowered(name: string): string {
    return name.replaceAll(/\p{L}+/gu, (word) => (/^\p{Lu}{2,}$/u.test(word) ? word : word.toLowerCase()));
}

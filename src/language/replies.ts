/** What to say about what was done, in the language of the speaker; all words come from the language's `replies`. */
import type { Device, DeviceErrorCode, DeviceState } from "../home";
import type { Replies } from "./file/model";
import type { Intent, SlotValue } from "./intent";
import type { Language } from "./language";

/** What became of one device. */
export interface DeviceOutcome {
    readonly device: Device;
    readonly ok: boolean;
    /** As read back from the device. */
    readonly state?: DeviceState;
    /** A `DeviceErrorCode`, or a message for the log; only codes that the language has words for are told apart. */
    readonly error?: DeviceErrorCode | (string & {});
}

const SETS_TEMPERATURE = new Set(["HassClimateSetTemperature", "EarshotSetTemperatureRelative"]);
/** Devices that are called by their names; of more, only their number is told. */
const MAX_NAMED = 2;
/** Numbers up to this are written as words where they count devices. */
const LARGEST_SPELLED = 12;

/**
 * The sentence to say after an intent was carried out, built from what the devices say their state is now.
 * Devices with the same state share a sentence; those that failed get their own.
 */
export function respond(language: Language, intent: Intent, outcomes: readonly DeviceOutcome[]): string {
    if (outcomes.length === 0) {
        if (intent.candidates !== undefined && intent.candidates.length > 0) return sentence(language, "which");
        return sentence(language, "no_device");
    }
    const writer = new ReplyWriter(language, intent);
    const done = outcomes.filter(({ ok }) => ok);
    const failed = outcomes.filter(({ ok }) => !ok);
    return [...writer.states(done), ...writer.failures(failed)].join(" ");
}

/** A fixed sentence of the language, such as `not_understood`, with `{values}` filled in. */
export function sentence(language: Language, key: string, values: Readonly<Record<string, SlotValue>> = {}): string {
    return new ReplyWriter(language).filled(key, 1, values);
}

/** A reply of the language and what to fill in: equal for devices that share a sentence. */
interface Told {
    readonly reply: string;
    readonly values: Readonly<Record<string, string>>;
}

class ReplyWriter {
    readonly #replies: Replies;
    readonly #plurals: Intl.PluralRules;
    readonly #numbers: Intl.NumberFormat;
    readonly #asked: Pick<Intent, "name" | "slots">;

    constructor(
        readonly language: Language,
        intent?: Intent,
    ) {
        this.#asked = intent ?? { name: "", slots: {} };
        this.#replies = language.replies;
        this.#plurals = new Intl.PluralRules(language.code);
        this.#numbers = new Intl.NumberFormat(language.code, { maximumFractionDigits: 1, useGrouping: false });
    }

    states(done: readonly DeviceOutcome[]): string[] {
        if (done.length === 0) return [];
        const { name, slots } = this.#asked;
        if (name === "HassGetState" && "state" in slots) return [this.#answer(String(slots.state), done)];
        const several = done.length > 1;
        const groups = Map.groupBy(done, (outcome) => JSON.stringify(this.#told(outcome, several)));
        return [...groups].map(([told, same]) => {
            const { reply, values } = JSON.parse(told) as Told;
            return this.filled(reply, same.length, { ...values, devices: this.#devices(same) });
        });
    }

    failures(failed: readonly DeviceOutcome[]): string[] {
        const replyFor = (error: string | undefined) =>
            error !== undefined && this.#replies.has(`failed_${error}`) ? `failed_${error}` : "failed";
        const groups = Map.groupBy(failed, ({ error }) => replyFor(error));
        return [...groups].map(([reply, same]) => this.filled(reply, same.length, { devices: this.#devices(same) }));
    }

    filled(name: string, count: number, values: Readonly<Record<string, SlotValue>>): string {
        const text = this.#phrase(name, count, values);
        return text.charAt(0).toUpperCase() + text.slice(1);
    }

    /** What the device now says of what was asked for. */
    #told({ state = {} }: DeviceOutcome, several: boolean): Told {
        const { name, slots } = this.#asked;
        const told = (reply: string, values: Readonly<Record<string, string>> = {}): Told => ({ reply, values });
        if (name === "HassClimateGetTemperature") {
            if (state.currentTemperatureCelsius === undefined) return told("unknown");
            const temperature = this.#number(state.currentTemperatureCelsius);
            if (several || "name" in slots) return told("temperature_at", { temperature });
            if (!("area" in slots)) return told("temperature", { temperature });
            return told("temperature_in", { temperature, place: this.#name(String(slots.area)) });
        }
        if (SETS_TEMPERATURE.has(name) && state.targetTemperatureCelsius !== undefined) {
            return told("target_temperature", { temperature: this.#number(state.targetTemperatureCelsius) });
        }
        if (("brightness" in slots || "brightness_step" in slots) && state.brightnessPercent !== undefined) {
            return told("brightness", { brightness: this.#number(state.brightnessPercent) });
        }
        if ("color" in slots && state.color !== undefined) {
            return told("color", { color: this.#replies.get(`color_${slots.color}`)?.other ?? String(slots.color) });
        }
        if ("temperature" in slots && state.colorTemperatureKelvin !== undefined) {
            return told("color_temperature", { temperature: this.#number(state.colorTemperatureKelvin) });
        }
        const on = isOn(state);
        if (on !== undefined) return told(on ? "on" : "off");
        return told(name.startsWith("HassGet") ? "unknown" : "done");
    }

    /** To "is the lamp on" and "which lights are on". */
    #answer(wanted: string, asked: readonly DeviceOutcome[]): string {
        const so = asked.filter(({ state = {} }) => (isOn(state) ? "on" : "off") === wanted);
        const known = asked.filter(({ state = {} }) => isOn(state) !== undefined);
        if (known.length === 0) return this.filled("unknown", asked.length, { devices: this.#devices(asked) });
        if (asked.length === 1) {
            const reply = `${so.length === 1 ? "yes" : "no"}_${so.length === 1 ? wanted : opposite(wanted)}`;
            return this.filled(reply, 1, { devices: this.#devices(asked) });
        }
        if (so.length === 0) return this.filled(`none_${wanted}`, asked.length, { things: this.#things(asked) });
        if (so.length === asked.length)
            return this.filled(`all_${wanted}`, asked.length, { things: this.#things(asked) });
        return this.filled(wanted, so.length, { devices: this.#devices(so) });
    }

    #devices(outcomes: readonly DeviceOutcome[]): string {
        const count = outcomes.length;
        if (count <= MAX_NAMED) {
            const names = outcomes.map(({ device }) => this.#phrase("device", 1, { name: this.#name(device.name) }));
            return new Intl.ListFormat(this.language.code, { type: "conjunction" }).format(names);
        }
        const spelled = count <= LARGEST_SPELLED ? this.language.numbers.spelled(count) : undefined;
        return `${spelled ?? count} ${this.#things(outcomes)}`;
    }

    /** "lights"; "devices" where they are of several types. */
    #things(outcomes: readonly DeviceOutcome[]): string {
        const types = new Set(outcomes.map(({ device }) => device.type));
        const [type = ""] = types;
        const noun = types.size === 1 && this.#replies.has(`type_${type}`) ? `type_${type}` : "type";
        return this.#phrase(noun, outcomes.length, {});
    }

    #name(name: string): string {
        return this.#replies.get("names")?.other === "lower case" ? name.toLowerCase() : name;
    }

    #number(value: number): string {
        return this.#numbers.format(value);
    }

    #phrase(name: string, count: number, values: Readonly<Record<string, SlotValue>>): string {
        const forms = this.#replies.get(name);
        const form = forms?.[this.#plurals.select(count)] ?? forms?.other ?? "";
        return form.replaceAll(/\{([a-z_]+)\}/g, (_, key: string) => String(values[key] ?? ""));
    }
}

function isOn({ on, climateMode }: DeviceState): boolean | undefined {
    return climateMode === undefined ? on : climateMode !== "off";
}

function opposite(state: string): string {
    return state === "on" ? "off" : "on";
}

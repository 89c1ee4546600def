/** What devices say of themselves: after an order, and to a question. Devices with the same to say share a sentence. */
import type { Intent } from "../intent";
import { attributeOf, classOf, type DeviceOutcome, isInState, stateWord } from "./outcome";
import type { ReplyWriter, Values } from "./reply-writer";

/** A reply of the language and what to fill in: equal for devices that share a sentence. */
interface Told {
    readonly reply: string;
    readonly values: Values;
}

type Asked = Pick<Intent, "name" | "slots">;

export function deviceReplies(writer: ReplyWriter, asked: Asked, done: readonly DeviceOutcome[]): string[] {
    if (done.length === 0) return [];
    if (asked.name === "HassGetState" && "state" in asked.slots) {
        return [answer(writer, String(asked.slots.state), done)];
    }
    const several = done.length > 1;
    const groups = Map.groupBy(done, (outcome) => JSON.stringify(told(writer, asked, outcome, several)));
    return [...groups].map(([key, same]) => capitalised(said(writer, JSON.parse(key) as Told, same)));
}

/** To "is the lamp on", "which lights are on" and "are all windows closed". */
function answer(writer: ReplyWriter, wanted: string, asked: readonly DeviceOutcome[]): string {
    const known = asked.filter((outcome) => stateWord(outcome) !== undefined);
    const [first] = known;
    if (first === undefined) return writer.sentence("unknown", asked.length, { devices: writer.devices(asked) });
    const so = known.filter((outcome) => isInState(outcome, wanted));
    if (known.length === 1) {
        const statement = said(writer, toldWord(writer, first), known);
        return writer.sentence(so.length === 1 ? "yes" : "no", 1, { statement });
    }
    const [one] = so;
    if (one !== undefined && so.length < known.length) return capitalised(said(writer, toldWord(writer, one), so));
    const reply = so.length === 0 ? "none" : "all";
    const own = `${reply}_${wanted}`;
    const state = wordFor(writer, one ?? first, so.length === 0 ? wordLike(first, wanted) : stateWord(one ?? first));
    return writer.sentence(writer.has(own) ? own : reply, known.length, { things: writer.things(known), state });
}

/** What a device says after what was asked for. */
function told(writer: ReplyWriter, { name, slots }: Asked, outcome: DeviceOutcome, several: boolean): Told {
    const { state = {}, device, reported } = outcome;
    const reply = (key: string, values: Values = {}): Told => ({ reply: key, values });
    const temperatureOfRoom = state.currentTemperatureCelsius ?? attributeOf(outcome, "current_temperature");
    if (name === "HassClimateGetTemperature") {
        if (temperatureOfRoom === undefined) return reply("unknown");
        const temperature = writer.number(temperatureOfRoom);
        if (several || "name" in slots) return reply("temperature_at", { temperature });
        if (!("area" in slots)) return reply("temperature", { temperature });
        return reply("temperature_in", { temperature, place: writer.name(String(slots.area)) });
    }
    const quantity = quantityOf(writer, slots, name, outcome);
    if (quantity !== undefined) return quantity;
    if (name === "HassGetWeather") return weather(writer, outcome);
    if (name === "HassVacuumCleanArea" && "area" in slots) {
        return reply("cleaning_area", { place: writer.name(String(slots.area)) });
    }
    if (name === "HassMediaSearchAndPlay") return reply("playing_wanted", { wanted: String(slots.search_query ?? "") });
    const muted = reported?.attributes?.is_volume_muted;
    if (/^HassMediaPlayer(?:Unm|M)ute$/.test(name)) {
        return typeof muted === "boolean" ? reply(muted ? "is_muted" : "is_unmuted") : reply("done");
    }
    if (stateWord(outcome) === undefined) return reply(name.startsWith("HassGet") ? "unknown" : "done");
    // What stateless things last did is not what they were told.
    if (STATELESS.has(device.type) && !name.startsWith("HassGet")) return reply("done");
    return toldWord(writer, outcome);
}

const STATELESS = new Set(["scene", "script", "button", "input_button"]);

/** How a quantity that was set is now: by the slot that set it. */
function quantityOf(
    writer: ReplyWriter,
    slots: Asked["slots"],
    name: string,
    outcome: DeviceOutcome,
): Told | undefined {
    const { state = {} } = outcome;
    const about = (...keys: readonly string[]) => keys.some((key) => key in slots);
    const reply = (key: string, place: string, value: number | undefined): Told | undefined =>
        value === undefined ? undefined : { reply: key, values: { [place]: writer.number(value) } };
    if (name === "HassClimateSetTemperature" || about("temperature_step")) {
        const target = state.targetTemperatureCelsius ?? attributeOf(outcome, "temperature");
        return reply("target_temperature", "temperature", target);
    }
    if (about("brightness", "brightness_step")) return reply("brightness", "brightness", state.brightnessPercent);
    if (about("color") && state.color !== undefined) {
        const key = `color_${slots.color}`;
        return { reply: "color", values: { color: writer.has(key) ? writer.phrase(key) : String(slots.color) } };
    }
    if (name === "HassLightSet" && about("temperature")) {
        return reply("color_temperature", "temperature", state.colorTemperatureKelvin);
    }
    if (about("position")) return reply("position", "position", attributeOf(outcome, "current_position"));
    if (about("percentage")) return reply("speed", "speed", attributeOf(outcome, "percentage"));
    if (about("volume_level", "volume_step")) {
        // Home Assistant's attribute is a share of one.
        const level = attributeOf(outcome, "volume_level");
        return reply("volume", "volume", level === undefined ? undefined : Math.round(level * 100));
    }
    return undefined;
}

function weather(writer: ReplyWriter, outcome: DeviceOutcome): Told {
    const condition = `weather_${(outcome.reported?.state ?? "").replaceAll("-", "_")}`;
    const temperature = attributeOf(outcome, "temperature");
    if (!writer.has(condition)) return { reply: "unknown", values: {} };
    const values = { condition: writer.phrase(condition) };
    if (temperature === undefined) return { reply: "weather", values };
    return { reply: "weather_and_temperature", values: { ...values, temperature: writer.number(temperature) } };
}

/** The state in the language's words; of a sensor its value with its unit. */
function toldWord(writer: ReplyWriter, outcome: DeviceOutcome): Told {
    const word = stateWord(outcome) ?? "";
    if (writer.has(`is_${word}`)) return { reply: `is_${word}`, values: {} };
    const isPlace = outcome.device.type === "person" && !writer.has(`state_${word}`);
    if (isPlace) return { reply: "is_at", values: { place: word } };
    return { reply: "is", values: { state: wordFor(writer, outcome, word) } };
}

function wordFor(writer: ReplyWriter, outcome: DeviceOutcome, word = ""): string {
    const keys = [`state_${classOf(outcome.device)}_${word}`, `state_${word}`];
    const key = keys.find((each) => writer.has(each));
    return key === undefined ? measured(writer, outcome, word) : writer.phrase(key);
}

function measured(writer: ReplyWriter, { device, reported }: DeviceOutcome, word: string): string {
    const number = word.trim() === "" ? Number.NaN : Number(word);
    if (Number.isNaN(number)) return word;
    const unit = reported?.attributes?.unit_of_measurement ?? device.attributes?.unit_of_measurement;
    if (typeof unit !== "string" || unit === "") return writer.number(number);
    const key = `unit_${unit}`;
    return `${writer.number(number)} ${writer.has(key) ? writer.phrase(key, number) : unit}`;
}

/** "on", as this device says it: a window that is on is open. */
function wordLike(outcome: DeviceOutcome, wanted: string): string {
    const reported = outcome.device.type === "binary_sensor" ? { state: wanted } : undefined;
    return reported === undefined ? wanted : (stateWord({ ...outcome, state: {}, reported }) ?? wanted);
}

function said(writer: ReplyWriter, { reply, values }: Told, same: readonly DeviceOutcome[]): string {
    const devices = writer.devices(same);
    const names = reply === "is" ? writer.listed(same) : undefined;
    if (names === undefined) return writer.phrase(reply, same.length, { ...values, devices });
    return writer.phrase("is_listed", same.length, { ...values, devices, names });
}

function capitalised(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}

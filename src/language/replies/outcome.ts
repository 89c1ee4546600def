/** What became of a device, and what state it is in, in Home Assistant's words. */
import type { Device, DeviceErrorCode, DeviceState } from "../../home";

/** A device's state as Home Assistant writes it. */
export interface Reported {
    /** "on", "open", "locked", "playing", "21.5", … */
    readonly state: string;
    readonly attributes?: Readonly<Record<string, unknown>>;
}

/** What became of one device. */
export interface DeviceOutcome {
    readonly device: Device;
    readonly ok: boolean;
    /** As read back from the device. */
    readonly state?: DeviceState;
    /** As read back, of devices that have more to say than `state` holds. */
    readonly reported?: Reported;
    /** A `DeviceErrorCode`, or a message for the log; only codes that the language has words for are told apart. */
    readonly error?: DeviceErrorCode | (string & {});
}

/** Binary sensors whose "on" is said otherwise. Source: Home Assistant's binary sensor device classes. */
const OPENINGS = new Set(["door", "garage_door", "opening", "window"]);
/** Words that say that a device is not off. */
const ACTIVE = new Set([
    "playing",
    "paused",
    "idle",
    "buffering",
    "heat",
    "cool",
    "auto",
    "heat_cool",
    "dry",
    "fan_only",
]);
const NOTHING_KNOWN = new Set(["", "unknown", "unavailable", "none"]);

/** The state in a word; undefined where the device told none. */
export function stateWord({ device, state = {}, reported }: DeviceOutcome): string | undefined {
    const { on, climateMode } = state;
    if (climateMode !== undefined) return climateMode === "off" ? "off" : "on";
    if (on !== undefined) return on ? "on" : "off";
    const word = reported?.state;
    if (word === undefined || NOTHING_KNOWN.has(word)) return undefined;
    if (device.type !== "binary_sensor") return word;
    const deviceClass = classOf(device);
    if (OPENINGS.has(deviceClass)) return { on: "open", off: "closed" }[word] ?? word;
    if (deviceClass === "lock") return { on: "unlocked", off: "locked" }[word] ?? word;
    return word;
}

/** Whether a device is in the state that was asked for, whichever of its words was used. */
export function isInState(outcome: DeviceOutcome, wanted: string): boolean {
    const word = stateWord(outcome);
    const plain = wanted.toLowerCase();
    if (word === undefined) return false;
    if ([word, outcome.reported?.state].some((each) => each?.toLowerCase() === plain)) return true;
    return plain === "on" && ACTIVE.has(word);
}

export function classOf({ attributes }: DeviceOutcome["device"]): string {
    const deviceClass = attributes?.device_class;
    return typeof deviceClass === "string" ? deviceClass : "";
}

/** A number among the attributes that were read back. */
export function attributeOf({ reported }: DeviceOutcome, name: string): number | undefined {
    const value = reported?.attributes?.[name];
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** What devices say of themselves in Home Assistant's words, for replies. */
import type { Device, DeviceState } from "../home";

export interface Told {
    readonly state: DeviceState;
    readonly reported?: { readonly state: string; readonly attributes: Readonly<Record<string, unknown>> };
}

/** The parts of `state` that a reply is made of; units are those of the property names. */
export function toldBy(device: Device, state: DeviceState): Told {
    const word = WORDS[device.type]?.(state, classOf(device)) ?? device.state;
    const attributes = {
        ...entry("current_position", state.positionPercent),
        ...entry("percentage", state.fanSpeedPercent),
        ...entry("volume_level", state.volumePercent === undefined ? undefined : state.volumePercent / 100),
        ...entry("is_volume_muted", state.muted),
        ...entry("unit_of_measurement", device.type === "sensor" ? UNITS[classOf(device)] : undefined),
    };
    if (word === undefined) return { state, reported: { state: "", attributes } };
    // The word says more than on and off do.
    const { on: _, ...rest } = state;
    return { state: rest, reported: { state: word, attributes } };
}

type Word = (state: DeviceState, deviceClass: string) => string | undefined;

const moved: Word = ({ coverState, positionPercent }) => {
    if (coverState === "opening" || coverState === "closing") return coverState;
    if (positionPercent !== undefined) return positionPercent === 0 ? "closed" : "open";
    return coverState;
};
const drives: Word = ({ activity }) => activity;

/** By type; undefined where the state as it is says all. */
const WORDS: Readonly<Record<string, Word>> = {
    cover: moved,
    valve: moved,
    lock: ({ lockState, locked }) => {
        if (lockState !== undefined) return lockState === "unknown" ? undefined : lockState;
        return locked === undefined ? undefined : locked ? "locked" : "unlocked";
    },
    media_player: ({ on, playback }) => {
        if (on === false) return "off";
        return playback === "stopped" ? "idle" : playback;
    },
    vacuum: drives,
    lawn_mower: drives,
    sensor: (state, deviceClass) => MEASURED[deviceClass]?.(state)?.toString(),
    binary_sensor: (state, deviceClass) => {
        const noticed = state[DETECTED[deviceClass] ?? "on"];
        return typeof noticed === "boolean" ? (noticed ? "on" : "off") : undefined;
    },
};

const MEASURED: Readonly<Record<string, (state: DeviceState) => number | string | undefined>> = {
    temperature: ({ currentTemperatureCelsius }) => currentTemperatureCelsius,
    humidity: ({ humidityPercent }) => humidityPercent,
    illuminance: ({ illuminanceLux }) => illuminanceLux,
    carbon_dioxide: ({ carbonDioxidePpm }) => carbonDioxidePpm,
    battery: ({ batteryPercent }) => batteryPercent,
    aqi: ({ airQuality }) => airQuality,
};

const UNITS: Readonly<Record<string, string>> = {
    temperature: "°C",
    humidity: "%",
    illuminance: "lx",
    carbon_dioxide: "ppm",
    battery: "%",
};

/** What "on" means by a binary sensor's device class. */
const DETECTED: Readonly<Record<string, keyof DeviceState>> = {
    battery: "batteryLow",
    carbon_monoxide: "carbonMonoxide",
    door: "contactOpen",
    garage_door: "contactOpen",
    moisture: "leak",
    motion: "motion",
    occupancy: "occupied",
    opening: "contactOpen",
    presence: "occupied",
    smoke: "smoke",
    window: "contactOpen",
};

function classOf({ attributes }: Device): string {
    const deviceClass = attributes?.device_class;
    return typeof deviceClass === "string" ? deviceClass : "";
}

function entry<V>(name: string, value: V | undefined): Readonly<Record<string, V>> {
    return value === undefined ? {} : { [name]: value };
}

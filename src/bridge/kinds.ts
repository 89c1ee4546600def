/** What a flow can be for Apple Home and for the voice: its type, what it can be commanded to, and what it may report. */
import type { Device, DeviceAbilities, DeviceState, Range } from "../home";

export const KINDS = [
    "light",
    "light-dimmed",
    "light-white",
    "light-color",
    "thermostat",
    "outlet",
    "switch",
    "fan",
    "cover",
    "lock",
    "temperature",
    "humidity",
    "illuminance",
    "motion",
    "occupancy",
    "contact",
    "leak",
    "smoke",
] as const;

export type KindName = (typeof KINDS)[number];

/** Brings a reported value into the model's form; undefined for what is none. */
type Read = (value: unknown) => unknown;

export interface Kind {
    /** Home Assistant's domain, and its device class where the domain has several. */
    readonly type: string;
    readonly deviceClass?: string;
    readonly abilities: DeviceAbilities;
    /** By property: what the flow may tell of it. */
    readonly told: { readonly [Property in keyof DeviceState]?: Read };
    /** The property that a bare payload is about, and words for its values. */
    readonly main: keyof DeviceState;
    readonly words?: Readonly<Record<string, DeviceState>>;
}

export const PERCENT: Range = { from: 0, to: 100, step: 1 };
export const TARGET_CELSIUS: Range = { from: 5, to: 35, step: 0.5 };
/** 154 to 500 mired. */
export const KELVIN: Range = { from: 2_000, to: 6_500, step: 0 };
/** What HomeKit's light sensor can say. */
export const LUX: Range = { from: 0.0001, to: 100_000, step: 0 };
export const CLIMATE_MODES = ["off", "heat", "cool", "auto"] as const;

const ON_OFF: Readonly<Record<string, DeviceState>> = { on: { on: true }, off: { on: false } };

const flag: Read = (value) => (typeof value === "boolean" ? value : undefined);
const within =
    ({ from, to }: Pick<Range, "from" | "to">): Read =>
    (value) =>
        typeof value === "number" && value >= from && value <= to ? value : undefined;
const oneOf =
    (...words: readonly string[]): Read =>
    (value) =>
        words.find((word) => word === value);
const celsius = within({ from: -100, to: 150 });
const percent = within(PERCENT);
const color: Read = (value) => {
    const { hueDegrees, saturationPercent } = { ...(value as Readonly<Record<string, unknown>> | null) };
    const hue = within({ from: 0, to: 360 })(hueDegrees);
    const saturation = percent(saturationPercent);
    return hue === undefined || saturation === undefined
        ? undefined
        : { hueDegrees: hue, saturationPercent: saturation };
};

const battery = { batteryPercent: percent, batteryLow: flag };
const light: Kind = { type: "light", abilities: { on: true }, told: { on: flag }, main: "on", words: ON_OFF };
const dimmed: Kind = {
    ...light,
    abilities: { ...light.abilities, brightnessPercent: PERCENT },
    told: { ...light.told, brightnessPercent: percent },
};
const plug: Kind = { ...light, type: "switch" };

function sensor(property: keyof DeviceState, deviceClass: string, read: Read): Kind {
    const type = read === flag ? "binary_sensor" : "sensor";
    return { type, deviceClass, abilities: {}, told: { [property]: read, ...battery }, main: property };
}

const BY_NAME: Readonly<Record<KindName, Kind>> = {
    light,
    "light-dimmed": dimmed,
    "light-white": {
        ...dimmed,
        abilities: { ...dimmed.abilities, colorTemperatureKelvin: KELVIN },
        told: { ...dimmed.told, colorTemperatureKelvin: within(KELVIN) },
    },
    "light-color": {
        ...dimmed,
        abilities: { ...dimmed.abilities, color: true },
        told: { ...dimmed.told, color },
    },
    thermostat: {
        type: "climate",
        abilities: { on: true, targetTemperatureCelsius: TARGET_CELSIUS, climateMode: CLIMATE_MODES },
        told: {
            currentTemperatureCelsius: celsius,
            targetTemperatureCelsius: within(TARGET_CELSIUS),
            climateMode: oneOf(...CLIMATE_MODES),
            humidityPercent: percent,
        },
        main: "currentTemperatureCelsius",
        words: Object.fromEntries(CLIMATE_MODES.map((climateMode) => [climateMode, { climateMode }])),
    },
    outlet: { ...plug, deviceClass: "outlet", told: { ...plug.told, inUse: flag } },
    switch: plug,
    fan: {
        ...light,
        type: "fan",
        abilities: { on: true, fanSpeedPercent: PERCENT },
        told: { on: flag, fanSpeedPercent: percent },
    },
    cover: {
        type: "cover",
        deviceClass: "blind",
        abilities: { positionPercent: PERCENT, stop: true },
        told: {
            positionPercent: percent,
            coverState: oneOf("open", "opening", "closed", "closing", "stopped"),
            obstructed: flag,
        },
        main: "positionPercent",
        words: {
            open: { positionPercent: 100, coverState: "open" },
            closed: { positionPercent: 0, coverState: "closed" },
            opening: { coverState: "opening" },
            closing: { coverState: "closing" },
            stopped: { coverState: "stopped" },
        },
    },
    lock: {
        type: "lock",
        abilities: { locked: true },
        told: { locked: flag, lockState: oneOf("locked", "unlocked", "jammed", "unknown"), ...battery },
        main: "locked",
        words: {
            locked: { locked: true, lockState: "locked" },
            unlocked: { locked: false, lockState: "unlocked" },
            jammed: { lockState: "jammed" },
            unknown: { lockState: "unknown" },
        },
    },
    temperature: sensor("currentTemperatureCelsius", "temperature", celsius),
    humidity: sensor("humidityPercent", "humidity", percent),
    illuminance: sensor("illuminanceLux", "illuminance", within({ from: 0, to: LUX.to })),
    motion: sensor("motion", "motion", flag),
    occupancy: sensor("occupied", "occupancy", flag),
    contact: sensor("contactOpen", "opening", flag),
    leak: sensor("leak", "moisture", flag),
    smoke: sensor("smoke", "smoke", flag),
};

export function kindOf(name: KindName): Kind {
    return BY_NAME[name];
}

/** A flow's device as the home knows it. */
export function deviceOf(kind: KindName, names: Pick<Device, "id" | "name" | "area" | "aliases">): Device {
    const { type, deviceClass, abilities } = kindOf(kind);
    return {
        ...names,
        type,
        ...(Object.keys(abilities).length > 0 && { abilities }),
        ...(deviceClass !== undefined && { attributes: { device_class: deviceClass } }),
    };
}

/** A flow reported what its device can't be; `message` says what, and what is understood. */
export class ReportError extends Error {
    override readonly name = "ReportError";
}

/**
 * Reads what a flow reports: an object with properties of the state, a bare value (`true`, 21.5) or a word ("on", "closed").
 * @throws {ReportError} for a property that this kind doesn't have, or a value that the property can't take
 */
export function readReport(name: KindName, reported: unknown): DeviceState {
    const kind = kindOf(name);
    if (typeof reported === "string" && kind.words?.[reported]) return kind.words[reported];
    const isObject = typeof reported === "object" && reported !== null && !Array.isArray(reported);
    const fields = isObject ? reported : { [kind.main]: reported };
    const told = Object.entries(fields).map(([property, value]: [string, unknown]) => {
        const read = Object.hasOwn(kind.told, property) ? kind.told[property as keyof DeviceState]?.(value) : undefined;
        if (read === undefined) throw new ReportError(complaint(kind, property, value));
        return [property, read] as const;
    });
    return completed(Object.fromEntries(told));
}

/** What follows from what was told: a cover at 0 is closed, a lock that is jammed is neither locked nor not. */
function completed(told: DeviceState): DeviceState {
    const { positionPercent, coverState, locked, lockState } = told;
    return {
        ...told,
        ...(positionPercent !== undefined && !coverState && { coverState: positionPercent === 0 ? "closed" : "open" }),
        ...(locked !== undefined && !lockState && { lockState: locked ? "locked" : "unlocked" }),
        ...(lockState === "locked" && { locked: true }),
        ...(lockState === "unlocked" && { locked: false }),
    };
}

function complaint({ told, words }: Kind, property: string, value: unknown): string {
    const known = Object.keys(told);
    if (!known.includes(property)) {
        return `There is no "${property.slice(0, 40)}" to report here; there is ${known.join(", ")}.`;
    }
    const shown = String(JSON.stringify(value)).slice(0, 60);
    const hint = words ? ` Words that are understood: ${Object.keys(words).join(", ")}.` : "";
    return `${shown} is no value of ${property}.${hint}`;
}

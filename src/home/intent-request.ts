/** What an intent asks of a device of a given type: to be read, or to become something. */
import type { Intent, SlotValue } from "../language";
import { namedColor } from "./color-names";
import { DeviceError } from "./driver";
import type { ClimateMode, Device, DeviceChange, DeviceState } from "./model";

/**
 * What to do with one device. Where devices of a type differ in how they can do it, `changes` holds the ways in the
 * order of preference: the first that the device supports is it.
 */
export type DeviceRequest =
    | { readonly kind: "read" }
    | { readonly kind: "change"; readonly changes: readonly DeviceChange[] }
    | Adjustment
    | { readonly kind: "refuse"; readonly reason: string };

/** To become more or less of what the device says it is. */
export interface Adjustment {
    readonly kind: "adjust";
    readonly property: "brightnessPercent" | "targetTemperatureCelsius";
    /** In the unit of the property. */
    readonly by: number;
}

export type IntentErrorCode = "unknown-intent" | "bad-slot";

/** An intent that can't be carried out on any device: `message` is a sentence for people. */
export class IntentError extends Error {
    override readonly name = "IntentError";

    constructor(
        readonly code: IntentErrorCode,
        readonly intent: string,
        message: string,
    ) {
        super(message);
    }
}

export type TemperatureUnit = "celsius" | "fahrenheit";

/**
 * @param unit in which the home speaks of temperatures
 * @returns what to ask of each device
 * @throws IntentError for an intent that is not about devices, or a slot without a usable value
 */
export function requestsOf(intent: Intent, unit: TemperatureUnit): (device: Device) => DeviceRequest {
    switch (intent.name) {
        case "HassTurnOn":
            return (device) => power(device, true);
        case "HassTurnOff":
            return (device) => power(device, false);
        case "HassLightSet": {
            const changes = lightChanges(intent);
            return (device) => (device.type === "light" ? change(...changes) : refuse(device, "is not a light"));
        }
        case "HassClimateSetTemperature": {
            const spoken = numberIn(intent, "temperature", -100, 250);
            const targetTemperatureCelsius = unit === "celsius" ? spoken : (spoken - 32) / 1.8;
            return (device) =>
                device.type === "climate"
                    ? change({ targetTemperatureCelsius })
                    : refuse(device, "has no temperature to set");
        }
        case "EarshotSetBrightnessRelative": {
            const by = numberIn(intent, "brightness_step", -100, 100);
            return (device) =>
                device.type === "light"
                    ? { kind: "adjust", property: "brightnessPercent", by }
                    : refuse(device, "is not a light");
        }
        case "EarshotSetTemperatureRelative": {
            const spoken = numberIn(intent, "temperature_step", -50, 50);
            const by = unit === "celsius" ? spoken : spoken / 1.8;
            return (device) =>
                device.type === "climate"
                    ? { kind: "adjust", property: "targetTemperatureCelsius", by }
                    : refuse(device, "has no temperature to set");
        }
        case "HassSetVolumeRelative":
            return (device) => refuse(device, "has no volume that can be set from here");
        case "HassClimateGetTemperature":
        case "HassGetState":
            return () => ({ kind: "read" });
        default:
            throw new IntentError("unknown-intent", intent.name, `${intent.name} is nothing that a device can do.`);
    }
}

/**
 * What an adjustment makes of a state; undefined where it leaves it as it is. Dimming doesn't turn a light off, and a light
 * that is off gets brighter from nothing. The device itself keeps a temperature within its range.
 * @throws DeviceError when the device has no such property
 */
export function adjusted(device: Device, { property, by }: Adjustment, state: DeviceState): DeviceChange | undefined {
    const now = state[property];
    if (now === undefined) {
        const what = property === "brightnessPercent" ? "can't be dimmed" : "has no temperature to set";
        throw new DeviceError("not-supported", device.id, `${device.name} ${what}.`);
    }
    if (property === "targetTemperatureCelsius") return { targetTemperatureCelsius: now + by };
    if (state.on === false && by < 0) return undefined;
    const from = state.on === false ? 0 : now;
    const brightnessPercent = Math.min(100, Math.max(DIMMEST_PERCENT, from + by));
    return state.on === false ? { on: true, brightnessPercent } : { brightnessPercent };
}

const DIMMEST_PERCENT = 1;

/** Types that are on or off, and nothing else happens: no door opens and nothing starts to drive. */
const SWITCHABLE = new Set([
    "light",
    "switch",
    "outlet",
    "fan",
    "input_boolean",
    "siren",
    "humidifier",
    "media_player",
]);

/** Home Assistant's order of what "on" means for a thermostat (`ClimateEntity.async_turn_on`). */
const CLIMATE_ON: readonly ClimateMode[] = ["auto", "heat", "cool"];

function power(device: Device, on: boolean): DeviceRequest {
    if (SWITCHABLE.has(device.type)) return change({ on });
    if (device.type !== "climate") return refuse(device, `can't be turned ${on ? "on" : "off"}`);
    return on ? change(...CLIMATE_ON.map((climateMode) => ({ climateMode }))) : change({ climateMode: "off" });
}

function lightChanges(intent: Intent): readonly DeviceChange[] {
    const said = new Map(Object.entries(intent.slots));
    const brightness = said.has("brightness") ? { brightnessPercent: numberIn(intent, "brightness", 0, 100) } : {};
    if (brightness.brightnessPercent === 0) return [{ on: false }];
    const common: DeviceChange = { on: true, ...brightness };

    const color = said.get("color");
    if (color !== undefined) return colorWays(intent, color).map((way) => ({ ...common, ...way }));
    if (said.has("temperature")) {
        return [{ ...common, colorTemperatureKelvin: numberIn(intent, "temperature", 1_000, 10_000) }];
    }
    if (said.has("brightness")) return [common];
    throw new IntentError("bad-slot", intent.name, "How the light should be was not said.");
}

function colorWays(intent: Intent, spoken: SlotValue): readonly DeviceChange[] {
    const named = typeof spoken === "string" ? namedColor(spoken) : undefined;
    if (!named) throw new IntentError("bad-slot", intent.name, `"${spoken}" is not the name of a colour.`);
    const { color, kelvin } = named;
    return kelvin === undefined ? [{ color }] : [{ colorTemperatureKelvin: kelvin }, { color }];
}

function numberIn(intent: Intent, slot: string, from: number, to: number): number {
    const value = intent.slots[slot];
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number === "number" && number >= from && number <= to) return number;
    const message = `The ${slot} has to be a number from ${from} to ${to}, not ${value ?? "nothing"}.`;
    throw new IntentError("bad-slot", intent.name, message);
}

function change(...changes: readonly DeviceChange[]): DeviceRequest {
    return { kind: "change", changes };
}

function refuse(device: Device, what: string): DeviceRequest {
    return { kind: "refuse", reason: `${device.name} ${what}.` };
}

/** What an intent asks of a device of a given type: to be read, or to become something. */
import type { Intent, SlotValue } from "../language";
import { namedColor } from "./color-names";
import type { ClimateMode, Device, DeviceChange } from "./model";

/**
 * What to do with one device. Where devices of a type differ in how they can do it, `changes` holds the ways in the
 * order of preference: the first that the device supports is it.
 */
export type DeviceRequest =
    | { readonly kind: "read" }
    | { readonly kind: "change"; readonly changes: readonly DeviceChange[] }
    | { readonly kind: "refuse"; readonly reason: string };

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
        case "HassClimateGetTemperature":
        case "HassGetState":
            return () => ({ kind: "read" });
        default:
            throw new IntentError("unknown-intent", intent.name, `${intent.name} is nothing that a device can do.`);
    }
}

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

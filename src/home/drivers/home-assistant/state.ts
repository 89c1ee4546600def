/**
 * What an entity's state says about a device. States, attributes and their units are those of Home Assistant's entity
 * platforms: https://developers.home-assistant.io/docs/core/entity
 */
import type { EntityState } from "../../../home-assistant";
import type { ClimateMode, CoverState, DeviceState, LockState, Playback } from "../../model";
import { AttributeReader } from "./attributes";
import { celsiusFrom, type TemperatureUnit } from "./temperature";

type Told = { readonly [P in keyof DeviceState]: DeviceState[P] | undefined };
type Reader = (state: string, attributes: AttributeReader, unit: TemperatureUnit) => Told;

/** The device answers Home Assistant. */
export function isAvailable(state: EntityState | undefined): state is EntityState {
    return state !== undefined && state.state !== "unavailable";
}

/** @param unit of temperatures in the attributes of climate entities */
export function stateOf(domain: string, { state, attributes }: EntityState, unit: TemperatureUnit): DeviceState {
    if (state === "unavailable" || state === "unknown") return {};
    const told = (READERS[domain] ?? onOrOff)(state, new AttributeReader(attributes), unit);
    return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}

const onOrOff: Reader = (state) => ({ on: state === "on" ? true : state === "off" ? false : undefined });

/** How Home Assistant's words for modes are called here; a mode that has no word here is only known to be on. */
const CLIMATE_MODES: Readonly<Record<string, ClimateMode>> = {
    off: "off",
    heat: "heat",
    cool: "cool",
    auto: "auto",
    heat_cool: "auto",
};

const COVER_STATES: readonly CoverState[] = ["open", "opening", "closed", "closing"];

const LOCK_STATES: Readonly<Record<string, LockState>> = {
    locked: "locked",
    unlocked: "unlocked",
    open: "unlocked",
    jammed: "jammed",
    locking: "unknown",
    unlocking: "unknown",
    opening: "unknown",
};

const PLAYBACKS: Readonly<Record<string, Playback>> = { playing: "playing", paused: "paused", idle: "stopped" };
const MEDIA_OFF: ReadonlySet<string> = new Set(["off", "standby"]);

/** Colour modes of a light that shows a colour and not a white. */
const COLORED: ReadonlySet<string> = new Set(["hs", "xy", "rgb", "rgbw", "rgbww"]);

const READERS: Readonly<Record<string, Reader>> = {
    light(state, attributes, unit) {
        const brightness = attributes.number("brightness");
        const [hueDegrees, saturationPercent] = attributes.numbers("hs_color");
        const mode = attributes.text("color_mode");
        const isColored = mode !== undefined && COLORED.has(mode);
        const hasColor = isColored && hueDegrees !== undefined && saturationPercent !== undefined;
        return {
            ...onOrOff(state, attributes, unit),
            // 1 is as dark as a light can be and still be on.
            brightnessPercent: brightness === undefined ? undefined : percent(brightness / 255, brightness > 0 ? 1 : 0),
            color: hasColor
                ? { hueDegrees: within(0, hueDegrees, 360), saturationPercent: within(0, saturationPercent, 100) }
                : undefined,
            colorTemperatureKelvin: mode === "color_temp" ? kelvin(attributes.number("color_temp_kelvin")) : undefined,
        };
    },
    climate(state, attributes, unit) {
        const celsius = (value: number | undefined) => (value === undefined ? undefined : celsiusFrom(value, unit));
        return {
            on: state !== "off",
            climateMode: CLIMATE_MODES[state],
            currentTemperatureCelsius: celsius(attributes.number("current_temperature")),
            targetTemperatureCelsius: celsius(attributes.number("temperature")),
            humidityPercent: attributes.number("current_humidity"),
            targetHumidityPercent: attributes.number("humidity"),
        };
    },
    humidifier(state, attributes, unit) {
        return {
            ...onOrOff(state, attributes, unit),
            humidityPercent: attributes.number("current_humidity"),
            targetHumidityPercent: attributes.number("humidity"),
        };
    },
    fan(state, attributes, unit) {
        return { ...onOrOff(state, attributes, unit), fanSpeedPercent: attributes.number("percentage") };
    },
    cover(state, attributes) {
        const coverState = COVER_STATES.find((word) => word === state);
        const simple = coverState === "open" ? 100 : coverState === "closed" ? 0 : undefined;
        const tilt = attributes.number("current_tilt_position");
        return {
            coverState,
            positionPercent: attributes.number("current_position") ?? simple,
            tiltDegrees: tilt === undefined ? undefined : tiltDegrees(tilt),
        };
    },
    lock(state) {
        const lockState = LOCK_STATES[state];
        return { lockState, locked: lockState === "locked" ? true : lockState === "unlocked" ? false : undefined };
    },
    media_player(state, attributes) {
        const volume = attributes.number("volume_level");
        return {
            on: !MEDIA_OFF.has(state),
            playback: PLAYBACKS[state],
            volumePercent: volume === undefined ? undefined : percent(volume),
            muted: attributes.flag("is_volume_muted"),
            source: attributes.text("source"),
        };
    },
    sensor(state, attributes) {
        const value = state.trim() === "" ? Number.NaN : Number(state);
        if (!Number.isFinite(value)) return {};
        switch (attributes.text("device_class")) {
            case "temperature": {
                const unit = attributes.text("unit_of_measurement") === "°F" ? "fahrenheit" : "celsius";
                return { currentTemperatureCelsius: celsiusFrom(value, unit) };
            }
            case "humidity":
                return { humidityPercent: value };
            case "illuminance":
                return { illuminanceLux: value };
            case "carbon_dioxide":
                return { carbonDioxidePpm: value };
            case "battery":
                return { batteryPercent: value };
            default:
                return {};
        }
    },
    binary_sensor(state, attributes, unit) {
        const property = DETECTED[attributes.text("device_class") ?? ""] ?? "on";
        return { [property]: onOrOff(state, attributes, unit).on };
    },
    /** Their state is the time when they were last used. */
    scene: () => ({}),
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

/** Home Assistant's own way to put 0 to 100 on HomeKit's -90 to 90 (`homekit/type_covers.py`). */
export function tiltDegrees(percentOpen: number): number {
    return Math.round(within(0, percentOpen, 100) * 1.8 - 90);
}

export function tiltPercent(degrees: number): number {
    return Math.round((within(-90, degrees, 90) + 90) / 1.8);
}

function percent(share: number, least = 0): number {
    return within(least, Math.round(share * 100), 100);
}

/** The ends of the model's range. */
function kelvin(value: number | undefined): number | undefined {
    return value === undefined ? undefined : within(1_000, Math.round(value), 10_000);
}

function within(from: number, value: number, to: number): number {
    return Math.min(to, Math.max(from, value));
}

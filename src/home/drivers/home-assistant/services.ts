/** Which services of Home Assistant make a device what it is asked to become, and when it has become so. */
import type { EntityState, ServiceCall } from "../../../home-assistant";
import { DeviceError } from "../../driver";
import type { Device, DeviceChange, DeviceState, Range } from "../../model";
import { Feature } from "./abilities";
import { AttributeReader } from "./attributes";
import { tiltPercent } from "./state";
import { type TemperatureUnit, temperatureIn } from "./temperature";

export interface Entity {
    /** "light.kitchen_ceiling" */
    readonly id: string;
    readonly domain: string;
    readonly device: Device;
    readonly state: EntityState;
    readonly unit: TemperatureUnit;
}

type Property = keyof DeviceChange;
type Wanted<P extends Property> = NonNullable<DeviceChange[P]>;

/** What the device will become: quantities as near as it can to what was asked, a source under the name that it has there. */
export function suitedTo(entity: Entity, change: DeviceChange): DeviceChange {
    const quantities = QUANTITIES.flatMap((property) => {
        const wanted = change[property];
        return wanted === undefined ? [] : [[property, nearest(entity, property, wanted)] as const];
    });
    const sources = new AttributeReader(entity.state.attributes).texts("source_list");
    const source = sources.find((one) => one.toLowerCase() === change.source?.toLowerCase());
    return { ...change, ...Object.fromEntries(quantities), ...(source !== undefined && { source }) };
}

const QUANTITIES = [
    "brightnessPercent",
    "colorTemperatureKelvin",
    "targetTemperatureCelsius",
    "targetHumidityPercent",
    "fanSpeedPercent",
    "volumePercent",
] as const;

/**
 * @param change as `suitedTo` has it
 * @returns in the order in which they are to be called: power before what only a device that is on takes.
 * @throws {DeviceError} `not-supported` for the first property that the device doesn't have
 */
export function callsFor(entity: Entity, change: DeviceChange): readonly ServiceCall[] {
    const { device } = entity;
    const properties = (Object.keys(CALLS) as Property[]).filter((property) => change[property] !== undefined);
    for (const property of properties) {
        if (device.abilities?.[property] === undefined) throw notSupported(device, WORDS[property]);
    }
    if (entity.domain === "light") return [lightCall(entity, change)];
    return properties.map((property) => {
        const call = CALLS[property] as (entity: Entity, wanted: unknown) => Call;
        const [service, service_data] = call(entity, change[property]);
        return {
            domain: entity.domain,
            service,
            ...(service_data && { service_data }),
            target: { entity_id: entity.id },
        };
    });
}

/** All that is asked of a light fits into one call, so that it doesn't flash in between. */
function lightCall(entity: Entity, change: DeviceChange): ServiceCall {
    const { on, brightnessPercent, color, colorTemperatureKelvin } = change;
    const target = { entity_id: entity.id };
    if (on === false || brightnessPercent === 0) return { domain: "light", service: "turn_off", target };
    const service_data = {
        ...(brightnessPercent !== undefined && { brightness_pct: brightnessPercent }),
        ...(color && { hs_color: [((color.hueDegrees % 360) + 360) % 360, color.saturationPercent] }),
        ...(colorTemperatureKelvin !== undefined && { color_temp_kelvin: colorTemperatureKelvin }),
    };
    const hasData = Object.keys(service_data).length > 0;
    return { domain: "light", service: "turn_on", ...(hasData && { service_data }), target };
}

type Call = readonly [service: string, data?: Readonly<Record<string, unknown>>];

const CALLS: { readonly [P in Property]-?: (entity: Entity, wanted: Wanted<P>) => Call } = {
    on: ({ domain, device }, on) => {
        if (!on && (domain === "scene" || domain === "script")) throw notSupported(device, "turned off");
        return [on ? "turn_on" : "turn_off"];
    },
    climateMode: (entity, mode) => {
        const modes = new AttributeReader(entity.state.attributes).texts("hvac_modes");
        const word = mode === "auto" && !modes.includes("auto") ? "heat_cool" : mode;
        if (!modes.includes(word)) throw notSupported(entity.device, `set to ${mode}`);
        return ["set_hvac_mode", { hvac_mode: word }];
    },
    targetTemperatureCelsius: (entity, celsius) => {
        // Its steps are round numbers in Home Assistant's unit only.
        const exact = temperatureIn(entity.unit, celsius);
        const step = new AttributeReader(entity.state.attributes).number("target_temp_step") ?? 0;
        const temperature = step > 0 ? Number((Math.round(exact / step) * step).toFixed(4)) : exact;
        return ["set_temperature", { temperature }];
    },
    targetHumidityPercent: (_, humidity) => ["set_humidity", { humidity: Math.round(humidity) }],
    fanSpeedPercent: (_, percentage) => ["set_percentage", { percentage: Math.round(percentage) }],
    positionPercent: (entity, position) => {
        if (new AttributeReader(entity.state.attributes).has(Feature.CoverSetPosition)) {
            return ["set_cover_position", { position: Math.round(position) }];
        }
        if (position !== 0 && position !== 100) throw notSupported(entity.device, "opened in part");
        return [position === 0 ? "close_cover" : "open_cover"];
    },
    tiltDegrees: (_, degrees) => ["set_cover_tilt_position", { tilt_position: tiltPercent(degrees) }],
    stop: () => ["stop_cover"],
    locked: (_, locked) => [locked ? "lock" : "unlock"],
    volumePercent: (_, percent) => ["volume_set", { volume_level: percent / 100 }],
    muted: (_, muted) => ["volume_mute", { is_volume_muted: muted }],
    playback: ({ device }, playback) => {
        const able = device.abilities?.playback;
        if (!Array.isArray(able) || !able.includes(playback)) throw notSupported(device, `set to ${playback}`);
        return [{ playing: "media_play", paused: "media_pause", stopped: "media_stop" }[playback]];
    },
    source: ({ device, state }, source) => {
        const isKnown = new AttributeReader(state.attributes).texts("source_list").includes(source);
        if (!isKnown) throw notSupported(device, `switched to ${source}`);
        return ["select_source", { source }];
    },
    // Lights have a call of their own; nothing else shines.
    brightnessPercent: ({ device }) => {
        throw notSupported(device, WORDS.brightnessPercent);
    },
    color: ({ device }) => {
        throw notSupported(device, WORDS.color);
    },
    colorTemperatureKelvin: ({ device }) => {
        throw notSupported(device, WORDS.colorTemperatureKelvin);
    },
};

/** "… can't be …". */
const WORDS: Readonly<Record<Property, string>> = {
    on: "switched",
    brightnessPercent: "dimmed",
    color: "set to a colour",
    colorTemperatureKelvin: "set to a colour temperature",
    climateMode: "set to a mode",
    targetTemperatureCelsius: "set to a temperature",
    targetHumidityPercent: "set to a humidity",
    fanSpeedPercent: "set to a speed",
    positionPercent: "opened or closed",
    tiltDegrees: "tilted",
    stop: "stopped",
    locked: "locked or unlocked",
    volumePercent: "set to a volume",
    muted: "muted",
    playback: "played or paused",
    source: "switched to another source",
};

function nearest({ device }: Entity, property: Property, value: number): number {
    const range = device.abilities?.[property];
    if (typeof range !== "object" || Array.isArray(range)) return value;
    const { from, to, step } = range as Range;
    const stepped = step > 0 ? from + Math.round((value - from) / step) * step : value;
    // Steps such as 0.1 leave a tail of binary digits.
    return Number(Math.min(to, Math.max(from, stepped)).toFixed(4));
}

function notSupported({ id, name }: Device, what: string): DeviceError {
    return new DeviceError("not-supported", id, `${name} can't be ${what}.`);
}

/** What is either so or not: after a command the device is expected to say so. */
const DECISIVE = ["on", "climateMode", "locked", "muted", "playback", "source"] as const;
/** Quantities settle where the device has a step: that far from what was asked is as asked. */
const CLOSE = {
    brightnessPercent: 1,
    colorTemperatureKelvin: 50,
    targetTemperatureCelsius: 0.5,
    targetHumidityPercent: 1,
    fanSpeedPercent: 1,
    volumePercent: 1,
} as const;

/** The device says that it is as it was asked to be: in what is so or not, and if `exactly` in quantities as well. */
export function hasBecome(change: DeviceChange, state: DeviceState, exactly: boolean): boolean {
    const isSo = DECISIVE.every((property) => change[property] === undefined || change[property] === state[property]);
    if (!isSo || !exactly) return isSo;
    return Object.entries(CLOSE).every(([name, tolerance]) => {
        const property = name as keyof typeof CLOSE;
        const [wanted, told] = [change[property], state[property]];
        return wanted === undefined || (told !== undefined && Math.abs(told - wanted) <= tolerance);
    });
}

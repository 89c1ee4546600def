/** What an entity can be commanded to, from the attributes in which it says so. */
import type { EntityState } from "../../../home-assistant";
import type { ClimateMode, DeviceAbilities, DeviceChange, Playback, Range } from "../../model";
import { AttributeReader } from "./attributes";
import { celsiusFrom, type TemperatureUnit } from "./temperature";

type Abilities = { -readonly [P in keyof DeviceChange]?: Range | readonly string[] | true };
type Reader = (attributes: AttributeReader, unit: TemperatureUnit) => Abilities;

const PERCENT: Range = { from: 0, to: 100, step: 1 };

export function abilitiesOf(domain: string, { attributes }: EntityState, unit: TemperatureUnit): DeviceAbilities {
    return READERS[domain]?.(new AttributeReader(attributes), unit) ?? {};
}

/** The bits of `supported_features` (the `…EntityFeature` enumerations of home-assistant/core). */
export const Feature = {
    ClimateTargetTemperature: 1,
    ClimateTargetHumidity: 4,
    ClimateTurnOff: 128,
    ClimateTurnOn: 256,
    CoverOpen: 1,
    CoverClose: 2,
    CoverSetPosition: 4,
    CoverStop: 8,
    CoverSetTiltPosition: 128,
    FanSetSpeed: 1,
    MediaPause: 1,
    MediaVolumeSet: 4,
    MediaVolumeMute: 8,
    MediaTurnOn: 128,
    MediaTurnOff: 256,
    MediaSelectSource: 2_048,
    MediaStop: 4_096,
    MediaPlay: 16_384,
} as const;

const COLOR_MODES: ReadonlySet<string> = new Set(["hs", "xy", "rgb", "rgbw", "rgbww"]);
const NO_BRIGHTNESS: ReadonlySet<string> = new Set(["onoff", "unknown"]);

/** What lights that tell no range take, as Home Assistant itself assumes. */
const USUAL_KELVIN = { from: 2_000, to: 6_535 };
/** As `climate` assumes where an entity tells no range, in Celsius. */
const USUAL_CELSIUS = { from: 7, to: 35 };

const READERS: Readonly<Record<string, Reader>> = {
    light(attributes) {
        const modes = attributes.texts("supported_color_modes");
        const abilities: Abilities = { on: true };
        if (modes.some((mode) => !NO_BRIGHTNESS.has(mode))) abilities.brightnessPercent = PERCENT;
        if (modes.some((mode) => COLOR_MODES.has(mode))) abilities.color = { from: 0, to: 360, step: 1 };
        if (modes.includes("color_temp")) {
            const from = attributes.number("min_color_temp_kelvin") ?? USUAL_KELVIN.from;
            const to = attributes.number("max_color_temp_kelvin") ?? USUAL_KELVIN.to;
            abilities.colorTemperatureKelvin = { from, to, step: 1 };
        }
        return abilities;
    },
    climate(attributes, unit) {
        const abilities: Abilities = {};
        const modes = climateModes(attributes.texts("hvac_modes"));
        if (modes.length > 0) abilities.climateMode = modes;
        if (attributes.has(Feature.ClimateTurnOff) && attributes.has(Feature.ClimateTurnOn)) abilities.on = true;
        if (attributes.has(Feature.ClimateTargetTemperature)) {
            const [low, high] = [attributes.number("min_temp"), attributes.number("max_temp")];
            const step = attributes.number("target_temp_step") ?? 0;
            abilities.targetTemperatureCelsius = {
                from: low === undefined ? USUAL_CELSIUS.from : celsiusFrom(low, unit),
                to: high === undefined ? USUAL_CELSIUS.to : celsiusFrom(high, unit),
                step: unit === "celsius" ? step : 0,
            };
        }
        if (attributes.has(Feature.ClimateTargetHumidity)) abilities.targetHumidityPercent = humidities(attributes);
        return abilities;
    },
    humidifier: (attributes) => ({ on: true, targetHumidityPercent: humidities(attributes) }),
    fan(attributes) {
        const step = attributes.number("percentage_step") ?? 1;
        return { on: true, ...(attributes.has(Feature.FanSetSpeed) && { fanSpeedPercent: { ...PERCENT, step } }) };
    },
    cover(attributes) {
        const abilities: Abilities = {};
        if (attributes.has(Feature.CoverSetPosition)) abilities.positionPercent = PERCENT;
        else if (attributes.has(Feature.CoverOpen | Feature.CoverClose))
            abilities.positionPercent = { ...PERCENT, step: 100 };
        if (attributes.has(Feature.CoverStop)) abilities.stop = true;
        if (attributes.has(Feature.CoverSetTiltPosition)) abilities.tiltDegrees = { from: -90, to: 90, step: 1 };
        return abilities;
    },
    lock: () => ({ locked: true }),
    media_player(attributes) {
        const abilities: Abilities = {};
        const playbacks: Playback[] = [];
        if (attributes.has(Feature.MediaPlay)) playbacks.push("playing");
        if (attributes.has(Feature.MediaPause)) playbacks.push("paused");
        if (attributes.has(Feature.MediaStop)) playbacks.push("stopped");
        const sources = attributes.texts("source_list");
        if (attributes.has(Feature.MediaTurnOn | Feature.MediaTurnOff)) abilities.on = true;
        if (attributes.has(Feature.MediaVolumeSet)) abilities.volumePercent = PERCENT;
        if (attributes.has(Feature.MediaVolumeMute)) abilities.muted = true;
        if (playbacks.length > 0) abilities.playback = playbacks;
        if (attributes.has(Feature.MediaSelectSource) && sources.length > 0) abilities.source = sources;
        return abilities;
    },
    switch: () => ({ on: true }),
    input_boolean: () => ({ on: true }),
    siren: () => ({ on: true }),
    scene: () => ({ on: true }),
    script: () => ({ on: true }),
};

/** Ours, of Home Assistant's words. */
function climateModes(modes: readonly string[]): readonly ClimateMode[] {
    const has = (...words: readonly string[]) => words.some((word) => modes.includes(word));
    const all = [
        ["off", has("off")],
        ["heat", has("heat")],
        ["cool", has("cool")],
        ["auto", has("auto", "heat_cool")],
    ] as const;
    return all.flatMap(([mode, isThere]) => (isThere ? [mode] : []));
}

function humidities(attributes: AttributeReader): Range {
    return { from: attributes.number("min_humidity") ?? 0, to: attributes.number("max_humidity") ?? 100, step: 1 };
}

/** What the simulated kinds of devices are for the home, and how they are when they are new. */
import type { Activity, ClimateMode, DeviceAbilities, DeviceState, DeviceType, Playback, Range } from "../../model";

export interface SimulatedKind {
    readonly type: DeviceType;
    readonly deviceClass?: string;
    readonly abilities?: DeviceAbilities;
    readonly members?: readonly [];
    readonly state: DeviceState;
}

const PERCENT: Range = { from: 0, to: 100, step: 1 };
const CLIMATE_MODES: readonly ClimateMode[] = ["off", "heat", "cool", "auto"];
const PLAYBACKS: readonly Playback[] = ["playing", "paused", "stopped"];
const CLEANS: readonly Activity[] = ["cleaning", "docked"];
const MOWS: readonly Activity[] = ["mowing", "docked"];

export const SIMULATED_KINDS = {
    light: {
        type: "light",
        abilities: {
            on: true,
            brightnessPercent: PERCENT,
            color: true,
            colorTemperatureKelvin: { from: 2_000, to: 6_500, step: 1 },
        },
        state: {
            on: false,
            brightnessPercent: 100,
            color: { hueDegrees: 0, saturationPercent: 0 },
            colorTemperatureKelvin: 2_700,
        },
    },
    climate: {
        type: "climate",
        abilities: { targetTemperatureCelsius: { from: 7, to: 30, step: 0.5 }, climateMode: CLIMATE_MODES },
        state: { currentTemperatureCelsius: 19.5, targetTemperatureCelsius: 20, climateMode: "heat" },
    },
    switch: { type: "switch", abilities: { on: true }, state: { on: false, inUse: false } },
    fan: { type: "fan", abilities: { on: true, fanSpeedPercent: PERCENT }, state: { on: false, fanSpeedPercent: 50 } },
    cover: {
        type: "cover",
        deviceClass: "blind",
        abilities: { positionPercent: PERCENT },
        state: { positionPercent: 0, coverState: "closed" },
    },
    garage: {
        type: "cover",
        deviceClass: "garage",
        abilities: { positionPercent: { from: 0, to: 100, step: 100 } },
        state: { positionPercent: 0, coverState: "closed", obstructed: false },
    },
    lock: { type: "lock", abilities: { locked: true }, state: { locked: true, lockState: "locked" } },
    media_player: {
        type: "media_player",
        abilities: { on: true, volumePercent: PERCENT, muted: true, playback: PLAYBACKS, skip: true },
        state: { on: true, playback: "paused", volumePercent: 30, muted: false },
    },
    vacuum: {
        type: "vacuum",
        abilities: { activity: CLEANS, cleanArea: true },
        state: { activity: "docked", batteryPercent: 100 },
    },
    lawn_mower: {
        type: "lawn_mower",
        abilities: { activity: MOWS },
        state: { activity: "docked", batteryPercent: 100 },
    },
    scene: { type: "scene", abilities: { on: true }, members: [], state: {} },
    temperature: { type: "sensor", deviceClass: "temperature", state: { currentTemperatureCelsius: 19.5 } },
    humidity: { type: "sensor", deviceClass: "humidity", state: { humidityPercent: 45 } },
    motion: { type: "binary_sensor", deviceClass: "motion", state: { motion: false } },
    window: { type: "binary_sensor", deviceClass: "window", state: { contactOpen: false } },
} as const satisfies Readonly<Record<string, SimulatedKind>>;

export type SimulatedType = keyof typeof SIMULATED_KINDS;

export const SIMULATED_TYPES: readonly string[] = Object.keys(SIMULATED_KINDS);

export function isSimulated(type: string | undefined): type is SimulatedType {
    return type !== undefined && Object.hasOwn(SIMULATED_KINDS, type);
}

/**
 * What characteristics say about a device. Their meaning is HAP R2 chapters 8 and 9; units there are percent, arc degrees,
 * celsius, lux and reciprocal megakelvin (mired).
 */
import { CharacteristicType, type CharacteristicValue, characteristicKey } from "../../../hap";
import type { AirQuality, ClimateMode, CoverState, DeviceState, LockState, Playback } from "../../model";
import type { MappedDevice } from "./mapping";

/** Values by characteristic key. */
export type Values = ReadonlyMap<string, CharacteristicValue>;

/** By the number in TargetHeatingCoolingState. */
export const CLIMATE_MODES: readonly ClimateMode[] = ["off", "heat", "cool", "auto"];
/** By the number in CurrentMediaState and TargetMediaState. */
export const PLAYBACKS: readonly Playback[] = ["playing", "paused", "stopped"];
/** By the number in CurrentDoorState. */
const DOOR_STATES: readonly CoverState[] = ["open", "closed", "opening", "closing", "stopped"];
/** By the number in LockCurrentState. */
const LOCK_STATES: readonly LockState[] = ["unlocked", "locked", "jammed", "unknown"];
/** By the number in AirQuality, which is 0 when unknown. */
const AIR_QUALITIES: readonly (AirQuality | undefined)[] = [undefined, "excellent", "good", "fair", "inferior", "poor"];

/** 1,000,000 divided by one of kelvin and mired is the other. */
const MIRED_KELVIN = 1_000_000;
/** The ends of the model's range for a colour temperature. */
const MIN_KELVIN = 1000;
const MAX_KELVIN = 10_000;

type NumberProperty = { [P in keyof DeviceState]: number extends DeviceState[P] ? P : never }[keyof DeviceState];
type FlagProperty = { [P in keyof DeviceState]: boolean extends DeviceState[P] ? P : never }[keyof DeviceState];

const NUMBERS: Readonly<Record<string, NonNullable<NumberProperty>>> = {
    [CharacteristicType.BatteryLevel]: "batteryPercent",
    [CharacteristicType.Brightness]: "brightnessPercent",
    [CharacteristicType.CarbonDioxideLevel]: "carbonDioxidePpm",
    [CharacteristicType.CurrentAmbientLightLevel]: "illuminanceLux",
    [CharacteristicType.CurrentHorizontalTiltAngle]: "tiltDegrees",
    [CharacteristicType.CurrentPosition]: "positionPercent",
    [CharacteristicType.CurrentRelativeHumidity]: "humidityPercent",
    [CharacteristicType.CurrentTemperature]: "currentTemperatureCelsius",
    [CharacteristicType.CurrentVerticalTiltAngle]: "tiltDegrees",
    [CharacteristicType.RotationSpeed]: "fanSpeedPercent",
    [CharacteristicType.TargetRelativeHumidity]: "targetHumidityPercent",
    [CharacteristicType.TargetTemperature]: "targetTemperatureCelsius",
    [CharacteristicType.Volume]: "volumePercent",
};

const FLAGS: Readonly<Record<string, NonNullable<FlagProperty>>> = {
    [CharacteristicType.Active]: "on",
    [CharacteristicType.CarbonDioxideDetected]: "carbonDioxide",
    [CharacteristicType.CarbonMonoxideDetected]: "carbonMonoxide",
    [CharacteristicType.ContactSensorState]: "contactOpen",
    [CharacteristicType.LeakDetected]: "leak",
    [CharacteristicType.MotionDetected]: "motion",
    [CharacteristicType.Mute]: "muted",
    [CharacteristicType.ObstructionDetected]: "obstructed",
    [CharacteristicType.OccupancyDetected]: "occupied",
    [CharacteristicType.On]: "on",
    [CharacteristicType.OutletInUse]: "inUse",
    [CharacteristicType.SmokeDetected]: "smoke",
    [CharacteristicType.StatusLowBattery]: "batteryLow",
};

/** What changes one at a time, but means something only together. */
export const GROUPS: readonly (readonly string[])[] = [
    [CharacteristicType.Hue, CharacteristicType.Saturation],
    [CharacteristicType.CurrentPosition, CharacteristicType.PositionState],
];

/** Characteristics that make up a device's state. */
export const STATE_TYPES: ReadonlySet<string> = new Set([
    ...Object.keys(NUMBERS),
    ...Object.keys(FLAGS),
    ...GROUPS.flat(),
    CharacteristicType.ActiveIdentifier,
    CharacteristicType.AirQuality,
    CharacteristicType.ColorTemperature,
    CharacteristicType.CurrentDoorState,
    CharacteristicType.CurrentMediaState,
    CharacteristicType.LockCurrentState,
    CharacteristicType.TargetHeatingCoolingState,
]);

/** The part of the state that `values` tell. */
export function stateOf({ aid, characteristics, sources }: MappedDevice, values: Values): DeviceState {
    const told = (type: string): CharacteristicValue | undefined => {
        const characteristic = characteristics.get(type);
        return characteristic && values.get(characteristicKey({ aid, iid: characteristic.iid }));
    };
    const number = (type: string): number | undefined => {
        const value = told(type);
        return typeof value === "number" ? value : undefined;
    };
    const flag = (type: string): boolean | undefined => {
        const value = told(type);
        // Booleans come as true or 1.
        return typeof value === "boolean" ? value : typeof value === "number" ? value !== 0 : undefined;
    };
    const word = <W>(type: string, words: readonly W[]): W | undefined => words[number(type) ?? -1];

    const hue = number(CharacteristicType.Hue);
    const saturation = number(CharacteristicType.Saturation);
    const mired = number(CharacteristicType.ColorTemperature);
    const source = number(CharacteristicType.ActiveIdentifier);
    const lockState = word(CharacteristicType.LockCurrentState, LOCK_STATES);
    const doorState = word(CharacteristicType.CurrentDoorState, DOOR_STATES);
    const state: WithUndefined<DeviceState> = {
        ...Object.fromEntries(Object.entries(NUMBERS).flatMap(([type, property]) => entry(property, number(type)))),
        ...Object.fromEntries(Object.entries(FLAGS).flatMap(([type, property]) => entry(property, flag(type)))),
        color:
            hue === undefined || saturation === undefined
                ? undefined
                : { hueDegrees: hue, saturationPercent: saturation },
        colorTemperatureKelvin: mired ? kelvinOf(mired) : undefined,
        climateMode: word(CharacteristicType.TargetHeatingCoolingState, CLIMATE_MODES),
        lockState,
        locked: lockState === "locked" ? true : lockState === "unlocked" ? false : undefined,
        airQuality: word(CharacteristicType.AirQuality, AIR_QUALITIES),
        playback: word(CharacteristicType.CurrentMediaState, PLAYBACKS),
        source: source === undefined ? undefined : sources.get(source),
    };
    const position = number(CharacteristicType.CurrentPosition);
    const cover = doorState
        ? { coverState: doorState, positionPercent: DOOR_POSITIONS[doorState] }
        : { coverState: coverState(position, number(CharacteristicType.PositionState)), positionPercent: position };
    return withoutUndefined({ ...state, ...cover });
}

export function kelvinOf(mired: number): number {
    return Math.min(MAX_KELVIN, Math.max(MIN_KELVIN, Math.round(MIRED_KELVIN / mired)));
}

export function miredOf(kelvin: number): number {
    return MIRED_KELVIN / Math.min(MAX_KELVIN, Math.max(MIN_KELVIN, kelvin));
}

/** Garage doors say how they move, not how far they have come. */
const DOOR_POSITIONS: Readonly<Partial<Record<CoverState, number>>> = { open: 100, closed: 0 };

function coverState(position: number | undefined, moving: number | undefined): CoverState | undefined {
    if (moving === 0) return "closing";
    if (moving === 1) return "opening";
    if (position === undefined) return undefined;
    return position === 0 ? "closed" : "open";
}

function entry<V>(property: string, value: V | undefined): readonly (readonly [string, V])[] {
    return value === undefined ? [] : [[property, value]];
}

type WithUndefined<T> = { readonly [K in keyof T]: T[K] | undefined };

function withoutUndefined(state: WithUndefined<DeviceState>): DeviceState {
    return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}

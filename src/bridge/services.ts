/**
 * How each kind of device shows in HomeKit: its service, what each characteristic tells of the state, and what writing it
 * means. Meanings and units are those of HAP R2 chapters 8 and 9.
 */
import type {
    Characteristic,
    CharacteristicProps,
    CharacteristicValue,
    Service,
    WithUUID,
} from "@homebridge/hap-nodejs";
import type { DeviceChange, DeviceState, Range } from "../home";
import type { HapNodejs } from "./hap-nodejs";
import { CLIMATE_MODES, KELVIN, type KindName, LUX, TARGET_CELSIUS } from "./kinds";

/** What a device is known to do, and what it was told to do and hasn't confirmed. */
export interface Known {
    readonly state: DeviceState;
    readonly wished: DeviceChange;
}

export interface Binding {
    readonly characteristic: WithUUID<new () => Characteristic>;
    /** HomeKit wants a value even where the flow has told none yet. */
    read(known: Known): CharacteristicValue;
    /** What a write asks for, given what else is written with it; absent for what only tells. */
    write?(value: CharacteristicValue, state: DeviceState): DeviceChange;
    readonly props?: Partial<CharacteristicProps>;
}

export interface ServiceBinding {
    readonly service: WithUUID<new (name: string) => Service>;
    readonly bindings: readonly Binding[];
}

/** HomeKit's flags are 0 and 1 where they are no booleans. */
const bit = (value: boolean | undefined) => (value ? 1 : 0);
const mired = (kelvin: number) => Math.round(1_000_000 / kelvin);
const rangeProps = ({ from, to, step }: Range) => ({
    minValue: from,
    maxValue: to,
    ...(step > 0 && { minStep: step }),
});

export function serviceFor(hap: HapNodejs, kind: KindName): ServiceBinding {
    const { Service: S, Characteristic: C } = hap;
    const on: Binding = {
        characteristic: C.On,
        read: ({ state }) => state.on ?? false,
        write: (value) => ({ on: Boolean(value) }),
    };
    const brightness: Binding = {
        characteristic: C.Brightness,
        read: ({ state }) => Math.round(state.brightnessPercent ?? 100),
        write: (value) => ({ brightnessPercent: Number(value) }),
    };
    const sensor = (
        service: ServiceBinding["service"],
        characteristic: Binding["characteristic"],
        read: (state: DeviceState) => CharacteristicValue,
        props?: Partial<CharacteristicProps>,
    ): ServiceBinding => ({
        service,
        bindings: [{ characteristic, read: ({ state }) => read(state), ...(props && { props }) }],
    });
    switch (kind) {
        case "light":
            return { service: S.Lightbulb, bindings: [on] };
        case "light-dimmed":
            return { service: S.Lightbulb, bindings: [on, brightness] };
        case "light-white":
            return { service: S.Lightbulb, bindings: [on, brightness, whiteBinding(hap)] };
        case "light-color":
            return { service: S.Lightbulb, bindings: [on, brightness, ...colorBindings(hap)] };
        case "thermostat":
            return { service: S.Thermostat, bindings: thermostatBindings(hap) };
        case "outlet":
            return {
                service: S.Outlet,
                bindings: [
                    on,
                    { characteristic: C.OutletInUse, read: ({ state }) => state.inUse ?? state.on ?? false },
                ],
            };
        case "switch":
            return { service: S.Switch, bindings: [on] };
        case "fan":
            return { service: S.Fanv2, bindings: fanBindings(hap) };
        case "cover":
            return { service: S.WindowCovering, bindings: coverBindings(hap) };
        case "lock":
            return { service: S.LockMechanism, bindings: lockBindings(hap) };
        case "temperature":
            return sensor(S.TemperatureSensor, C.CurrentTemperature, (state) => state.currentTemperatureCelsius ?? 0, {
                minValue: -100,
            });
        case "humidity":
            return sensor(S.HumiditySensor, C.CurrentRelativeHumidity, (state) => state.humidityPercent ?? 0);
        case "illuminance":
            return sensor(S.LightSensor, C.CurrentAmbientLightLevel, (state) =>
                Math.max(LUX.from, state.illuminanceLux ?? LUX.from),
            );
        case "motion":
            return sensor(S.MotionSensor, C.MotionDetected, (state) => state.motion ?? false);
        case "occupancy":
            return sensor(S.OccupancySensor, C.OccupancyDetected, (state) => bit(state.occupied));
        case "contact":
            return sensor(S.ContactSensor, C.ContactSensorState, (state) => bit(state.contactOpen));
        case "leak":
            return sensor(S.LeakSensor, C.LeakDetected, (state) => bit(state.leak));
        case "smoke":
            return sensor(S.SmokeSensor, C.SmokeDetected, (state) => bit(state.smoke));
    }
}

function whiteBinding({ Characteristic: C }: HapNodejs): Binding {
    return {
        characteristic: C.ColorTemperature,
        props: { minValue: mired(KELVIN.to), maxValue: mired(KELVIN.from) },
        read: ({ state }) => mired(state.colorTemperatureKelvin ?? 2_700),
        write: (value) => ({
            // Rounding to mired and back may leave the range by a kelvin.
            colorTemperatureKelvin: Math.min(KELVIN.to, Math.max(KELVIN.from, mired(Number(value)))),
        }),
    };
}

/** Hue and saturation are written together, or one of them to what the other is. */
function colorBindings({ Characteristic: C }: HapNodejs): readonly Binding[] {
    return [
        {
            characteristic: C.Hue,
            read: ({ state }) => state.color?.hueDegrees ?? 0,
            write: (value, { color }) => ({
                color: { hueDegrees: Number(value), saturationPercent: color?.saturationPercent ?? 0 },
            }),
        },
        {
            characteristic: C.Saturation,
            read: ({ state }) => state.color?.saturationPercent ?? 0,
            write: (value, { color }) => ({
                color: { hueDegrees: color?.hueDegrees ?? 0, saturationPercent: Number(value) },
            }),
        },
    ];
}

function thermostatBindings({ Characteristic: C }: HapNodejs): readonly Binding[] {
    return [
        {
            characteristic: C.CurrentTemperature,
            props: { minValue: -100 },
            read: ({ state }) => state.currentTemperatureCelsius ?? state.targetTemperatureCelsius ?? 20,
        },
        {
            characteristic: C.TargetTemperature,
            props: rangeProps(TARGET_CELSIUS),
            read: ({ state, wished }) => wished.targetTemperatureCelsius ?? state.targetTemperatureCelsius ?? 20,
            write: (value) => ({ targetTemperatureCelsius: Number(value) }),
        },
        {
            characteristic: C.TargetHeatingCoolingState,
            read: ({ state, wished }) => CLIMATE_MODES.indexOf(wished.climateMode ?? state.climateMode ?? "off"),
            write: (value) => ({ climateMode: CLIMATE_MODES[Number(value)] ?? "off" }),
        },
        { characteristic: C.CurrentHeatingCoolingState, read: ({ state }) => atWork(state) },
    ];
}

/** 1 while it heats, 2 while it cools, 0 otherwise: what a mode and two temperatures let one tell. */
function atWork({ climateMode, currentTemperatureCelsius, targetTemperatureCelsius }: DeviceState): number {
    if (currentTemperatureCelsius === undefined || targetTemperatureCelsius === undefined) return 0;
    if (climateMode !== "cool" && climateMode !== "off" && currentTemperatureCelsius < targetTemperatureCelsius)
        return 1;
    if (climateMode !== "heat" && climateMode !== "off" && currentTemperatureCelsius > targetTemperatureCelsius)
        return 2;
    return 0;
}

function fanBindings({ Characteristic: C }: HapNodejs): readonly Binding[] {
    return [
        { characteristic: C.Active, read: ({ state }) => bit(state.on), write: (value) => ({ on: value === 1 }) },
        {
            characteristic: C.RotationSpeed,
            read: ({ state }) => state.fanSpeedPercent ?? 100,
            write: (value) => ({ fanSpeedPercent: Number(value) }),
        },
    ];
}

/** PositionState: 0 going down, 1 going up, 2 standing. */
function coverBindings({ Characteristic: C }: HapNodejs): readonly Binding[] {
    return [
        { characteristic: C.CurrentPosition, read: ({ state }) => Math.round(state.positionPercent ?? 0) },
        {
            characteristic: C.TargetPosition,
            read: ({ state, wished }) => Math.round(wished.positionPercent ?? state.positionPercent ?? 0),
            write: (value) => ({ positionPercent: Number(value) }),
        },
        {
            characteristic: C.PositionState,
            read: ({ state: { coverState } }) => (coverState === "closing" ? 0 : coverState === "opening" ? 1 : 2),
        },
        { characteristic: C.ObstructionDetected, read: ({ state }) => state.obstructed ?? false },
        {
            characteristic: C.HoldPosition,
            read: () => false,
            write: (value): DeviceChange => (value ? { stop: true } : {}),
        },
    ];
}

/** By the number in LockCurrentState. */
const LOCK_STATES = ["unlocked", "locked", "jammed", "unknown"] as const;

function lockBindings({ Characteristic: C }: HapNodejs): readonly Binding[] {
    return [
        {
            characteristic: C.LockCurrentState,
            read: ({ state }) => LOCK_STATES.indexOf(state.lockState ?? "unknown"),
        },
        {
            characteristic: C.LockTargetState,
            read: ({ state, wished }) => bit(wished.locked ?? state.locked ?? true),
            write: (value) => ({ locked: value === 1 }),
        },
    ];
}

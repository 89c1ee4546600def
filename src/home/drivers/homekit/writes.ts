/** What has to be written for a device to become what it is asked to. */
import { type Characteristic, CharacteristicType, type CharacteristicValue } from "../../../hap";
import { DeviceError } from "../../driver";
import type { Device, DeviceChange } from "../../model";
import type { MappedDevice } from "./mapping";
import { CLIMATE_MODES, miredOf, PLAYBACKS } from "./state";

export interface ValueToWrite {
    readonly characteristic: Characteristic;
    readonly value: CharacteristicValue;
}

type Property = keyof DeviceChange;
type Wanted<P extends Property> = NonNullable<DeviceChange[P]>;

/** @throws {DeviceError} `not-supported` for the first property that the device doesn't have. */
export function writesFor(mapped: MappedDevice, change: DeviceChange): readonly ValueToWrite[] {
    const order = new Order(mapped);
    for (const property of Object.keys(SETTERS) as Property[]) {
        const wanted = change[property];
        if (wanted !== undefined) SETTERS[property](order, wanted as never);
    }
    return order.writes;
}

/** Values of RemoteKey. */
const NEXT_TRACK = 2;
const PREVIOUS_TRACK = 3;

class Order {
    readonly writes: ValueToWrite[] = [];
    readonly mapped: MappedDevice;

    constructor(mapped: MappedDevice) {
        this.mapped = mapped;
    }

    characteristic(type: string): Characteristic | undefined {
        const characteristic = this.mapped.characteristics.get(type);
        return characteristic?.perms.includes("pw") ? characteristic : undefined;
    }

    /** Writes the first of `types` that the device has. */
    set(types: readonly string[], value: number | boolean, what: string): void {
        const characteristic = types.flatMap((type) => this.characteristic(type) ?? [])[0];
        if (!characteristic) throw notSupported(this.mapped.device, what);
        this.writes.push({ characteristic, value: suited(value, characteristic) });
    }
}

/** In the order in which they are written: power before what only a device that is on takes. */
const SETTERS: { readonly [P in Property]-?: (order: Order, wanted: Wanted<P>) => void } = {
    on: (order, on) => {
        const hasMode = order.characteristic(CharacteristicType.TargetHeatingCoolingState);
        if (hasMode) setThermostatOn(order, hasMode, on);
        else order.set([CharacteristicType.On, CharacteristicType.Active], on, "switched");
    },
    brightnessPercent: (order, percent) => order.set([CharacteristicType.Brightness], percent, "dimmed"),
    color: (order, { hueDegrees, saturationPercent }) => {
        order.set([CharacteristicType.Hue], ((hueDegrees % 360) + 360) % 360, "set to a colour");
        order.set([CharacteristicType.Saturation], saturationPercent, "set to a colour");
    },
    colorTemperatureKelvin: (order, kelvin) =>
        order.set([CharacteristicType.ColorTemperature], miredOf(kelvin), "set to a colour temperature"),
    targetTemperatureCelsius: (order, celsius) =>
        order.set([CharacteristicType.TargetTemperature], celsius, "set to a temperature"),
    climateMode: (order, mode) => {
        const value = CLIMATE_MODES.indexOf(mode);
        const valid = order.characteristic(CharacteristicType.TargetHeatingCoolingState)?.validValues;
        if (valid && !valid.includes(value)) throw notSupported(order.mapped.device, `set to ${mode}`);
        order.set([CharacteristicType.TargetHeatingCoolingState], value, `set to ${mode}`);
    },
    targetHumidityPercent: (order, percent) =>
        order.set([CharacteristicType.TargetRelativeHumidity], percent, "set to a humidity"),
    fanSpeedPercent: (order, percent) => order.set([CharacteristicType.RotationSpeed], percent, "set to a speed"),
    positionPercent: (order, percent) => {
        if (!order.characteristic(CharacteristicType.TargetDoorState)) {
            order.set([CharacteristicType.TargetPosition], percent, "opened or closed");
        } else if (percent === 0 || percent === 100) {
            order.set([CharacteristicType.TargetDoorState], percent === 0 ? 1 : 0, "opened or closed");
        } else throw notSupported(order.mapped.device, "opened in part");
    },
    tiltDegrees: (order, degrees) =>
        order.set(
            [CharacteristicType.TargetHorizontalTiltAngle, CharacteristicType.TargetVerticalTiltAngle],
            degrees,
            "tilted",
        ),
    stop: (order) => order.set([CharacteristicType.HoldPosition], true, "stopped"),
    locked: (order, locked) => order.set([CharacteristicType.LockTargetState], locked ? 1 : 0, "locked or unlocked"),
    volumePercent: (order, percent) => order.set([CharacteristicType.Volume], percent, "set to a volume"),
    muted: (order, muted) => order.set([CharacteristicType.Mute], muted, "muted"),
    playback: (order, playback) =>
        order.set([CharacteristicType.TargetMediaState], PLAYBACKS.indexOf(playback), `set to ${playback}`),
    skip: (order, to) =>
        order.set(
            [CharacteristicType.RemoteKey],
            to === "next" ? NEXT_TRACK : PREVIOUS_TRACK,
            "moved to another title",
        ),
    activity: (order) => {
        throw notSupported(order.mapped.device, "sent to work");
    },
    cleanArea: (order) => {
        throw notSupported(order.mapped.device, "sent to clean a room");
    },
    source: (order, source) => {
        const { device, sources } = order.mapped;
        const found = [...sources].find(([, name]) => name.toLowerCase() === source.toLowerCase());
        if (!found) throw notSupported(device, `switched to ${source}`);
        order.set([CharacteristicType.ActiveIdentifier], found[0], `switched to ${source}`);
    },
};

/** A thermostat has no On: off is a mode, and on the first of those that it has besides. */
function setThermostatOn(order: Order, { validValues = [0, 1, 2, 3] }: Characteristic, on: boolean): void {
    const wanted = on ? ([3, 1, 2].find((mode) => validValues.includes(mode)) ?? 1) : 0;
    order.set([CharacteristicType.TargetHeatingCoolingState], wanted, "switched");
}

function notSupported({ id, name }: Device, what: string): DeviceError {
    return new DeviceError("not-supported", id, `${name} can't be ${what}.`);
}

/** The nearest value that the characteristic takes, in its format. */
function suited(value: number | boolean, characteristic: Characteristic): number | boolean {
    const { minValue, maxValue, minStep, format } = characteristic;
    if (typeof value === "boolean") return format === "bool" ? value : Number(value);
    const low = minValue ?? Number.NEGATIVE_INFINITY;
    const high = maxValue ?? Number.POSITIVE_INFINITY;
    const step = minStep ?? (format === "float" ? 0 : 1);
    const base = minValue ?? 0;
    const stepped = step > 0 ? base + Math.round((value - base) / step) * step : value;
    // Steps such as 0.1 leave a tail of binary digits that some accessories refuse.
    return Number(Math.min(high, Math.max(low, stepped)).toFixed(6));
}

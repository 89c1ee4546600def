/** What a device can be commanded to, from the characteristics that it lets be written. */
import { type Characteristic, CharacteristicType } from "../../../hap";
import type { DeviceAbilities, DeviceChange, Range } from "../../model";
import { CLIMATE_MODES, kelvinOf, PLAYBACKS } from "./state";

type Characteristics = ReadonlyMap<string, Characteristic>;
type Property = keyof DeviceChange;

const QUANTITIES: readonly (readonly [Property, type: string, usual: Range])[] = [
    ["brightnessPercent", CharacteristicType.Brightness, { from: 0, to: 100, step: 1 }],
    ["targetTemperatureCelsius", CharacteristicType.TargetTemperature, { from: 10, to: 38, step: 0.1 }],
    ["targetHumidityPercent", CharacteristicType.TargetRelativeHumidity, { from: 0, to: 100, step: 1 }],
    ["fanSpeedPercent", CharacteristicType.RotationSpeed, { from: 0, to: 100, step: 1 }],
    ["positionPercent", CharacteristicType.TargetPosition, { from: 0, to: 100, step: 1 }],
    ["tiltDegrees", CharacteristicType.TargetHorizontalTiltAngle, { from: -90, to: 90, step: 1 }],
    ["tiltDegrees", CharacteristicType.TargetVerticalTiltAngle, { from: -90, to: 90, step: 1 }],
    ["volumePercent", CharacteristicType.Volume, { from: 0, to: 100, step: 1 }],
];

const FLAGS: readonly (readonly [Property, type: string])[] = [
    ["on", CharacteristicType.On],
    ["on", CharacteristicType.Active],
    ["on", CharacteristicType.TargetHeatingCoolingState],
    ["stop", CharacteristicType.HoldPosition],
    ["locked", CharacteristicType.LockTargetState],
    ["muted", CharacteristicType.Mute],
    ["skip", CharacteristicType.RemoteKey],
];

/** @param sources the names of a television's inputs */
export function abilitiesOf(characteristics: Characteristics, sources: readonly string[]): DeviceAbilities {
    const abilities: { [P in Property]?: Range | readonly string[] | true } = {};
    const writable = (type: string) => {
        const characteristic = characteristics.get(type);
        return characteristic?.perms.includes("pw") ? characteristic : undefined;
    };
    for (const [property, type] of FLAGS) if (writable(type)) abilities[property] = true;
    for (const [property, type, usual] of QUANTITIES) {
        const characteristic = writable(type);
        if (characteristic && !abilities[property]) abilities[property] = rangeOf(characteristic, usual);
    }
    if (writable(CharacteristicType.Hue) && writable(CharacteristicType.Saturation)) abilities.color = true;
    const white = writable(CharacteristicType.ColorTemperature);
    if (white) {
        // The warmest white is the smallest number of kelvin and the greatest of mired.
        const { from, to } = rangeOf(white, { from: 50, to: 400, step: 1 });
        abilities.colorTemperatureKelvin = { from: kelvinOf(to), to: kelvinOf(from), step: 0 };
    }
    if (writable(CharacteristicType.TargetDoorState)) abilities.positionPercent = { from: 0, to: 100, step: 100 };
    const modes = writable(CharacteristicType.TargetHeatingCoolingState);
    if (modes) {
        const { validValues = [0, 1, 2, 3] } = modes;
        abilities.climateMode = CLIMATE_MODES.filter((_, value) => validValues.includes(value));
    }
    if (writable(CharacteristicType.TargetMediaState)) abilities.playback = PLAYBACKS;
    if (writable(CharacteristicType.ActiveIdentifier) && sources.length > 0) abilities.source = sources;
    return abilities;
}

function rangeOf({ minValue, maxValue, minStep }: Characteristic, usual: Range): Range {
    return { from: minValue ?? usual.from, to: maxValue ?? usual.to, step: minStep ?? usual.step };
}

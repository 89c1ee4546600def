/** What an intent asks of a device of a given type: to be read, or to become something. */
import type { Intent } from "../../language";
import type { Area, Device, DeviceChange } from "../model";
import { lightChanges } from "./light";
import { power } from "./power";
import { change, type DeviceRequest, IntentError, READ, refuse } from "./request";
import { numberIn } from "./slots";

export { adjusted } from "./adjustment";
export { isOfEverything } from "./power";
export { type Adjustment, change, type DeviceRequest, IntentError, type IntentErrorCode, refuse } from "./request";

export type TemperatureUnit = "celsius" | "fahrenheit";

type RequestOf = (device: Device) => DeviceRequest;

interface Speech {
    /** In which the home speaks of temperatures. */
    readonly unit: TemperatureUnit;
    readonly areas: readonly Area[];
}

/** Louder and quieter without a measure, in percent of full volume. */
const VOLUME_STEP_PERCENT = 10;

/**
 * @returns what to ask of each device
 * @throws IntentError for an intent that is not about devices, or a slot without a usable value
 */
export function requestsOf(intent: Intent, speech: Speech): RequestOf {
    const request = REQUESTS[intent.name];
    if (request) return request(intent, speech);
    throw new IntentError("unknown-intent", intent.name, `${intent.name} is nothing that a device can do.`);
}

/** Whether devices carry out intents of this name. */
export function isForDevices(name: string): boolean {
    return Object.hasOwn(REQUESTS, name);
}

/** For devices of these types only; others are told that they are none. */
function only(types: readonly string[], what: string, request: DeviceRequest): RequestOf {
    return (device) => (types.includes(device.type) ? request : refuse(device, what));
}

const light = (request: DeviceRequest) => only(["light"], "is not a light", request);
const climate = (request: DeviceRequest) => only(["climate"], "has no temperature to set", request);
const player = (wanted: DeviceChange) => () => only(["media_player"], "plays nothing", change(wanted));
const vacuum = (wanted: DeviceChange) => only(["vacuum"], "does not clean", change(wanted));
const mower = (wanted: DeviceChange) => () => only(["lawn_mower"], "does not mow", change(wanted));

const REQUESTS: Readonly<Record<string, (intent: Intent, speech: Speech) => RequestOf>> = {
    HassTurnOn: () => (device) => power(device, true),
    HassTurnOff: () => (device) => power(device, false),
    HassLightSet: (intent) => light(change(...lightChanges(intent))),
    HassClimateSetTemperature: (intent, { unit }) => {
        const spoken = numberIn(intent, "temperature", -100, 250);
        return climate(change({ targetTemperatureCelsius: unit === "celsius" ? spoken : (spoken - 32) / 1.8 }));
    },
    HassSetPosition: (intent) => {
        const positionPercent = numberIn(intent, "position", 0, 100);
        return only(["cover", "valve"], "can't be opened or closed", change({ positionPercent }));
    },
    HassFanSetSpeed: (intent) => {
        const fanSpeedPercent = numberIn(intent, "percentage", 0, 100);
        const wanted = fanSpeedPercent === 0 ? { on: false } : { on: true, fanSpeedPercent };
        return only(["fan"], "is not a fan", change(wanted));
    },
    HassSetVolume: (intent) => player({ volumePercent: numberIn(intent, "volume_level", 0, 100) })(),
    HassSetVolumeRelative: (intent) => {
        const { volume_step: step } = intent.slots;
        const direction = step === "up" ? 1 : step === "down" ? -1 : undefined;
        const by = direction ? direction * VOLUME_STEP_PERCENT : numberIn(intent, "volume_step", -100, 100);
        return only(["media_player"], "has no volume that can be set", {
            kind: "adjust",
            property: "volumePercent",
            by,
        });
    },
    HassMediaPause: player({ playback: "paused" }),
    HassMediaUnpause: player({ playback: "playing" }),
    HassMediaNext: player({ skip: "next" }),
    HassMediaPrevious: player({ skip: "previous" }),
    HassMediaPlayerMute: player({ muted: true }),
    HassMediaPlayerUnmute: player({ muted: false }),
    HassMediaSearchAndPlay: () => (device) => refuse(device, "can't look for music from here"),
    HassVacuumStart: () => vacuum({ activity: "cleaning" }),
    HassVacuumReturnToBase: () => vacuum({ activity: "docked" }),
    HassVacuumCleanArea: (intent, { areas }) => vacuum({ cleanArea: areaIn(intent, areas).id }),
    HassLawnMowerStartMowing: mower({ activity: "mowing" }),
    HassLawnMowerDock: mower({ activity: "docked" }),
    EarshotSetBrightnessRelative: (intent) => {
        const by = numberIn(intent, "brightness_step", -100, 100);
        return light({ kind: "adjust", property: "brightnessPercent", by });
    },
    EarshotSetTemperatureRelative: (intent, { unit }) => {
        const spoken = numberIn(intent, "temperature_step", -50, 50);
        const by = unit === "celsius" ? spoken : spoken / 1.8;
        return climate({ kind: "adjust", property: "targetTemperatureCelsius", by });
    },
    HassClimateGetTemperature: () => () => READ,
    HassGetState: () => () => READ,
    HassGetWeather: () => () => READ,
};

/** @throws IntentError when the home has no area of that name */
export function areaIn(intent: Intent, areas: readonly Area[]): Area {
    const said = String(intent.slots.area ?? "").toLowerCase();
    const found = areas.find(({ id, name, aliases = [] }) =>
        [id, name, ...aliases].some((each) => each.toLowerCase() === said),
    );
    if (found) return found;
    throw new IntentError("bad-slot", intent.name, `The home has no area "${said}".`);
}

/** What "on" and "off" are for a device of each type. Home Assistant has no other intents to open, lock and start things. */
import type { ClimateMode, Device } from "../model";
import { change, type DeviceRequest, refuse } from "./request";

type Power = (device: Device, on: boolean) => DeviceRequest;

/** Home Assistant's order of what "on" means for a thermostat (`ClimateEntity.async_turn_on`). */
const CLIMATE_ON: readonly ClimateMode[] = ["auto", "heat", "cool"];

const switched: Power = (_, on) => change({ on });
/** To open is to turn on, to close is to turn off. */
const moved: Power = (_, on) => change({ positionPercent: on ? 100 : 0 });
const started: Power = (device, on) => (on ? change({ on }) : refuse(device, "can't be turned off"));

const POWER: Readonly<Record<string, Power>> = {
    light: switched,
    switch: switched,
    outlet: switched,
    fan: switched,
    input_boolean: switched,
    automation: switched,
    siren: switched,
    humidifier: switched,
    media_player: switched,
    climate: (_, on) =>
        on ? change(...CLIMATE_ON.map((climateMode) => ({ climateMode }))) : change({ climateMode: "off" }),
    cover: moved,
    valve: moved,
    lock: (_, on) => change({ locked: on }),
    scene: started,
    script: started,
    button: started,
    input_button: started,
    vacuum: (_, on) => change({ activity: on ? "cleaning" : "docked" }),
    lawn_mower: (_, on) => change({ activity: on ? "mowing" : "docked" }),
};

/** What is on or off and nothing else happens: no door opens and nothing starts to drive. */
const HARMLESS = new Set(["light", "switch", "outlet", "fan", "media_player", "input_boolean", "humidifier"]);

export function power(device: Device, on: boolean): DeviceRequest {
    return POWER[device.type]?.(device, on) ?? refuse(device, `can't be turned ${on ? "on" : "off"}`);
}

/** "Everything on" and "everything off" are about this device too. */
export function isOfEverything({ type }: Device): boolean {
    return HARMLESS.has(type);
}

/** Changes by steps, from what the device itself says it is. */
import { DeviceError } from "../driver";
import type { Device, DeviceChange, DeviceState } from "../model";
import type { Adjustment } from "./request";

const DIMMEST_PERCENT = 1;
const MISSING: Readonly<Record<Adjustment["property"], string>> = {
    brightnessPercent: "can't be dimmed",
    targetTemperatureCelsius: "has no temperature to set",
    volumePercent: "has no volume that can be set",
};

/**
 * What an adjustment makes of a state; undefined where it leaves it as it is. Dimming doesn't turn a light off, and a light
 * that is off gets brighter from nothing. The device itself keeps a temperature within its range.
 * @throws DeviceError when the device has no such property
 */
export function adjusted(device: Device, { property, by }: Adjustment, state: DeviceState): DeviceChange | undefined {
    const now = state[property];
    if (now === undefined) {
        throw new DeviceError("not-supported", device.id, `${device.name} ${MISSING[property]}.`);
    }
    if (property === "targetTemperatureCelsius") return { targetTemperatureCelsius: now + by };
    if (property === "volumePercent") return { volumePercent: Math.min(100, Math.max(0, now + by)) };
    if (state.on === false && by < 0) return undefined;
    const from = state.on === false ? 0 : now;
    const brightnessPercent = Math.min(100, Math.max(DIMMEST_PERCENT, from + by));
    return state.on === false ? { on: true, brightnessPercent } : { brightnessPercent };
}

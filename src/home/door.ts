import { DeviceError } from "./driver";

/**
 * The key to the door of the devices. Not exported from this folder: nothing outside it can name the method that
 * commands a device, so the dispatcher is the only way to one.
 */
export const actuate: unique symbol = Symbol("actuate");

/** Nobody stands behind the door. */
export function gone(deviceId: string, name: string): DeviceError {
    return new DeviceError("unknown-device", deviceId, `${name} is gone: nothing in the home knows it.`);
}

/** What can be asked of a device, and the words for what can't. */
import type { Device, DeviceChange } from "../model";

/**
 * What to do with one device. Where devices of a type differ in how they can do it, `changes` holds the ways in the
 * order of preference: the first that the device supports is it.
 */
export type DeviceRequest =
    | { readonly kind: "read" }
    | { readonly kind: "change"; readonly changes: readonly DeviceChange[] }
    | Adjustment
    | { readonly kind: "refuse"; readonly reason: string };

/** To become more or less of what the device says it is. */
export interface Adjustment {
    readonly kind: "adjust";
    readonly property: "brightnessPercent" | "targetTemperatureCelsius" | "volumePercent";
    /** In the unit of the property. */
    readonly by: number;
}

export type IntentErrorCode = "unknown-intent" | "bad-slot";

/** An intent that can't be carried out on any device: `message` is a sentence for people. */
export class IntentError extends Error {
    override readonly name = "IntentError";

    constructor(
        readonly code: IntentErrorCode,
        readonly intent: string,
        message: string,
    ) {
        super(message);
    }
}

export const READ: DeviceRequest = { kind: "read" };

export function change(...changes: readonly DeviceChange[]): DeviceRequest {
    return { kind: "change", changes };
}

/** @param what "can't be turned on" */
export function refuse(device: Device, what: string): DeviceRequest {
    return { kind: "refuse", reason: `${device.name} ${what}.` };
}

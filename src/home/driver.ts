import type { Device, DeviceChange, DeviceState } from "./model";
import type { Places } from "./places";

/** Who commands: flows that are devices are told. */
export type CommandSource = "voice" | "homekit";

/**
 * A kind of device the home can reach: HomeKit, Home Assistant, simulated, later flows.
 * Only the dispatcher and the state cache call it.
 */
export interface HomeDriver {
    /** "homekit", "simulated", … */
    readonly name: string;
    /** Brings up connections in the background; resolves at once, whether or not a device answers. */
    start(listener: DriverListener): Promise<void>;
    stop(): Promise<void>;
    /** Reads the device itself, not a cache. Rejects with `DeviceError` within a bounded time. */
    read(deviceId: string): Promise<DeviceState>;
    /** Applies all properties of `change`, then reads back. Rejects with `DeviceError` within a bounded time. */
    apply(deviceId: string, change: DeviceChange, source: CommandSource): Promise<DeviceState>;
}

export interface DriverListener {
    /** The whole list, each time one appears, vanishes or changes its name or abilities. */
    devicesChanged(devices: readonly Device[]): void;
    /** All floors and areas the driver knows of, each time one of them is another; drivers that know of none never call it. */
    placesChanged(places: Places): void;
    /** The device told on its own that its state is now this (whole or in part). */
    stateChanged(deviceId: string, state: DeviceState): void;
    /** Whether the device can be reached at the moment. */
    reachableChanged(deviceId: string, reachable: boolean): void;
}

/** `forbidden`: the home's own rules are against it; `refused`: the device is. */
export type DeviceErrorCode =
    | "unknown-device"
    | "unreachable"
    | "timeout"
    | "not-supported"
    | "forbidden"
    | "refused"
    | "failed";

/** A device that could not be read or commanded: `message` is a sentence for people, without secrets. */
export class DeviceError extends Error {
    override readonly name = "DeviceError";

    constructor(
        readonly code: DeviceErrorCode,
        readonly deviceId: string,
        message: string,
        options?: ErrorOptions,
    ) {
        super(message, options);
    }
}

/** Which driver has which device, and what is known about each: its last state, when it told it, whether it answers. */
import { isDeepStrictEqual } from "node:util";
import type { HomeDriver } from "./driver";
import type { Device, DeviceState } from "./model";

/**
 * - `reachable`, `unreachable`: as its driver last said
 * - `unknown`: its driver has not said yet
 * - `gone`: every driver has listed its devices, and it is not among them
 */
export type Availability = "reachable" | "unreachable" | "unknown" | "gone";

export interface DeviceStatus {
    readonly device: Device;
    readonly availability: Availability;
    /** As of `asOf`, which may be long ago for a device that is not reachable; empty when it never told, or is gone. */
    readonly state: DeviceState;
    /** When the state was last told, in milliseconds since 1970. */
    readonly asOf?: number;
}

interface Entry {
    readonly device: Device;
    readonly driver: HomeDriver;
    readonly reachable: boolean | undefined;
    readonly state: DeviceState;
    readonly asOf: number | undefined;
}

export class DeviceRegister {
    readonly #drivers: readonly HomeDriver[];
    readonly #now: () => number;
    readonly #lists = new Map<HomeDriver, readonly Device[]>();
    #entries = new Map<string, Entry>();
    #conflicts: readonly { readonly device: Device; readonly driver: HomeDriver }[] = [];
    readonly #remembered: ReadonlySet<string>;
    /** Remembered devices that were here once, without the state they were described with: it holds no more. */
    readonly #lastSeen = new Map<string, Device>();

    /** @param remembered ids of the devices whose name and type are kept after they vanish */
    constructor(drivers: readonly HomeDriver[], remembered: ReadonlySet<string>, now: () => number) {
        this.#drivers = drivers;
        this.#remembered = remembered;
        this.#now = now;
    }

    setDevices(driver: HomeDriver, devices: readonly Device[]): void {
        for (const { state: _, attributes: __, ...device } of this.#lists.get(driver) ?? []) {
            if (this.#remembered.has(device.id)) this.#lastSeen.set(device.id, device);
        }
        this.#lists.set(driver, devices);
        const entries = new Map<string, Entry>();
        const conflicts: { device: Device; driver: HomeDriver }[] = [];
        for (const owner of this.#drivers) {
            for (const device of this.#lists.get(owner) ?? []) {
                if (entries.has(device.id)) conflicts.push({ device, driver: owner });
                else entries.set(device.id, this.#entry(device, owner));
            }
        }
        this.#entries = entries;
        this.#conflicts = conflicts;
    }

    #entry(device: Device, driver: HomeDriver): Entry {
        const known = this.#entries.get(device.id);
        if (known?.driver === driver) return { ...known, device };
        return { device, driver, reachable: undefined, state: {}, asOf: undefined };
    }

    devices(): readonly Device[] {
        return [...this.#entries.values()].map((entry) => entry.device);
    }

    conflicts(): readonly { readonly device: Device; readonly driver: HomeDriver }[] {
        return this.#conflicts;
    }

    lastSeen(id: string): Device | undefined {
        return this.#lastSeen.get(id);
    }

    driverOf(id: string): HomeDriver | undefined {
        return this.#entries.get(id)?.driver;
    }

    /** Before every driver has listed its devices once, a missing device may still turn up. */
    isGone(id: string): boolean {
        return !this.#entries.has(id) && this.#drivers.every((driver) => this.#lists.has(driver));
    }

    status(device: Device): DeviceStatus {
        const entry = this.#entries.get(device.id);
        if (!entry) return { device, availability: this.isGone(device.id) ? "gone" : "unknown", state: {} };
        const { reachable, state, asOf } = entry;
        const availability = reachable === undefined ? "unknown" : reachable ? "reachable" : "unreachable";
        return { device, availability, state, ...(asOf !== undefined && { asOf }) };
    }

    /** A state that was told counts as an answer. Undefined when nothing but the time is new. */
    setState(id: string, told: DeviceState, extent: "whole" | "part"): DeviceStatus | undefined {
        return this.#update(id, (entry) => ({
            ...entry,
            reachable: extent === "whole" ? true : (entry.reachable ?? true),
            state: extent === "whole" ? told : { ...entry.state, ...told },
            asOf: this.#now(),
        }));
    }

    /** Undefined when that is nothing new. */
    setReachable(id: string, reachable: boolean): DeviceStatus | undefined {
        return this.#update(id, (entry) => ({ ...entry, reachable }));
    }

    /** The drivers have stopped: every device that was known to answer, or not to, is no longer. */
    forgetReachability(): readonly DeviceStatus[] {
        const ids = [...this.#entries.keys()];
        return ids.flatMap((id) => this.#update(id, (entry) => ({ ...entry, reachable: undefined })) ?? []);
    }

    #update(id: string, next: (entry: Entry) => Entry): DeviceStatus | undefined {
        const entry = this.#entries.get(id);
        if (!entry) return undefined;
        const updated = next(entry);
        this.#entries.set(id, updated);
        const same = updated.reachable === entry.reachable && isDeepStrictEqual(updated.state, entry.state);
        return same ? undefined : this.status(entry.device);
    }
}

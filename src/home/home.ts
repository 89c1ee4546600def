/** A home: what the user said about it, what its drivers found in it, and what the devices last told about themselves. */
import { EventEmitter } from "node:events";
import { isDeepStrictEqual } from "node:util";
import { DeviceRegister, type DeviceStatus } from "./device-register";
import { actuate, gone } from "./door";
import { type CommandSource, DeviceError, type HomeDriver } from "./driver";
import type { Device, DeviceChange, DeviceState, DeviceType, HomeDescription } from "./model";
import { mergePlaces, type Places } from "./places";

/** What the user says about a device, over what its driver says. */
export interface DeviceOverride {
    readonly id: string;
    readonly name?: string;
    /** Id of an area of the home. */
    readonly area?: string;
    readonly aliases?: readonly string[];
    readonly type?: DeviceType;
}

export interface HomeConfiguration extends Places {
    readonly devices: readonly DeviceOverride[];
}

export type HomeProblemCode = "driver-failed" | "duplicate-device" | "unknown-area" | "gone";

/** Something a person should look at; the home works without it. */
export interface HomeProblem {
    readonly code: HomeProblemCode;
    /** Name of the driver or id of the device. */
    readonly subject: string;
    readonly message: string;
}

export interface HomeEvents {
    /** The description is another one: a device appeared, vanished, or changed its name, area or abilities. */
    changed: [description: HomeDescription];
    /** A device changed its state or can (no longer) be reached. */
    state: [status: DeviceStatus];
}

/**
 * Devices are commanded through a `Dispatcher` only.
 * Drivers name their devices so that ids never meet; if they do, the driver that comes first keeps the id.
 */
export class Home extends EventEmitter<HomeEvents> {
    readonly #configuration: HomeConfiguration;
    readonly #drivers: readonly HomeDriver[];
    readonly #register: DeviceRegister;
    readonly #failures = new Map<string, string>();
    readonly #places = new Map<HomeDriver, Places>();
    #description: HomeDescription;
    #devices: ReadonlyMap<string, Device>;
    #problems: readonly HomeProblem[] = [];
    /** Another one for each start, so that what a driver still says after its stop is not heard; none while stopped. */
    #run: symbol | undefined;

    constructor(configuration: HomeConfiguration, drivers: readonly HomeDriver[], now: () => number = Date.now) {
        super();
        this.#configuration = configuration;
        this.#drivers = drivers;
        this.#register = new DeviceRegister(drivers, new Set(configuration.devices.map((device) => device.id)), now);
        this.#description = this.#describe();
        this.#devices = byId(this.#description.devices);
    }

    /** Starts every driver. One that fails becomes a problem of the home; the others work. */
    async start(): Promise<void> {
        if (this.#run) return;
        const run = Symbol("run");
        this.#run = run;
        this.#failures.clear();
        await Promise.all(this.#drivers.map((driver) => this.#startDriver(driver, run)));
        this.#refresh();
    }

    /** Stops every driver. Afterwards nothing is known about whether a device can be reached. */
    async stop(): Promise<void> {
        if (!this.#run) return;
        this.#run = undefined;
        const results = await Promise.allSettled(this.#drivers.map((driver) => driver.stop()));
        for (const status of this.#register.forgetReachability()) this.emit("state", this.#named(status));
        const failed = results.find((result) => result.status === "rejected");
        if (failed) throw failed.reason;
    }

    /** Floors, areas and devices with the user's names; the same object until `changed`. */
    description(): HomeDescription {
        return this.#description;
    }

    problems(): readonly HomeProblem[] {
        return this.#problems;
    }

    device(id: string): Device | undefined {
        return this.#devices.get(id);
    }

    /** What the device last told, with the time, from memory. Undefined for a device that the home doesn't have. */
    status(id: string): DeviceStatus | undefined {
        const device = this.device(id);
        return device && this.#register.status(device);
    }

    /**
     * Asks the device itself and remembers the answer.
     * @throws DeviceError
     */
    async read(id: string): Promise<DeviceState> {
        return await this.#ask(id, (driver) => driver.read(id));
    }

    /** For the dispatcher only: commands the device and remembers the state it read back. */
    async [actuate](id: string, change: DeviceChange, source: CommandSource): Promise<DeviceState> {
        return await this.#ask(id, (driver) => driver.apply(id, change, source));
    }

    async #ask(id: string, question: (driver: HomeDriver) => Promise<DeviceState>): Promise<DeviceState> {
        const name = this.device(id)?.name ?? id;
        const driver = this.#register.driverOf(id);
        if (!driver) throw gone(id, name);
        const run = this.#run;
        if (!run) throw new DeviceError("unreachable", id, `${name} can't be reached: the home is stopped.`);
        try {
            const state = await question(driver);
            if (run === this.#run) this.#tell(this.#register.setState(id, state, "whole"));
            return state;
        } catch (error) {
            const unreachable = error instanceof DeviceError && error.code === "unreachable";
            if (unreachable && run === this.#run) this.#tell(this.#register.setReachable(id, false));
            throw error;
        }
    }

    async #startDriver(driver: HomeDriver, run: symbol): Promise<void> {
        const whileRunning = (work: () => void) => {
            if (run === this.#run) work();
        };
        try {
            await driver.start({
                devicesChanged: (devices) =>
                    whileRunning(() => {
                        this.#register.setDevices(driver, devices);
                        this.#refresh();
                    }),
                placesChanged: (places) =>
                    whileRunning(() => {
                        this.#places.set(driver, places);
                        this.#refresh();
                    }),
                stateChanged: (id, state) =>
                    whileRunning(() => this.#told(driver, id, () => this.#register.setState(id, state, "part"))),
                reachableChanged: (id, reachable) =>
                    whileRunning(() => this.#told(driver, id, () => this.#register.setReachable(id, reachable))),
            });
        } catch (error) {
            whileRunning(() => {
                this.#failures.set(driver.name, error instanceof Error ? error.message : String(error));
            });
        }
    }

    /** A driver speaks for its own devices only. */
    #told(driver: HomeDriver, id: string, work: () => DeviceStatus | undefined): void {
        if (this.#register.driverOf(id) === driver) this.#tell(work());
    }

    #tell(status: DeviceStatus | undefined): void {
        if (status) this.emit("state", this.#named(status));
    }

    #named(status: DeviceStatus): DeviceStatus {
        return { ...status, device: this.device(status.device.id) ?? status.device };
    }

    #refresh(): void {
        const description = this.#describe();
        if (isDeepStrictEqual(description, this.#description)) return;
        this.#description = description;
        this.#devices = byId(description.devices);
        this.emit("changed", description);
    }

    #describe(): HomeDescription {
        const { devices: overrides } = this.#configuration;
        const { floors, areas, areaId } = mergePlaces(this.#configuration, this.#places.values());
        const problems: HomeProblem[] = [...this.#failures].map(([subject, reason]) => ({
            code: "driver-failed",
            subject,
            message: `The ${subject} devices are missing: ${reason}`,
        }));
        for (const { device, driver } of this.#register.conflicts()) {
            const message = `Two devices have the id ${device.id}; the one of ${driver.name} is left out.`;
            problems.push({ code: "duplicate-device", subject: device.id, message });
        }

        const overrideOf = byId(overrides);
        const found = byId(this.#register.devices());
        const devices = [...new Set([...found.keys(), ...overrideOf.keys()])].map((id) => {
            const device = merged(found.get(id) ?? this.#register.lastSeen(id), { id, ...overrideOf.get(id) });
            if (this.#register.isGone(id)) {
                problems.push({ code: "gone", subject: id, message: gone(id, device.name).message });
            }
            if (device.area === undefined) return device;
            const { area, ...homeless } = device;
            const known = areaId(area);
            if (known !== undefined) return { ...homeless, area: known };
            const message = `${device.name} is in an area that the home doesn't have: ${area}.`;
            problems.push({ code: "unknown-area", subject: id, message });
            return homeless;
        });
        this.#problems = problems;
        return { floors, areas, devices };
    }
}

/** What no driver ever described and the user gave no type for has none of the types that can be spoken about. */
function merged(device: Device | undefined, override: DeviceOverride): Device {
    const { id, name = device?.name ?? id, type = device?.type ?? "unknown" } = override;
    const area = override.area ?? device?.area;
    const aliases = override.aliases ?? device?.aliases;
    return { ...device, id, name, type, ...(area !== undefined && { area }), ...(aliases && { aliases }) };
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
    return new Map(items.map((item) => [item.id, item]));
}

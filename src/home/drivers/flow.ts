/** Devices whose doing is a flow: a command goes out as a message, and the flow reports what the device is doing. */
import { EventEmitter } from "node:events";
import { actuate } from "../door";
import { type CommandSource, DeviceError, type DriverListener, type HomeDriver } from "../driver";
import type { Device, DeviceChange, DeviceState } from "../model";

export interface FlowDeviceOptions {
    /** With `abilities`: what is not among them is refused. */
    readonly device: Device;
    /** What is known about it from before; empty where nothing is. */
    readonly state: DeviceState;
    /** How long the flow may take to report what became of a command; without it a command is done once it is handed over. */
    readonly confirmMs?: number;
    /** Hands a command to the flow. */
    readonly command: (change: DeviceChange, source: CommandSource) => void;
}

export interface FlowDeviceEvents {
    /** The state, or whether the device can be reached, is another. */
    changed: [];
}

/** Commands that one device may have under way. */
const MAX_WAITING = 32;

interface Waiting {
    readonly change: DeviceChange;
    readonly done: (state: DeviceState) => void;
}

export class FlowDevice extends EventEmitter<FlowDeviceEvents> {
    readonly device: Device;
    readonly #options: FlowDeviceOptions;
    readonly #waiting = new Set<Waiting>();
    #state: DeviceState;
    #wished: DeviceChange = {};
    #isReachable: boolean = true;

    constructor(options: FlowDeviceOptions) {
        super();
        this.device = options.device;
        this.#options = options;
        this.#state = options.state;
    }

    get state(): DeviceState {
        return this.#state;
    }

    /** What was commanded and the flow has not told yet. */
    get wished(): DeviceChange {
        return this.#wished;
    }

    get isReachable(): boolean {
        return this.#isReachable;
    }

    /** The flow says what the device is doing, whole or in part; a device that tells something can be reached. */
    report(told: DeviceState): void {
        const state = { ...this.#state, ...told };
        const isMoving = state.coverState === "opening" || state.coverState === "closing";
        this.#state = state;
        this.#isReachable = true;
        this.#wished = Object.fromEntries(
            Object.entries(this.#wished).filter(
                ([name]) => !(name in told) || (name === "positionPercent" && isMoving),
            ),
        );
        for (const waiting of [...this.#waiting]) if (answers(told, waiting.change)) waiting.done(state);
        this.emit("changed");
    }

    /** The flow says whether the device can be reached. */
    reachable(isReachable: boolean): void {
        if (isReachable === this.#isReachable) return;
        this.#isReachable = isReachable;
        this.emit("changed");
    }

    /**
     * For its driver only: hands a command to the flow and resolves with the state that came of it.
     * @throws {DeviceError} `not-supported`, `unreachable`, `failed` with too many under way, `timeout` without a report
     */
    async [actuate](wish: DeviceChange, source: CommandSource): Promise<DeviceState> {
        const { device, confirmMs, command } = this.#options;
        const foreign = Object.keys(wish).find((property) => !(property in (device.abilities ?? {})));
        if (foreign !== undefined) {
            throw new DeviceError("not-supported", device.id, `${device.name} has no ${foreign} that can be set.`);
        }
        this.assertReachable();
        const change = device.type === "climate" ? withMode(wish, this.#state) : wish;
        const { stop: _, ...values } = change;
        if (confirmMs === undefined) {
            command(change, source);
            this.report(values);
            return this.#state;
        }
        if (this.#waiting.size >= MAX_WAITING) {
            throw new DeviceError("failed", device.id, `${device.name} has too many commands without an answer.`);
        }
        this.#wished = { ...this.#wished, ...values };
        return await this.#confirmed(change, confirmMs, () => command(change, source));
    }

    /** @throws {DeviceError} `unreachable` */
    assertReachable(): void {
        const { id, name } = this.device;
        if (!this.#isReachable) throw new DeviceError("unreachable", id, `${name} can't be reached: its flow says so.`);
    }

    /** The wait begins before the message goes out: the flow may answer while it is being handed over. */
    #confirmed(change: DeviceChange, withinMs: number, send: () => void): Promise<DeviceState> {
        return new Promise((resolve, reject) => {
            const end = () => {
                clearTimeout(timer);
                this.#waiting.delete(waiting);
            };
            const waiting: Waiting = {
                change,
                done: (state) => {
                    end();
                    resolve(state);
                },
            };
            const timer = setTimeout(() => {
                end();
                for (const property of Object.keys(change)) this.#forgetWish(property);
                const { id, name } = this.device;
                const seconds = withinMs / 1_000;
                reject(
                    new DeviceError("timeout", id, `${name} was not reported back by its flow within ${seconds} s.`),
                );
                this.emit("changed");
            }, withinMs);
            this.#waiting.add(waiting);
            try {
                send();
            } catch (error) {
                end();
                reject(error);
            }
        });
    }

    #forgetWish(property: string): void {
        this.#wished = Object.fromEntries(Object.entries(this.#wished).filter(([name]) => name !== property));
    }
}

/** A thermostat has no switch: off is one of its modes. */
function withMode({ on, ...change }: DeviceChange, { climateMode }: DeviceState): DeviceChange {
    if (on === undefined) return change;
    const last = climateMode === undefined || climateMode === "off" ? "auto" : climateMode;
    return { climateMode: on ? last : "off", ...change };
}

/** Whether a report tells anything of what was wished; a passing reading, a temperature say, is no answer. */
function answers(told: DeviceState, change: DeviceChange): boolean {
    const properties = Object.keys(change).flatMap((name) =>
        name === "stop" ? ["coverState", "positionPercent"] : name,
    );
    return properties.some((property) => property in told);
}

/** The devices of all flows of a hub. They come and go with their nodes. */
export class FlowDriver implements HomeDriver {
    readonly name = "flow";
    readonly #devices = new Map<string, FlowDevice>();
    #listener: DriverListener | undefined;

    /** @returns how to take it out again */
    add(flowDevice: FlowDevice): () => void {
        const { id } = flowDevice.device;
        const tell = () => this.#tell(flowDevice);
        this.#devices.set(id, flowDevice);
        flowDevice.on("changed", tell);
        this.#list();
        tell();
        return () => {
            flowDevice.off("changed", tell);
            if (this.#devices.get(id) !== flowDevice) return;
            this.#devices.delete(id);
            this.#list();
        };
    }

    start(listener: DriverListener): Promise<void> {
        this.#listener = listener;
        this.#list();
        for (const device of this.#devices.values()) this.#tell(device);
        return Promise.resolve();
    }

    stop(): Promise<void> {
        this.#listener = undefined;
        return Promise.resolve();
    }

    read(deviceId: string): Promise<DeviceState> {
        return Promise.resolve().then(() => {
            const device = this.#require(deviceId);
            device.assertReachable();
            return device.state;
        });
    }

    async apply(deviceId: string, change: DeviceChange, source: CommandSource): Promise<DeviceState> {
        return await this.#require(deviceId)[actuate](change, source);
    }

    #require(id: string): FlowDevice {
        const device = this.#devices.get(id);
        if (device) return device;
        throw new DeviceError("unknown-device", id, `No flow has the device ${id}.`);
    }

    #list(): void {
        this.#listener?.devicesChanged([...this.#devices.values()].map(({ device }) => device));
    }

    #tell({ device, state, isReachable }: FlowDevice): void {
        this.#listener?.reachableChanged(device.id, isReachable);
        if (isReachable && Object.keys(state).length > 0) this.#listener?.stateChanged(device.id, state);
    }
}

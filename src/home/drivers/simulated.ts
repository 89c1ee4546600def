/** Devices that exist in memory only: for a first flow, for trying out sentences, for tests. */
import { DeviceError, type DriverListener, type HomeDriver } from "../driver";
import type { Device, DeviceAbilities, DeviceChange, DeviceState, Range } from "../model";
import { SIMULATED_KINDS, type SimulatedKind, type SimulatedType } from "./simulated/kinds";

export { isSimulated, SIMULATED_TYPES, type SimulatedType } from "./simulated/kinds";

export interface SimulatedDevice {
    readonly id: string;
    readonly name: string;
    readonly type: SimulatedType;
    readonly area?: string;
}

export class SimulatedDriver implements HomeDriver {
    readonly name = "simulated";
    readonly #devices: readonly Device[];
    readonly #states: Map<string, DeviceState>;
    readonly #unplugged = new Set<string>();
    #listener: DriverListener | undefined;

    constructor(devices: readonly SimulatedDevice[]) {
        const kindOf = (type: SimulatedType): SimulatedKind => SIMULATED_KINDS[type];
        this.#devices = devices.map((device) => {
            const { type, deviceClass, abilities, members } = kindOf(device.type);
            return {
                ...device,
                type,
                ...(abilities && { abilities }),
                ...(members && { members }),
                ...(deviceClass !== undefined && { attributes: { device_class: deviceClass } }),
            };
        });
        this.#states = new Map(devices.map(({ id, type }) => [id, kindOf(type).state]));
    }

    async start(listener: DriverListener): Promise<void> {
        this.#listener = listener;
        listener.devicesChanged(this.#devices);
        for (const [id, state] of this.#states) {
            listener.reachableChanged(id, !this.#unplugged.has(id));
            if (!this.#unplugged.has(id)) listener.stateChanged(id, state);
        }
    }

    async stop(): Promise<void> {
        this.#listener = undefined;
    }

    async read(deviceId: string): Promise<DeviceState> {
        return this.#require(deviceId).state;
    }

    async apply(deviceId: string, change: DeviceChange): Promise<DeviceState> {
        const { device, state } = this.#require(deviceId);
        const next = changed(device, state, change);
        this.#states.set(deviceId, next);
        return next;
    }

    /** Somebody in the room changes the device by hand: it tells so on its own. */
    async operate(deviceId: string, change: DeviceChange): Promise<void> {
        this.#listener?.stateChanged(deviceId, await this.apply(deviceId, change));
    }

    /** A sensor measures something else. */
    measure(deviceId: string, reading: DeviceState): void {
        const state = { ...this.#require(deviceId).state, ...reading };
        this.#states.set(deviceId, state);
        this.#listener?.stateChanged(deviceId, state);
    }

    /** Somebody pulls the plug of the device. It keeps its state until it is plugged in again. */
    unplug(deviceId: string): void {
        this.#unplugged.add(deviceId);
        this.#listener?.reachableChanged(deviceId, false);
    }

    plugIn(deviceId: string): void {
        this.#unplugged.delete(deviceId);
        this.#listener?.reachableChanged(deviceId, true);
    }

    #require(deviceId: string): { readonly device: Device; readonly state: DeviceState } {
        const device = this.#devices.find(({ id }) => id === deviceId);
        const state = this.#states.get(deviceId);
        if (!device || !state) {
            throw new DeviceError("unknown-device", deviceId, `There is no simulated device ${deviceId}.`);
        }
        if (this.#unplugged.has(deviceId)) {
            throw new DeviceError("unreachable", deviceId, `${device.name} is unplugged.`);
        }
        return { device, state };
    }
}

/** All of `change` or nothing. */
function changed({ id, name, abilities = {} }: Device, state: DeviceState, change: DeviceChange): DeviceState {
    const kept: Record<string, unknown> = {};
    for (const [property, value] of Object.entries(change)) {
        const ability = abilities[property as keyof DeviceAbilities];
        if (ability === undefined || (isChoice(ability) && !ability.includes(String(value)))) {
            throw new DeviceError("not-supported", id, `${name} can't do ${property} ${JSON.stringify(value)}.`);
        }
        kept[property] = isRange(ability) && typeof value === "number" ? within(ability, value) : value;
    }
    // A scene has no state, and a title that was skipped leaves none.
    const { skip: _, stop: __, cleanArea, on, ...told } = kept as DeviceChange;
    const { brightnessPercent, positionPercent, locked, colorTemperatureKelvin, color } = told;
    return {
        ...state,
        ...told,
        ...(on !== undefined && "on" in state && { on }),
        ...(brightnessPercent === 0 && { on: false }),
        ...(positionPercent !== undefined && { coverState: positionPercent === 0 ? "closed" : "open" }),
        ...(locked !== undefined && { lockState: locked ? "locked" : "unlocked" }),
        ...(cleanArea !== undefined && { activity: "cleaning" }),
        // A lamp that shows a white is not coloured any more, as HomeKit lamps tell it too.
        ...(colorTemperatureKelvin !== undefined && { color: { hueDegrees: 0, saturationPercent: 0 } }),
        ...(color && {
            color: {
                hueDegrees: ((color.hueDegrees % 360) + 360) % 360,
                saturationPercent: Math.min(100, Math.max(0, color.saturationPercent)),
            },
        }),
    };
}

function isChoice(ability: Range | readonly string[] | true): ability is readonly string[] {
    return Array.isArray(ability);
}

function isRange(ability: Range | readonly string[] | true): ability is Range {
    return ability !== true && !isChoice(ability);
}

/** Outside of its range a quantity is moved to the nearest value it has. */
function within({ from, to, step }: Range, value: number): number {
    return Math.min(to, Math.max(from, Math.round(value / step) * step));
}

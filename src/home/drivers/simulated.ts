/** Devices that exist in memory only: for a first flow, for trying out sentences, for tests. */
import { DeviceError, type DriverListener, type HomeDriver } from "../driver";
import type { ClimateMode, Device, DeviceChange, DeviceState } from "../model";

export type SimulatedType = "light" | "climate" | "switch";

export interface SimulatedDevice {
    readonly id: string;
    readonly name: string;
    readonly type: SimulatedType;
    readonly area?: string;
}

/** What a simulated device accepts; outside of it a quantity is moved to the nearest value it has. */
export const SIMULATED_RANGES = {
    brightnessPercent: { from: 0, to: 100, step: 1 },
    colorTemperatureKelvin: { from: 2_000, to: 6_500, step: 1 },
    targetTemperatureCelsius: { from: 7, to: 30, step: 0.5 },
} as const;

const CLIMATE_MODES: readonly ClimateMode[] = ["off", "heat", "cool", "auto"];

const NEW: Readonly<Record<SimulatedType, DeviceState>> = {
    light: {
        on: false,
        brightnessPercent: 100,
        color: { hueDegrees: 0, saturationPercent: 0 },
        colorTemperatureKelvin: 2_700,
    },
    climate: { currentTemperatureCelsius: 19.5, targetTemperatureCelsius: 20, climateMode: "heat" },
    switch: { on: false, inUse: false },
};

export class SimulatedDriver implements HomeDriver {
    readonly name = "simulated";
    readonly #devices: readonly Device[];
    readonly #states: Map<string, DeviceState>;
    readonly #unplugged = new Set<string>();
    #listener: DriverListener | undefined;

    constructor(devices: readonly SimulatedDevice[]) {
        this.#devices = devices;
        this.#states = new Map(devices.map(({ id, type }) => [id, NEW[type]]));
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
        const name = this.#devices.find((device) => device.id === deviceId)?.name ?? deviceId;
        const state = this.#states.get(deviceId);
        if (!state) throw new DeviceError("unknown-device", deviceId, `There is no simulated device ${deviceId}.`);
        if (this.#unplugged.has(deviceId)) throw new DeviceError("unreachable", deviceId, `${name} is unplugged.`);
        return state;
    }

    async apply(deviceId: string, change: DeviceChange): Promise<DeviceState> {
        const state = changed(deviceId, await this.read(deviceId), change);
        this.#states.set(deviceId, state);
        return state;
    }

    /** Somebody in the room changes the device by hand: it tells so on its own. */
    async operate(deviceId: string, change: DeviceChange): Promise<void> {
        this.#listener?.stateChanged(deviceId, await this.apply(deviceId, change));
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
}

/** All of `change` or nothing. */
function changed(deviceId: string, state: DeviceState, change: DeviceChange): DeviceState {
    for (const [property, value] of Object.entries(change)) {
        if (!(property in state) || (property === "climateMode" && !CLIMATE_MODES.includes(value as ClimateMode))) {
            throw new DeviceError(
                "not-supported",
                deviceId,
                `${deviceId} can't do ${property} ${JSON.stringify(value)}.`,
            );
        }
    }
    const { brightnessPercent, color, colorTemperatureKelvin, targetTemperatureCelsius } = change;
    return {
        ...state,
        ...change,
        ...(brightnessPercent !== undefined && within("brightnessPercent", brightnessPercent)),
        ...(brightnessPercent === 0 && { on: false }),
        ...(targetTemperatureCelsius !== undefined && within("targetTemperatureCelsius", targetTemperatureCelsius)),
        // A lamp that shows a white is not coloured any more, as HomeKit lamps tell it too.
        ...(colorTemperatureKelvin !== undefined && {
            ...within("colorTemperatureKelvin", colorTemperatureKelvin),
            color: { hueDegrees: 0, saturationPercent: 0 },
        }),
        ...(color && {
            color: {
                hueDegrees: ((color.hueDegrees % 360) + 360) % 360,
                saturationPercent: Math.min(100, Math.max(0, color.saturationPercent)),
            },
        }),
    };
}

function within(property: keyof typeof SIMULATED_RANGES, value: number): DeviceState {
    const { from, to, step } = SIMULATED_RANGES[property];
    return { [property]: Math.min(to, Math.max(from, Math.round(value / step) * step)) };
}

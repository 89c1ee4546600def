import type { Device, DeviceChange, DeviceState, DriverListener, HomeDriver } from "../../dist/src/home";

/** A driver that answers as the test says, and remembers what it was told. */
export class ScriptedDriver implements HomeDriver {
    listener: DriverListener | undefined;
    readonly applied: { readonly id: string; readonly change: DeviceChange }[] = [];
    readonly read: (deviceId: string) => Promise<DeviceState>;
    readonly #apply: (deviceId: string, change: DeviceChange) => Promise<DeviceState>;

    constructor(
        readonly devices: readonly Device[],
        answers: {
            read?: (deviceId: string) => Promise<DeviceState>;
            apply?: (deviceId: string, change: DeviceChange) => Promise<DeviceState>;
        } = {},
        readonly name = "scripted",
    ) {
        this.read = answers.read ?? (async () => ({}));
        this.#apply = answers.apply ?? (async (_, change) => change);
    }

    async start(listener: DriverListener): Promise<void> {
        this.listener = listener;
        listener.devicesChanged(this.devices);
    }

    async stop(): Promise<void> {}

    async apply(id: string, change: DeviceChange): Promise<DeviceState> {
        this.applied.push({ id, change });
        return await this.#apply(id, change);
    }
}

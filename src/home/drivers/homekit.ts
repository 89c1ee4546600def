/**
 * HomeKit accessories as devices of the home. A command and the reading that confirms it share the time that one command
 * has.
 */
import {
    type CharacteristicReading,
    type CharacteristicValue,
    type CharacteristicWrite,
    characteristicKey,
    type HapClient,
    HapError,
    type HomeKitAccessories,
} from "../../hap";
import { DeviceError, type DeviceErrorCode, type DriverListener, type HomeDriver } from "../driver";
import type { DeviceChange, DeviceState } from "../model";
import { type MappedDevice, mapAccessory, stateCharacteristics } from "./homekit/mapping";
import { GROUPS, stateOf, type Values } from "./homekit/state";
import { writesFor } from "./homekit/writes";

/** For a command and the reading after it. */
const COMMAND_MS = 6_000;

export class HomeKitDriver implements HomeDriver {
    readonly name = "homekit";
    readonly #accessories: HomeKitAccessories;
    /** By device id. */
    #devices: ReadonlyMap<string, MappedDevice> = new Map();
    /** By accessory id and client: what stops listening to it. */
    readonly #watched = new Map<string, { readonly client: HapClient; readonly unwatch: () => void }>();
    /** By device id: what was told last of the values that mean something only together, such as hue and saturation. */
    readonly #grouped = new Map<string, Map<string, CharacteristicValue>>();
    #listener: DriverListener | undefined;

    /** @param accessories started and stopped by their owner, before or after the driver. */
    constructor(accessories: HomeKitAccessories) {
        this.#accessories = accessories;
    }

    start(listener: DriverListener): Promise<void> {
        this.#listener = listener;
        this.#accessories.on("database", this.#onDatabase);
        for (const id of this.#accessories.paired()) this.#watch(id);
        this.#mapAll();
        return Promise.resolve();
    }

    stop(): Promise<void> {
        this.#listener = undefined;
        this.#accessories.off("database", this.#onDatabase);
        for (const { unwatch } of this.#watched.values()) unwatch();
        this.#watched.clear();
        this.#devices = new Map();
        this.#grouped.clear();
        return Promise.resolve();
    }

    async read(deviceId: string): Promise<DeviceState> {
        const mapped = this.#require(deviceId);
        return this.#asDeviceError(mapped, () => this.#readState(mapped, COMMAND_MS));
    }

    async apply(deviceId: string, change: DeviceChange): Promise<DeviceState> {
        const mapped = this.#require(deviceId);
        const writes = writesFor(mapped, change);
        const deadline = performance.now() + COMMAND_MS;
        const timeLeft = () => Math.max(1, deadline - performance.now());
        return this.#asDeviceError(mapped, async () => {
            const { aid } = mapped;
            const timed = writes.some(({ characteristic }) => characteristic.perms.includes("tw"));
            const values = writes.map(
                ({ characteristic: { iid }, value }): CharacteristicWrite => ({ aid, iid, value }),
            );
            const client = this.#accessories.client(mapped.accessoryId);
            if (values.length > 0) await client.write(values, { timed, withinMs: timeLeft() });
            return await this.#readState(mapped, timeLeft());
        });
    }

    /** What can't be read of a device, a battery say, is left out, as long as something can be. */
    async #readState(mapped: MappedDevice, withinMs: number): Promise<DeviceState> {
        const ids = stateCharacteristics(mapped, "pr");
        const results = await this.#accessories.client(mapped.accessoryId).read(ids, { withinMs });
        const values = new Map<string, CharacteristicValue>();
        for (const result of results) if (!("error" in result)) values.set(characteristicKey(result), result.value);
        const failed = results.find((result) => "error" in result);
        if (failed && values.size === 0) throw failed.error;
        return stateOf(mapped, this.#withGroups(mapped, values));
    }

    /** Adds to a hue the saturation that was told last, and the other way round; the same for other groups. */
    #withGroups({ device, aid, characteristics }: MappedDevice, values: Values): Values {
        const known = this.#grouped.get(device.id) ?? new Map<string, CharacteristicValue>();
        this.#grouped.set(device.id, known);
        const all = new Map(values);
        for (const group of GROUPS) {
            const keys = group.flatMap((type) => {
                const characteristic = characteristics.get(type);
                return characteristic ? [characteristicKey({ aid, iid: characteristic.iid })] : [];
            });
            if (!keys.some((key) => values.has(key))) continue;
            for (const key of keys) {
                const value = values.get(key) ?? known.get(key);
                if (value === undefined) continue;
                known.set(key, value);
                all.set(key, value);
            }
        }
        return all;
    }

    readonly #onDatabase = (accessoryId: string): void => {
        this.#watch(accessoryId);
        this.#mapAll();
    };

    /** Follows an accessory's client: it is another one after the accessory was paired anew. */
    #watch(accessoryId: string): void {
        const watched = this.#watched.get(accessoryId);
        const isPaired = this.#accessories.paired().includes(accessoryId);
        const client = isPaired ? this.#accessories.client(accessoryId) : undefined;
        if (watched?.client === client) return;
        watched?.unwatch();
        this.#watched.delete(accessoryId);
        if (!client) return;
        const onValues = (readings: readonly CharacteristicReading[]) => this.#tellStates(accessoryId, readings);
        const onConnected = () => {
            this.#tellReachable(accessoryId, true);
            this.#catchUp(accessoryId, client);
        };
        const onDisconnected = () => this.#tellReachable(accessoryId, false);
        client.on("values", onValues).on("connected", onConnected).on("disconnected", onDisconnected);
        client.on("failed", onDisconnected);
        const unwatch = () => {
            client.off("values", onValues).off("connected", onConnected).off("disconnected", onDisconnected);
            client.off("failed", onDisconnected);
        };
        this.#watched.set(accessoryId, { client, unwatch });
    }

    /** Reads what may have changed while nobody listened. */
    #catchUp(accessoryId: string, client: HapClient): void {
        const ids = [...this.#devices.values()].flatMap((one) =>
            one.accessoryId === accessoryId ? stateCharacteristics(one, "pr") : [],
        );
        client.read(ids).then(
            (results) => {
                const readings = results.flatMap((result) => ("error" in result ? [] : [result]));
                this.#tellStates(accessoryId, readings);
            },
            () => {}, // Lost again already; the next connection brings the next try.
        );
    }

    #mapAll(): void {
        const before = this.#devices;
        const mapped = this.#accessories
            .paired()
            .flatMap((id) =>
                (this.#accessories.database(id) ?? []).flatMap((accessory) => mapAccessory(id, accessory)),
            );
        this.#devices = new Map(mapped.map((one) => [one.device.id, one]));
        const devices = mapped.map(({ device }) => device);
        const isNews = JSON.stringify(devices) !== JSON.stringify([...before.values()].map(({ device }) => device));
        if (isNews) this.#listener?.devicesChanged(devices);
        for (const one of mapped) {
            if (before.has(one.device.id)) continue;
            this.#listener?.reachableChanged(one.device.id, this.#accessories.client(one.accessoryId).isConnected);
            const state = stateOf(one, this.#withGroups(one, databaseValues(one)));
            if (Object.keys(state).length > 0) this.#listener?.stateChanged(one.device.id, state);
        }
        for (const id of new Set(mapped.map(({ accessoryId }) => accessoryId))) {
            const ids = mapped
                .filter(({ accessoryId }) => accessoryId === id)
                .flatMap((one) => stateCharacteristics(one, "ev"));
            // Not reached now: the client subscribes when it has connected.
            this.#accessories
                .client(id)
                .subscribe(ids)
                .catch(() => {});
        }
    }

    #tellStates(accessoryId: string, readings: readonly CharacteristicReading[]): void {
        const values = new Map(readings.map((reading) => [characteristicKey(reading), reading.value]));
        for (const mapped of this.#devices.values()) {
            if (mapped.accessoryId !== accessoryId) continue;
            const state = stateOf(mapped, this.#withGroups(mapped, values));
            if (Object.keys(state).length > 0) this.#listener?.stateChanged(mapped.device.id, state);
        }
    }

    #tellReachable(accessoryId: string, reachable: boolean): void {
        for (const mapped of this.#devices.values()) {
            if (mapped.accessoryId === accessoryId) this.#listener?.reachableChanged(mapped.device.id, reachable);
        }
    }

    #require(deviceId: string): MappedDevice {
        const mapped = this.#devices.get(deviceId);
        if (mapped) return mapped;
        throw new DeviceError("unknown-device", deviceId, `No HomeKit device with the id ${deviceId} is known.`);
    }

    async #asDeviceError<T>({ device }: MappedDevice, work: () => Promise<T>): Promise<T> {
        try {
            return await work();
        } catch (error) {
            if (!(error instanceof HapError)) throw error;
            const code = DEVICE_ERRORS[error.code] ?? "failed";
            throw new DeviceError(code, device.id, `${device.name}: ${error.message}`, { cause: error });
        }
    }
}

const DEVICE_ERRORS: Readonly<Partial<Record<HapError["code"], DeviceErrorCode>>> = {
    unreachable: "unreachable",
    disconnected: "unreachable",
    closed: "unreachable",
    "not-paired": "unreachable",
    timeout: "timeout",
    refused: "refused",
    authentication: "refused",
};

function databaseValues({ aid, characteristics }: MappedDevice): Values {
    return new Map(
        [...characteristics.values()].flatMap(({ iid, value }) =>
            value === undefined ? [] : [[characteristicKey({ aid, iid }), value] as const],
        ),
    );
}

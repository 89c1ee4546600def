/**
 * HomeKit accessories as devices of the home: lamps, thermostats, outlets and switches. What their characteristics mean
 * is HAP R2 chapters 8 and 9; units there are percent, arc degrees, celsius and reciprocal megakelvin (mired).
 */
import {
    type Accessory,
    type Characteristic,
    type CharacteristicId,
    type CharacteristicReading,
    CharacteristicType,
    type CharacteristicValue,
    type CharacteristicWrite,
    characteristicKey,
    type HapClient,
    HapError,
    type HomeKitAccessories,
    type Service,
    ServiceType,
} from "../../hap";
import { DeviceError, type DeviceErrorCode, type DriverListener, type HomeDriver } from "../driver";
import type { ClimateMode, Device, DeviceChange, DeviceState, DeviceType } from "../model";

/** Home Assistant's domain for each service that is a device. */
const DEVICE_TYPES: Readonly<Record<string, DeviceType>> = {
    [ServiceType.Lightbulb]: "light",
    [ServiceType.Outlet]: "switch",
    [ServiceType.Switch]: "switch",
    [ServiceType.Thermostat]: "climate",
};

/** Characteristics that make up a device's state. */
const STATE_TYPES: ReadonlySet<string> = new Set([
    CharacteristicType.On,
    CharacteristicType.Brightness,
    CharacteristicType.Hue,
    CharacteristicType.Saturation,
    CharacteristicType.ColorTemperature,
    CharacteristicType.CurrentTemperature,
    CharacteristicType.TargetTemperature,
    CharacteristicType.TargetHeatingCoolingState,
    CharacteristicType.OutletInUse,
]);

/** By the number in TargetHeatingCoolingState. */
const CLIMATE_MODES: readonly ClimateMode[] = ["off", "heat", "cool", "auto"];

/** 1,000,000 divided by one of kelvin and mired is the other. */
const MIRED_KELVIN = 1_000_000;
/** The ends of the model's range for a colour temperature. */
const MIN_KELVIN = 1000;
const MAX_KELVIN = 10_000;

/** A service of a paired accessory that is a device. */
interface MappedDevice {
    readonly device: Device;
    readonly accessoryId: string;
    readonly aid: bigint;
    /** By type: of each the first. */
    readonly characteristics: ReadonlyMap<string, Characteristic>;
}

/** Values by characteristic key. */
type Values = ReadonlyMap<string, CharacteristicValue>;

export class HomeKitDriver implements HomeDriver {
    readonly name = "homekit";
    readonly #accessories: HomeKitAccessories;
    /** By device id. */
    #devices: ReadonlyMap<string, MappedDevice> = new Map();
    /** By accessory id and client: what stops listening to it. */
    readonly #watched = new Map<string, { readonly client: HapClient; readonly unwatch: () => void }>();
    /** By device id: the hue and saturation told last. They change one at a time, but only both make a colour. */
    readonly #colorValues = new Map<string, Map<string, CharacteristicValue>>();
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
        this.#colorValues.clear();
        return Promise.resolve();
    }

    async read(deviceId: string): Promise<DeviceState> {
        const mapped = this.#require(deviceId);
        return this.#asDeviceError(mapped, () => this.#readState(mapped));
    }

    async apply(deviceId: string, change: DeviceChange): Promise<DeviceState> {
        const mapped = this.#require(deviceId);
        const writes = writesFor(mapped, change);
        return this.#asDeviceError(mapped, async () => {
            const { aid } = mapped;
            const timed = writes.some(({ characteristic }) => characteristic.perms.includes("tw"));
            const values = writes.map(
                ({ characteristic: { iid }, value }): CharacteristicWrite => ({ aid, iid, value }),
            );
            if (values.length > 0) await this.#accessories.client(mapped.accessoryId).write(values, { timed });
            return await this.#readState(mapped);
        });
    }

    async #readState(mapped: MappedDevice): Promise<DeviceState> {
        const ids = stateIds(mapped);
        const results = await this.#accessories.client(mapped.accessoryId).read(ids);
        const values = new Map<string, CharacteristicValue>();
        for (const result of results) {
            if ("error" in result) throw result.error;
            values.set(characteristicKey(result), result.value);
        }
        return stateOf(mapped, this.#withBothOfColor(mapped, values));
    }

    /** Adds to a hue the saturation that was told last, and the other way round. */
    #withBothOfColor(mapped: MappedDevice, values: Values): Values {
        const keys = [CharacteristicType.Hue, CharacteristicType.Saturation].flatMap((type) => {
            const characteristic = mapped.characteristics.get(type);
            return characteristic ? [characteristicKey({ aid: mapped.aid, iid: characteristic.iid })] : [];
        });
        if (!keys.some((key) => values.has(key))) return values;
        const known = this.#colorValues.get(mapped.device.id) ?? new Map<string, CharacteristicValue>();
        this.#colorValues.set(mapped.device.id, known);
        for (const key of keys) {
            const value = values.get(key);
            if (value !== undefined) known.set(key, value);
        }
        return new Map([...values, ...known]);
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
            one.accessoryId === accessoryId ? stateIds(one) : [],
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
            const state = stateOf(one, this.#withBothOfColor(one, databaseValues(one)));
            if (Object.keys(state).length > 0) this.#listener?.stateChanged(one.device.id, state);
        }
        for (const id of new Set(mapped.map(({ accessoryId }) => accessoryId))) {
            const ids = mapped.filter(({ accessoryId }) => accessoryId === id).flatMap(eventIds);
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
            const state = stateOf(mapped, this.#withBothOfColor(mapped, values));
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

/** An accessory with one device has its name; with several, each has its service's own. */
function mapAccessory(accessoryId: string, { aid, services }: Accessory): readonly MappedDevice[] {
    const information = services.find(({ type }) => type === ServiceType.AccessoryInformation);
    const accessoryName = (information && textOf(information, CharacteristicType.Name)) || accessoryId;
    const found = services.filter(({ type, isHidden }) => DEVICE_TYPES[type] !== undefined && !isHidden);
    return found.map((service, index) => {
        const isOnly = found.length === 1;
        const ownName =
            textOf(service, CharacteristicType.ConfiguredName) ||
            (isOnly ? accessoryName : textOf(service, CharacteristicType.Name));
        const id = `homekit:${accessoryId}:${aid}`;
        const characteristics = new Map<string, Characteristic>();
        for (const characteristic of service.characteristics) {
            if (!characteristics.has(characteristic.type)) characteristics.set(characteristic.type, characteristic);
        }
        return {
            device: {
                id: isOnly ? id : `${id}:${service.iid}`,
                name: ownName || `${accessoryName} ${index + 1}`,
                type: DEVICE_TYPES[service.type] ?? "switch",
            },
            accessoryId,
            aid,
            characteristics,
        };
    });
}

function textOf(service: Service, type: string): string | undefined {
    const value = service.characteristics.find((characteristic) => characteristic.type === type)?.value;
    return typeof value === "string" ? value.trim() : undefined;
}

function stateIds(mapped: MappedDevice): readonly CharacteristicId[] {
    return stateCharacteristics(mapped, "pr");
}

function eventIds(mapped: MappedDevice): readonly CharacteristicId[] {
    return stateCharacteristics(mapped, "ev");
}

function stateCharacteristics({ aid, characteristics }: MappedDevice, permission: string): readonly CharacteristicId[] {
    return [...characteristics.values()].flatMap(({ type, iid, perms }) =>
        STATE_TYPES.has(type) && perms.includes(permission) ? [{ aid, iid }] : [],
    );
}

function databaseValues({ aid, characteristics }: MappedDevice): Values {
    return new Map(
        [...characteristics.values()].flatMap(({ iid, value }) =>
            value === undefined ? [] : [[characteristicKey({ aid, iid }), value] as const],
        ),
    );
}

/** The part of the state that `values`, by characteristic key, tell. */
function stateOf({ aid, characteristics }: MappedDevice, values: Values): DeviceState {
    const told = (type: string): CharacteristicValue | undefined => {
        const characteristic = characteristics.get(type);
        return characteristic && values.get(characteristicKey({ aid, iid: characteristic.iid }));
    };
    const number = (type: string): number | undefined => {
        const value = told(type);
        return typeof value === "number" ? value : undefined;
    };
    const flag = (type: string): boolean | undefined => {
        const value = told(type);
        // Booleans come as true or 1.
        return typeof value === "boolean" ? value : typeof value === "number" ? value !== 0 : undefined;
    };
    const hue = number(CharacteristicType.Hue);
    const saturation = number(CharacteristicType.Saturation);
    const mired = number(CharacteristicType.ColorTemperature);
    const mode = number(CharacteristicType.TargetHeatingCoolingState);
    return withoutUndefined({
        on: flag(CharacteristicType.On),
        brightnessPercent: number(CharacteristicType.Brightness),
        color:
            hue === undefined || saturation === undefined
                ? undefined
                : { hueDegrees: hue, saturationPercent: saturation },
        colorTemperatureKelvin: mired ? clamp(Math.round(MIRED_KELVIN / mired), MIN_KELVIN, MAX_KELVIN) : undefined,
        currentTemperatureCelsius: number(CharacteristicType.CurrentTemperature),
        targetTemperatureCelsius: number(CharacteristicType.TargetTemperature),
        climateMode: mode === undefined ? undefined : CLIMATE_MODES[mode],
        inUse: flag(CharacteristicType.OutletInUse),
    });
}

interface ValueToWrite {
    readonly characteristic: Characteristic;
    readonly value: CharacteristicValue;
}

/** @throws {DeviceError} `not-supported` for the first property that the device doesn't have. */
function writesFor({ device, characteristics }: MappedDevice, change: DeviceChange): readonly ValueToWrite[] {
    const writes: ValueToWrite[] = [];
    const set = (type: string, value: number | boolean, what: string) => {
        const characteristic = characteristics.get(type);
        if (!characteristic?.perms.includes("pw")) throw notSupported(device, what);
        writes.push({ characteristic, value: typeof value === "number" ? fitted(value, characteristic) : value });
    };
    if (change.on !== undefined) {
        if (characteristics.has(CharacteristicType.On)) set(CharacteristicType.On, change.on, "switched");
        else setThermostatOn(change.on);
    }
    if (change.brightnessPercent !== undefined) set(CharacteristicType.Brightness, change.brightnessPercent, "dimmed");
    if (change.color) {
        set(CharacteristicType.Hue, ((change.color.hueDegrees % 360) + 360) % 360, "set to a colour");
        set(CharacteristicType.Saturation, change.color.saturationPercent, "set to a colour");
    }
    if (change.colorTemperatureKelvin !== undefined) {
        const mired = MIRED_KELVIN / clamp(change.colorTemperatureKelvin, MIN_KELVIN, MAX_KELVIN);
        set(CharacteristicType.ColorTemperature, mired, "set to a colour temperature");
    }
    if (change.targetTemperatureCelsius !== undefined) {
        set(CharacteristicType.TargetTemperature, change.targetTemperatureCelsius, "set to a temperature");
    }
    if (change.climateMode !== undefined) setMode(change.climateMode);
    return writes;

    /** A thermostat has no On: off is a mode, and on the first of those that it has besides. */
    function setThermostatOn(on: boolean): void {
        const valid = characteristics.get(CharacteristicType.TargetHeatingCoolingState)?.validValues ?? [0, 1, 2, 3];
        const wanted = on ? ([3, 1, 2].find((mode) => valid.includes(mode)) ?? 1) : 0;
        set(CharacteristicType.TargetHeatingCoolingState, wanted, "switched");
    }

    function setMode(mode: ClimateMode): void {
        const value = CLIMATE_MODES.indexOf(mode);
        const characteristic = characteristics.get(CharacteristicType.TargetHeatingCoolingState);
        if (characteristic?.validValues && !characteristic.validValues.includes(value)) {
            throw notSupported(device, `set to ${mode}`);
        }
        set(CharacteristicType.TargetHeatingCoolingState, value, `set to ${mode}`);
    }
}

function notSupported({ id, name }: Device, what: string): DeviceError {
    return new DeviceError("not-supported", id, `${name} can't be ${what}.`);
}

/** The nearest value that the characteristic takes. */
function fitted(value: number, { minValue, maxValue, minStep, format }: Characteristic): number {
    const low = minValue ?? Number.NEGATIVE_INFINITY;
    const high = maxValue ?? Number.POSITIVE_INFINITY;
    const step = minStep ?? (format === "float" ? 0 : 1);
    const base = minValue ?? 0;
    const stepped = step > 0 ? base + Math.round((value - base) / step) * step : value;
    // Steps such as 0.1 leave a tail of binary digits that some accessories refuse.
    return Number(clamp(stepped, low, high).toFixed(6));
}

function clamp(value: number, low: number, high: number): number {
    return Math.min(high, Math.max(low, value));
}

type WithUndefined<T> = { readonly [K in keyof T]: T[K] | undefined };

function withoutUndefined(state: WithUndefined<DeviceState>): DeviceState {
    return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}

/** Entities of Home Assistant as devices of the home. */
import { isDeepStrictEqual } from "node:util";
import {
    type HomeAssistant,
    HomeAssistantError,
    type HomeAssistantErrorCode,
    type House,
    type HouseEntity,
    type ServiceCall,
} from "../../home-assistant";
import { DeviceError, type DeviceErrorCode, type DriverListener, type HomeDriver } from "../driver";
import type { Device, DeviceChange, DeviceState } from "../model";
import { deviceIdOf, deviceOf, domainOf, placesOf } from "./home-assistant/mapping";
import { callsFor, type Entity, hasBecome, suitedTo } from "./home-assistant/services";
import { isAvailable, stateOf } from "./home-assistant/state";

export { describeHouse } from "./home-assistant/mapping";

/** How long a command may take, in milliseconds. */
export interface CommandTimings {
    /** Altogether. */
    readonly commandMs: number;
    /** For the device to tell what it was asked to become, once Home Assistant has passed that on. */
    readonly obeyMs: number;
    /** For quantities, once the device has told the rest: they may well settle on another value. */
    readonly settleMs: number;
}

/** A command takes less than the dispatcher gives a device, so that the reason is told and not just that it took too long. */
const DEFAULT_TIMINGS: CommandTimings = { commandMs: 4_700, obeyMs: 1_500, settleMs: 400 };

interface Known {
    readonly entity: HouseEntity;
    readonly device: Device;
}

export class HomeAssistantDriver implements HomeDriver {
    readonly name = "home-assistant";
    readonly #homeAssistant: HomeAssistant;
    readonly #timings: CommandTimings;
    /** By device id. */
    #known: ReadonlyMap<string, Known> = new Map();
    #listener: DriverListener | undefined;
    /** Commands that wait for what a device tells: called at each news. */
    readonly #waiting = new Set<() => void>();

    /** @param homeAssistant started and stopped with the driver */
    constructor(homeAssistant: HomeAssistant, timings: Partial<CommandTimings> = {}) {
        this.#homeAssistant = homeAssistant;
        this.#timings = { ...DEFAULT_TIMINGS, ...timings };
    }

    start(listener: DriverListener): Promise<void> {
        this.#listener = listener;
        this.#homeAssistant.on("house", this.#onHouse).on("states", this.#onStates).on("status", this.#onStatus);
        this.#homeAssistant.start();
        return Promise.resolve();
    }

    async stop(): Promise<void> {
        this.#listener = undefined;
        this.#homeAssistant.off("house", this.#onHouse).off("states", this.#onStates).off("status", this.#onStatus);
        await this.#homeAssistant.stop();
    }

    async read(deviceId: string): Promise<DeviceState> {
        const {
            entity: { id: entityId },
            device,
        } = this.#require(deviceId);
        return await this.#asDeviceError(device, async () => {
            const state = await this.#homeAssistant.fetchState(entityId, this.#timings.commandMs);
            if (!isAvailable(state)) throw unavailable(device);
            return stateOf(domainOf(entityId), state, this.#unit());
        });
    }

    async apply(deviceId: string, change: DeviceChange): Promise<DeviceState> {
        const {
            entity: { id: entityId },
            device,
        } = this.#require(deviceId);
        const state = this.#homeAssistant.state(entityId);
        if (this.#homeAssistant.status.state === "connected" && !isAvailable(state)) throw unavailable(device);
        const entity: Entity = {
            id: entityId,
            domain: domainOf(entityId),
            device,
            state: state ?? { state: "unknown", attributes: {} },
            unit: this.#unit(),
        };
        const suited = suitedTo(entity, change);
        const calls = callsFor(entity, suited);
        return await this.#asDeviceError(device, async () => {
            await this.#carryOut(entity, calls, suited);
            return this.#state(entityId);
        });
    }

    async #carryOut(entity: Entity, calls: readonly ServiceCall[], change: DeviceChange): Promise<void> {
        const { commandMs, obeyMs, settleMs } = this.#timings;
        const deadline = performance.now() + commandMs;
        const timeLeft = () => Math.max(1, deadline - performance.now());
        const hasObeyed = (exactly: boolean) => hasBecome(change, this.#state(entity.id), exactly);
        for (const call of calls) {
            await this.#homeAssistant.callService(call, timeLeft()).catch((error: unknown) => {
                // Home Assistant answers when a service is through; some take long to end after the device has obeyed.
                const isLate = error instanceof HomeAssistantError && error.code === "timeout";
                if (!isLate || !hasObeyed(true)) throw error;
            });
        }
        if (TELLS_NOTHING.has(entity.domain)) return;
        await this.#until(() => hasObeyed(false), Math.min(obeyMs, timeLeft()));
        await this.#until(() => hasObeyed(true), Math.min(settleMs, timeLeft()));
    }

    #until(isSo: () => boolean, withinMs: number): Promise<void> {
        const { promise, resolve } = Promise.withResolvers<void>();
        const look = () => {
            if (isSo() || this.#homeAssistant.status.state !== "connected") resolve();
        };
        const timer = setTimeout(resolve, withinMs);
        this.#waiting.add(look);
        look();
        return promise.finally(() => {
            clearTimeout(timer);
            this.#waiting.delete(look);
        });
    }

    #state(entityId: string): DeviceState {
        const state = this.#homeAssistant.state(entityId);
        return isAvailable(state) ? stateOf(domainOf(entityId), state, this.#unit()) : {};
    }

    #unit() {
        return this.#homeAssistant.house?.config.temperatureUnit ?? "celsius";
    }

    readonly #onHouse = (): void => {
        const { house } = this.#homeAssistant;
        if (!house) return;
        this.#listener?.placesChanged(placesOf(house));
        const before = this.#known;
        this.#known = new Map(
            house.entities.map((entity) => {
                const id = deviceIdOf(entity.id);
                return [id, { entity, device: this.#deviceOf(house, entity, before.get(id)?.device) }];
            }),
        );
        this.#listener?.devicesChanged([...this.#known.values()].map(({ device }) => device));
        for (const known of this.#known.values()) this.#tell(known);
    };

    readonly #onStates = (entityIds: readonly string[]): void => {
        const told = entityIds.flatMap((id) => this.#known.get(deviceIdOf(id)) ?? []);
        const { house } = this.#homeAssistant;
        const isRemade = ({ entity, device }: Known) =>
            house !== undefined && !isDeepStrictEqual(this.#deviceOf(house, entity, device), device);
        // A device that came back may have another name, or can do other things.
        if (told.some(isRemade)) this.#onHouse();
        else for (const known of told) this.#tell(known);
        for (const look of this.#waiting) look();
    };

    #deviceOf(house: House, entity: HouseEntity, before?: Device): Device {
        return deviceOf(entity, this.#homeAssistant.state(entity.id), house, before);
    }

    readonly #onStatus = (): void => {
        for (const known of this.#known.values()) this.#tell(known);
        for (const look of this.#waiting) look();
    };

    #tell({ entity, device }: Known): void {
        const { status } = this.#homeAssistant;
        const isReachable = status.state === "connected" && isAvailable(this.#homeAssistant.state(entity.id));
        this.#listener?.reachableChanged(device.id, isReachable);
        const state = isReachable ? this.#state(entity.id) : {};
        if (Object.keys(state).length > 0) this.#listener?.stateChanged(device.id, state);
    }

    #require(deviceId: string): Known {
        const known = this.#known.get(deviceId);
        if (known) return known;
        throw new DeviceError("unknown-device", deviceId, `Home Assistant exposes no ${deviceId}.`);
    }

    async #asDeviceError<T>({ id, name }: Device, work: () => Promise<T>): Promise<T> {
        try {
            return await work();
        } catch (error) {
            if (!(error instanceof HomeAssistantError)) throw error;
            const code = DEVICE_ERRORS[error.code] ?? "unreachable";
            throw new DeviceError(code, id, `${name}: ${error.message}`, { cause: error });
        }
    }
}

/** No state of theirs says whether what was asked has been done. */
const TELLS_NOTHING: ReadonlySet<string> = new Set(["scene", "script"]);

/** All others mean that there is no connection. */
const DEVICE_ERRORS: Readonly<Partial<Record<HomeAssistantErrorCode, DeviceErrorCode>>> = {
    busy: "failed",
    refused: "refused",
    timeout: "timeout",
};

function unavailable({ id, name }: Device): DeviceError {
    return new DeviceError("unreachable", id, `${name} does not answer Home Assistant at the moment.`);
}

/** Home Assistant as this program sees it: connected whenever it can be, with the house and its states at hand. */
import { EventEmitter, once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { webSocketAddress } from "./address";
import { Connection } from "./connection";
import { HomeAssistantError } from "./error";
import type { House } from "./house";
import { HouseWatch } from "./house-watch";
import { type EntityState, readEntityChanges, type ServiceCall } from "./messages";
import { DEFAULT_TIMINGS, type HomeAssistantTimings } from "./timings";

export interface HomeAssistantOptions {
    /** As people type it: "http://homeassistant.local:8123". */
    readonly address: string;
    /** A long-lived access token of an administrator. */
    readonly token: string;
    readonly timings?: Partial<HomeAssistantTimings>;
    /** From 0 to below 1; spreads the tries of several clients after an outage. */
    readonly random?: () => number;
}

/**
 * - `waiting`: for the next try, because of `error`
 * - `refused`: because of `error`, which no further try can change
 */
export type HomeAssistantStatus =
    | { readonly state: "stopped" | "connecting" }
    | { readonly state: "connected"; readonly version: string }
    | { readonly state: "waiting" | "refused"; readonly error: HomeAssistantError };

export interface HomeAssistantEvents {
    status: [status: HomeAssistantStatus];
    /** The house is known, or another one. */
    house: [house: House];
    /** These have another state than before. */
    states: [entityIds: readonly string[]];
}

export class HomeAssistant extends EventEmitter<HomeAssistantEvents> {
    readonly #options: HomeAssistantOptions;
    readonly #timings: HomeAssistantTimings;
    readonly #random: () => number;
    #status: HomeAssistantStatus = { state: "stopped" };
    #house: House | undefined;
    #connection: Connection | undefined;
    /** Of the present connection or the last. */
    #watch: HouseWatch | undefined;
    #stopping: AbortController | undefined;
    #running: Promise<void> = Promise.resolve();

    constructor(options: HomeAssistantOptions) {
        super();
        this.#options = options;
        this.#timings = { ...DEFAULT_TIMINGS, ...options.timings };
        this.#random = options.random ?? Math.random;
    }

    /** Connects in the background, and again whenever the connection is lost. */
    start(): void {
        if (this.#stopping) return;
        this.#stopping = new AbortController();
        this.#running = this.#run(this.#stopping.signal);
    }

    async stop(): Promise<void> {
        this.#stopping?.abort();
        this.#connection?.close();
        await this.#running;
        this.#stopping = undefined;
    }

    get status(): HomeAssistantStatus {
        return this.#status;
    }

    /** Undefined until it was read for the first time. */
    get house(): House | undefined {
        return this.#house;
    }

    /** As last told; the entity may have another state by now if the connection is lost. */
    state(entityId: string): EntityState | undefined {
        return this.#watch?.state(entityId);
    }

    /**
     * Asks Home Assistant now, not the memory.
     * @returns undefined for an entity without a state
     * @throws HomeAssistantError
     */
    async fetchState(entityId: string, withinMs: number = this.#timings.commandMs): Promise<EntityState | undefined> {
        const connection = this.#connected();
        const { promise, resolve } = Promise.withResolvers<EntityState | undefined>();
        const subscription = await connection.subscribe(
            { type: "subscribe_entities", entity_ids: [entityId] },
            (event) => {
                const changes = readEntityChanges(event);
                if (changes) resolve(changes.added.get(entityId));
            },
        );
        try {
            return await connection.within(withinMs, `the state of ${entityId}`, promise);
        } finally {
            void subscription.unsubscribe();
        }
    }

    /**
     * Resolves once Home Assistant has carried out the service, which need not mean that the device has finished.
     * @throws HomeAssistantError
     */
    async callService(call: ServiceCall, withinMs?: number): Promise<void> {
        await this.#connected().request({ type: "call_service", ...call }, withinMs === undefined ? {} : { withinMs });
    }

    #connected(): Connection {
        if (this.#connection && this.#status.state === "connected") return this.#connection;
        throw new HomeAssistantError(
            "disconnected",
            "error" in this.#status ? this.#status.error.message : "There is no connection to Home Assistant yet.",
        );
    }

    async #run(stopping: AbortSignal): Promise<void> {
        const { firstRetryMs, longestRetryMs } = this.#timings;
        let retryMs = firstRetryMs;
        this.#tell({ state: "connecting" });
        while (!stopping.aborted) {
            const error = await this.#live(stopping);
            if (stopping.aborted) break;
            if (error.isFinal) {
                this.#tell({ state: "refused", error });
                return;
            }
            if (this.#status.state === "connected") retryMs = firstRetryMs;
            this.#tell({ state: "waiting", error });
            const spread = 0.75 + this.#random() / 2;
            await pause(retryMs * spread, undefined, { signal: stopping }).catch(() => undefined);
            retryMs = Math.min(longestRetryMs, retryMs * 2);
        }
        this.#tell({ state: "stopped" });
    }

    /** One connection from its beginning to its end. Never rejects: resolves with the reason of the end. */
    async #live(stopping: AbortSignal): Promise<HomeAssistantError> {
        let connection: Connection | undefined;
        let watch: HouseWatch | undefined;
        try {
            const address = webSocketAddress(this.#options.address);
            connection = await Connection.open({ address, token: this.#options.token }, this.#timings, stopping);
            this.#connection = connection;
            const closed = once(connection, "closed") as Promise<[HomeAssistantError]>;
            let failure: unknown;
            watch = new HouseWatch(connection, this.#timings, {
                houseChanged: (house) => {
                    this.#house = house;
                    this.#watch = watch;
                    this.emit("house", house);
                },
                statesChanged: (ids) => {
                    if (this.#watch === watch) this.emit("states", ids);
                },
                failed: (error) => {
                    failure = error;
                    connection?.close();
                },
            });
            await watch.start();
            this.#tell({ state: "connected", version: connection.version });
            const [reason] = await closed;
            return asHomeAssistantError(failure ?? reason);
        } catch (error) {
            return asHomeAssistantError(error);
        } finally {
            watch?.stop();
            connection?.close();
            this.#connection = undefined;
        }
    }

    #tell(status: HomeAssistantStatus): void {
        this.#status = status;
        this.emit("status", status);
    }
}

function asHomeAssistantError(error: unknown): HomeAssistantError {
    if (error instanceof HomeAssistantError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    return new HomeAssistantError("protocol", `The connection to Home Assistant failed: ${reason}`, { cause: error });
}

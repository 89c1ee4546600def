/** Follows over one connection what Home Assistant knows of the home: registries and states. */
import { isDeepStrictEqual } from "node:util";
import type { Connection, Subscription } from "./connection";
import { EntityStates } from "./entity-states";
import { type House, readHouse } from "./house";
import { type EntityState, REGISTRY_EVENTS, readEntityChanges } from "./messages";
import type { HomeAssistantTimings } from "./timings";

export interface HouseListener {
    /** The house is another one: something was renamed, moved, exposed or hidden. */
    houseChanged(house: House): void;
    statesChanged(entityIds: readonly string[]): void;
    /** It can't be followed any longer. */
    failed(error: unknown): void;
}

export type WatchTimings = Pick<HomeAssistantTimings, "commandMs" | "settleMs" | "lookUpEveryMs">;

export class HouseWatch {
    readonly #connection: Connection;
    readonly #timings: WatchTimings;
    readonly #listener: HouseListener;
    #house: House | undefined;
    #states = new EntityStates();
    #entitySubscription: Subscription | undefined;
    #settleTimer: NodeJS.Timeout | undefined;
    #lookUpTimer: NodeJS.Timeout | undefined;
    #isReading = false;
    #isStale = false;
    #isStopped = false;

    constructor(connection: Connection, timings: WatchTimings, listener: HouseListener) {
        this.#connection = connection;
        this.#timings = timings;
        this.#listener = listener;
    }

    /**
     * Resolves once house and states are known and have been told.
     * @throws HomeAssistantError
     */
    async start(): Promise<void> {
        // Before the registries are read, so that no change falls in between.
        await Promise.all(
            REGISTRY_EVENTS.map((event_type) =>
                this.#connection.subscribe({ type: "subscribe_events", event_type }, () => this.#readSoon()),
            ),
        );
        await this.#read();
        this.#lookUpTimer = setInterval(() => this.#readSoon(), this.#timings.lookUpEveryMs);
        if (this.#isStopped) this.stop();
    }

    stop(): void {
        this.#isStopped = true;
        clearTimeout(this.#settleTimer);
        clearInterval(this.#lookUpTimer);
    }

    state(entityId: string): EntityState | undefined {
        return this.#states.get(entityId);
    }

    #readSoon(): void {
        this.#isStale = true;
        if (this.#settleTimer || this.#isReading || this.#isStopped) return;
        this.#settleTimer = setTimeout(() => {
            this.#settleTimer = undefined;
            this.#read().catch((error: unknown) => {
                if (!this.#isStopped) this.#listener.failed(error);
            });
        }, this.#timings.settleMs);
    }

    async #read(): Promise<void> {
        this.#isReading = true;
        this.#isStale = false;
        try {
            const house = await readHouse(this.#connection);
            const ids = house.entities.map(({ id }) => id);
            const before = this.#house?.entities.map(({ id }) => id);
            if (!isDeepStrictEqual(ids, before)) await this.#follow(ids);
            if (this.#isStopped || isDeepStrictEqual(house, this.#house)) return;
            this.#house = house;
            this.#listener.houseChanged(house);
        } finally {
            this.#isReading = false;
            if (this.#isStale) this.#readSoon();
        }
    }

    async #follow(ids: readonly string[]): Promise<void> {
        const old = this.#entitySubscription;
        const states = new EntityStates(ids);
        this.#entitySubscription = ids.length === 0 ? undefined : await this.#subscribe(states, ids);
        this.#states = states;
        await old?.unsubscribe();
    }

    /** Resolves once the present states have come: Home Assistant sends them all at first. */
    async #subscribe(states: EntityStates, ids: readonly string[]): Promise<Subscription> {
        const first = Promise.withResolvers<void>();
        const subscription = await this.#connection.subscribe(
            { type: "subscribe_entities", entity_ids: ids },
            (event) => {
                const changes = readEntityChanges(event);
                if (!changes) return;
                const news = states.apply(changes);
                first.resolve();
                if (news.length > 0 && states === this.#states) this.#listener.statesChanged(news);
            },
        );
        await this.#connection.within(this.#timings.commandMs, "any states", first.promise);
        return subscription;
    }
}

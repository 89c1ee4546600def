/** The HomeKit accessories of the home: those that announce themselves, those paired with this hub, or both. */
import { EventEmitter } from "node:events";
import type { DiscoveredService, MdnsBrowser } from "../mdns";
import {
    describe,
    endpointsOf,
    HAP_SERVICE,
    type HomeKitAccessory,
    hasAppleAuthentication,
    idOf,
} from "./announcement";
import { HapClient, type HapTimeouts } from "./client";
import { type Endpoint, HapConnection, tryEach } from "./connection";
import type { Accessory } from "./database";
import { DatabaseCache } from "./database-cache";
import { CharacteristicType } from "./definitions";
import { HapError } from "./error";
import { pairSetup } from "./pair-setup";
import type { PairingStore, StoredPairing } from "./pairing-store";

export interface HomeKitAccessoriesEvents {
    /** The list is another. */
    changed: [];
    /** The database of a paired accessory has been read, for the first time or anew, or is no longer there. */
    database: [accessoryId: string];
    /** A paired accessory could not be reached or understood; it is tried again. */
    problem: [accessoryId: string, reason: HapError];
}

export interface HomeKitAccessoriesOptions {
    /** Browses `_hap._tcp`; started and stopped by its owner. */
    readonly browser: MdnsBrowser;
    /** Opened by its owner. */
    readonly store: PairingStore;
    readonly timeouts?: Partial<HapTimeouts>;
}

const IDENTIFY_MS = 4000;

/** A paired accessory that is kept connected. */
interface Member {
    readonly client: HapClient;
    database: readonly Accessory[] | undefined;
    /** Whether the database is the accessory's own word, not a copy of what it said before this hub started. */
    isDatabaseRead: boolean;
    /** The configuration number (`c#`) that was announced when the database was read. */
    configuration: string | undefined;
    isReading: boolean;
}

export class HomeKitAccessories extends EventEmitter<HomeKitAccessoriesEvents> {
    readonly #browser: MdnsBrowser;
    readonly #store: PairingStore;
    readonly #timeouts: Partial<HapTimeouts>;
    readonly #databases: DatabaseCache;
    readonly #members = new Map<string, Member>();
    readonly #busy = new Set<string>();
    #isRunning: boolean = false;

    constructor({ browser, store, timeouts = {} }: HomeKitAccessoriesOptions) {
        super();
        this.#browser = browser;
        this.#store = store;
        this.#databases = new DatabaseCache(store.folder);
        this.#timeouts = timeouts;
    }

    /** Connects to all paired accessories in the background. */
    start(): void {
        if (this.#isRunning) return;
        this.#isRunning = true;
        this.#browser.on("up", this.#onSeen).on("changed", this.#onSeen).on("down", this.#onGone);
        for (const pairing of this.#store.list()) this.#join(pairing);
    }

    /** Ends all connections; resolves when nothing is left to be written. */
    async stop(): Promise<void> {
        if (!this.#isRunning) return;
        this.#isRunning = false;
        this.#browser.off("up", this.#onSeen).off("changed", this.#onSeen).off("down", this.#onGone);
        const clients = [...this.#members.values()].map(({ client }) => client);
        this.#members.clear();
        for (const client of clients) client.stop();
        await Promise.all([this.#store.written(), this.#databases.written()]);
    }

    /** All that announce themselves or are paired with this hub. */
    list(): readonly HomeKitAccessory[] {
        const services = this.#browser.services(HAP_SERVICE).filter((service) => idOf(service) !== "");
        const seen = new Map(services.map((service) => [idOf(service), service]));
        const ids = new Set([
            ...seen.keys(),
            ...this.#store.list().map(({ accessoryId }) => accessoryId.toUpperCase()),
        ]);
        return [...ids].map((id) => this.#describe(id, seen.get(id)));
    }

    /**
     * Pairs an accessory that announces itself, and connects to it.
     *
     * @param pin the code on the accessory, `123-45-678` or eight digits
     * @throws {HapError} `unknown-accessory`, `invalid-pin`, `wrong-pin`, `already-paired`, `busy`, `store`, …
     */
    async pair(id: string, pin: string): Promise<HomeKitAccessory> {
        const accessoryId = id.toUpperCase();
        if (this.#busy.has(accessoryId)) throw new HapError("busy", "The accessory is being paired already.");
        const service = this.#service(accessoryId);
        if (!service)
            throw new HapError("unknown-accessory", `No HomeKit accessory ${id} is announced on the network.`);
        this.#busy.add(accessoryId);
        try {
            const pairing = await pairSetup({
                endpoints: endpointsOf(service),
                pin,
                accessoryId,
                hasAppleAuthentication: hasAppleAuthentication(service),
            });
            const stored = { ...pairing, name: service.name };
            await this.#keep(stored);
            this.#leave(accessoryId);
            if (this.#isRunning) this.#join(stored);
        } finally {
            this.#busy.delete(accessoryId);
        }
        this.emit("changed");
        return this.#describe(accessoryId, this.#service(accessoryId));
    }

    /**
     * Ends a pairing on both sides. When the accessory can't be reached it stays, unless `force`: then this hub forgets
     * it, and the accessory has to be reset before anyone can pair it again.
     *
     * @throws {HapError} `not-paired`, `unreachable`, `timeout`, …
     */
    async unpair(id: string, { force = false } = {}): Promise<void> {
        const accessoryId = id.toUpperCase();
        const pairing = this.#store.get(accessoryId);
        if (!pairing) throw new HapError("not-paired", `The accessory ${id} is not paired with this hub.`);
        const client = this.#members.get(accessoryId)?.client ?? this.#clientFor(pairing);
        try {
            await client.removePairing();
        } catch (error) {
            // "authentication": it has forgotten us already, which is what was wanted.
            const isGone = error instanceof HapError && error.code === "authentication";
            if (!isGone && !force) throw error;
        } finally {
            if (!this.#members.has(accessoryId)) client.stop();
        }
        await this.#store.remove(accessoryId);
        await this.#databases.remove(accessoryId);
        this.#leave(accessoryId);
        this.emit("changed");
    }

    /** Lets an accessory make itself noticed: a lamp blinks. @throws {HapError} `unknown-accessory`, `already-paired`, … */
    async identify(id: string): Promise<void> {
        const member = this.#members.get(id.toUpperCase());
        if (member) return await identifyPaired(member);
        const service = this.#service(id.toUpperCase());
        if (!service)
            throw new HapError("unknown-accessory", `No HomeKit accessory ${id} is announced on the network.`);
        const connection = await tryEach(endpointsOf(service), IDENTIFY_MS, HapConnection.open);
        try {
            const { status } = await connection.request({ method: "POST", path: "/identify" }, IDENTIFY_MS);
            if (status !== 204 && status !== 200) {
                throw new HapError(
                    "already-paired",
                    "Only the controller that an accessory is paired with can let it blink.",
                );
            }
        } finally {
            connection.close();
        }
    }

    /** @throws {HapError} `not-paired` */
    client(id: string): HapClient {
        const member = this.#members.get(id.toUpperCase());
        if (!member) throw new HapError("not-paired", `The accessory ${id} is not paired with this hub.`);
        return member.client;
    }

    /** The accessories behind a paired one, as last read, maybe before a restart of this hub; undefined before the first time. */
    database(id: string): readonly Accessory[] | undefined {
        return this.#members.get(id.toUpperCase())?.database;
    }

    /** The ids of the accessories that are paired with this hub. */
    paired(): readonly string[] {
        return [...this.#members.keys()];
    }

    /** A pairing that can't be kept is undone: the accessory would be locked to a key that nobody has. */
    async #keep(pairing: StoredPairing): Promise<void> {
        try {
            await this.#store.put(pairing);
        } catch (error) {
            const client = this.#clientFor(pairing);
            await client.removePairing().catch(() => {});
            client.stop();
            throw error;
        }
    }

    #join(pairing: StoredPairing): void {
        const id = pairing.accessoryId.toUpperCase();
        const client = this.#clientFor(pairing);
        const member: Member = {
            client,
            database: undefined,
            isDatabaseRead: false,
            configuration: undefined,
            isReading: false,
        };
        this.#members.set(id, member);
        void this.#databases.load(id).then((database) => {
            if (!database || member.isDatabaseRead || this.#members.get(id) !== member) return;
            member.database = database;
            this.emit("database", id);
        });
        client.on("connected", (endpoint) => {
            this.emit("changed");
            this.#store.noteEndpoint(id, endpoint).catch((error: HapError) => this.emit("problem", id, error));
            this.#readDatabase(id, member);
        });
        client.on("disconnected", () => {
            this.emit("changed");
            // It may come back elsewhere.
            this.#browser.refresh();
        });
        client.on("failed", (reason) => this.emit("problem", id, reason));
        client.start();
    }

    #leave(id: string): void {
        const member = this.#members.get(id);
        if (!member) return;
        this.#members.delete(id);
        member.client.removeAllListeners();
        member.client.stop();
        this.emit("database", id);
    }

    #clientFor(pairing: StoredPairing): HapClient {
        const id = pairing.accessoryId.toUpperCase();
        return new HapClient({
            pairing,
            timeouts: this.#timeouts,
            locate: () => {
                const announced = this.#services(id).flatMap(endpointsOf);
                const last = this.#store.get(id)?.lastEndpoint;
                if (!last) return announced;
                // Where it proved its identity last time, if it is still said to be there; else as a last resort.
                const others = announced.filter((endpoint) => !isSame(endpoint, last));
                return others.length < announced.length ? [last, ...others] : [...others, last];
            },
        });
    }

    /** Only when it is news: not yet read, or announced with another configuration number than then. */
    #readDatabase(id: string, member: Member): void {
        const configuration = this.#service(id)?.txt["c#"];
        const isCurrent =
            member.isDatabaseRead && (configuration === undefined || configuration === member.configuration);
        if (isCurrent || member.isReading) return;
        member.isReading = true;
        member.client.accessories().then(
            (database) => {
                member.isReading = false;
                if (this.#members.get(id) !== member) return;
                member.database = database;
                member.isDatabaseRead = true;
                member.configuration = configuration;
                this.emit("database", id);
                // A copy only: without it the accessory is just unknown while it can't be reached.
                this.#databases.save(id, database).catch(() => {});
                // It may have changed again meanwhile.
                this.#readDatabase(id, member);
            },
            (error: HapError) => {
                member.isReading = false;
                this.emit("problem", id, error);
            },
        );
    }

    readonly #onSeen = (service: DiscoveredService): void => {
        const id = idOf(service);
        if (service.type !== HAP_SERVICE || id === "") return;
        const member = this.#members.get(id);
        member?.client.reconnectNow();
        if (member?.client.isConnected) this.#readDatabase(id, member);
        this.emit("changed");
    };

    readonly #onGone = (service: DiscoveredService): void => {
        if (service.type === HAP_SERVICE) this.emit("changed");
    };

    #service(id: string): DiscoveredService | undefined {
        return this.#services(id)[0];
    }

    #services(id: string): readonly DiscoveredService[] {
        return this.#browser.services(HAP_SERVICE).filter((service) => idOf(service) === id);
    }

    #describe(id: string, service: DiscoveredService | undefined): HomeKitAccessory {
        return describe(id, service, this.#store.get(id), this.#members.get(id)?.client.isConnected);
    }
}

async function identifyPaired({ client, database }: Member): Promise<void> {
    const [accessory] = database ?? (await client.accessories());
    const characteristics = accessory?.services.flatMap((service) => service.characteristics) ?? [];
    const identify = characteristics.find(({ type }) => type === CharacteristicType.Identify);
    if (!accessory || !identify) throw new HapError("refused", "The accessory has no way to make itself noticed.");
    await client.write([{ aid: accessory.aid, iid: identify.iid, value: true }]);
}

function isSame(a: Endpoint, b: Endpoint): boolean {
    return a.host === b.host && a.port === b.port;
}

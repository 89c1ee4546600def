/** The accessories that are paired with this hub: each is kept connected, and its database known. */
import { EventEmitter } from "node:events";
import type { DiscoveredService, MdnsBrowser } from "../mdns";
import { endpointsOf, HAP_SERVICE, idOf } from "./announcement";
import { HapClient } from "./client";
import type { Endpoint } from "./connection";
import type { Accessory } from "./database";
import { DatabaseCache } from "./database-cache";
import type { HapError } from "./error";
import type { StoredPairing } from "./pairing-record";
import type { PairingStore } from "./pairing-store";
import type { HapTimeouts } from "./timeouts";

export interface Member {
    readonly client: HapClient;
    readonly database: readonly Accessory[] | undefined;
}

interface Entry {
    readonly client: HapClient;
    database: readonly Accessory[] | undefined;
    /** Whether the database is the accessory's own word, not a copy of what it said before this hub started. */
    isDatabaseRead: boolean;
    /** The configuration number (`c#`) that was announced when the database was read. */
    configuration: string | undefined;
    isReading: boolean;
}

export interface MembersEvents {
    /** One is connected now, or no longer. */
    connection: [accessoryId: string];
    /** A database has been read, for the first time or anew, or is no longer there. */
    database: [accessoryId: string];
    problem: [accessoryId: string, reason: HapError];
}

export class Members extends EventEmitter<MembersEvents> {
    readonly #browser: MdnsBrowser;
    readonly #store: PairingStore;
    readonly #timeouts: Partial<HapTimeouts>;
    readonly #databases: DatabaseCache;
    readonly #entries = new Map<string, Entry>();

    constructor(browser: MdnsBrowser, store: PairingStore, timeouts: Partial<HapTimeouts>) {
        super();
        this.#browser = browser;
        this.#store = store;
        this.#timeouts = timeouts;
        this.#databases = new DatabaseCache(store.folder);
    }

    get(id: string): Member | undefined {
        return this.#entries.get(id);
    }

    ids(): readonly string[] {
        return [...this.#entries.keys()];
    }

    /** Connects in the background, and whenever the connection was lost. */
    join(pairing: StoredPairing): void {
        const id = pairing.accessoryId.toUpperCase();
        const client = this.clientFor(pairing);
        const entry: Entry = {
            client,
            database: undefined,
            isDatabaseRead: false,
            configuration: undefined,
            isReading: false,
        };
        this.#entries.set(id, entry);
        void this.#databases.load(id).then((database) => {
            if (!database || entry.isDatabaseRead || this.#entries.get(id) !== entry) return;
            entry.database = database;
            this.emit("database", id);
        });
        client.on("connected", (endpoint) => {
            this.emit("connection", id);
            this.#store.noteEndpoint(id, endpoint).catch((error: HapError) => this.emit("problem", id, error));
            this.#readDatabase(id, entry);
        });
        client.on("disconnected", () => {
            this.emit("connection", id);
            // It may come back elsewhere.
            this.#browser.refresh();
        });
        client.on("failed", (reason) => this.emit("problem", id, reason));
        client.start();
    }

    leave(id: string): void {
        const entry = this.#entries.get(id);
        if (!entry) return;
        this.#entries.delete(id);
        entry.client.removeAllListeners();
        entry.client.stop();
        this.emit("database", id);
    }

    /** Its accessory was just seen: it is connected if it isn't, and read anew if its configuration number is another. */
    seen(id: string): void {
        const entry = this.#entries.get(id);
        entry?.client.reconnectNow();
        if (entry?.client.isConnected) this.#readDatabase(id, entry);
    }

    async forgetDatabase(id: string): Promise<void> {
        await this.#databases.remove(id);
    }

    /** Ends all connections; resolves when nothing is left to be written. */
    async stop(): Promise<void> {
        const clients = [...this.#entries.values()].map(({ client }) => client);
        this.#entries.clear();
        for (const client of clients) client.stop();
        await this.#databases.written();
    }

    /** One that is not kept connected. */
    clientFor(pairing: StoredPairing): HapClient {
        const id = pairing.accessoryId.toUpperCase();
        return new HapClient({ pairing, timeouts: this.#timeouts, locate: () => this.#locate(id, pairing) });
    }

    #locate(id: string, pairing: StoredPairing): readonly Endpoint[] {
        const { lastEndpoint, fixedEndpoint } = this.#store.get(id) ?? pairing;
        const announced = this.#services(id).flatMap(endpointsOf);
        // Where it proved its identity last time, if it is still said to be there; else as a last resort.
        const isStillThere = lastEndpoint && announced.some((endpoint) => isSame(endpoint, lastEndpoint));
        const last = lastEndpoint ? [lastEndpoint] : [];
        const all = [fixedEndpoint ?? [], isStillThere ? last : [], announced, last].flat();
        return all.filter((endpoint, index) => all.findIndex((other) => isSame(other, endpoint)) === index);
    }

    /** Only when it is news: not yet read, or announced with another configuration number than then. */
    #readDatabase(id: string, entry: Entry): void {
        const configuration = this.#services(id)[0]?.txt["c#"];
        const isCurrent =
            entry.isDatabaseRead && (configuration === undefined || configuration === entry.configuration);
        if (isCurrent || entry.isReading) return;
        entry.isReading = true;
        entry.client.accessories().then(
            (database) => {
                entry.isReading = false;
                if (this.#entries.get(id) !== entry) return;
                entry.database = database;
                entry.isDatabaseRead = true;
                entry.configuration = configuration;
                this.emit("database", id);
                // A copy only: without it the accessory is just unknown while it can't be reached.
                this.#databases.save(id, database).catch(() => {});
                // It may have changed again meanwhile.
                this.#readDatabase(id, entry);
            },
            (error: HapError) => {
                entry.isReading = false;
                this.emit("problem", id, error);
            },
        );
    }

    #services(id: string): readonly DiscoveredService[] {
        return this.#browser.services(HAP_SERVICE).filter((service) => idOf(service) === id);
    }
}

function isSame(a: Endpoint, b: Endpoint): boolean {
    return a.host === b.host && a.port === b.port;
}

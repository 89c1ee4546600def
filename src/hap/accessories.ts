/** The HomeKit accessories of the home: those that announce themselves, those paired with this hub, or both. */
import { EventEmitter } from "node:events";
import type { DiscoveredService, Finding, MdnsBrowser } from "../mdns";
import {
    describe,
    endpointsOf,
    HAP_SERVICE,
    type HomeKitAccessory,
    hasAppleAuthentication,
    idOf,
} from "./announcement";
import type { HapClient } from "./client";
import { type Endpoint, HapConnection, tryEach } from "./connection";
import type { Accessory } from "./database";
import { CharacteristicType } from "./definitions";
import { HapError } from "./error";
import { type Member, Members } from "./members";
import { pairSetup } from "./pair-setup";
import { readPairing, writePairing } from "./pairing-exchange";
import { isEndpoint, type StoredPairing } from "./pairing-record";
import type { PairingStore } from "./pairing-store";
import type { HapTimeouts } from "./timeouts";

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

export class HomeKitAccessories extends EventEmitter<HomeKitAccessoriesEvents> {
    readonly #browser: MdnsBrowser;
    readonly #store: PairingStore;
    readonly #members: Members;
    readonly #busy = new Set<string>();
    #isRunning: boolean = false;

    constructor({ browser, store, timeouts = {} }: HomeKitAccessoriesOptions) {
        super();
        this.#browser = browser;
        this.#store = store;
        this.#members = new Members(browser, store, timeouts);
        this.#members.on("connection", () => this.emit("changed"));
        this.#members.on("database", (id) => this.emit("database", id));
        this.#members.on("problem", (id, reason) => this.emit("problem", id, reason));
    }

    /** Connects to all paired accessories in the background. */
    start(): void {
        if (this.#isRunning) return;
        this.#isRunning = true;
        this.#browser.on("up", this.#onSeen).on("changed", this.#onSeen).on("down", this.#onGone);
        for (const pairing of this.#store.list()) this.#members.join(pairing);
    }

    /** Ends all connections; resolves when nothing is left to be written. */
    async stop(): Promise<void> {
        if (!this.#isRunning) return;
        this.#isRunning = false;
        this.#browser.off("up", this.#onSeen).off("changed", this.#onSeen).off("down", this.#onGone);
        await Promise.all([this.#members.stop(), this.#store.written()]);
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
        const service = this.#required(accessoryId);
        return await this.#alone(accessoryId, async () => {
            const pairing = await pairSetup({
                endpoints: endpointsOf(service),
                pin,
                accessoryId,
                hasAppleAuthentication: hasAppleAuthentication(service),
            });
            return await this.#admitNew({ ...pairing, name: service.name });
        });
    }

    /**
     * Pairs an accessory whose announcements don't reach this hub, and connects to it, now and later, where it is said to be.
     *
     * @param endpoint an address or a name of a host, and a port
     * @throws {HapError} `unreachable`, `invalid-pin`, `wrong-pin`, `already-paired`, `busy`, `store`, …
     */
    async pairAt(endpoint: Endpoint, pin: string): Promise<HomeKitAccessory> {
        assertEndpoint(endpoint);
        return await this.#alone(`${endpoint.host}:${endpoint.port}`, async () => {
            const pairing = await pairSetup({ endpoints: [endpoint], pin });
            return await this.#admitNew({ ...pairing, name: pairing.accessoryId, fixedEndpoint: endpoint });
        });
    }

    /**
     * Says where a paired accessory is, or that it is to be found by its announcements again.
     *
     * @throws {HapError} `not-paired`, `unreachable` for what is no address, `store`
     */
    async moveTo(id: string, endpoint: Endpoint | undefined): Promise<HomeKitAccessory> {
        if (endpoint) assertEndpoint(endpoint);
        const { fixedEndpoint: _, ...pairing } = this.#paired(id);
        return await this.#admit({ ...pairing, ...(endpoint && { fixedEndpoint: endpoint }) });
    }

    /**
     * The pairing as text, to be used elsewhere: whoever has it commands the accessory.
     *
     * @throws {HapError} `not-paired`
     */
    exportPairing(id: string): string {
        return writePairing(this.#paired(id));
    }

    /**
     * Takes over a pairing from `exportPairing` of another hub, or from another controller.
     *
     * @throws {HapError} `invalid-pairing`, `already-paired` for one that this hub has already, `store`
     */
    async importPairing(text: string): Promise<HomeKitAccessory> {
        const pairing = readPairing(text);
        if (this.#store.get(pairing.accessoryId)) {
            throw new HapError("already-paired", `${pairing.name} is paired with this hub already. Unpair it first.`);
        }
        return await this.#admit(pairing);
    }

    /**
     * Ends a pairing on both sides. When the accessory can't be reached it stays, unless `force`: then this hub forgets
     * it, and the accessory has to be reset before anyone can pair it again.
     *
     * @throws {HapError} `not-paired`, `unreachable`, `timeout`, …
     */
    async unpair(id: string, { force = false } = {}): Promise<void> {
        const accessoryId = id.toUpperCase();
        const pairing = this.#paired(id);
        const client = this.#members.get(accessoryId)?.client ?? this.#members.clientFor(pairing);
        try {
            await client.removePairing();
        } catch (error) {
            // "authentication": it has forgotten us already, which is what was wanted.
            const isGone = error instanceof HapError && error.code === "authentication";
            if (!isGone && !force) throw error;
        } finally {
            if (!this.#members.get(accessoryId)) client.stop();
        }
        await this.#store.remove(accessoryId);
        await this.#members.forgetDatabase(accessoryId);
        this.#members.leave(accessoryId);
        this.emit("changed");
    }

    /**
     * Lets an accessory make itself noticed: a lamp blinks.
     *
     * @param aid which of the accessories behind a paired bridge; the bridge itself if left out
     * @throws {HapError} `unknown-accessory`, `already-paired`, …
     */
    async identify(id: string, aid?: bigint): Promise<void> {
        const member = this.#members.get(id.toUpperCase());
        if (member) return await identifyPaired(member, aid);
        const service = this.#required(id.toUpperCase());
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

    /** Why accessories are not found, and paired ones not reached, as far as this machine can tell. */
    explain(): readonly Finding[] {
        const missing = this.list().filter(({ pairedWithUs, reachable }) => pairedWithUs && !reachable);
        return this.#browser.explain(missing.flatMap(({ host }) => host ?? []));
    }

    /** The accessories behind a paired one, as last read, maybe before a restart of this hub; undefined before the first time. */
    database(id: string): readonly Accessory[] | undefined {
        return this.#members.get(id.toUpperCase())?.database;
    }

    /** The ids of the accessories that are paired with this hub. */
    paired(): readonly string[] {
        return this.#members.ids();
    }

    /** One after the other, as an accessory pairs with one controller at a time. */
    async #alone<T>(key: string, work: () => Promise<T>): Promise<T> {
        if (this.#busy.has(key)) throw new HapError("busy", "The accessory is being paired already.");
        this.#busy.add(key);
        try {
            return await work();
        } finally {
            this.#busy.delete(key);
        }
    }

    /** A new pairing that can't be kept is undone: the accessory would be locked to a key that nobody has. */
    async #admitNew(pairing: StoredPairing): Promise<HomeKitAccessory> {
        try {
            return await this.#admit(pairing);
        } catch (error) {
            await this.#undo(pairing);
            throw error;
        }
    }

    async #admit(pairing: StoredPairing): Promise<HomeKitAccessory> {
        const accessoryId = pairing.accessoryId.toUpperCase();
        await this.#store.put(pairing);
        this.#members.leave(accessoryId);
        if (this.#isRunning) this.#members.join(pairing);
        this.emit("changed");
        return this.#describe(accessoryId, this.#service(accessoryId));
    }

    async #undo(pairing: StoredPairing): Promise<void> {
        const client = this.#members.clientFor(pairing);
        await client.removePairing().catch(() => {});
        client.stop();
    }

    readonly #onSeen = (service: DiscoveredService): void => {
        const id = idOf(service);
        if (service.type !== HAP_SERVICE || id === "") return;
        this.#members.seen(id);
        this.emit("changed");
    };

    readonly #onGone = (service: DiscoveredService): void => {
        if (service.type === HAP_SERVICE) this.emit("changed");
    };

    #service(id: string): DiscoveredService | undefined {
        return this.#browser.services(HAP_SERVICE).find((service) => idOf(service) === id);
    }

    #required(id: string): DiscoveredService {
        const service = this.#service(id);
        if (service) return service;
        throw new HapError("unknown-accessory", `No HomeKit accessory ${id} is announced on the network.`);
    }

    #paired(id: string): StoredPairing {
        const pairing = this.#store.get(id);
        if (pairing) return pairing;
        throw new HapError("not-paired", `The accessory ${id} is not paired with this hub.`);
    }

    #describe(id: string, service: DiscoveredService | undefined): HomeKitAccessory {
        return describe(id, service, this.#store.get(id), this.#members.get(id)?.client.isConnected);
    }
}

async function identifyPaired({ client, database }: Member, aid: bigint | undefined): Promise<void> {
    const accessories = database ?? (await client.accessories());
    const accessory = accessories.find((candidate) => aid === undefined || candidate.aid === aid);
    const characteristics = accessory?.services.flatMap((service) => service.characteristics) ?? [];
    const identify = characteristics.find(({ type }) => type === CharacteristicType.Identify);
    if (!accessory || !identify) throw new HapError("refused", "The accessory has no way to make itself noticed.");
    await client.write([{ aid: accessory.aid, iid: identify.iid, value: true }]);
}

function assertEndpoint(endpoint: Endpoint): void {
    const { host, port } = endpoint;
    if (isEndpoint(endpoint)) return;
    throw new HapError("unreachable", `${host} port ${port} is no address that can be reached.`);
}

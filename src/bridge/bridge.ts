/**
 * A HomeKit bridge for the devices of flows. Nobody finds it on the network until a person opens it for pairing, for some
 * minutes; once paired it is there as long as its node is.
 */
import { EventEmitter } from "node:events";
import { isDeepStrictEqual } from "node:util";
import type { Accessory } from "@homebridge/hap-nodejs";
import { type Clock, systemClock } from "../mdns";
import { DeviceAccessory, type ExposedDevice, homeKitName, type ShownDevice } from "./device-accessory";
import { BridgeError } from "./error";
import { type HapNodejs, loadHapNodejs } from "./hap-nodejs";
import { HubAccessory, type HubNames, type ShownHub } from "./hub-accessory";
import {
    type Identity,
    isPaired,
    newSetupCode,
    readIdentity,
    removeIdentity,
    setupUri,
    writeIdentity,
} from "./identity";
import { Publication } from "./publication";

export interface HomeKitBridgeOptions {
    /** Of this bridge alone. */
    readonly folder: string;
    readonly name: string;
    /** 0 for one that is free; it is then kept. */
    readonly port: number;
    /** The address to listen on and to be announced with; all where it is absent. */
    readonly host?: string;
    /** The hub that is shown as an accessory of its own. */
    readonly hub?: { readonly hub: ShownHub; readonly names: HubNames };
    readonly clock?: Clock;
}

/**
 * - `off`: nobody is paired, and it is not on the network
 * - `open`: it can be paired
 * - `paired`: it is on the network for those who are paired
 * - `failed`: it should be on the network and can't; it is tried again
 */
export type BridgeState = "off" | "open" | "paired" | "failed";

export interface BridgeStatus {
    readonly state: BridgeState;
    /** Where it listens. */
    readonly port?: number;
    readonly problem?: BridgeError;
    /** When the pairing window closes, in milliseconds since 1970. */
    readonly closesAt?: number;
}

/** What a person needs to pair: secret, and good for one pairing window. */
export interface Invitation {
    /** 123-45-678. */
    readonly setupCode: string;
    /** What the QR code says. */
    readonly setupUri: string;
    readonly closesAt: number;
}

export interface HomeKitBridgeEvents {
    /** The status is another. */
    changed: [];
}

/** HomeKit shows 150 accessories of a bridge, itself among them. */
export const MAX_ACCESSORIES = 149;
export const PAIRING_WINDOW_MS = 10 * 60_000;
/** A pairing takes three; each first one costs 65 ms of the event loop. */
const PAIRING_REQUESTS = 60;
const RETRY_MS = 30_000;

export class HomeKitBridge extends EventEmitter<HomeKitBridgeEvents> {
    readonly #options: HomeKitBridgeOptions;
    readonly #clock: Clock;
    readonly #devices = new Map<string, ShownDevice>();
    #exposed: readonly ExposedDevice[] = [];
    #identity: Identity | undefined;
    #hap: HapNodejs | undefined;
    #publication: Publication | undefined;
    readonly #accessories = new Map<string, { readonly about: ExposedDevice; readonly accessory: DeviceAccessory }>();
    #hubAccessory: HubAccessory | undefined;
    #status: BridgeStatus = { state: "off" };
    #invitation: (Invitation & { readonly callOff: () => void; requestsLeft: number }) | undefined;
    #callOffRetry: (() => void) | undefined;
    #isRunning: boolean = false;
    /** Coming and going from the network happens one step after the other. */
    #lastStep: Promise<unknown> = Promise.resolve();

    constructor(options: HomeKitBridgeOptions) {
        super();
        this.#options = options;
        this.#clock = options.clock ?? systemClock;
    }

    get status(): BridgeStatus {
        return this.#status;
    }

    /**
     * Comes up with these devices, on the network if somebody is paired. What goes wrong there is in the status.
     * @throws {BridgeError} `identity` when the folder can't be read
     */
    async start(devices: readonly ExposedDevice[]): Promise<void> {
        this.#isRunning = true;
        this.expose(devices);
        await this.#step(async () => {
            this.#identity = await readIdentity(this.#options.folder);
            await this.#publishOrRetry();
        });
    }

    /** Leaves the network; the identity and the pairings stay. */
    async stop(): Promise<void> {
        this.#isRunning = false;
        this.#callOffRetry?.();
        this.#withdrawInvitation();
        await this.#step(() => this.#unpublish());
        this.#show({ state: "off" });
    }

    /** The devices to be shown, all of them. Those that are no longer among them are gone from Apple Home, for good. */
    expose(devices: readonly ExposedDevice[]): void {
        this.#exposed = devices;
        if (this.#publication) this.#syncAccessories(this.#publication);
    }

    /** @returns how to take the device off again; its accessory stays and doesn't answer */
    attach(id: string, shown: ShownDevice): () => void {
        this.#devices.set(id, shown);
        this.#connect(id, shown);
        return () => {
            if (this.#devices.get(id) !== shown) return;
            this.#devices.delete(id);
            this.#connect(id, undefined);
        };
    }

    /**
     * Puts the bridge on the network for somebody to pair with it, with a new code; if it is open already, for longer.
     * @throws {BridgeError} `already-paired`; `port-in-use` and what else keeps it off the network
     */
    async openPairing(): Promise<Invitation> {
        return await this.#step(async () => {
            const { folder } = this.#options;
            const identity = this.#requireIdentity();
            if (await isPaired(folder, identity)) {
                throw new BridgeError(
                    "already-paired",
                    "The bridge is paired. Others are invited in Apple Home by who paired it.",
                );
            }
            const setupCode = this.#invitation?.setupCode ?? newSetupCode();
            this.#withdrawInvitation();
            const closesAt = Date.now() + PAIRING_WINDOW_MS;
            const callOff = this.#clock.after(PAIRING_WINDOW_MS, () => void this.closePairing());
            const uri = setupUri(setupCode, identity.setupId);
            this.#invitation = { setupCode, setupUri: uri, closesAt, callOff, requestsLeft: PAIRING_REQUESTS };
            try {
                if (!this.#publication) await this.#publish(setupCode);
            } catch (error) {
                this.#withdrawInvitation();
                if (error instanceof BridgeError) this.#show({ state: "failed", problem: error });
                throw error;
            }
            this.#showPublished("open");
            return { setupCode, setupUri: uri, closesAt };
        });
    }

    /** Ends the pairing window; who has paired in it stays paired. */
    async closePairing(): Promise<void> {
        this.#withdrawInvitation();
        await this.#step(() => this.#leaveIfUnpaired());
    }

    /** Ends all pairings, from this side. Apple Home finds a new bridge the next time. */
    async forgetPairings(): Promise<void> {
        this.#withdrawInvitation();
        await this.#step(async () => {
            await this.#unpublish();
            await removeIdentity(this.#options.folder);
            this.#identity = await readIdentity(this.#options.folder);
            this.#show({ state: "off" });
        });
    }

    async #leaveIfUnpaired(): Promise<void> {
        if (!this.#isRunning || this.#invitation) return;
        if (this.#identity && (await isPaired(this.#options.folder, this.#identity))) return;
        this.#callOffRetry?.();
        await this.#unpublish();
        this.#show({ state: "off" });
    }

    async #publishOrRetry(): Promise<void> {
        if (!this.#isRunning || this.#publication) return;
        const paired = await isPaired(this.#options.folder, this.#requireIdentity());
        if (!paired && !this.#invitation) {
            this.#show({ state: "off" });
            return;
        }
        try {
            await this.#publish(this.#invitation?.setupCode ?? newSetupCode());
            this.#showPublished(paired ? "paired" : "open");
        } catch (error) {
            if (!(error instanceof BridgeError)) throw error;
            this.#failed(error);
        }
    }

    #failed(problem: BridgeError): void {
        this.#show({ state: "failed", problem });
        if (!this.#isRunning || problem.code === "other-library") return;
        this.#callOffRetry?.();
        const again = () => void this.#step(() => this.#publishOrRetry()).catch(() => {});
        this.#callOffRetry = this.#clock.after(RETRY_MS, again);
    }

    async #publish(setupCode: string): Promise<void> {
        const { port } = this.#options;
        const { port: last } = this.#requireIdentity();
        this.#hap ??= await loadHapNodejs();
        try {
            this.#publication = await this.#publishAt(this.#hap, setupCode, port || last);
        } catch (error) {
            // A port that nobody chose can be another one: controllers find it by its announcement.
            const isTaken = error instanceof BridgeError && error.code === "port-in-use";
            if (!isTaken || port !== 0) throw error;
            this.#publication = await this.#publishAt(this.#hap, setupCode, 0);
        }
        this.#syncAccessories(this.#publication);
        const identity = { ...this.#requireIdentity(), port: this.#publication.port };
        if (isDeepStrictEqual(identity, this.#identity)) return;
        this.#identity = identity;
        await writeIdentity(this.#options.folder, identity);
    }

    async #publishAt(hap: HapNodejs, setupCode: string, port: number): Promise<Publication> {
        const { folder, name, host, hub } = this.#options;
        const { username, setupId } = this.#requireIdentity();
        this.#endAccessories();
        this.#hubAccessory = hub && new HubAccessory(hap, hub.hub, hub.names);
        return await Publication.start({
            hap,
            name: homeKitName(name),
            username,
            setupId,
            setupCode,
            port,
            folder,
            host,
            accessories: this.#currentAccessories(hap),
            isPairingOpen: () => this.#invitation !== undefined,
            admitPairingRequest: () => this.#admitPairingRequest(),
            paired: () => {
                this.#withdrawInvitation();
                this.#showPublished("paired");
            },
            unpaired: () => void this.closePairing(),
            lost: (problem) => void this.#step(() => this.#unpublish()).then(() => this.#failed(problem)),
        });
    }

    #admitPairingRequest(): boolean {
        if (!this.#invitation) return false;
        this.#invitation.requestsLeft -= 1;
        return this.#invitation.requestsLeft >= 0;
    }

    async #unpublish(): Promise<void> {
        const publication = this.#publication;
        this.#publication = undefined;
        await publication?.stop();
        this.#endAccessories();
    }

    #endAccessories(): void {
        for (const { accessory } of this.#accessories.values()) accessory.shown = undefined;
        this.#accessories.clear();
        this.#hubAccessory?.end();
        this.#hubAccessory = undefined;
    }

    /** Accessories for all that is exposed, made where there are none yet. */
    #currentAccessories(hap: HapNodejs): readonly Accessory[] {
        const own = this.#hubAccessory ? [this.#hubAccessory.accessory] : [];
        for (const about of this.#exposed.slice(0, MAX_ACCESSORIES - own.length)) {
            if (this.#accessories.has(about.id)) continue;
            const accessory = new DeviceAccessory(hap, about);
            accessory.shown = this.#devices.get(about.id);
            this.#accessories.set(about.id, { about, accessory });
        }
        return [...own, ...[...this.#accessories.values()].map(({ accessory }) => accessory.accessory)];
    }

    /** Only what is another one than before comes and goes: Apple Home forgets the room of what was away for a moment. */
    #syncAccessories(publication: Publication): void {
        if (!this.#hap) return;
        const exposed = new Map(this.#exposed.map((about) => [about.id, about]));
        for (const [id, { about, accessory }] of [...this.#accessories]) {
            if (isDeepStrictEqual(about, exposed.get(id))) continue;
            accessory.shown = undefined;
            publication.remove(accessory.accessory);
            this.#accessories.delete(id);
        }
        const before = new Set([...this.#accessories.values()].map(({ accessory }) => accessory.accessory));
        for (const accessory of this.#currentAccessories(this.#hap)) {
            if (accessory !== this.#hubAccessory?.accessory && !before.has(accessory)) publication.add(accessory);
        }
    }

    #connect(id: string, shown: ShownDevice | undefined): void {
        const found = this.#accessories.get(id);
        if (found) found.accessory.shown = shown;
    }

    #requireIdentity(): Identity {
        if (this.#identity) return this.#identity;
        throw new BridgeError("identity", `The bridge ${this.#options.name} is not running.`);
    }

    #withdrawInvitation(): void {
        this.#invitation?.callOff();
        this.#invitation = undefined;
    }

    #showPublished(state: "open" | "paired"): void {
        const closesAt = this.#invitation?.closesAt;
        const port = this.#publication?.port;
        this.#show({ state, ...(port !== undefined && { port }), ...(closesAt !== undefined && { closesAt }) });
    }

    #show(status: BridgeStatus): void {
        this.#status = status;
        this.emit("changed");
    }

    #step<T>(work: () => Promise<T>): Promise<T> {
        const step = this.#lastStep.then(work, work);
        this.#lastStep = step.catch(() => {});
        return step;
    }
}

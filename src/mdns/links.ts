/** The sockets of discovery: one for each address of the machine, following interfaces as they come and go. */
import type { Clock } from "./clock";
import type { LinkReport } from "./diagnosis";
import { type LocalAddress, linkFilter, MDNS_PORT, type MulticastSocket, type Network, type Sender } from "./network";
import { recordCount } from "./packets";

const RESCAN_MS = 5000;
/** What one link may make us decode: a burst of a second's worth, then this much a second. */
const PACKETS_PER_SECOND = 500;
const RECORDS_PER_SECOND = 5000;

export interface LinksOptions {
    readonly network: Network;
    readonly clock: Clock;
    /** Only these interfaces, by name; all if absent. */
    readonly interfaces?: readonly string[] | undefined;
}

export interface LinksListener {
    linkUp(link: string): void;
    linkDown(link: string): void;
    /** A response from the link that may be worth decoding. */
    packet(link: string, packet: Buffer): void;
}

interface Link {
    readonly local: LocalAddress;
    readonly socket: MulticastSocket;
    readonly traffic: Traffic;
}

interface Traffic {
    sent: number;
    sendFailure: string | undefined;
    heardOwn: number;
    heardOthers: number;
}

export class Links {
    readonly #network: Network;
    readonly #clock: Clock;
    readonly #interfaces: readonly string[] | undefined;
    readonly #links = new Map<string, Link>();
    /** Addresses that are wanted and whose socket failed last time, with the system's error code. */
    readonly #failures = new Map<string, { readonly local: LocalAddress; readonly code: string }>();
    #listener: LinksListener | undefined;
    #cancelRescan: (() => void) | undefined;

    constructor({ network, clock, interfaces }: LinksOptions) {
        this.#network = network;
        this.#clock = clock;
        this.#interfaces = interfaces;
    }

    start(listener: LinksListener): void {
        this.#listener = listener;
        this.#rescan();
    }

    stop(): void {
        this.#listener = undefined;
        this.#cancelRescan?.();
        for (const { socket } of this.#links.values()) socket.close();
        this.#links.clear();
        this.#failures.clear();
    }

    /** What every link has been through, those that don't work included. */
    reports(): readonly LinkReport[] {
        const working = [...this.#links.values()].map(({ local, traffic: { sendFailure, ...counts } }) => ({
            local,
            ...counts,
            ...(sendFailure !== undefined && { sendFailure }),
        }));
        const failed = [...this.#failures.values()].map(({ local, code }) => ({
            local,
            failure: code,
            sent: 0,
            heardOwn: 0,
            heardOthers: 0,
        }));
        return [...working, ...failed];
    }

    keys(): readonly string[] {
        return [...this.#links.keys()];
    }

    /** Which interface a link belongs to: a link-local address means nothing without it. */
    interfaceOf(link: string): string | undefined {
        return this.#links.get(link)?.local.interfaceName;
    }

    send(link: string, packet: Buffer): void {
        const { socket, traffic } = this.#links.get(link) ?? {};
        if (!socket || !traffic) return;
        traffic.sent++;
        traffic.sendFailure = undefined;
        socket.send(packet, (error) => {
            traffic.sendFailure = codeOf(error);
        });
    }

    #rescan(): void {
        this.#cancelRescan = this.#clock.after(RESCAN_MS, () => this.#rescan());
        const wanted = new Map(this.#wantedAddresses().map((local) => [linkKey(local), local]));
        for (const key of this.keys()) if (!wanted.has(key)) this.#drop(key);
        for (const key of this.#failures.keys()) if (!wanted.has(key)) this.#failures.delete(key);
        for (const [key, local] of wanted) if (!this.#links.has(key)) this.#open(key, local);
    }

    #wantedAddresses(): readonly LocalAddress[] {
        try {
            return this.#network
                .addresses()
                .filter(({ interfaceName }) => this.#interfaces?.includes(interfaceName) ?? true);
        } catch {
            return []; // Some containers forbid listing interfaces; the next scan may be allowed to.
        }
    }

    #open(key: string, local: LocalAddress): void {
        const isOnLink = linkFilter(local);
        const allow = allowance(this.#clock);
        const traffic: Traffic = { sent: 0, sendFailure: undefined, heardOwn: 0, heardOthers: 0 };
        const receive = (packet: Buffer, from: Sender) => {
            // A response from any other port is not mDNS (RFC 6762 §6).
            if (from.port !== MDNS_PORT || !isOnLink(from)) return;
            if (from.address.split("%")[0] === local.address) traffic.heardOwn++;
            else traffic.heardOthers++;
            const records = recordCount(packet);
            if (records !== undefined && allow(records)) this.#listener?.packet(key, packet);
        };
        try {
            const socket = this.#network.open(local, receive, (error) => {
                this.#drop(key);
                this.#failures.set(key, { local, code: codeOf(error) });
            });
            this.#links.set(key, { local, socket, traffic });
            this.#failures.delete(key);
        } catch (error) {
            this.#failures.set(key, { local, code: codeOf(error) });
            return; // Tried again with the next scan.
        }
        this.#listener?.linkUp(key);
    }

    #drop(key: string): void {
        const link = this.#links.get(key);
        if (!link) return;
        this.#links.delete(key);
        link.socket.close();
        this.#listener?.linkDown(key);
    }
}

function codeOf(error: unknown): string {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return typeof code === "string" ? code : "unknown";
}

function linkKey({ interfaceName, family, address }: LocalAddress): string {
    return `${interfaceName} ${family} ${address}`;
}

/** A token bucket for packets and one for their records; a packet passes when both have enough. */
function allowance(clock: Clock): (records: number) => boolean {
    let packetsLeft = PACKETS_PER_SECOND;
    let recordsLeft = RECORDS_PER_SECOND;
    let filledAt = clock.now();
    return (records) => {
        const now = clock.now();
        const seconds = (now - filledAt) / 1000;
        filledAt = now;
        packetsLeft = Math.min(PACKETS_PER_SECOND, packetsLeft + seconds * PACKETS_PER_SECOND);
        recordsLeft = Math.min(RECORDS_PER_SECOND, recordsLeft + seconds * RECORDS_PER_SECOND);
        if (packetsLeft < 1 || recordsLeft < records) return false;
        packetsLeft -= 1;
        recordsLeft -= records;
        return true;
    };
}

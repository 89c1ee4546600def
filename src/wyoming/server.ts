/** Offers a hub's engines to others on the network, Home Assistant among them, over the Wyoming protocol. */
import { EventEmitter, once } from "node:events";
import { BlockList, createServer, isIP, isIPv6, type Server, type Socket } from "node:net";
import { type ConnectionTimings, TIMINGS, WyomingConnection } from "./connection";
import { WyomingError } from "./error";
import type { Serving } from "./host";
import { Service } from "./service";

export interface WyomingServerOptions extends Serving {
    /** 0: any that is free. */
    readonly port: number;
    /** Addresses or subnets ("192.168.1.20", "192.168.1.0/24") that may connect besides this machine; none: only this machine. */
    readonly peers: readonly string[];
    readonly timings?: ConnectionTimings;
}

export interface WyomingServerEvents {
    /** A peer came or went. */
    connections: [count: number];
    /** A peer was turned away, or broke the protocol. */
    problem: [error: Error];
}

/** Home Assistant opens one for each utterance and one that stays for wake words. */
const MAX_CONNECTIONS = 32;
const MAX_PEERS = 100;

export class WyomingServer extends EventEmitter<WyomingServerEvents> {
    readonly #options: WyomingServerOptions;
    readonly #server: Server;
    readonly #allowed: BlockList;
    readonly #connections = new Map<WyomingConnection, Promise<void>>();

    /** @throws RangeError for a peer that is no address */
    constructor(options: WyomingServerOptions) {
        super();
        this.#options = options;
        this.#allowed = allowing(options.peers);
        // Who has said all may still wait for the answer.
        this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
        this.#server.maxConnections = MAX_CONNECTIONS;
    }

    /** The port it listens on. @throws when it is in use */
    async start(): Promise<number> {
        const { port, peers } = this.#options;
        this.#server.listen(port, peers.length === 0 ? "127.0.0.1" : undefined);
        await once(this.#server, "listening");
        // What goes wrong later concerns one connection; without a listener Node.js would end the process.
        this.#server.on("error", () => undefined);
        const address = this.#server.address();
        return typeof address === "object" && address !== null ? address.port : port;
    }

    /** Breaks off what is under way. */
    async stop(): Promise<void> {
        const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
        for (const connection of this.#connections.keys()) connection.destroy();
        await Promise.all([...this.#connections.values(), closed]);
    }

    #accept(socket: Socket): void {
        const address = plainAddress(socket.remoteAddress ?? "");
        if (!isAllowed(this.#allowed, address)) {
            socket.destroy();
            this.emit(
                "problem",
                new WyomingError("not-supported", `${address} may not connect: it is not among the peers.`),
            );
            return;
        }
        const connection = new WyomingConnection(socket, this.#options.timings ?? TIMINGS);
        this.#connections.set(connection, this.#serve(connection));
        this.emit("connections", this.#connections.size);
    }

    async #serve(connection: WyomingConnection): Promise<void> {
        try {
            await new Service(connection, this.#options).run();
        } catch (error) {
            const isGone = error instanceof WyomingError && error.code === "closed";
            if (!isGone) this.emit("problem", error instanceof Error ? error : new Error(String(error)));
        } finally {
            this.#connections.delete(connection);
            this.emit("connections", this.#connections.size);
        }
    }
}

/** @throws RangeError */
function allowing(peers: readonly string[]): BlockList {
    const list = new BlockList();
    list.addSubnet("127.0.0.0", 8, "ipv4");
    list.addAddress("::1", "ipv6");
    if (peers.length > MAX_PEERS) throw new RangeError(`More than ${MAX_PEERS} peers.`);
    for (const peer of peers) {
        const [address = "", bits] = peer.trim().split("/");
        const most = isIPv6(address) ? 128 : 32;
        const prefix = bits === undefined ? most : Number(bits);
        if (isIP(address) === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > most || bits === "") {
            throw new RangeError(`"${peer}" is no address: expected one such as 192.168.1.20 or 192.168.1.0/24.`);
        }
        list.addSubnet(address, prefix, isIPv6(address) ? "ipv6" : "ipv4");
    }
    return list;
}

function isAllowed(list: BlockList, address: string): boolean {
    return isIP(address) !== 0 && list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** An IPv4 address that came over IPv6 is the IPv4 address; a zone says nothing about who it is. */
function plainAddress(address: string): string {
    return address.replace(/^::ffff:(?=\d+\.)/, "").replace(/%.*$/, "");
}

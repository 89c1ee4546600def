/**
 * Stands before the server of hap-nodejs, which anyone on the network can reach. Without it (2.2.3) `GET //%%%` ends the
 * process, bodies have no limit, every connection costs two more sockets, a port that is taken ends the process, and the
 * server behind each connection lets other programs on this machine in as if they were paired.
 *
 * It touches parts of the library that are not its API; `assertKnown` refuses to go on when an update has moved one.
 * Only bridges that ask for it are guarded: other packages may share the library.
 */
import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "node:net";
import { BridgeError } from "./error";
import type { HapNodejs } from "./hap-nodejs";

export interface Guarded {
    /** The address to listen on; all where it is absent. */
    readonly host: string | undefined;
    /** Whether a person has opened the bridge for pairing. */
    isPairingOpen(): boolean;
    /** Asked for each request of a pairing; false when there were enough. */
    admitPairingRequest(): boolean;
    /** The server can't listen, or no longer. */
    failed(error: NodeJS.ErrnoException): void;
}

export const GUARD_LIMITS = {
    /** Of one request. HomeKit's own are far smaller: 149 lamps in one request are 12 KB. */
    bodyBytes: 256 * 1024,
    connections: 64,
    /** From one address; a home hub and a phone have two each. */
    connectionsPerAddress: 16,
    /** For a connection to show that it is paired. */
    unverifiedMs: 60_000,
} as const;

/** What is used of `HAPConnection`. */
interface Connection {
    readonly remoteAddress: string;
    readonly internalHttpServer: HttpServer;
    isAuthenticated(): boolean;
    close(): void;
    once(event: "closed", listener: () => void): void;
}

/** What is used of `HAPServer`. */
interface ServerParts {
    readonly accessoryInfo: { readonly username: string };
    readonly httpServer: {
        readonly tcpServer: Server;
        readonly connections: ReadonlySet<Connection>;
        on(event: "connection-opened", listener: (connection: Connection) => void): void;
        on(event: "request", listener: RequestListener): void;
        removeAllListeners(event: "request"): void;
    };
    handleRequestOnHAPConnection: RequestListener;
}

type RequestListener = (connection: Connection, request: IncomingMessage, response: ServerResponse) => void;

const guarded = new Map<string, Guarded>();
const installed = new WeakSet<HapNodejs>();

/** From now on a server of the bridge `username` is guarded. @throws {BridgeError} `other-library` */
export function guard(hap: HapNodejs, username: string, how: Guarded): void {
    install(hap);
    guarded.set(username, how);
}

export function unguard(username: string): void {
    guarded.delete(username);
}

function install(hap: HapNodejs): void {
    if (installed.has(hap)) return;
    assertKnown(hap);
    installed.add(hap);
    const { listen } = hap.HAPServer.prototype;
    hap.HAPServer.prototype.listen = function (port, host) {
        const server = this as unknown as ServerParts;
        const how = guarded.get(server.accessoryInfo.username);
        if (!how) return listen.call(this, port, host);
        harden(server, how);
        return listen.call(this, port, how.host ?? host);
    };
}

/** @throws {BridgeError} `other-library` when a part that the guard touches is not where it was */
export function assertKnown(hap: HapNodejs): void {
    const { prototype } = hap.HAPServer;
    const connection = hap.HAPConnection.prototype;
    const server = new hap.HAPServer({ username: "" } as never) as unknown as Partial<ServerParts>;
    const parts: Readonly<Record<string, unknown>> = {
        "HAPServer.listen": prototype.listen,
        "HAPServer.accessoryInfo": server.accessoryInfo,
        "HAPServer.handleRequestOnHAPConnection": server.handleRequestOnHAPConnection,
        "EventedHTTPServer.tcpServer": server.httpServer?.tcpServer,
        "EventedHTTPServer.connections": server.httpServer?.connections,
        "HAPConnection.isAuthenticated": connection.isAuthenticated,
        "HAPConnection.close": connection.close,
        "HAPStorage.storage": hap.HAPStorage.storage,
    };
    const moved = Object.keys(parts).filter((name) => parts[name] === undefined);
    if (moved.length === 0) return;
    throw new BridgeError(
        "other-library",
        `This version of @homebridge/hap-nodejs can't be guarded, so the bridge stays off: ${moved.join(", ")} moved.`,
    );
}

function harden(server: ServerParts, how: Guarded): void {
    const { httpServer } = server;
    httpServer.tcpServer.maxConnections = GUARD_LIMITS.connections;
    httpServer.tcpServer.on("error", (error: NodeJS.ErrnoException) => how.failed(error));
    httpServer.on("connection-opened", (connection) => {
        // The library connects to it itself; what else comes is another program that wants in by the back door.
        connection.internalHttpServer.maxConnections = 1;
        const others = [...httpServer.connections].filter(
            ({ remoteAddress }) => remoteAddress === connection.remoteAddress,
        );
        if (others.length > GUARD_LIMITS.connectionsPerAddress) connection.close();
        else closeUnverified(connection, how);
    });
    httpServer.removeAllListeners("request");
    httpServer.on("request", (connection, request, response) => {
        if (!URL.canParse(request.url ?? "", "http://bridge.local")) return refuse(response, 400);
        if (Number(request.headers["content-length"] ?? 0) > GUARD_LIMITS.bodyBytes) {
            return refuse(response, 413);
        }
        let received = 0;
        request.on("data", (chunk: Buffer) => {
            received += chunk.length;
            if (received > GUARD_LIMITS.bodyBytes) connection.close();
        });
        const { pathname } = new URL(request.url ?? "", "http://bridge.local");
        if (pathname.toLowerCase() === "/pair-setup" && !how.admitPairingRequest())
            return refusePairing(request, response);
        server.handleRequestOnHAPConnection(connection, request, response);
    });
}

/** A person may take a while to type the code, so in a pairing window nobody is hurried. */
function closeUnverified(connection: Connection, how: Guarded): void {
    const timer = setInterval(() => {
        if (connection.isAuthenticated()) clearInterval(timer);
        else if (!how.isPairingOpen()) connection.close();
    }, GUARD_LIMITS.unverifiedMs);
    timer.unref();
    connection.once("closed", () => clearInterval(timer));
}

/** The connection ends with the answer: the rest of a request is not worth reading. */
function refuse(response: ServerResponse, status: number): void {
    response.writeHead(status, { Connection: "close" });
    response.end();
}

/** State M2, error "unavailable": what HAP R2 has an accessory answer that can't be paired now. */
const PAIRING_UNAVAILABLE = Buffer.from([0x06, 0x01, 0x02, 0x07, 0x01, 0x06]);

function refusePairing(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    request.on("end", () => {
        response.writeHead(200, { "Content-Type": "application/pairing+tlv8" });
        response.end(PAIRING_UNAVAILABLE);
    });
}

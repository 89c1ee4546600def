/** One TCP connection to an accessory: one request at a time, in clear until keys are agreed, encrypted after. */
import { connect, type Socket } from "node:net";
import { HapError, type HapErrorCode } from "./error";
import { FrameDecoder, FrameEncoder, type SessionKeys } from "./frames";
import { type HapMessage, HapMessageParser } from "./http-parser";
import { decodeTlv, encodeTlv, type Tlv, type TlvItem } from "./tlv";

export interface Endpoint {
    /** An address, or a name that the system can look up. */
    readonly host: string;
    readonly port: number;
}

export interface HapRequest {
    readonly method: "GET" | "PUT" | "POST";
    readonly path: string;
    readonly contentType?: "application/hap+json" | "application/pairing+tlv8";
    readonly body?: Buffer;
}

/** Of the endpoints that are given, those that are tried. */
const MAX_ENDPOINTS = 4;
const MAX_REQUEST_BYTES = 1024 * 1024;

interface PendingResponse {
    readonly resolve: (message: HapMessage) => void;
    readonly reject: (error: HapError) => void;
}

export class HapConnection {
    readonly #socket: Socket;
    readonly endpoint: Endpoint;
    readonly #parser = new HapMessageParser();
    #encoder: FrameEncoder | undefined;
    #decoder: FrameDecoder | undefined;
    #pending: PendingResponse | undefined;
    #failure: HapError | undefined;
    /** Called for each event message. */
    onEvent: (body: Buffer) => void = () => {};
    /** Called once, when the connection is over, with the reason. */
    onClose: (reason: HapError) => void = () => {};

    /** Takes over a connected socket. */
    constructor(socket: Socket, endpoint: Endpoint) {
        this.#socket = socket;
        this.endpoint = endpoint;
        socket.setNoDelay(true);
        socket.setKeepAlive(true, 30_000);
        socket.on("data", (bytes) => this.#receive(bytes));
        socket.on("error", (cause) => this.#end(new HapError("disconnected", `${this.#where} broke off.`, { cause })));
        socket.on("close", () =>
            this.#end(new HapError("disconnected", `${this.#where} was closed by the accessory.`)),
        );
    }

    /** @throws {HapError} `unreachable` or `timeout`, at the latest after `timeoutMs`. */
    static async open(endpoint: Endpoint, timeoutMs: number): Promise<HapConnection> {
        return new HapConnection(await connectSocket(endpoint, timeoutMs), endpoint);
    }

    get isOpen(): boolean {
        return this.#failure === undefined;
    }

    /** From here on everything is encrypted. */
    encrypt(keys: SessionKeys): void {
        this.#encoder = new FrameEncoder(keys.controllerToAccessory);
        this.#decoder = new FrameDecoder(keys.accessoryToController);
    }

    /**
     * Sends a request and waits for its response. After a time-out the connection is of no more use, since a late
     * response would be taken for the next one's, and is closed.
     */
    request({ method, path, contentType, body }: HapRequest, timeoutMs: number): Promise<HapMessage> {
        if (this.#failure) return Promise.reject(this.#failure);
        if (this.#pending) return Promise.reject(new HapError("busy", "The connection is waiting for another answer."));
        if (body && body.length > MAX_REQUEST_BYTES) {
            return Promise.reject(new HapError("refused", `A request of ${body.length} bytes is too large.`));
        }
        const { host, port } = this.endpoint;
        const head = [`${method} ${path} HTTP/1.1`, `Host: ${host.includes(":") ? `[${host}]` : host}:${port}`];
        if (body) head.push(`Content-Type: ${contentType ?? "application/hap+json"}`, `Content-Length: ${body.length}`);
        const message = Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body ?? Buffer.alloc(0)]);
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => {
                this.close(
                    new HapError("timeout", `${this.#where} gave no answer within ${seconds(timeoutMs)} seconds.`),
                );
            }, timeoutMs);
            const settle =
                <T>(then: (result: T) => void) =>
                (result: T) => {
                    clearTimeout(timer);
                    this.#pending = undefined;
                    then(result);
                };
            this.#pending = { resolve: settle(resolve), reject: settle(reject) };
            this.#socket.write(this.#encoder ? this.#encoder.encode(message) : message);
        });
    }

    /** A pairing message of one record and its answer. */
    async exchange(path: string, items: readonly TlvItem[], timeoutMs: number): Promise<Tlv> {
        return decodeTlv(await this.exchangeBytes(path, encodeTlv(items), timeoutMs));
    }

    /** The same for messages that the caller encodes. */
    async exchangeBytes(path: string, body: Buffer, timeoutMs: number): Promise<Buffer> {
        const contentType = "application/pairing+tlv8";
        const response = await this.request({ method: "POST", path, contentType, body }, timeoutMs);
        if (response.status === 470) throw notAuthorised();
        // Errors of the pairing itself come with status 200, or 4xx with the reason in the body.
        if (response.body.length === 0) {
            throw new HapError(
                "protocol",
                `The accessory answered with HTTP status ${response.status} and nothing else.`,
            );
        }
        return response.body;
    }

    close(reason = new HapError("closed", "The connection was closed.")): void {
        this.#end(reason);
    }

    get #where(): string {
        return `The connection to ${this.endpoint.host} port ${this.endpoint.port}`;
    }

    #receive(bytes: Buffer): void {
        if (this.#failure) return;
        try {
            for (const message of this.#parser.push(this.#decoder ? this.#decoder.decode(bytes) : bytes)) {
                if (message.kind === "event") this.onEvent(message.body);
                else if (this.#pending) this.#pending.resolve(message);
                else throw new HapError("protocol", "The accessory answered without having been asked.");
            }
        } catch (error) {
            this.#end(error instanceof HapError ? error : new HapError("protocol", "Unreadable", { cause: error }));
        }
    }

    #end(reason: HapError): void {
        if (this.#failure) return;
        this.#failure = reason;
        this.#socket.destroy();
        this.#pending?.reject(reason);
        this.onClose(reason);
    }
}

/**
 * Tries one endpoint after the other, each with its share of the time, until `attempt` works at one. Announcements are
 * anyone's to forge: an endpoint where something else answers must not hide the right one.
 *
 * @throws {HapError} the first endpoint's error, as it is the likeliest place; at once when the accessory itself refused.
 */
export async function tryEach<T>(
    endpoints: readonly Endpoint[],
    timeoutMs: number,
    attempt: (endpoint: Endpoint, timeoutMs: number) => Promise<T>,
): Promise<T> {
    const candidates = endpoints.slice(0, MAX_ENDPOINTS);
    const deadline = performance.now() + timeoutMs;
    let failure: HapError | undefined;
    for (const [index, endpoint] of candidates.entries()) {
        const share = (deadline - performance.now()) / (candidates.length - index);
        try {
            return await attempt(endpoint, Math.max(1, share));
        } catch (error) {
            if (!(error instanceof HapError) || !ELSEWHERE.has(error.code)) throw error;
            failure ??= error;
        }
    }
    throw failure ?? new HapError("unreachable", "The accessory has not been found on the network.");
}

/** Errors that another endpoint may not have. */
const ELSEWHERE: ReadonlySet<HapErrorCode> = new Set(["unreachable", "timeout", "disconnected", "protocol"]);

export function notAuthorised(): HapError {
    return new HapError(
        "authentication",
        "The accessory no longer knows this hub: its pairing was removed or it was reset. Remove it here and pair it again.",
    );
}

function connectSocket({ host, port }: Endpoint, timeoutMs: number): Promise<Socket> {
    return new Promise((resolve, reject) => {
        const socket = connect({ host, port });
        const fail = (error: HapError) => {
            clearTimeout(timer);
            socket.removeAllListeners();
            socket.on("error", () => {});
            socket.destroy();
            reject(error);
        };
        const timer = setTimeout(() => {
            fail(new HapError("timeout", `${host} port ${port} gave no answer within ${seconds(timeoutMs)} seconds.`));
        }, timeoutMs);
        socket.once("error", (cause) => {
            fail(new HapError("unreachable", `Nothing answers at ${host} port ${port}.`, { cause }));
        });
        socket.once("connect", () => {
            clearTimeout(timer);
            socket.removeAllListeners();
            resolve(socket);
        });
    });
}

function seconds(milliseconds: number): string {
    return (milliseconds / 1000).toFixed(1);
}

/** One connection to Home Assistant, from the accepted token to the end of the socket. */
import { EventEmitter } from "node:events";
import type { RawData, WebSocket } from "ws";
import { HomeAssistantError } from "./error";
import { type Access, openSocket, parsed } from "./handshake";
import {
    type Command,
    type RemoteError,
    readServerMessage,
    type ServerMessage,
    type SubscribeCommand,
} from "./messages";
import type { HomeAssistantTimings } from "./timings";

export type ConnectionTimings = Pick<HomeAssistantTimings, "openMs" | "commandMs" | "pingEveryMs" | "pongMs">;

export interface ConnectionEvents {
    /** Once, whatever the reason. */
    closed: [reason: HomeAssistantError];
}

export interface Subscription {
    /** Never rejects: what can't be unsubscribed ends with the connection. */
    unsubscribe(): Promise<void>;
}

interface Pending {
    readonly resolve: (result: unknown) => void;
    readonly reject: (error: HomeAssistantError) => void;
    readonly timer: NodeJS.Timeout;
}

/** Commands that may wait for their results. */
const MAX_PENDING = 512;
/** What may wait to be sent. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;

export class Connection extends EventEmitter<ConnectionEvents> {
    readonly version: string;
    readonly #socket: WebSocket;
    readonly #timings: ConnectionTimings;
    readonly #pending = new Map<number, Pending>();
    readonly #listeners = new Map<number, (event: unknown) => void>();
    #lastId = 0;
    #ended: HomeAssistantError | undefined;
    #pingTimer: NodeJS.Timeout | undefined;

    private constructor(socket: WebSocket, version: string, timings: ConnectionTimings) {
        super();
        this.#socket = socket;
        this.version = version;
        this.#timings = timings;
        // One for each command that waits for an event; their number is bounded by that of the commands.
        this.setMaxListeners(0);
    }

    /** @throws HomeAssistantError */
    static async open(access: Access, timings: ConnectionTimings, signal?: AbortSignal): Promise<Connection> {
        const { socket, version } = await openSocket(access, timings.openMs, signal);
        const connection = new Connection(socket, version, timings);
        connection.#listen();
        try {
            // A Home Assistant that can't put several messages into one sends them one by one.
            await connection.request({ type: "supported_features", features: { coalesce_messages: 1 } });
        } catch (error) {
            if (!(error instanceof HomeAssistantError && error.code === "refused")) {
                connection.close();
                throw error;
            }
        }
        return connection;
    }

    /**
     * @returns what Home Assistant answered, to be read by `messages.ts`
     * @throws HomeAssistantError within the time for a command
     */
    request(command: Command, { withinMs = this.#timings.commandMs } = {}): Promise<unknown> {
        return this.#send(command, withinMs).result;
    }

    /**
     * Hears the events of a subscription, from before its result is known.
     * @param listener what it throws ends the connection: it no longer knows what Home Assistant does
     * @throws HomeAssistantError
     */
    async subscribe(command: SubscribeCommand, listener: (event: unknown) => void): Promise<Subscription> {
        const { id, result } = this.#send(command, this.#timings.commandMs);
        this.#listeners.set(id, listener);
        try {
            await result;
        } catch (error) {
            this.#listeners.delete(id);
            throw error;
        }
        return {
            unsubscribe: async () => {
                if (!this.#listeners.delete(id) || this.#ended) return;
                await this.request({ type: "unsubscribe_events", subscription: id }).catch(() => undefined);
            },
        };
    }

    /**
     * Waits for something that events bring.
     * @param what is waited for, for the error: "the state of light.desk"
     * @throws HomeAssistantError when it takes longer than `withinMs`, or the connection ends first
     */
    async within<T>(withinMs: number, what: string, awaited: Promise<T>): Promise<T> {
        const ended = Promise.withResolvers<never>();
        const onClosed = (reason: HomeAssistantError) => ended.reject(reason);
        const message = `Home Assistant did not tell ${what} within ${withinMs / 1_000} s.`;
        const timer = setTimeout(() => ended.reject(new HomeAssistantError("timeout", message)), withinMs);
        this.once("closed", onClosed);
        if (this.#ended) ended.reject(this.#ended);
        try {
            return await Promise.race([awaited, ended.promise]);
        } finally {
            clearTimeout(timer);
            this.off("closed", onClosed);
        }
    }

    close(): void {
        this.#end(new HomeAssistantError("disconnected", "The connection to Home Assistant was closed."));
    }

    #listen(): void {
        this.#socket.on("message", (data, isBinary) => {
            // Home Assistant sends binary only to those who ask for sound.
            if (!isBinary) this.#receive(data);
        });
        this.#socket.on("error", (cause) => {
            const message = `The connection to Home Assistant broke: ${cause.message}.`;
            this.#end(new HomeAssistantError("disconnected", message, { cause }));
        });
        this.#socket.on("close", () =>
            this.#end(new HomeAssistantError("disconnected", "Home Assistant ended the connection.")),
        );
        this.#pingLater();
    }

    #send(command: Command, withinMs: number): { readonly id: number; readonly result: Promise<unknown> } {
        this.#lastId += 1;
        const id = this.#lastId;
        const { promise: result, resolve, reject } = Promise.withResolvers<unknown>();
        const isFull = this.#pending.size >= MAX_PENDING || this.#socket.bufferedAmount > MAX_UNSENT_BYTES;
        if (this.#ended) reject(this.#ended);
        else if (isFull) reject(new HomeAssistantError("busy", "Too many commands wait for Home Assistant already."));
        else {
            const timer = setTimeout(() => {
                this.#pending.delete(id);
                const message = `Home Assistant did not answer "${command.type}" within ${withinMs / 1_000} s.`;
                reject(new HomeAssistantError("timeout", message));
            }, withinMs);
            this.#pending.set(id, { resolve, reject, timer });
            this.#socket.send(JSON.stringify({ id, ...command }));
        }
        return { id, result };
    }

    #receive(data: RawData): void {
        const frame = parsed(data);
        if (frame === undefined) {
            this.#end(new HomeAssistantError("protocol", "Home Assistant sent something that is not JSON."));
            return;
        }
        for (const one of Array.isArray(frame) ? frame : [frame]) {
            const message = readServerMessage(one);
            if (message) this.#take(message);
        }
    }

    #take(message: ServerMessage): void {
        if (message.type === "event") this.#hear(message.id, message.event);
        if (message.type !== "result" && message.type !== "pong") return;
        const pending = this.#pending.get(message.id);
        if (!pending) return;
        this.#pending.delete(message.id);
        clearTimeout(pending.timer);
        if (message.type === "pong") pending.resolve(undefined);
        else if (message.success) pending.resolve(message.result);
        else pending.reject(refusal(message.error));
    }

    #hear(id: number, event: unknown): void {
        try {
            this.#listeners.get(id)?.(event);
        } catch (cause) {
            const message = `An event of Home Assistant could not be taken in: ${cause instanceof Error ? cause.message : cause}`;
            this.#end(new HomeAssistantError("protocol", message, { cause }));
        }
    }

    #pingLater(): void {
        const { pingEveryMs, pongMs } = this.#timings;
        this.#pingTimer = setTimeout(() => {
            this.request({ type: "ping" }, { withinMs: pongMs }).then(
                () => this.#pingLater(),
                () =>
                    this.#end(new HomeAssistantError("disconnected", "Home Assistant gives no sign of life any more.")),
            );
        }, pingEveryMs);
    }

    #end(reason: HomeAssistantError): void {
        if (this.#ended) return;
        this.#ended = reason;
        clearTimeout(this.#pingTimer);
        this.#socket.terminate();
        for (const { reject, timer } of this.#pending.values()) {
            clearTimeout(timer);
            reject(reason);
        }
        this.#pending.clear();
        this.#listeners.clear();
        this.emit("closed", reason);
    }
}

function refusal({ code, message }: RemoteError): HomeAssistantError {
    return new HomeAssistantError("refused", `Home Assistant refused: ${message}`, { remoteCode: code });
}

/** A peer that speaks Wyoming over a socket: its events one after the other, and no more of them than are dealt with. */
import type { Socket } from "node:net";
import { WyomingError } from "./error";
import { EventReader, encodeEvent, type WyomingData, type WyomingEvent } from "./event";

export interface ConnectionTimings {
    /** From the first byte of an event to its last. */
    readonly eventMs: number;
    /** Without a byte in either direction. */
    readonly idleMs: number;
}

/** Home Assistant pings every two seconds; a microphone that waits for a wake word sends all the time. */
export const TIMINGS: ConnectionTimings = { eventMs: 10_000, idleMs: 60_000 };

/** What may wait for a peer that reads slowly: half a minute of speech. */
const MAX_UNSENT_BYTES = 1024 * 1024;

export class WyomingConnection {
    /** Address and port, as in "192.168.1.20:51022". */
    readonly peer: string;
    readonly #socket: Socket;
    readonly #eventMs: number;
    #failure: WyomingError | undefined;

    constructor(socket: Socket, { eventMs, idleMs }: ConnectionTimings = TIMINGS) {
        this.#socket = socket;
        this.#eventMs = eventMs;
        this.peer = `${socket.remoteAddress ?? "?"}:${socket.remotePort ?? 0}`;
        socket.setNoDelay(true);
        socket.setTimeout(idleMs, () =>
            this.#fail("too-slow", `Nothing came from ${this.peer} for ${idleMs / 1000} s.`),
        );
        // What went wrong shows in `events`; without a listener Node.js would end the process.
        socket.on("error", () => undefined);
    }

    /**
     * Ends when the peer does. The socket is read only as far as events are taken.
     *
     * @throws WyomingError when the peer breaks off, is too slow, or what it sends is none of the protocol
     */
    async *events(): AsyncGenerator<WyomingEvent, void> {
        const reader = new EventReader();
        let late: NodeJS.Timeout | undefined;
        try {
            for await (const bytes of this.#socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
                for (const event of reader.read(bytes)) {
                    clearTimeout(late);
                    late = undefined;
                    yield event;
                }
                if (reader.isInside) {
                    late ??= setTimeout(
                        () => this.#fail("too-slow", `${this.peer} took too long over an event.`),
                        this.#eventMs,
                    );
                }
            }
            if (reader.isInside) throw this.#closed();
        } catch (error) {
            throw this.#failure ?? (error instanceof WyomingError ? error : this.#closed());
        } finally {
            clearTimeout(late);
        }
    }

    /** Ignored once the connection is closed. */
    send(type: string, data?: WyomingData, payload?: Uint8Array): void {
        if (this.#socket.destroyed || this.#socket.writableEnded) return;
        this.#socket.write(encodeEvent(type, data, payload));
        if (this.#socket.writableLength > MAX_UNSENT_BYTES) this.#fail("too-slow", `${this.peer} reads too slowly.`);
    }

    /** What was sent still goes out, if the peer takes it within a moment. */
    close(): void {
        if (this.#socket.destroyed) return;
        this.#socket.end();
        this.#socket.destroySoon();
    }

    /** At once. */
    destroy(): void {
        this.#socket.destroy();
    }

    #closed(): WyomingError {
        return new WyomingError("closed", `${this.peer} broke off in the middle.`);
    }

    #fail(code: WyomingError["code"], message: string): void {
        this.#failure ??= new WyomingError(code, message);
        this.#socket.destroy();
    }
}

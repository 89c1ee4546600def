/** Sound that comes in pieces on its way into sessions of the hub: decoded, at the speed of speech or as fast as it is heard. */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { decodeSound, SAMPLE_RATE, type SoundDecoder, type SoundFormat } from "../audio";
import type { Samples } from "../speech";
import type { Session } from "./session";
import type { Sessions } from "./sessions";

export interface SoundFeedOptions {
    readonly sessions: Sessions;
    readonly site: string;
    readonly format: SoundFormat;
    /** At the speed of speech. */
    readonly paced: boolean;
    /**
     * For live sound: it may go on for ever, and what comes after an utterance was heard to its end begins another session.
     * A recording is bounded and has one session; what comes after its end is left out.
     */
    readonly continues: boolean;
    /** Cuts short every wait. */
    readonly signal: AbortSignal;
}

/** Decoded between two turns of the event loop: under a millisecond of work. */
const BYTES_A_TURN = 32 * 1024;
/** Written at a time when paced, in milliseconds: as often as microphones deliver. */
const PACE_MS = 50;
const PACE_SAMPLES = (SAMPLE_RATE * PACE_MS) / 1000;

export class SoundFeed {
    readonly #options: SoundFeedOptions;
    readonly #decoder: SoundDecoder;
    #session: Session | undefined;
    /** When the last sample written was due, by `performance.now()`. */
    #dueMs = 0;

    /** @throws AudioFormatError for a raw format that can't be */
    constructor(options: SoundFeedOptions) {
        this.#options = options;
        const { format, continues } = options;
        this.#decoder = decodeSound(format, continues ? { maxMs: Number.POSITIVE_INFINITY } : undefined);
    }

    /**
     * Settles when the piece has been heard; pieces are written one after the other.
     *
     * @param onOpened called with each session that begins within the piece
     * @throws AudioFormatError
     */
    async write(bytes: Uint8Array, onOpened: (session: Session) => void): Promise<void> {
        for (let at = 0; at < bytes.length; at += BYTES_A_TURN) {
            const samples = this.#decoder.write(bytes.subarray(at, at + BYTES_A_TURN));
            if (samples.length > 0) await this.#hear(samples, this.#openSession(onOpened));
            await nextTurn();
        }
    }

    /** @throws AudioFormatError when something is missing at the end; the session ends all the same */
    async end(): Promise<void> {
        try {
            const samples = this.#decoder.end();
            if (this.#session) await this.#hear(samples, this.#session);
        } finally {
            this.close();
        }
    }

    /** Ends the session without a look at what is missing. */
    close(): void {
        this.#session?.end();
    }

    async #hear(samples: Samples, session: Session): Promise<void> {
        const { paced, signal } = this.#options;
        const step = paced ? PACE_SAMPLES : samples.length;
        for (let at = 0; at < samples.length; at += step) {
            signal.throwIfAborted();
            if (session.ended) return;
            const piece = samples.subarray(at, at + step);
            // As from a microphone: a piece is there once all of it was said.
            if (paced) await this.#keepPace(piece.length);
            session.write(piece);
            if (!paced) await session.room();
        }
    }

    #openSession(onOpened: (session: Session) => void): Session {
        if (!this.#session || (this.#session.ended && this.#options.continues)) {
            this.#session = this.#options.sessions.open({ site: this.#options.site });
            onOpened(this.#session);
        }
        return this.#session;
    }

    async #keepPace(samples: number): Promise<void> {
        const now = performance.now();
        // A pause between pieces is a pause in the sound, not sound to catch up with.
        const from = this.#dueMs < now - PACE_MS ? now : this.#dueMs;
        this.#dueMs = from + (samples / SAMPLE_RATE) * 1000;
        if (this.#dueMs > now) await sleep(this.#dueMs - now, undefined, { signal: this.#options.signal });
    }
}

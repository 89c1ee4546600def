/**
 * A stretch of live sound, in memory only. A source opens a stream and writes to it; a wake word or a button branches an
 * utterance off it. Messages carry the handle, never the sound.
 */

import { randomUUID } from "node:crypto";
import type { Samples } from "../speech";

export const SAMPLE_RATE = 16_000;

/** What travels as `msg.voice`. */
export interface VoiceHandle {
    readonly session: string;
    readonly site: string;
    /** Milliseconds since 1970. */
    readonly startedAt: number;
    readonly format: { readonly sampleRate: 16_000; readonly channels: 1 };
}

export interface SoundListener {
    /** Sample to begin with, counted from the start of the session; sound no longer in memory is left out. */
    readonly fromSample?: number;
    /** The listener calls `consumed`; an unpaced source then waits for it. Others are taken to keep up. */
    readonly reports?: boolean;
    /** `samples` is valid during the call only: it is overwritten when it falls out of memory. */
    sound(samples: Samples): void;
    /** No more sound will come, because the source ended or the session was closed. */
    ended(): void;
}

export interface Listening {
    stop(): void;
    /** Tells the session how many of the samples handed out have been dealt with. */
    consumed(samples: number): void;
}

export interface SessionOptions {
    readonly site: string;
    /** How much of the newest sound stays in memory, in samples. */
    readonly keepSamples: number;
    /** Milliseconds since 1970. */
    readonly startedAt: number;
    /** Asked for each sound: while true, it is taken for silence. */
    readonly isMuted?: () => boolean;
    /** Called once, when no more sound will come. */
    readonly onEnded?: (session: Session) => void;
    /** Called when a listener has caught up; branches tell their stream so. */
    readonly onProgress?: () => void;
}

/** How far behind one listener may be before `room()` makes an unpaced source wait, in samples. */
const MAX_BACKLOG = SAMPLE_RATE;
/** An utterance in memory is never longer than this, in samples. */
export const UTTERANCE_KEEP = 60 * SAMPLE_RATE;

export class Session {
    readonly id: string = randomUUID();
    readonly site: string;
    readonly startedAt: number;
    readonly #options: SessionOptions;
    readonly #chunks: Samples[] = [];
    readonly #listeners = new Set<Listener>();
    readonly #branches = new Set<Session>();
    #waiting: (() => void)[] = [];
    /** Number of the first sample that is still in memory. */
    #firstSample = 0;
    #length = 0;
    #ended = false;

    constructor(options: SessionOptions) {
        this.site = options.site;
        this.startedAt = options.startedAt;
        this.#options = options;
    }

    get handle(): VoiceHandle {
        return {
            session: this.id,
            site: this.site,
            startedAt: this.startedAt,
            format: { sampleRate: SAMPLE_RATE, channels: 1 },
        };
    }

    /** Samples written so far. */
    get length(): number {
        return this.#length;
    }

    get ended(): boolean {
        return this.#ended;
    }

    /** Takes a copy of `samples`; ignored once the session has ended. */
    write(samples: Samples): void {
        if (this.#ended || samples.length === 0) return;
        const chunk = this.#options.isMuted?.() ? new Float32Array(samples.length) : samples.slice();
        this.#chunks.push(chunk);
        this.#length += chunk.length;
        for (const listener of [...this.#listeners]) listener.hand(chunk);
        this.#forgetOld();
    }

    /** Resolves when no listener is far behind; a source that is not bound to real time waits for it between writes. */
    async room(): Promise<void> {
        while (!this.#ended && this.backlog > MAX_BACKLOG) {
            await new Promise<void>((resolve) => this.#waiting.push(resolve));
        }
    }

    /** How far the slowest listener here or on a branch is behind, in samples. */
    get backlog(): number {
        return Math.max(
            0,
            ...Array.from(this.#listeners, (listener) => listener.backlog),
            ...Array.from(this.#branches, (branch) => branch.backlog),
        );
    }

    /** The source has no more sound. What is in memory stays until `close()`. */
    end(): void {
        if (this.#ended) return;
        this.#ended = true;
        for (const listener of [...this.#listeners]) listener.sink.ended();
        this.#listeners.clear();
        this.#progress();
        this.#options.onEnded?.(this);
    }

    /** Ends the session and overwrites its sound. Branches end too, and keep theirs. */
    close(): void {
        this.end();
        this.silence();
        this.#chunks.length = 0;
        this.#firstSample = this.#length;
    }

    /** Overwrites the sound that is in memory. */
    silence(): void {
        for (const chunk of this.#chunks) chunk.fill(0);
    }

    /** An utterance of its own that begins at `fromSample` of this session and goes on with it until either ends. */
    branch(fromSample: number, onEnded?: (branch: Session) => void): Session {
        const from = Math.max(fromSample, this.#firstSample);
        const branch = new Session({
            site: this.site,
            keepSamples: UTTERANCE_KEEP,
            startedAt: this.startedAt + (from / SAMPLE_RATE) * 1000,
            onProgress: () => this.#progress(),
            onEnded: () => {
                this.#branches.delete(branch);
                listening.stop();
                onEnded?.(branch);
            },
        });
        this.#branches.add(branch);
        const listening = this.listen({
            fromSample: from,
            sound: (samples) => branch.write(samples),
            ended: () => queueMicrotask(() => branch.end()),
        });
        return branch;
    }

    /** Hands out what is in memory from `fromSample` on, then sound as it arrives. */
    listen(sink: SoundListener): Listening {
        const listener = new Listener(sink);
        let position = this.#firstSample;
        const from = sink.fromSample ?? 0;
        for (const chunk of this.#chunks) {
            const skip = Math.max(0, from - position);
            if (skip < chunk.length) listener.hand(chunk.subarray(skip));
            position += chunk.length;
        }
        if (this.#ended) sink.ended();
        else this.#listeners.add(listener);
        return {
            stop: () => {
                this.#listeners.delete(listener);
                this.#progress();
            },
            consumed: (samples) => {
                listener.backlog -= samples;
                this.#progress();
            },
        };
    }

    /** A copy of the sound that is still in memory. */
    samples(): Samples {
        const copy = new Float32Array(this.#length - this.#firstSample);
        let position = 0;
        for (const chunk of this.#chunks) {
            copy.set(chunk, position);
            position += chunk.length;
        }
        return copy;
    }

    /** Puts `changed` in the place of the sound that is in memory. */
    overwrite(changed: Samples): void {
        let position = 0;
        for (const chunk of this.#chunks) {
            chunk.set(changed.subarray(position, position + chunk.length));
            position += chunk.length;
        }
    }

    #forgetOld(): void {
        for (let oldest = this.#chunks[0]; oldest; oldest = this.#chunks[0]) {
            if (this.#length - this.#firstSample - oldest.length < this.#options.keepSamples) return;
            this.#chunks.shift();
            this.#firstSample += oldest.length;
            oldest.fill(0);
        }
    }

    #progress(): void {
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const resume of waiting) resume();
        this.#options.onProgress?.();
    }
}

class Listener {
    /** Samples handed out and not yet consumed. */
    backlog = 0;

    constructor(readonly sink: SoundListener) {}

    hand(samples: Samples): void {
        if (this.sink.reports) this.backlog += samples.length;
        this.sink.sound(samples);
    }
}

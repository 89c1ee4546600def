/** Plays one recording at a time, while it comes in. The sound is in memory only, and only what is to be heard next. */
import { soundFrom } from "./node-red.js";
import { say } from "./words.js";

const SAMPLE_RATE = 16_000;
const BYTES_PER_SAMPLE = 2;
/** Before the samples in a WAV file as Earshot writes it. */
const HEADER_BYTES = 44;
/** Sound is fetched so far ahead, in seconds. */
const AHEAD = 10;
const TICK_MS = 100;

export interface Listener {
    /** Where it is, in milliseconds. */
    onPosition(positionMs: number): void;
    /** It ended, failed, or another one is played. */
    onStopped(error?: unknown): void;
}

interface Playing {
    readonly id: string;
    readonly listener: Listener;
    readonly context: AudioContext;
    readonly abort: AbortController;
}

export class Player {
    #playing: Playing | undefined;

    /** @param fromMs where to begin */
    play(hub: string, id: string, fromMs: number, listener: Listener): void {
        this.stop();
        const context = new AudioContext({ sampleRate: SAMPLE_RATE });
        const playing: Playing = { id, listener, context, abort: new AbortController() };
        this.#playing = playing;
        stream(hub, playing, fromMs).then(
            () => this.#ended(playing),
            (error: unknown) => this.#ended(playing, error),
        );
    }

    /** Stops where it is. */
    stop(): void {
        if (this.#playing) this.#ended(this.#playing);
    }

    isPlaying(id: string): boolean {
        return this.#playing?.id === id;
    }

    #ended(playing: Playing, error?: unknown): void {
        if (this.#playing !== playing) return;
        this.#playing = undefined;
        playing.abort.abort();
        void playing.context.close();
        playing.listener.onStopped(error);
    }
}

async function stream(hub: string, { id, listener, context, abort }: Playing, fromMs: number): Promise<void> {
    const first = Math.floor((fromMs / 1_000) * SAMPLE_RATE);
    const sound = await soundFrom(hub, id, HEADER_BYTES + first * BYTES_PER_SAMPLE, abort.signal);
    await context.resume();
    const begin = context.currentTime;
    let next = begin;
    const tick = setInterval(
        () => listener.onPosition(fromMs + (Math.min(context.currentTime, next) - begin) * 1_000),
        TICK_MS,
    );
    abort.signal.addEventListener("abort", () => clearInterval(tick));
    const until = async (time: number) => {
        while (context.currentTime < time && !abort.signal.aborted) {
            await new Promise((resolve) => setTimeout(resolve, TICK_MS));
        }
    };
    let odd: Uint8Array = new Uint8Array();
    const reader = sound.getReader();
    const read = () =>
        reader.read().catch((error: unknown) => {
            throw abort.signal.aborted ? error : new Error(say("problem.brokenOff"));
        });
    for (let piece = await read(); !piece.done; piece = await read()) {
        const bytes = joined(odd, piece.value);
        const whole = bytes.length - (bytes.length % BYTES_PER_SAMPLE);
        odd = bytes.slice(whole);
        if (whole === 0) continue;
        next = Math.max(next, context.currentTime);
        next += schedule(context, bytes.subarray(0, whole), next);
        await until(next - AHEAD);
    }
    await until(next);
}

/** @returns how long it is, in seconds */
function schedule(context: AudioContext, bytes: Uint8Array, at: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const buffer = context.createBuffer(1, bytes.length / BYTES_PER_SAMPLE, SAMPLE_RATE);
    const samples = buffer.getChannelData(0);
    for (let index = 0; index < samples.length; index++) {
        samples[index] = view.getInt16(index * BYTES_PER_SAMPLE, true) / 0x80_00;
    }
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.start(at);
    return buffer.duration;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(one.length + other.length);
    bytes.set(one);
    bytes.set(other, one.length);
    return bytes;
}

/**
 * One utterance in the recogniser's thread, decoded while it is spoken. How loud it is shows only as it goes on, and the
 * recogniser's model expects one loudness: so decoding starts over, at the level that suits, when speech turns out to be
 * clearly louder than it was taken to be. That happens early in an utterance or not at all, and decoding is faster than speech.
 */
import { Endpointer, type EndpointingOptions, FRAME_MS, type VoicedFrame } from "../../audio";
import type { Samples } from "../transcriber";
import type { RecognisedWord, Recogniser } from "./recogniser";

/** Sound kept before the first and after the last voiced frame: soft consonants have no voice. */
const MARGIN_FRAMES = 30;
/** Decoding begins so long after speech did, when its loudness is about known. */
const SETTLING_FRAMES = 30;
/** The recogniser's model and cepstral mean expect speech that peaks here, on a scale of -1 to 1. */
const PEAK_LEVEL = 0.2;
/** By how much the level may be off, up or down: 2 dB. Speech tends to become louder, so it is taken to be louder at first. */
const TOLERANCE = 10 ** (2 / 20);
const PARTIAL_EVERY_FRAMES = 30;

export interface HeardUtterance {
    readonly words: readonly RecognisedWord[];
    /** Length in milliseconds, with the silence that ended it. */
    readonly durationMs: number;
}

export class Utterance {
    readonly #recogniser: Recogniser;
    readonly #endpointer: Endpointer;
    readonly #onPartial: ((text: string) => void) | undefined;
    /** Frames from the margin before speech on; before that, the margin itself. */
    #segment: Samples[] = [];
    /** Number of the frame with which the segment begins. */
    #segmentStart = 0;
    /** Frames of the segment that went into `#peak`. */
    #measured = 0;
    #peak = 0;
    /** What decoding takes the peak to be; undefined while nothing is being decoded. */
    #assumedPeak: number | undefined;
    /** Frames of the segment that are decoded. */
    #decoded = 0;
    #partial = "";

    constructor(recogniser: Recogniser, endpointing: EndpointingOptions, onPartial?: (text: string) => void) {
        this.#recogniser = recogniser;
        this.#endpointer = new Endpointer(endpointing);
        this.#onPartial = onPartial;
    }

    /** Takes the next frame; resolves with the utterance when that frame ended it. */
    async take(frame: VoicedFrame): Promise<HeardUtterance | undefined> {
        const isWaiting = this.#endpointer.firstVoicedFrame === undefined;
        const state = this.#endpointer.process(frame.voice);
        this.#segment.push(frame.samples);
        if (state === "ended") return this.finish();
        if (state === "waiting") this.#keepMargin();
        else if (isWaiting) this.#trimStart();
        if (this.#isWorthDecoding()) await this.#decode();
        return undefined;
    }

    /** Ends the utterance here. */
    async finish(): Promise<HeardUtterance> {
        const words = this.#endpointer.firstVoicedFrame === undefined ? [] : await this.#words();
        const offsetMs = this.#segmentStart * FRAME_MS;
        const heard = {
            words: words.map((word) => ({
                ...word,
                startMs: word.startMs + offsetMs,
                endMs: word.endMs + offsetMs,
            })),
            durationMs: this.#endpointer.frames * FRAME_MS,
        };
        this.cancel();
        return heard;
    }

    /** Stops decoding and overwrites the sound. */
    cancel(): void {
        this.#stop();
        for (const samples of this.#segment) samples.fill(0);
        this.#segment = [];
    }

    /** Before speech, only what may belong to its beginning is kept. */
    #keepMargin(): void {
        const excess = this.#segment.length - MARGIN_FRAMES - this.#endpointer.onsetFrames;
        if (excess > 0) this.#drop(excess);
    }

    /** Once speech has begun, the segment starts a margin before it. */
    #trimStart(): void {
        const start = (this.#endpointer.firstVoicedFrame ?? 0) - MARGIN_FRAMES;
        if (start > this.#segmentStart) this.#drop(start - this.#segmentStart);
    }

    #drop(frames: number): void {
        for (const samples of this.#segment.splice(0, frames)) samples.fill(0);
        this.#segmentStart += frames;
    }

    /** Silence past the margin waits: it is decoded when speech goes on, and left out when it was the end. */
    #isWorthDecoding(): boolean {
        const { firstVoicedFrame, frames, silentFrames } = this.#endpointer;
        if (firstVoicedFrame === undefined) return false;
        return frames - firstVoicedFrame >= SETTLING_FRAMES && silentFrames <= MARGIN_FRAMES;
    }

    async #decode(): Promise<void> {
        const { frames, silentFrames } = this.#endpointer;
        const end = frames - this.#segmentStart - Math.max(0, silentFrames - MARGIN_FRAMES);
        this.#measure(end);
        if (this.#assumedPeak !== undefined && this.#peak > this.#assumedPeak * TOLERANCE) this.#stop();
        if (this.#assumedPeak === undefined) {
            await this.#recogniser.start();
            this.#assumedPeak = this.#peak * TOLERANCE;
            this.#decoded = 0;
        }
        const gain = this.#assumedPeak === 0 ? 1 : PEAK_LEVEL / this.#assumedPeak;
        for (; this.#decoded < end; this.#decoded++) {
            const even = this.#segment[this.#decoded]?.map((value) => value * gain);
            if (even) this.#recogniser.feed(even);
        }
        if (this.#onPartial && frames % PARTIAL_EVERY_FRAMES === 0) this.#tellPartial(this.#onPartial);
    }

    #measure(end: number): void {
        for (; this.#measured < end; this.#measured++) {
            for (const value of this.#segment[this.#measured] ?? []) this.#peak = Math.max(this.#peak, Math.abs(value));
        }
    }

    #tellPartial(onPartial: (text: string) => void): void {
        const text = this.#recogniser.text();
        if (text !== this.#partial) onPartial(text);
        this.#partial = text;
    }

    async #words(): Promise<readonly RecognisedWord[]> {
        await this.#decode();
        this.#stop();
        return this.#recogniser.words();
    }

    #stop(): void {
        if (this.#assumedPeak === undefined) return;
        this.#assumedPeak = undefined;
        this.#recogniser.stop();
    }
}

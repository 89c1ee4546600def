/**
 * One utterance in the recogniser's thread. It is decoded while it is spoken; as soon as a pause follows, it is decoded
 * once more at an even level, because only then its loudness is known. That second pass runs while the endpointer still
 * waits for the silence to be long enough, and is thrown away when speech goes on.
 */
import { Endpointer, type EndpointingOptions, FRAME_MS, FRAME_SAMPLES, type VoicedFrame } from "../../audio";
import type { Samples } from "../transcriber";
import type { RecognisedWord, Recogniser } from "./recogniser";

/** Sound kept before the first and after the last voiced frame: soft consonants have no voice. */
const MARGIN_FRAMES = 30;
/** The recogniser's model and cepstral mean expect speech that peaks here, on a scale of -1 to 1. */
const PEAK_LEVEL = 0.2;
const PARTIAL_EVERY_FRAMES = 30;

export interface HeardUtterance {
    readonly words: readonly RecognisedWord[];
    /** Length in milliseconds, with the silence that ended it. */
    readonly durationMs: number;
}

export class Utterance {
    readonly #recogniser: Recogniser;
    readonly #endpointer: Endpointer;
    readonly #onPartial: (text: string) => void;
    /** Frames from the margin before speech on; before that, the margin itself. */
    #segment: Samples[] = [];
    /** Number of the frame with which the segment begins. */
    #segmentStart = 0;
    #decoded = 0;
    #live = false;
    #partial = "";
    /** What the second pass found in the segment, as long as nothing was added to it since. */
    #found: readonly RecognisedWord[] | undefined;

    constructor(recogniser: Recogniser, endpointing: EndpointingOptions, onPartial: (text: string) => void) {
        this.#recogniser = recogniser;
        this.#endpointer = new Endpointer(endpointing);
        this.#onPartial = onPartial;
    }

    /** Takes the next frame; resolves with the utterance when that frame ended it. */
    async take(frame: VoicedFrame): Promise<HeardUtterance | undefined> {
        const before = this.#endpointer.state;
        const state = this.#endpointer.process(frame.voice);
        this.#segment.push(frame.samples);
        if (before === "waiting" && state === "waiting") {
            this.#keepMargin();
            return undefined;
        }
        if (state === "ended") return this.finish();
        if (this.#endpointer.silentFrames < MARGIN_FRAMES) await this.#decodeLive();
        else if (this.#found === undefined) this.#found = await this.#decodeAgain();
        return undefined;
    }

    /** Ends the utterance here. */
    async finish(): Promise<HeardUtterance> {
        const spoke = this.#live || this.#found !== undefined;
        const words = this.#found ?? (spoke ? await this.#decodeAgain() : []);
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
        if (this.#live) this.#recogniser.stop();
        this.#live = false;
        for (const samples of this.#segment) samples.fill(0);
        this.#segment = [];
    }

    #keepMargin(): void {
        while (this.#segment.length > MARGIN_FRAMES + 10) {
            this.#segment.shift();
            this.#segmentStart++;
        }
    }

    async #decodeLive(): Promise<void> {
        if (!this.#live) {
            this.#trimStart();
            await this.#recogniser.start();
            this.#live = true;
            this.#decoded = 0;
        }
        this.#found = undefined;
        for (; this.#decoded < this.#segment.length; this.#decoded++) {
            this.#recogniser.feed(this.#segment[this.#decoded] as Samples);
        }
        if (this.#segment.length % PARTIAL_EVERY_FRAMES !== 0) return;
        const text = this.#recogniser.text();
        if (text !== this.#partial) this.#onPartial(text);
        this.#partial = text;
    }

    /** Once speech has begun, the segment starts a margin before it. */
    #trimStart(): void {
        const drop = Math.max(0, this.#endpointer.firstVoicedFrame - MARGIN_FRAMES - this.#segmentStart);
        this.#segment.splice(0, drop);
        this.#segmentStart += drop;
    }

    async #decodeAgain(): Promise<readonly RecognisedWord[]> {
        if (this.#live) this.#recogniser.stop();
        this.#live = false;
        const speech = this.#segment.length - Math.max(0, this.#endpointer.silentFrames - MARGIN_FRAMES);
        const level = evenLevel(this.#segment.slice(0, speech));
        await this.#recogniser.start();
        this.#recogniser.feed(level);
        this.#recogniser.stop();
        level.fill(0);
        return this.#recogniser.words();
    }
}

/** One stretch of sound from frames, brought to the level that the recogniser expects. */
function evenLevel(frames: readonly Samples[]): Samples {
    const whole = new Float32Array(frames.length * FRAME_SAMPLES);
    let peak = 0;
    for (const [index, frame] of frames.entries()) {
        whole.set(frame, index * FRAME_SAMPLES);
        for (const value of frame) peak = Math.max(peak, Math.abs(value));
    }
    if (peak === 0) return whole;
    for (let index = 0; index < whole.length; index++) whole[index] = ((whole[index] as number) * PEAK_LEVEL) / peak;
    return whole;
}

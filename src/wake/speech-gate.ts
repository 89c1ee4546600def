/** Lets speech through with a margin before and after it, so that silence costs no decoding. Time is counted in 10 ms frames. */
import type { VoicedFrame } from "../audio";
import type { Samples } from "../speech";

const VOICED = 0.5;
/** Of the last frames, this many have to be voiced for speech to begin: a click is not a word. */
const ONSET_FRAMES = 10;
const ONSET_VOICED = 6;
/** Soft consonants at the edges of speech have no voice. */
const MARGIN_FRAMES = 30;

export type Passage =
    /** Nothing to decode. */
    | { readonly kind: "silence" }
    /** Speech begins with these frames, the first of which has the number `start`. */
    | { readonly kind: "begin"; readonly start: number; readonly frames: readonly Samples[] }
    | { readonly kind: "speech"; readonly frame: Samples }
    /** Speech was over with the frame before. */
    | { readonly kind: "end" };

const SILENCE: Passage = { kind: "silence" };
const END: Passage = { kind: "end" };

export class SpeechGate {
    /** The last frames of silence, which become the margin when speech begins. */
    #margin: Samples[] = [];
    readonly #recent: boolean[] = [];
    #open = false;
    #silent = 0;
    #frames = 0;

    /** Frames taken so far. */
    get frames(): number {
        return this.#frames;
    }

    take({ samples, voice }: VoicedFrame): Passage {
        const voiced = voice >= VOICED;
        this.#frames++;
        if (this.#open) {
            this.#silent = voiced ? 0 : this.#silent + 1;
            if (this.#silent < MARGIN_FRAMES) return { kind: "speech", frame: samples };
            this.#open = false;
            this.#keep(samples);
            return END;
        }
        this.#keep(samples);
        this.#recent.push(voiced);
        if (this.#recent.length > ONSET_FRAMES) this.#recent.shift();
        if (this.#recent.filter(Boolean).length < ONSET_VOICED) return SILENCE;
        const frames = this.#margin;
        this.#margin = [];
        this.#recent.length = 0;
        this.#open = true;
        this.#silent = 0;
        return { kind: "begin", start: this.#frames - frames.length, frames };
    }

    /** Overwrites the sound that is kept. */
    close(): void {
        for (const samples of this.#margin) samples.fill(0);
        this.#margin = [];
    }

    #keep(samples: Samples): void {
        this.#margin.push(samples);
        if (this.#margin.length > MARGIN_FRAMES + ONSET_FRAMES) this.#margin.shift()?.fill(0);
    }
}

/** Where an utterance begins and ends: voice for long enough, then silence for long enough. Time is counted in 10 ms frames. */

export const FRAME_MS = 10;

/** A frame counts as voiced from this probability on. */
const VOICED = 0.5;
/** Of the last frames, this many have to be voiced for speech to begin: a click is not a word. */
const ONSET_FRAMES = 10;
const ONSET_VOICED = 6;

export interface EndpointingOptions {
    /** Silence after speech that ends the utterance, in milliseconds. `Infinity`: only the end of the sound does. */
    readonly silenceMs: number;
    /** The utterance ends after this many milliseconds whatever happens. */
    readonly maxMs: number;
    /** Without any speech it ends after this many milliseconds. */
    readonly noSpeechMs: number;
}

export type EndpointState = "waiting" | "speech" | "ended";

export class Endpointer {
    readonly #options: EndpointingOptions;
    readonly #recent: boolean[] = [];
    #state: EndpointState = "waiting";
    #frames = 0;
    #firstVoiced = 0;
    #lastVoiced = 0;

    constructor(options: EndpointingOptions) {
        this.#options = options;
    }

    get state(): EndpointState {
        return this.#state;
    }

    /** Frames taken so far. */
    get frames(): number {
        return this.#frames;
    }

    /** Number of the frame with which speech began. */
    get firstVoicedFrame(): number {
        return this.#firstVoiced;
    }

    /** Frames of silence since the last voiced one. */
    get silentFrames(): number {
        return this.#frames - 1 - this.#lastVoiced;
    }

    /** Takes the voice probability of the next frame. */
    process(voice: number): EndpointState {
        if (this.#state === "ended") return this.#state;
        const voiced = voice >= VOICED;
        const frame = this.#frames++;
        if (this.#state === "waiting") this.#lookForOnset(voiced, frame);
        if (voiced) this.#lastVoiced = frame;
        if (this.#isOver()) this.#state = "ended";
        return this.#state;
    }

    #lookForOnset(voiced: boolean, frame: number): void {
        this.#recent.push(voiced);
        if (this.#recent.length > ONSET_FRAMES) this.#recent.shift();
        if (this.#recent.filter(Boolean).length < ONSET_VOICED) return;
        this.#state = "speech";
        this.#firstVoiced = frame + 1 - (this.#recent.length - this.#recent.indexOf(true));
    }

    #isOver(): boolean {
        const { silenceMs, maxMs, noSpeechMs } = this.#options;
        if (this.#frames * FRAME_MS >= maxMs) return true;
        if (this.#state === "speech") return this.silentFrames * FRAME_MS >= silenceMs;
        return this.#frames * FRAME_MS >= noSpeechMs;
    }
}

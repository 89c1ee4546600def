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
    /** So many frames before the newest may turn out to be the beginning of speech. */
    readonly onsetFrames = ONSET_FRAMES;
    readonly #options: EndpointingOptions;
    readonly #recent: boolean[] = [];
    #isOver = false;
    #frames = 0;
    #firstVoiced: number | undefined;
    #lastVoiced = 0;

    constructor(options: EndpointingOptions) {
        this.#options = options;
    }

    get state(): EndpointState {
        if (this.#isOver) return "ended";
        return this.#firstVoiced === undefined ? "waiting" : "speech";
    }

    /** Frames taken so far. */
    get frames(): number {
        return this.#frames;
    }

    /** Number of the frame with which speech began; undefined while it has not. */
    get firstVoicedFrame(): number | undefined {
        return this.#firstVoiced;
    }

    /** Frames of silence since the last voiced one. */
    get silentFrames(): number {
        return this.#frames - 1 - this.#lastVoiced;
    }

    /** Takes the voice probability of the next frame. */
    process(voice: number): EndpointState {
        if (this.#isOver) return this.state;
        const isVoiced = voice >= VOICED;
        const frame = this.#frames++;
        if (this.#firstVoiced === undefined) this.#firstVoiced = this.#onset(isVoiced, frame);
        if (isVoiced) this.#lastVoiced = frame;
        this.#isOver = this.#hasEnded();
        return this.state;
    }

    /** The frame with which speech began, if this one makes it speech. */
    #onset(isVoiced: boolean, frame: number): number | undefined {
        this.#recent.push(isVoiced);
        if (this.#recent.length > ONSET_FRAMES) this.#recent.shift();
        if (this.#recent.filter(Boolean).length < ONSET_VOICED) return undefined;
        return frame + 1 - (this.#recent.length - this.#recent.indexOf(true));
    }

    #hasEnded(): boolean {
        const { silenceMs, maxMs, noSpeechMs } = this.#options;
        if (this.#frames * FRAME_MS >= maxMs) return true;
        if (this.#firstVoiced === undefined) return this.#frames * FRAME_MS >= noSpeechMs;
        return this.silentFrames * FRAME_MS >= silenceMs;
    }
}

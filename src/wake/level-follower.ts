/** Brings speech of any loudness to the level that the recogniser's model expects. */
import { FRAME_SAMPLES } from "../audio";
import type { Samples } from "../speech";

/** Peak of speech in the model's own level, on a scale of -1 to 1. */
const PEAK_LEVEL = 0.2;
/** Sound fainter than this is not amplified further: it is no speech to the detector. */
const FAINTEST_PEAK = 0.002;
/** What is left of a peak after a frame of 10 ms: half of it after about 4 s. */
const DECAY = 0.5 ** (1 / 400);

export class LevelFollower {
    #peak = FAINTEST_PEAK;

    /** Takes note of sound that is about to be levelled. */
    hear(samples: Samples): void {
        let peak = FAINTEST_PEAK;
        for (const value of samples) peak = Math.max(peak, Math.abs(value));
        this.#peak = Math.max(peak, this.#peak * DECAY);
    }

    /** Forgets how loud it was: somebody else may speak. */
    reset(): void {
        this.#peak = FAINTEST_PEAK;
    }

    /** The frames as one stretch of sound at an even level. */
    level(frames: readonly Samples[]): Float32Array {
        const whole = new Float32Array(frames.length * FRAME_SAMPLES);
        const gain = PEAK_LEVEL / this.#peak;
        let at = 0;
        for (const frame of frames) for (const value of frame) whole[at++] = value * gain;
        return whole;
    }
}

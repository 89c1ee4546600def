/**
 * RNNoise in front of the recognisers: less noise, and for every 10 ms the probability that somebody speaks.
 * For worker threads: it takes about a fiftieth of a core.
 *
 * Source: J.-M. Valin, "A Hybrid DSP/Deep Learning Approach to Real-Time Full-Band Speech Enhancement", 2018.
 */
import type { Samples } from "../speech";
import { Resampler } from "./resample";
import { Rnnoise, type RnnoiseState } from "./rnnoise";

/** Samples in one frame of 10 ms at 16 kHz. */
export const FRAME_SAMPLES = 160;
const RNNOISE_RATE = 48_000;
/** RNNoise takes floats in the range of 16-bit integers. */
const SCALE = 32_768;

export interface VoicedFrame {
    /** 160 samples at 16 kHz, noise reduced. */
    readonly samples: Samples;
    /** Probability that the frame holds speech, 0 to 1. */
    readonly voice: number;
}

/** Loads the WebAssembly module once; each stream then gets a state of its own. */
export async function loadNoiseReduction(): Promise<() => NoiseReduction> {
    const rnnoise = await Rnnoise.load();
    return () => new NoiseReduction(rnnoise);
}

export class NoiseReduction {
    readonly #state: RnnoiseState;
    readonly #up = new Resampler(16_000, RNNOISE_RATE);
    readonly #down = new Resampler(RNNOISE_RATE, 16_000);
    readonly #frame: Float32Array;
    #filled = 0;
    readonly #out = new Float32Array(FRAME_SAMPLES);
    #outFilled = 0;
    readonly #voices: number[] = [];

    constructor(rnnoise: Rnnoise) {
        this.#state = rnnoise.open();
        this.#frame = new Float32Array(rnnoise.frameSize);
    }

    /** Takes sound at 16 kHz in chunks of any size and returns the frames that are complete. */
    process(samples: Samples): VoicedFrame[] {
        const frames: VoicedFrame[] = [];
        for (const value of this.#up.process(samples)) {
            this.#frame[this.#filled++] = value * SCALE;
            if (this.#filled === this.#frame.length) this.#reduce(frames);
        }
        return frames;
    }

    /** Frees the module's memory; the stream must not be used afterwards. */
    close(): void {
        this.#state.close();
        this.#frame.fill(0);
        this.#out.fill(0);
    }

    #reduce(frames: VoicedFrame[]): void {
        this.#voices.push(this.#state.process(this.#frame));
        this.#filled = 0;
        for (const value of this.#down.process(this.#frame)) {
            this.#out[this.#outFilled++] = value / SCALE;
            if (this.#outFilled < FRAME_SAMPLES) continue;
            this.#outFilled = 0;
            frames.push({ samples: this.#out.slice(), voice: this.#voices.shift() ?? 0 });
        }
    }
}

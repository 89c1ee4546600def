/** Mixes kitchen noise into recordings, as the source of their labels does. */
import type { Samples } from "../../src/speech";

/** Samples in one frame whose energy is looked at. */
const FRAME = 2_048;
/** The mixture's peak, on a scale of -1 to 1. */
const PEAK = 0.5;

/** Numbers from 0 to 1, the same for the same seed (mulberry32, T. Ettinger, 2017). */
export function randomNumbers(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

/**
 * Speech with the stretch of the noise at `position` (0 to 1), such that the loudest frame of the speech has `ratioDb` more energy than the
 * loudest frame of the noise; the whole brought to a peak of half of full scale.
 */
export function withNoise(speech: Samples, noise: Samples, ratioDb: number, position: number): Samples {
    const start = Math.floor(position * (noise.length - speech.length));
    const stretch = noise.subarray(start, start + speech.length);
    const gain = Math.sqrt(peakEnergy(speech) / peakEnergy(stretch) / 10 ** (ratioDb / 10));
    const mixture = speech.map((value, index) => value + gain * (stretch[index] ?? 0));
    let peak = 0;
    for (const value of mixture) peak = Math.max(peak, Math.abs(value));
    return mixture.map((value) => (value * PEAK) / peak);
}

function peakEnergy(samples: Samples): number {
    let peak = 0;
    for (let start = 0; start < samples.length; start += FRAME) {
        let energy = 0;
        for (const value of samples.subarray(start, start + FRAME)) energy += value * value;
        peak = Math.max(peak, energy);
    }
    return peak;
}

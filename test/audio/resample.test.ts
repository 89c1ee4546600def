import { describe, expect, it } from "vitest";
import { levelOf, Resampler } from "../../dist/src/audio";
import { cut, joined, noise, sine } from "./signals";

/** The filter is flat up to this share of the lower rate's half. */
const PASS_BAND = 0.9;

const RATES: readonly [input: number, output: number][] = [
    [48_000, 16_000],
    [16_000, 48_000],
    [44_100, 16_000],
    [8_000, 16_000],
    [22_050, 16_000],
    [192_000, 16_000],
    [11_025, 16_000],
    [44_101, 16_000],
    [16_000, 22_050],
];

describe("a resampled sound", () => {
    it("has the same length and the same tone, at the same time", () => {
        for (const [input, output] of RATES) {
            const resampled = all(new Resampler(input, output), sine(1_000, input, 0.5));
            expect(resampled.length, `${input} to ${output}`).toBe(Math.ceil((Math.round(input / 2) * output) / input));
            const middle = resampled.subarray(400, -400);
            const expected = sine(1_000, output, 0.5).subarray(400, resampled.length - 400);
            const difference = middle.map((sample, index) => sample - (expected[index] ?? 0));
            expect(levelOf(difference).rmsDbfs, `${input} to ${output}`).toBeLessThan(-80);
        }
    });

    it("is as loud as before at every frequency of the pass band", () => {
        for (const [input, output] of RATES) {
            const edge = (Math.min(input, output) / 2) * PASS_BAND;
            for (const share of [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 1]) {
                const resampled = all(new Resampler(input, output), sine(edge * share, input, 0.3));
                const gain = steadyLevel(resampled) - steadyLevel(sine(edge * share, output, 0.3));
                expect(Math.abs(gain), `${edge * share} Hz from ${input} to ${output}`).toBeLessThan(0.5);
            }
        }
    });

    it("has no trace of tones that its rate can't hold", () => {
        for (const [input, output] of RATES.filter(([input, output]) => input > output)) {
            for (const share of [0, 0.02, 0.1, 0.3, 0.6, 0.95]) {
                const hertz = output / 2 + (input / 2 - output / 2) * share;
                const resampled = all(new Resampler(input, output), sine(hertz, input, 0.3, 1));
                expect(steadyLevel(resampled), `${hertz} Hz from ${input} to ${output}`).toBeLessThan(-63);
            }
        }
    });

    it("has no images of its tones above what the old rate could hold", () => {
        for (const [input, output] of RATES.filter(([input, output]) => input < output)) {
            for (const hertz of [300, input * 0.2, (input / 2) * PASS_BAND]) {
                const resampled = all(new Resampler(input, output), sine(hertz, input, 0.3, 1)).subarray(800, -800);
                expect(residual(resampled, hertz, output), `${hertz} Hz from ${input} to ${output}`).toBeLessThan(-63);
            }
        }
    });

    it("is the same however it was cut", () => {
        for (const [input, output] of RATES) {
            const sound = noise(input / 5, 5);
            const whole = all(new Resampler(input, output), sound);
            for (const longest of [7, 480, 10_000]) {
                const resampler = new Resampler(input, output);
                const parts = cut(sound, longest, longest).map((piece) => resampler.process(piece));
                expect(joined([...parts, resampler.flush()]), `${input} to ${output} by ${longest}`).toEqual(whole);
            }
        }
    });

    it("starts over after its end", () => {
        const resampler = new Resampler(44_100, 16_000);
        const first = all(resampler, noise(5_000, 8));
        expect(all(resampler, noise(5_000, 8))).toEqual(first);
        expect(resampler.flush()).toHaveLength(0);
    });

    it("at its own rate is a copy", () => {
        const sound = noise(100, 9);
        const copy = new Resampler(16_000, 16_000).process(sound);
        expect(copy).toEqual(sound);
        expect(copy.buffer).not.toBe(sound.buffer);
    });

    it("waits for no more than 7 ms of sound on the way to the recogniser", () => {
        expect(new Resampler(48_000, 16_000).process(noise(4_800, 1)).length).toBeGreaterThan(1_600 - 112);
    });

    it("needs a rate that a sound can have", () => {
        for (const rate of [0, -1, 999, 16_000.5, Number.NaN, 400_000]) {
            expect(() => new Resampler(rate, 16_000)).toThrow(RangeError);
            expect(() => new Resampler(16_000, rate)).toThrow(RangeError);
        }
    });
});

function all(resampler: Resampler, sound: Float32Array): Float32Array {
    return joined([resampler.process(sound), resampler.flush()]);
}

/** Without the ends, where the tone begins and stops. */
function steadyLevel(samples: Float32Array): number {
    return levelOf(samples.subarray(samples.length / 4, -samples.length / 4)).rmsDbfs;
}

/** Level of what is left of a tone when its best fitting sine is taken away, in dBFS. */
function residual(samples: Float32Array, hertz: number, sampleRate: number): number {
    const omega = (2 * Math.PI * hertz) / sampleRate;
    const sums = { cc: 0, ss: 0, cs: 0, cy: 0, sy: 0 };
    samples.forEach((sample, index) => {
        const [c, s] = [Math.cos(omega * index), Math.sin(omega * index)];
        sums.cc += c * c;
        sums.ss += s * s;
        sums.cs += c * s;
        sums.cy += c * sample;
        sums.sy += s * sample;
    });
    const determinant = sums.cc * sums.ss - sums.cs ** 2;
    const cosine = (sums.cy * sums.ss - sums.sy * sums.cs) / determinant;
    const sinus = (sums.sy * sums.cc - sums.cy * sums.cs) / determinant;
    const rest = samples.map(
        (sample, index) => sample - cosine * Math.cos(omega * index) - sinus * Math.sin(omega * index),
    );
    return levelOf(rest).rmsDbfs;
}

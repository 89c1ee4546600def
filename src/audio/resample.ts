/**
 * Changes the sample rate of a stream: a polyphase filter bank over a Kaiser-windowed sinc.
 * Source of the window and of the length of the filter: J. F. Kaiser, "Nonrecursive digital filter design using the
 * I0-sinh window function", 1974.
 */
import type { Samples } from "../speech";

/** What lies above the lower rate's half is this much quieter afterwards, in dB. */
const ATTENUATION_DB = 80;
/** The response is flat up to this share of the lower rate's half, and falls from there on. */
const PASS_BAND = 0.9;
/** Ratios with more phases than this (odd rates of odd devices) take the nearest two of this many, interpolated. */
const MAX_EXACT_PHASES = 1_024;
const INTERPOLATED_PHASES = 512;
/** Input is taken in slices of this many samples, so that the working memory is small and stays in the cache. */
const SLICE = 4_096;

export const MIN_RATE = 1_000;
export const MAX_RATE = 384_000;

/**
 * Resamples a stream in chunks of any size; the result doesn't depend on how it was cut.
 * Output sample n stands for the time n / outputRate of the input: there is no shift, only the wait for the few
 * milliseconds of input after it that the filter looks at.
 */
export class Resampler {
    readonly #copies: boolean;
    /** Output position in units of 1 / `up` input samples advances by `down` each output sample. */
    readonly #up: number;
    readonly #down: number;
    readonly #bank: FilterBank;
    readonly #window: Float32Array;
    /** Samples in `#window`, and the input index of the first of them. */
    #held: number;
    #firstHeld: number;
    #received = 0;
    /** Input sample at or before the next output sample, and how far after it, in units of 1 / `up`. */
    #whole = 0;
    #fraction = 0;

    /** @throws RangeError for rates that are no whole numbers from 1,000 to 384,000 */
    constructor(inputRate: number, outputRate: number) {
        for (const rate of [inputRate, outputRate]) {
            if (!Number.isInteger(rate) || rate < MIN_RATE || rate > MAX_RATE) {
                throw new RangeError(
                    `A sample rate has to be a whole number from ${MIN_RATE} to ${MAX_RATE}, not ${rate}.`,
                );
            }
        }
        const divisor = greatestCommonDivisor(inputRate, outputRate);
        this.#copies = inputRate === outputRate;
        this.#up = outputRate / divisor;
        this.#down = inputRate / divisor;
        this.#bank = filterBank(this.#up, this.#down);
        const { half, taps } = this.#bank;
        this.#window = new Float32Array(taps + SLICE);
        // Before the first sample there was silence.
        this.#held = half - 1;
        this.#firstHeld = 1 - half;
    }

    process(input: Samples): Samples {
        if (this.#copies) return input.slice();
        const outputs = this.#outputsUntil(this.#received + input.length - 1 - this.#bank.half);
        return this.#run(input, new Float32Array(outputs));
    }

    /** The samples that were still waiting for more input. Starts over: the next input is that of a new stream. */
    flush(): Samples {
        if (this.#copies) return new Float32Array(0);
        const output = new Float32Array(this.#outputsUntil(this.#received - 1));
        this.#run(new Float32Array(this.#bank.half), output);
        this.#held = this.#bank.half - 1;
        this.#firstHeld = 1 - this.#bank.half;
        this.#received = 0;
        this.#whole = 0;
        this.#fraction = 0;
        this.#window.fill(0);
        return output;
    }

    /** How many of the next output samples stand before the time of input sample `last` + 1. */
    #outputsUntil(last: number): number {
        const distance = (last + 1 - this.#whole) * this.#up - this.#fraction;
        return Math.max(0, Math.ceil(distance / this.#down));
    }

    #run(input: Samples, output: Samples): Samples {
        let written = 0;
        for (let from = 0; from < input.length; from += SLICE) {
            const slice = input.subarray(from, from + SLICE);
            this.#window.set(slice, this.#held);
            this.#held += slice.length;
            this.#received += slice.length;
            written = this.#filter(output, written);
            this.#forget();
        }
        return output;
    }

    #filter(output: Samples, first: number): number {
        const { half, taps, phases, rows } = this.#bank;
        const window = this.#window;
        const [up, down] = [this.#up, this.#down];
        const [wholeStep, fractionStep] = [Math.floor(down / up), down % up];
        let [whole, fraction, index] = [this.#whole, this.#fraction, first];
        const lastUsable = this.#received - 1 - half;
        while (whole <= lastUsable && index < output.length) {
            const start = whole - half + 1 - this.#firstHeld;
            if (phases === up) {
                output[index++] = dot(window, start, rows, fraction * taps, taps);
            } else {
                const position = (fraction / up) * phases;
                const row = Math.floor(position);
                const low = dot(window, start, rows, row * taps, taps);
                const high = dot(window, start, rows, (row + 1) * taps, taps);
                output[index++] = low + (high - low) * (position - row);
            }
            whole += wholeStep;
            fraction += fractionStep;
            if (fraction >= up) {
                fraction -= up;
                whole++;
            }
        }
        this.#whole = whole;
        this.#fraction = fraction;
        return index;
    }

    /** Keeps of the window only what later output still looks at. */
    #forget(): void {
        const unneeded = Math.min(this.#held, Math.max(0, this.#whole - this.#bank.half + 1 - this.#firstHeld));
        this.#window.copyWithin(0, unneeded, this.#held);
        this.#held -= unneeded;
        this.#firstHeld += unneeded;
    }
}

interface FilterBank {
    /** Input samples on either side of an output sample that have a part in it. */
    readonly half: number;
    /** Coefficients of one phase: 2 × half, a multiple of four. */
    readonly taps: number;
    readonly phases: number;
    /** One row of `taps` coefficients for each phase; one more row where phases are interpolated. */
    readonly rows: Float64Array;
}

/** Banks are shared: a hub resamples many streams between the same few rates. */
const banks = new Map<string, FilterBank>();
const MAX_BANKS = 16;

function filterBank(up: number, down: number): FilterBank {
    const key = `${up}/${down}`;
    const known = banks.get(key);
    if (known) return known;
    const bank = designBank(up, down);
    const oldest = banks.keys().next().value;
    if (banks.size >= MAX_BANKS && oldest !== undefined) banks.delete(oldest);
    banks.set(key, bank);
    return bank;
}

/** @param up,down the ratio of the rates without a common divisor */
function designBank(up: number, down: number): FilterBank {
    // Frequencies in cycles per input sample.
    const stop = Math.min(1, up / down) / 2;
    const transition = stop * (1 - PASS_BAND);
    const cutoff = stop - transition / 2;
    const length = (ATTENUATION_DB - 7.95) / (14.36 * transition);
    const half = Math.ceil(length / 4) * 2;
    const taps = 2 * half;
    const beta = 0.1102 * (ATTENUATION_DB - 8.7);

    const exact = up <= MAX_EXACT_PHASES;
    const phases = exact ? up : INTERPOLATED_PHASES;
    const rowCount = exact ? phases : phases + 1;
    const rows = new Float64Array(rowCount * taps);
    for (let phase = 0; phase < rowCount; phase++) {
        const row = rows.subarray(phase * taps, (phase + 1) * taps);
        let sum = 0;
        for (let tap = 0; tap < taps; tap++) {
            const distance = tap - half + 1 - phase / phases;
            const coefficient = sinc(2 * cutoff * distance) * kaiser(distance / half, beta);
            row[tap] = coefficient;
            sum += coefficient;
        }
        // Every phase passes a constant unchanged, so that none of them hums.
        for (let tap = 0; tap < taps; tap++) row[tap] = (row[tap] ?? 0) / sum;
    }
    return { half, taps, phases, rows };
}

function sinc(x: number): number {
    return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** @param position -1 to 1 over the width of the window */
function kaiser(position: number, beta: number): number {
    return Math.abs(position) > 1 ? 0 : besselI0(beta * Math.sqrt(1 - position * position)) / besselI0(beta);
}

/** Modified Bessel function of the first kind and order 0, by its power series. */
function besselI0(x: number): number {
    let term = 1;
    let sum = 1;
    for (let k = 1; term > sum * 1e-16; k++) {
        term *= (x / (2 * k)) ** 2;
        sum += term;
    }
    return sum;
}

/** Four sums at a time: the processor adds them in parallel. `taps` is a multiple of four. */
function dot(window: Float32Array, start: number, rows: Float64Array, row: number, taps: number): number {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let tap = 0; tap < taps; tap += 4) {
        a += (window[start + tap] as number) * (rows[row + tap] as number);
        b += (window[start + tap + 1] as number) * (rows[row + tap + 1] as number);
        c += (window[start + tap + 2] as number) * (rows[row + tap + 2] as number);
        d += (window[start + tap + 3] as number) * (rows[row + tap + 3] as number);
    }
    return a + b + (c + d);
}

function greatestCommonDivisor(a: number, b: number): number {
    return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

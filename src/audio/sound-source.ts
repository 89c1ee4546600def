/** Sound of any kind, as it comes from files and other nodes, on its way to the library's 16 kHz samples. */
import type { Samples } from "../speech";
import { AudioFormatError } from "./error";
import { PcmDecoder, type SampleEncoding } from "./pcm";
import { Resampler } from "./resample";
import { WavDecoder } from "./wav";
import { MAX_SAMPLE_RATE, MIN_SAMPLE_RATE } from "./wav-header";

/** Samples a second everywhere in the library. */
export const SAMPLE_RATE = 16_000;

export type SoundFormat =
    | { readonly format: "wav" }
    | {
          readonly format: "raw";
          /** 8,000 to 192,000. */
          readonly sampleRate: number;
          readonly encoding: SampleEncoding;
          /** 1 to 8. */
          readonly channels: number;
      };

export interface SoundLimits {
    /** Longer sound is an error, in milliseconds of sound. `Infinity` for a stream that goes on. */
    readonly maxMs: number;
}

export interface SoundDecoder {
    /**
     * @param bytes the next piece, cut anywhere. Decoding blocks: 32 KiB take about a millisecond on a small machine
     * @returns mono samples at 16 kHz, none while the header is not complete
     * @throws AudioFormatError; the decoder is of no more use then
     */
    write(bytes: Uint8Array): Samples;
    /** @returns the last samples; @throws AudioFormatError when something is missing */
    end(): Samples;
}

const ONE_HOUR: SoundLimits = { maxMs: 3_600_000 };

/** @throws AudioFormatError for a raw format that can't be */
export function decodeSound(format: SoundFormat, limits: SoundLimits = ONE_HOUR): SoundDecoder {
    return new LimitedDecoder(format, limits);
}

class LimitedDecoder implements SoundDecoder {
    readonly #source: WavDecoder | PcmDecoder;
    readonly #maxMs: number;
    #sampleRate: number | undefined;
    #resampler: Resampler | undefined;
    #bytes = 0;
    #samples = 0;

    constructor(format: SoundFormat, { maxMs }: SoundLimits) {
        this.#maxMs = maxMs;
        if (format.format === "wav") {
            this.#source = new WavDecoder();
            return;
        }
        const { sampleRate } = format;
        if (!Number.isInteger(sampleRate) || sampleRate < MIN_SAMPLE_RATE || sampleRate > MAX_SAMPLE_RATE) {
            const expected = `${MIN_SAMPLE_RATE} to ${MAX_SAMPLE_RATE} samples a second`;
            throw new AudioFormatError("not-supported", 0, `Expected ${expected}, not ${sampleRate}.`);
        }
        this.#source = new PcmDecoder(format);
        this.#sampleRate = sampleRate;
    }

    write(bytes: Uint8Array): Samples {
        const samples = this.#source.write(bytes);
        this.#bytes += bytes.length;
        if (samples.length === 0) return samples;
        this.#samples += samples.length;
        const sampleRate = this.#rate();
        if (this.#samples / sampleRate > this.#maxMs / 1_000) {
            const message = `The sound is longer than ${this.#maxMs / 1_000} s (byte ${this.#bytes}).`;
            throw new AudioFormatError("too-long", this.#bytes, message);
        }
        this.#resampler ??= new Resampler(sampleRate, SAMPLE_RATE);
        return this.#resampler.process(samples);
    }

    end(): Samples {
        this.#source.end();
        return this.#resampler?.flush() ?? new Float32Array(0);
    }

    #rate(): number {
        if (this.#sampleRate === undefined && this.#source instanceof WavDecoder) {
            this.#sampleRate = this.#source.format?.sampleRate;
        }
        return this.#sampleRate ?? SAMPLE_RATE;
    }
}

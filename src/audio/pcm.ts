/** Raw PCM bytes, little-endian, as microphones, files and satellites give them, and the library's samples. */
import type { Samples } from "../speech";
import { AudioFormatError } from "./error";

/** Unsigned or signed integers, or floats, by their number of bits. 24 bits take three bytes. */
export type SampleEncoding = "u8" | "s8" | "s16" | "s24" | "s32" | "f32" | "f64";

export interface PcmFormat {
    readonly encoding: SampleEncoding;
    /** 1 to 8, interleaved. */
    readonly channels: number;
}

export const MAX_CHANNELS = 8;

interface Codec {
    readonly bytes: number;
    read(view: DataView, offset: number): number;
    write(view: DataView, offset: number, sample: number): void;
}

/** Integers of n bits stand for -1 to 1 - 2^(1-n); writing rounds to the nearest, and clips. */
const CODECS: Readonly<Record<SampleEncoding, Codec>> = {
    u8: {
        bytes: 1,
        read: (view, at) => (view.getUint8(at) - 128) / 128,
        write: (view, at, sample) => view.setUint8(at, quantised(sample, 128) + 128),
    },
    s8: {
        bytes: 1,
        read: (view, at) => view.getInt8(at) / 128,
        write: (view, at, sample) => view.setInt8(at, quantised(sample, 128)),
    },
    s16: {
        bytes: 2,
        read: (view, at) => view.getInt16(at, true) / 0x8000,
        write: (view, at, sample) => view.setInt16(at, quantised(sample, 0x8000), true),
    },
    s24: {
        bytes: 3,
        read: (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 0x10000) / 0x800000,
        write: (view, at, sample) => {
            const value = quantised(sample, 0x800000);
            view.setUint16(at, value & 0xffff, true);
            view.setInt8(at + 2, value >> 16);
        },
    },
    s32: {
        bytes: 4,
        read: (view, at) => view.getInt32(at, true) / 0x80000000,
        write: (view, at, sample) => view.setInt32(at, quantised(sample, 0x80000000), true),
    },
    f32: {
        bytes: 4,
        read: (view, at) => clipped(view.getFloat32(at, true)),
        write: (view, at, sample) => view.setFloat32(at, clipped(sample), true),
    },
    f64: {
        bytes: 8,
        read: (view, at) => clipped(view.getFloat64(at, true)),
        write: (view, at, sample) => view.setFloat64(at, clipped(sample), true),
    },
};

/** Also makes silence of what is not a number. */
function clipped(sample: number): number {
    return Math.max(-1, Math.min(1, sample)) || 0;
}

function quantised(sample: number, scale: number): number {
    return Math.min(scale - 1, Math.round(clipped(sample) * scale));
}

/** Bytes that one sample of every channel takes. */
export function frameBytes({ encoding, channels }: PcmFormat): number {
    return CODECS[encoding].bytes * channels;
}

/** Decodes a stream of bytes; where a chunk ends within a frame, the rest is awaited. Channels are averaged. */
export class PcmDecoder {
    readonly #codec: Codec;
    readonly #channels: number;
    readonly #frameBytes: number;
    /** The beginning of a frame whose rest has not come yet. */
    readonly #partial: Uint8Array;
    #partialBytes = 0;
    /** Offset of the next byte. */
    #consumed: number;

    /**
     * @param offset of the first byte in the sound, for errors
     * @throws AudioFormatError for another encoding, or a number of channels that is not 1 to 8
     */
    constructor(format: PcmFormat, offset = 0) {
        const { encoding, channels } = format;
        if (!Object.hasOwn(CODECS, encoding)) {
            const known = Object.keys(CODECS).join(", ");
            throw new AudioFormatError(
                "not-supported",
                0,
                `Expected samples as ${known}, not ${JSON.stringify(encoding)}.`,
            );
        }
        if (!Number.isInteger(channels) || channels < 1 || channels > MAX_CHANNELS) {
            throw new AudioFormatError("not-supported", 0, `Expected 1 to ${MAX_CHANNELS} channels, not ${channels}.`);
        }
        this.#consumed = offset;
        this.#codec = CODECS[encoding];
        this.#channels = channels;
        this.#frameBytes = frameBytes(format);
        this.#partial = new Uint8Array(this.#frameBytes);
    }

    write(bytes: Uint8Array): Samples {
        const total = this.#partialBytes + bytes.length;
        const samples = new Float32Array(Math.floor(total / this.#frameBytes));
        this.#consumed += bytes.length;
        let written = 0;
        let at = 0;
        if (this.#partialBytes > 0) {
            at = Math.min(bytes.length, this.#frameBytes - this.#partialBytes);
            this.#partial.set(bytes.subarray(0, at), this.#partialBytes);
            this.#partialBytes += at;
            if (this.#partialBytes < this.#frameBytes) return samples;
            written = this.#decode(this.#partial, samples, 0);
        }
        const whole = bytes.length - ((bytes.length - at) % this.#frameBytes);
        this.#decode(bytes.subarray(at, whole), samples, written);
        this.#partial.set(bytes.subarray(whole));
        this.#partialBytes = bytes.length - whole;
        return samples;
    }

    /** @throws AudioFormatError when the bytes so far end within a frame */
    end(): void {
        if (this.#partialBytes === 0) return;
        const offset = this.#consumed - this.#partialBytes;
        const message = `The sound ends within a sample: ${this.#frameBytes} bytes expected at byte ${offset}, found ${this.#partialBytes}.`;
        throw new AudioFormatError("truncated", offset, message);
    }

    /** @returns the index after the last sample written */
    #decode(bytes: Uint8Array, samples: Samples, first: number): number {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        const { bytes: step, read } = this.#codec;
        const channels = this.#channels;
        let index = first;
        let at = 0;
        while (at < bytes.length) {
            let sum = 0;
            for (let channel = 0; channel < channels; channel++, at += step) sum += read(view, at);
            samples[index++] = sum / channels;
        }
        return index;
    }
}

/** @param channels each gets the same samples */
export function encodePcm(samples: Samples, encoding: SampleEncoding, channels = 1): Buffer {
    const { bytes: step, write } = CODECS[encoding];
    const buffer = Buffer.alloc(samples.length * step * channels);
    const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    let at = 0;
    for (const sample of samples) {
        for (let channel = 0; channel < channels; channel++, at += step) write(view, at, sample);
    }
    return buffer;
}

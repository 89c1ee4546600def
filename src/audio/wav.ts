/** Reads WAV files and streams of any size piece by piece, and writes them. */
import type { Samples } from "../speech";
import { encodePcm, frameBytes, PcmDecoder } from "./pcm";
import {
    CHUNK_HEADER_BYTES,
    dataLength,
    FORMAT_BYTES,
    fault,
    parseFormat,
    parseRiffHeader,
    RIFF_HEADER_BYTES,
    shown,
    type WavFormat,
} from "./wav-header";

/** The samples have to begin before this byte: what comes first in a real file is text and padding. */
const MAX_BYTES_BEFORE_DATA = 16 * 1024 * 1024;

type Stage =
    | { readonly reading: "riff" | "chunk" | "format"; readonly bytes: number }
    | { readonly reading: "skipped"; bytesLeft: number }
    | { readonly reading: "data"; bytesLeft: number | undefined }
    | { readonly reading: "nothing" };

/**
 * Decodes a WAV stream, whole or in chunks of any size, to mono samples at the file's own rate.
 * Holds no more of it than a header. Chunks it doesn't know are skipped; what follows the samples is ignored.
 */
export class WavDecoder {
    #stage: Stage = { reading: "riff", bytes: RIFF_HEADER_BYTES };
    /** The part of a header that has come so far. */
    #header: Buffer = Buffer.alloc(0);
    #offset = 0;
    #riffLength = 0;
    #formatLength = 0;
    #format: WavFormat | undefined;
    #decoder: PcmDecoder | undefined;

    /** Known once the header has come. */
    get format(): WavFormat | undefined {
        return this.#format;
    }

    /** @throws AudioFormatError; the decoder is of no more use then */
    write(bytes: Uint8Array): Samples {
        let rest = bytes;
        let samples: Samples = new Float32Array(0);
        while (rest.length > 0) {
            const stage = this.#stage;
            if (stage.reading === "nothing") break;
            if (stage.reading === "skipped" || stage.reading === "data") {
                const taken = rest.subarray(0, stage.bytesLeft);
                if (stage.reading === "data" && this.#decoder) samples = this.#decoder.write(taken);
                this.#offset += taken.length;
                rest = rest.subarray(taken.length);
                if (stage.bytesLeft === undefined) break;
                stage.bytesLeft -= taken.length;
                if (stage.bytesLeft === 0) this.#finish(stage.reading);
            } else {
                const taken = rest.subarray(0, stage.bytes - this.#header.length);
                this.#header = Buffer.concat([this.#header, taken]);
                this.#offset += taken.length;
                rest = rest.subarray(taken.length);
                if (this.#header.length === stage.bytes) this.#parse(stage.reading);
            }
        }
        return samples;
    }

    /** @throws AudioFormatError when the stream ended before what its header announces */
    end(): void {
        const stage = this.#stage;
        if (stage.reading === "nothing") return;
        if (stage.reading === "data") {
            if (stage.bytesLeft !== undefined) {
                const expected = `${stage.bytesLeft} more bytes of samples`;
                throw fault("truncated", this.#offset, "data chunk", expected, "the end");
            }
            this.#decoder?.end();
            return;
        }
        const field =
            stage.reading === "riff" ? "RIFF header" : stage.reading === "format" ? "fmt chunk" : "chunk header";
        const left = stage.reading === "skipped" ? stage.bytesLeft : stage.bytes - this.#header.length;
        const expected = stage.reading === "chunk" && this.#header.length === 0 ? "a data chunk" : `${left} more bytes`;
        throw fault("truncated", this.#offset, field, expected, "the end");
    }

    #parse(reading: "riff" | "chunk" | "format"): void {
        const header = this.#header;
        this.#header = Buffer.alloc(0);
        if (reading === "riff") {
            this.#riffLength = parseRiffHeader(header);
            this.#awaitChunk();
        } else if (reading === "chunk") {
            this.#openChunk(header.toString("latin1", 0, 4), header.readUInt32LE(4));
        } else {
            this.#format = parseFormat(header, this.#offset - header.length);
            const skipped = this.#formatLength + (this.#formatLength % 2) - header.length;
            if (skipped > 0) this.#stage = { reading: "skipped", bytesLeft: skipped };
            else this.#awaitChunk();
        }
    }

    #openChunk(id: string, length: number): void {
        const offset = this.#offset;
        if (id === "fmt ") {
            if (this.#format) throw fault("damaged", offset - 8, "chunk", "one fmt chunk only", "another");
            if (length > 4_096) throw fault("damaged", offset - 4, "length of the fmt chunk", "at most 4096", length);
            if (length < 16) throw fault("damaged", offset - 4, "length of the fmt chunk", "at least 16", length);
            this.#formatLength = length;
            this.#stage = { reading: "format", bytes: Math.min(length, FORMAT_BYTES) };
        } else if (id === "data") {
            if (!this.#format) throw fault("damaged", offset - 8, "chunk", '"fmt " before "data"', '"data"');
            this.#openData(this.#format, length);
        } else {
            const bytesLeft = length + (length % 2);
            if (offset + bytesLeft > MAX_BYTES_BEFORE_DATA) {
                const expected = `a data chunk within ${MAX_BYTES_BEFORE_DATA} bytes`;
                throw fault("damaged", offset - 4, `length of the chunk ${shown(id)}`, expected, length);
            }
            if (bytesLeft > 0) this.#stage = { reading: "skipped", bytesLeft };
            else this.#awaitChunk();
        }
    }

    #openData(format: WavFormat, declared: number): void {
        const bytesLeft = dataLength(declared, this.#riffLength, this.#offset);
        if (bytesLeft !== undefined && bytesLeft % frameBytes(format) !== 0) {
            const expected = `a multiple of ${frameBytes(format)}`;
            throw fault("damaged", this.#offset - 4, "length of the data chunk", expected, declared);
        }
        this.#decoder = new PcmDecoder(format, this.#offset);
        this.#stage = bytesLeft === 0 ? { reading: "nothing" } : { reading: "data", bytesLeft };
    }

    #finish(reading: "skipped" | "data"): void {
        if (reading === "data") this.#stage = { reading: "nothing" };
        else this.#awaitChunk();
    }

    #awaitChunk(): void {
        this.#stage = { reading: "chunk", bytes: CHUNK_HEADER_BYTES };
    }
}

export interface DecodedWav {
    readonly format: WavFormat;
    /** All channels mixed to one, at `format.sampleRate`. */
    readonly samples: Samples;
}

/** @throws AudioFormatError */
export function decodeWav(bytes: Uint8Array): DecodedWav {
    const decoder = new WavDecoder();
    const samples = decoder.write(bytes);
    decoder.end();
    const { format } = decoder;
    if (!format) throw fault("truncated", bytes.length, "chunk", '"fmt "', "the end");
    return { format, samples };
}

/** A mono WAV file of 16-bit integers. */
export function encodeWav(samples: Samples, sampleRate: number): Buffer {
    return Buffer.concat([wavHeader(samples.length, sampleRate), encodePcm(samples, "s16")]);
}

/** What comes before so many 16-bit samples of a mono WAV file. */
export function wavHeader(samples: number, sampleRate: number): Buffer {
    const dataBytes = samples * 2;
    const header = Buffer.alloc(44);
    header.write("RIFF", 0, "latin1");
    header.writeUInt32LE(36 + dataBytes, 4);
    header.write("WAVEfmt ", 8, "latin1");
    header.writeUInt32LE(16, 16);
    header.writeUInt16LE(1, 20);
    header.writeUInt16LE(1, 22);
    header.writeUInt32LE(sampleRate, 24);
    header.writeUInt32LE(sampleRate * 2, 28);
    header.writeUInt16LE(2, 32);
    header.writeUInt16LE(16, 34);
    header.write("data", 36, "latin1");
    header.writeUInt32LE(dataBytes, 40);
    return header;
}

/**
 * The parts of a WAV file before its samples. Sources: "Multimedia Programming Interface and Data Specifications 1.0"
 * (IBM and Microsoft, 1991) and "Multiple channel audio data and WAVE files" (Microsoft, WAVE_FORMAT_EXTENSIBLE).
 */
import { AudioFormatError } from "./error";
import { frameBytes, MAX_CHANNELS, type PcmFormat, type SampleEncoding } from "./pcm";

export interface WavFormat extends PcmFormat {
    /** Samples per second of each channel, 8,000 to 192,000. */
    readonly sampleRate: number;
}

export const MIN_SAMPLE_RATE = 8_000;
export const MAX_SAMPLE_RATE = 192_000;

/** Bytes of the RIFF header, and of the header of each chunk. */
export const RIFF_HEADER_BYTES = 12;
export const CHUNK_HEADER_BYTES = 8;
/** The longest format chunk that is known: WAVE_FORMAT_EXTENSIBLE's. Whatever follows in the chunk is skipped. */
export const FORMAT_BYTES = 40;

/**
 * Lengths from here on are what programs write that don't know the length yet: 0xFFFFFFFF (ffmpeg), 0x7FFFF000 (sox),
 * 0x80000000 (arecord). No real file here is near 2 GiB.
 */
const UNKNOWN_LENGTH = 0x7fff_0000;

const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_EXTENSIBLE = 0xfffe;

/** The last 14 bytes of the sub-format GUIDs that stand for a format number (xxxx0000-0000-0010-8000-00AA00389B71). */
const GUID_TAIL = Buffer.from("000000001000800000aa00389b71", "hex");

const ENCODINGS: ReadonlyMap<string, SampleEncoding> = new Map([
    [`${FORMAT_PCM}/8`, "u8"],
    [`${FORMAT_PCM}/16`, "s16"],
    [`${FORMAT_PCM}/24`, "s24"],
    [`${FORMAT_PCM}/32`, "s32"],
    [`${FORMAT_FLOAT}/32`, "f32"],
    [`${FORMAT_FLOAT}/64`, "f64"],
]);

/**
 * @param header the first 12 bytes
 * @returns the length field of the RIFF header
 */
export function parseRiffHeader(header: Buffer): number {
    const riff = header.toString("latin1", 0, 4);
    if (riff !== "RIFF") throw fault("not-wav", 0, "RIFF header", '"RIFF"', shown(riff));
    const wave = header.toString("latin1", 8, 12);
    if (wave !== "WAVE") throw fault("not-wav", 8, "RIFF header", '"WAVE"', shown(wave));
    return header.readUInt32LE(4);
}

/** How many bytes of samples follow the header of the data chunk; undefined for as many as come. */
export function dataLength(declared: number, riffLength: number, dataOffset: number): number | undefined {
    if (declared >= UNKNOWN_LENGTH) return undefined;
    if (declared > 0) return declared;
    // No samples at all only if the file says that it goes on with another chunk.
    const endOfFile = riffLength + CHUNK_HEADER_BYTES;
    return riffLength < UNKNOWN_LENGTH && endOfFile > dataOffset ? 0 : undefined;
}

/**
 * @param body the format chunk without its header, cut at `FORMAT_BYTES`
 * @param offset of `body` in the file
 */
export function parseFormat(body: Buffer, offset: number): WavFormat {
    if (body.length < 16) throw fault("damaged", offset - 4, "length of the fmt chunk", "at least 16", body.length);
    const tag = body.readUInt16LE(0);
    const format = tag === FORMAT_EXTENSIBLE ? extensibleFormat(body, offset) : tag;
    if (format !== FORMAT_PCM && format !== FORMAT_FLOAT) {
        throw fault("not-supported", offset, "audio format", "1 (PCM) or 3 (float)", format);
    }
    const channels = body.readUInt16LE(2);
    if (channels < 1 || channels > MAX_CHANNELS) {
        throw fault("not-supported", offset + 2, "number of channels", `1 to ${MAX_CHANNELS}`, channels);
    }
    const sampleRate = body.readUInt32LE(4);
    if (sampleRate < MIN_SAMPLE_RATE || sampleRate > MAX_SAMPLE_RATE) {
        const expected = `${MIN_SAMPLE_RATE} to ${MAX_SAMPLE_RATE}`;
        throw fault("not-supported", offset + 4, "sample rate", expected, sampleRate);
    }
    const bits = body.readUInt16LE(14);
    const encoding = ENCODINGS.get(`${format}/${bits}`);
    if (!encoding) {
        const expected = format === FORMAT_PCM ? "8, 16, 24 or 32" : "32 or 64";
        throw fault("not-supported", offset + 14, "bits per sample", expected, bits);
    }
    const wav = { encoding, channels, sampleRate };
    const blockAlign = body.readUInt16LE(12);
    if (blockAlign !== frameBytes(wav)) {
        throw fault("damaged", offset + 12, "block alignment", frameBytes(wav), blockAlign);
    }
    const byteRate = body.readUInt32LE(8);
    const expectedByteRate = sampleRate * blockAlign;
    // Some programs leave the field empty when they write to a pipe.
    if (byteRate !== 0 && byteRate !== expectedByteRate) {
        throw fault("damaged", offset + 8, "byte rate", expectedByteRate, byteRate);
    }
    return wav;
}

function extensibleFormat(body: Buffer, offset: number): number {
    if (body.length < FORMAT_BYTES) {
        throw fault(
            "damaged",
            offset - 4,
            "length of the extensible fmt chunk",
            `at least ${FORMAT_BYTES}`,
            body.length,
        );
    }
    const extension = body.readUInt16LE(16);
    if (extension < 22) throw fault("damaged", offset + 16, "length of the format extension", "at least 22", extension);
    const [bits, validBits] = [body.readUInt16LE(14), body.readUInt16LE(18)];
    if (validBits > bits) throw fault("damaged", offset + 18, "valid bits per sample", `at most ${bits}`, validBits);
    const guid = body.subarray(24, 40);
    if (!guid.subarray(2).equals(GUID_TAIL)) {
        throw fault("not-supported", offset + 24, "sub-format", "PCM or float", guid.toString("hex"));
    }
    return guid.readUInt16LE(0);
}

/** An error about the header field `field` at byte `offset`. */
export function fault(
    code: "not-wav" | "not-supported" | "damaged" | "truncated" | "too-long",
    offset: number,
    field: string,
    expected: string | number,
    found: string | number,
): AudioFormatError {
    return new AudioFormatError(code, offset, `WAV, byte ${offset}, ${field}: expected ${expected}, found ${found}.`);
}

/** Four bytes from a stranger in a form that any terminal survives. */
export function shown(fourCharacters: string): string {
    return JSON.stringify(fourCharacters.replace(/[^ -~]/g, "?"));
}

import { describe, expect, it } from "vitest";
import {
    AudioFormatError,
    decodeWav,
    encodePcm,
    encodeWav,
    type SampleEncoding,
    WavDecoder,
} from "../../dist/src/audio";
import { cut, joined, noise, randomness } from "./signals";

interface Parts {
    readonly format?: number;
    readonly channels?: number;
    readonly sampleRate?: number;
    readonly bits?: number;
    readonly blockAlign?: number;
    readonly byteRate?: number;
    readonly extension?: Buffer;
    readonly before?: Buffer;
    readonly after?: Buffer;
    readonly riffLength?: number;
    readonly dataLength?: number;
}

/** A WAV file with any field as the test wants it. */
function wav(data: Buffer, parts: Parts = {}): Buffer {
    const { format = 1, channels = 1, sampleRate = 16_000, bits = 16, extension = Buffer.alloc(0) } = parts;
    const fields = Buffer.alloc(16);
    const blockAlign = parts.blockAlign ?? (channels * bits) / 8;
    fields.writeUInt16LE(format, 0);
    fields.writeUInt16LE(channels, 2);
    fields.writeUInt32LE(sampleRate, 4);
    fields.writeUInt32LE(parts.byteRate ?? sampleRate * blockAlign, 8);
    fields.writeUInt16LE(blockAlign, 12);
    fields.writeUInt16LE(bits, 14);
    const body = Buffer.concat([
        Buffer.from("WAVE"),
        chunk("fmt ", Buffer.concat([fields, extension])),
        parts.before ?? Buffer.alloc(0),
        chunk("data", data, parts.dataLength),
        parts.after ?? Buffer.alloc(0),
    ]);
    const riff = chunk("RIFF", body, parts.riffLength);
    return riff;
}

function chunk(id: string, body: Buffer, length = body.length): Buffer {
    const header = Buffer.alloc(8);
    header.write(id, "latin1");
    header.writeUInt32LE(length, 4);
    return Buffer.concat([header, body, Buffer.alloc(body.length % 2)]);
}

function extensible(subFormat: number, validBits: number, tail = "000000001000800000aa00389b71"): Buffer {
    const extension = Buffer.alloc(10);
    extension.writeUInt16LE(22, 0);
    extension.writeUInt16LE(validBits, 2);
    extension.writeUInt16LE(subFormat, 8);
    return Buffer.concat([extension, Buffer.from(tail, "hex")]);
}

const SAMPLES = noise(1_000, 7);
const DATA = encodePcm(SAMPLES, "s16");

describe("a WAV file", () => {
    it("comes back as it was written", () => {
        const { format, samples } = decodeWav(encodeWav(SAMPLES, 22_050));
        expect(format).toEqual({ encoding: "s16", channels: 1, sampleRate: 22_050 });
        expect(samples).toHaveLength(SAMPLES.length);
        expect(Math.max(...samples.map((sample, index) => Math.abs(sample - (SAMPLES[index] ?? 0))))).toBeLessThan(
            2 ** -15,
        );
        expect(encodeWav(samples, 22_050)).toEqual(encodeWav(SAMPLES, 22_050));
    });

    it("of integers or floats, plain or extensible, mono or not, is understood", () => {
        const cases: [encoding: SampleEncoding, parts: Parts][] = [
            ["u8", { bits: 8 }],
            ["s16", { bits: 16, channels: 2 }],
            ["s24", { bits: 24, channels: 6, sampleRate: 192_000 }],
            ["s32", { bits: 32, sampleRate: 8_000 }],
            ["f32", { format: 3, bits: 32 }],
            ["f64", { format: 3, bits: 64 }],
            ["s16", { extension: Buffer.alloc(2) }],
            ["s24", { format: 0xfffe, bits: 24, extension: extensible(1, 20) }],
            ["f32", { format: 0xfffe, bits: 32, extension: extensible(3, 32), channels: 8 }],
        ];
        for (const [encoding, parts] of cases) {
            const { format, samples } = decodeWav(wav(encodePcm(SAMPLES, encoding, parts.channels ?? 1), parts));
            expect(format.encoding).toBe(encoding);
            expect(samples).toHaveLength(SAMPLES.length);
            expect(samples[500], encoding).toBeCloseTo(SAMPLES[500] ?? 0, 1);
        }
    });

    it("may hold other chunks before and after its samples, of odd lengths too", () => {
        const before = Buffer.concat([chunk("LIST", Buffer.alloc(101)), chunk("junk", Buffer.alloc(0))]);
        const file = wav(DATA, { before, after: chunk("LIST", Buffer.from("data")) });
        expect(decodeWav(file).samples).toHaveLength(SAMPLES.length);
    });

    it("from a program that did not know its length goes on to the end", () => {
        const unknown: Parts[] = [
            { riffLength: 0xffff_ffff, dataLength: 0xffff_ffff },
            { riffLength: 0x7fff_f024, dataLength: 0x7fff_f000 },
            { riffLength: 0x8000_0024, dataLength: 0x8000_0000 },
            { riffLength: 0, dataLength: 0 },
            { riffLength: 36, dataLength: 0 },
        ];
        for (const parts of unknown) expect(decodeWav(wav(DATA, parts)).samples).toHaveLength(SAMPLES.length);
    });

    it("of unknown length that ends within a sample says at which byte", () => {
        const error = errorOf(() => decodeWav(wav(Buffer.alloc(6), { channels: 2, dataLength: 0xffff_ffff })));
        expect(error).toMatchObject({ code: "truncated", byteOffset: 48 });
    });

    it("without samples is silence when another chunk follows them", () => {
        expect(decodeWav(wav(Buffer.alloc(0), { after: chunk("LIST", Buffer.alloc(8)) })).samples).toHaveLength(0);
        expect(decodeWav(wav(Buffer.alloc(0))).samples).toHaveLength(0);
    });

    it("may be cut anywhere", () => {
        const file = wav(encodePcm(SAMPLES, "s24", 2), {
            bits: 24,
            channels: 2,
            before: chunk("LIST", Buffer.alloc(33)),
        });
        const whole = decodeWav(file).samples;
        for (let seed = 0; seed < 20; seed++) {
            const decoder = new WavDecoder();
            expect(joined(cut(file, seed, 50).map((piece) => decoder.write(piece)))).toEqual(whole);
            decoder.end();
        }
    });

    it("of hours is decoded in little memory", () => {
        const decoder = new WavDecoder();
        decoder.write(wav(Buffer.alloc(0), { dataLength: 0xffff_ffff }));
        const second = Buffer.alloc(32_000);
        let samples = 0;
        const before = process.memoryUsage().arrayBuffers;
        for (let index = 0; index < 3_600; index++) samples += decoder.write(second).length;
        expect(samples).toBe(16_000 * 3_600);
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(128 * 1024 * 1024);
    });

    it("that is none, or of a kind that is not supported, names the byte and the field", () => {
        const cases: [file: Buffer, code: string, message: RegExp][] = [
            [Buffer.from("OggS not a wav at all"), "not-wav", /byte 0, RIFF header: expected "RIFF", found "OggS"/],
            [Buffer.from("RF64\xff\xff\xff\xffWAVE", "latin1"), "not-wav", /byte 0, .*found "RF64"/],
            [Buffer.from("RIFF\0\0\0\0AVI LIST"), "not-wav", /byte 8, RIFF header: expected "WAVE", found "AVI "/],
            [
                wav(DATA, { format: 2 }),
                "not-supported",
                /byte 20, audio format: expected 1 \(PCM\) or 3 \(float\), found 2/,
            ],
            [wav(DATA, { channels: 0, blockAlign: 2 }), "not-supported", /byte 22, number of channels: .*found 0/],
            [wav(DATA, { channels: 9 }), "not-supported", /byte 22, number of channels: expected 1 to 8, found 9/],
            [wav(DATA, { sampleRate: 0 }), "not-supported", /byte 24, sample rate: expected 8000 to 192000, found 0/],
            [wav(DATA, { byteRate: 5 }), "damaged", /byte 28, byte rate: expected 32000, found 5/],
            [wav(DATA, { blockAlign: 3 }), "damaged", /byte 32, block alignment: expected 2, found 3/],
            [wav(DATA, { bits: 12 }), "not-supported", /byte 34, bits per sample: expected 8, 16, 24 or 32, found 12/],
            [wav(DATA, { format: 3 }), "not-supported", /byte 34, bits per sample: expected 32 or 64, found 16/],
            [wav(DATA, { format: 0xfffe }), "damaged", /byte 16, length of the extensible fmt chunk/],
            [
                wav(DATA, { format: 0xfffe, extension: extensible(1, 24) }),
                "damaged",
                /byte 38, valid bits per sample: expected at most 16, found 24/,
            ],
            [
                wav(DATA, { format: 0xfffe, extension: extensible(1, 16, "0".repeat(28)) }),
                "not-supported",
                /byte 44, sub-format/,
            ],
            [
                wav(DATA, { before: chunk("fmt ", Buffer.alloc(16)) }),
                "damaged",
                /byte 36, chunk: expected one fmt chunk/,
            ],
            [wav(DATA, { before: chunk("LIST", DATA, 0xffff_fff0) }), "damaged", /byte 40, length of the chunk "LIST"/],
            [
                wav(Buffer.alloc(5), {}),
                "damaged",
                /byte 40, length of the data chunk: expected a multiple of 2, found 5/,
            ],
            [
                Buffer.concat([Buffer.from("RIFF\0\0\0\0WAVE"), chunk("data", DATA)]),
                "damaged",
                /byte 12, chunk: expected "fmt " before "data"/,
            ],
        ];
        for (const [file, code, message] of cases) {
            const error = errorOf(() => decodeWav(file));
            expect(error.message).toMatch(message);
            expect(error.code).toBe(code);
        }
    });

    it("that is cut short anywhere says where it ends", () => {
        const file = wav(DATA, { before: chunk("LIST", Buffer.alloc(10)) });
        for (let length = 0; length < file.length; length += length < 70 ? 1 : 97) {
            const error = errorOf(() => decodeWav(file.subarray(0, length)));
            expect(error).toMatchObject({ code: "truncated", byteOffset: length });
        }
        expect(errorOf(() => decodeWav(file.subarray(0, 100))).message).toMatch(/expected 1962 more bytes of samples/);
    });

    it("with any damage decodes or is refused, and nothing else", () => {
        const originals = [
            wav(DATA.subarray(0, 200)),
            wav(encodePcm(SAMPLES.subarray(0, 50), "s24", 2), {
                bits: 24,
                channels: 2,
                before: chunk("LIST", DATA.subarray(0, 9)),
            }),
            wav(encodePcm(SAMPLES.subarray(0, 50), "f32"), { format: 0xfffe, bits: 32, extension: extensible(3, 32) }),
        ];
        const random = randomness(20_260_901);
        const pick = (count: number) => Math.floor(random() * count);
        const outcomes = { decoded: 0, refused: 0 };
        for (let round = 0; round < 20_000; round++) {
            let file = Buffer.from(originals[round % originals.length] ?? []);
            for (let changes = pick(4); changes >= 0; changes--) {
                const at = pick(Math.min(file.length, 90));
                const interesting = [0, 1, 0x7f, 0x80, 0xff, pick(256)][pick(6)] ?? 0;
                const kind = pick(5);
                if (kind < 3) file[at] = interesting;
                else if (kind === 3) file = file.subarray(0, pick(file.length + 1));
                else
                    file = Buffer.concat([file.subarray(0, at), Buffer.alloc(pick(9), interesting), file.subarray(at)]);
                if (file.length === 0) break;
            }
            const decoder = new WavDecoder();
            let samples = 0;
            try {
                for (const piece of cut(file, round, 64)) samples += decoder.write(piece).length;
                decoder.end();
                outcomes.decoded++;
            } catch (error) {
                if (!(error instanceof AudioFormatError)) throw error;
                outcomes.refused++;
            }
            expect(samples).toBeLessThanOrEqual(file.length);
        }
        expect(outcomes.decoded).toBeGreaterThan(1_000);
        expect(outcomes.refused).toBeGreaterThan(1_000);
    });
});

function errorOf(work: () => unknown): AudioFormatError {
    try {
        work();
    } catch (error) {
        if (error instanceof AudioFormatError) return error;
        throw error;
    }
    throw new Error("expected an error");
}

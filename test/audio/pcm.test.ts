import { describe, expect, it } from "vitest";
import { encodePcm, PcmDecoder, type SampleEncoding } from "../../dist/src/audio";
import { cut, joined, noise } from "./signals";

const PRECISION: Readonly<Record<SampleEncoding, number>> = {
    u8: 1 / 128,
    s8: 1 / 128,
    s16: 2 ** -15,
    s24: 2 ** -23,
    s32: 2 ** -24,
    f32: 0,
    f64: 0,
};
const ENCODINGS = Object.keys(PRECISION) as SampleEncoding[];

describe("PCM", () => {
    it("comes back as it was, up to the precision of its encoding", () => {
        const samples = new Float32Array([0, 0.5, -0.5, -1, 0.999, 1, ...noise(1_000, 1)]);
        for (const encoding of ENCODINGS) {
            for (const channels of [1, 2, 8]) {
                const decoded = new PcmDecoder({ encoding, channels }).write(encodePcm(samples, encoding, channels));
                expect(decoded).toHaveLength(samples.length);
                const error = decoded.map((sample, index) => Math.abs(sample - (samples[index] ?? 0)));
                expect(Math.max(...error), encoding).toBeLessThanOrEqual(PRECISION[encoding]);
            }
        }
    });

    it("is little-endian, and unsigned only where it says so", () => {
        const cases: [encoding: SampleEncoding, bytes: number[], sample: number][] = [
            ["u8", [0], -1],
            ["u8", [128], 0],
            ["s8", [0x80], -1],
            ["s16", [0x00, 0x40], 0.5],
            ["s16", [0x00, 0xc0], -0.5],
            ["s24", [0x00, 0x00, 0xc0], -0.5],
            ["s24", [0x00, 0x00, 0x40], 0.5],
            ["s32", [0x00, 0x00, 0x00, 0x80], -1],
            ["f32", [0x00, 0x00, 0x00, 0x3f], 0.5],
        ];
        for (const [encoding, bytes, sample] of cases) {
            expect([...new PcmDecoder({ encoding, channels: 1 }).write(Uint8Array.from(bytes))]).toEqual([sample]);
        }
    });

    it("of several channels is their mean", () => {
        const left = encodePcm(new Float32Array([0.5]), "s16");
        const right = encodePcm(new Float32Array([-0.25]), "s16");
        const decoded = new PcmDecoder({ encoding: "s16", channels: 2 }).write(Buffer.concat([left, right]));
        expect([...decoded]).toEqual([0.125]);
    });

    it("may be cut anywhere", () => {
        for (const encoding of ENCODINGS) {
            const bytes = encodePcm(noise(500, 2), encoding, 3);
            const decoder = new PcmDecoder({ encoding, channels: 3 });
            const whole = new PcmDecoder({ encoding, channels: 3 }).write(bytes);
            expect(joined(cut(bytes, 3, 40).map((piece) => decoder.write(piece))), encoding).toEqual(whole);
            decoder.end();
        }
    });

    it("that ends within a sample says at which byte", () => {
        const decoder = new PcmDecoder({ encoding: "s16", channels: 2 });
        expect(decoder.write(new Uint8Array(11))).toHaveLength(2);
        expect(() => decoder.end()).toThrow("4 bytes expected at byte 8, found 3");
    });

    it("never gives what is not a number, or too loud", () => {
        const bytes = Buffer.alloc(16);
        [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 7].forEach((value, index) => {
            bytes.writeFloatLE(value, index * 4);
        });
        expect([...new PcmDecoder({ encoding: "f32", channels: 1 }).write(bytes)]).toEqual([0, 1, -1, 1]);
    });

    it("has one to eight channels", () => {
        for (const channels of [0, 9, 1.5, Number.NaN]) {
            expect(() => new PcmDecoder({ encoding: "s16", channels })).toThrow(/Expected 1 to 8 channels/);
        }
    });
});

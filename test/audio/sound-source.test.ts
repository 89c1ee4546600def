import { describe, expect, it } from "vitest";
import { AudioFormatError, decodeSound, encodePcm, encodeWav, levelOf } from "../../dist/src/audio";
import { cut, joined, sine } from "./signals";

describe("sound from outside", () => {
    it("becomes mono at 16 kHz, whatever it was", () => {
        const expected = sine(440, 16_000, 1);
        const cases = [
            { bytes: encodeWav(sine(440, 48_000, 1), 48_000), decoder: decodeSound({ format: "wav" }) },
            { bytes: encodeWav(sine(440, 16_000, 1), 16_000), decoder: decodeSound({ format: "wav" }) },
            {
                bytes: encodePcm(sine(440, 44_100, 1), "s24", 2),
                decoder: decodeSound({ format: "raw", sampleRate: 44_100, encoding: "s24", channels: 2 }),
            },
            {
                bytes: encodePcm(sine(440, 8_000, 1), "f32"),
                decoder: decodeSound({ format: "raw", sampleRate: 8_000, encoding: "f32", channels: 1 }),
            },
        ];
        for (const { bytes, decoder } of cases) {
            const samples = joined([...cut(bytes, 1, 5_000).map((piece) => decoder.write(piece)), decoder.end()]);
            expect(samples).toHaveLength(16_000);
            const difference = samples
                .subarray(500, -500)
                .map((sample, index) => sample - (expected[index + 500] ?? 0));
            expect(levelOf(difference).rmsDbfs).toBeLessThan(-70);
        }
    });

    it("is refused when it is longer than allowed", () => {
        const decoder = decodeSound(
            { format: "raw", sampleRate: 16_000, encoding: "s16", channels: 1 },
            { maxMs: 1_000 },
        );
        expect(decoder.write(Buffer.alloc(32_000))).toHaveLength(16_000);
        expect(() => decoder.write(Buffer.alloc(2))).toThrow("The sound is longer than 1 s (byte 32002).");
    });

    it("goes on as long as it likes when that is allowed", () => {
        const format = { format: "raw", sampleRate: 16_000, encoding: "s16", channels: 1 } as const;
        const decoder = decodeSound(format, { maxMs: Number.POSITIVE_INFINITY });
        const minute = Buffer.alloc(16_000 * 2 * 60);
        for (let minutes = 0; minutes < 70; minutes++) expect(decoder.write(minute)).toHaveLength(960_000);
    });

    it("that makes no sense is refused with the reason", () => {
        const raw = { format: "raw", sampleRate: 16_000, encoding: "s16", channels: 1 } as const;
        expect(() => decodeSound({ ...raw, sampleRate: 4_000 })).toThrow(/8000 to 192000 samples a second, not 4000/);
        expect(() => decodeSound({ ...raw, channels: 0 })).toThrow(AudioFormatError);
        const misspelt = JSON.parse('{"format":"raw","sampleRate":16000,"encoding":"s12","channels":1}');
        expect(() => decodeSound(misspelt)).toThrow('Expected samples as u8, s8, s16, s24, s32, f32, f64, not "s12".');
        expect(() => decodeSound({ format: "wav" }).write(Buffer.from("not a sound "))).toThrow(/byte 0, RIFF header/);
        expect(() => decodeSound({ format: "wav" }).end()).toThrow(/expected 12 more bytes/);
        const cutShort = decodeSound(raw);
        cutShort.write(Buffer.alloc(3));
        expect(() => cutShort.end()).toThrow(/at byte 2, found 1/);
    });
});

import { describe, expect, it } from "vitest";
import { spokenAt16k } from "../../dist/scripts/voice";
import { FRAME_SAMPLES, loadNoiseReduction, type VoicedFrame } from "../../dist/src/audio";

/** White noise of an even loudness, the same each time. */
function noise(length: number, amplitude: number): Float32Array {
    let state = 1;
    return Float32Array.from({ length }, () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return amplitude * (state / 2 ** 31 - 1);
    });
}

function power(frames: readonly VoicedFrame[]): number {
    const squares = frames.flatMap(({ samples }) => Array.from(samples, (value) => value * value));
    return squares.reduce((sum, square) => sum + square, 0) / squares.length;
}

describe("noise reduction", () => {
    it("makes steady noise much quieter, and hears no voice in it", async () => {
        const open = await loadNoiseReduction();
        const reduction = open();
        const sound = noise(48_000, 0.05);
        const after = reduction.process(sound).slice(100);
        expect(power(after)).toBeLessThan((0.05 ** 2 / 3) * 0.02);
        expect(after.filter(({ voice }) => voice >= 0.5).length).toBeLessThan(after.length / 20);
        reduction.close();
    });

    it("leaves speech about as loud as it was, and hears a voice in it", async () => {
        const open = await loadNoiseReduction();
        const reduction = open();
        const speech = await spokenAt16k("turn on the kitchen light", { voice: "slt" });
        const frames = reduction.process(speech);
        const before = speech.reduce((sum, value) => sum + value * value, 0) / speech.length;
        expect(power(frames)).toBeGreaterThan(before / 2);
        expect(power(frames)).toBeLessThan(before * 2);
        expect(frames.filter(({ voice }) => voice >= 0.5).length).toBeGreaterThan(frames.length / 2);
        reduction.close();
    });

    it("gives whole frames, the same however the sound was cut", async () => {
        const open = await loadNoiseReduction();
        const sound = noise(16_000, 0.1);
        const [whole, cut] = [open(), open()];
        const expected = whole.process(sound);
        const frames: VoicedFrame[] = [];
        for (let at = 0; at < sound.length; at += 77) frames.push(...cut.process(sound.subarray(at, at + 77)));
        expect(frames).toEqual(expected);
        expect(frames.every(({ samples }) => samples.length === FRAME_SAMPLES)).toBe(true);
        expect(frames.length).toBeGreaterThanOrEqual(98);
    });

    it("refuses sound for a stream that was closed", async () => {
        const reduction = (await loadNoiseReduction())();
        reduction.close();
        reduction.close();
        expect(() => reduction.process(noise(16_000, 0.1))).toThrow(/closed/);
    });
});

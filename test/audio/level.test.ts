import { describe, expect, it } from "vitest";
import { levelOf, SILENCE_DBFS } from "../../dist/src/audio";
import { sine } from "./signals";

describe("the level of a sound", () => {
    it("is -3 dB for a sine at full scale, and 6 dB less for half of it", () => {
        expect(levelOf(sine(1_000, 16_000, 1, 1)).rmsDbfs).toBeCloseTo(-3.01, 2);
        expect(levelOf(sine(1_000, 16_000, 1, 0.5)).rmsDbfs).toBeCloseTo(-9.03, 2);
        expect(levelOf(new Float32Array([0.25, -0.75])).peak).toBe(0.75);
    });

    it("is a number for silence too", () => {
        expect(levelOf(new Float32Array(10))).toEqual({ rmsDbfs: SILENCE_DBFS, peak: 0 });
        expect(levelOf(new Float32Array(0))).toEqual({ rmsDbfs: SILENCE_DBFS, peak: 0 });
    });
});

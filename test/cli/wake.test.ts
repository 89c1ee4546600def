import { beforeAll, describe, expect, it } from "vitest";
import { spokenAt16k } from "../../dist/scripts/voice";
import { encodeWav } from "../../dist/src/audio";
import { joined } from "../audio/signals";
import { earshot, temporaryFiles } from "./earshot";

const file = temporaryFiles();
const pause = new Float32Array(16_000);

describe("earshot wake", () => {
    let twice: string;
    let never: string;

    beforeAll(async () => {
        const alexa = await spokenAt16k("alexa", { voice: "slt" });
        twice = file("twice.wav", encodeWav(joined([pause, alexa, pause, pause, alexa, pause]), 16_000));
        const other = await spokenAt16k("it is raining again", { voice: "slt" });
        never = file("never.wav", encodeWav(joined([pause, other, pause]), 16_000));
    });

    it("tells where the word ends in each file, in the order of the files", async () => {
        const { code, lines, stderr } = await earshot(["wake", "--word", "alexa", never, twice]);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        expect(lines).toMatchObject([
            { file: never, wakes: [] },
            { file: twice, wakes: [{ word: "alexa" }, { word: "alexa" }] },
        ]);
        const [, { wakes = [] } = {}] = lines as { wakes?: { score: number; endMs: number }[] }[];
        const [first, second] = wakes;
        expect(first?.endMs).toBeGreaterThan(1_200);
        expect(first?.endMs).toBeLessThan(2_200);
        expect((second?.endMs ?? 0) - (first?.endMs ?? 0)).toBeGreaterThan(2_000);
        expect(first?.score).toBeGreaterThan(0);
        expect(first?.score).toBeLessThanOrEqual(1);
    });

    it("puts an error in the place of a file that is no sound, and goes on", async () => {
        const { code, lines } = await earshot(["wake", "--word", "alexa", file("notes.wav", "notes"), twice]);
        expect(code).toBe(1);
        expect(lines).toMatchObject([{ error: expect.any(String) }, { file: twice }]);
    });
});

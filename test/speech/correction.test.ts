import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { corrected } from "../../dist/src/speech";
import { transcriptOf } from "../vault/vault-folder";

const timesOf = (text: string, correction: string) =>
    corrected(transcriptOf(text), correction).words.map((word) => [word.text, word.startMs, word.endMs]);

describe("a corrected transcript", () => {
    it("has the time of the word that was misheard", () => {
        expect(timesOf("turn on the kitten light", "turn on the kitchen light")).toEqual([
            ["turn", 0, 250],
            ["on", 300, 550],
            ["the", 600, 850],
            ["kitchen", 900, 1_150],
            ["light", 1_200, 1_450],
        ]);
    });

    it("shares the time of what was misheard between the words that were said", () => {
        expect(timesOf("call four one please", "call for everyone now, please")).toEqual([
            ["call", 0, 250],
            ["for", 300, 483],
            ["everyone", 483, 667],
            ["now,", 667, 850],
            ["please", 900, 1_150],
        ]);
    });

    it("puts words that were not heard between their neighbours, and leaves out those that were not said", () => {
        expect(timesOf("turn light", "turn the light")).toEqual([
            ["turn", 0, 250],
            ["the", 250, 300],
            ["light", 300, 550],
        ]);
        expect(timesOf("turn uh the light", "turn the light").map(([, start]) => start)).toEqual([0, 600, 900]);
    });

    it("takes capitals and punctuation without moving anything", () => {
        expect(timesOf("what time is it", "What time is it?")).toEqual([
            ["What", 0, 250],
            ["time", 300, 550],
            ["is", 600, 850],
            ["it?", 900, 1_150],
        ]);
    });

    it("gives every word a place in the sound, in order, whatever was heard and said", () => {
        const words = fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 12 });
        fc.assert(
            fc.property(words, words, (heard, said) => {
                const before = {
                    ...transcriptOf(heard.join(" ")),
                    words: heard.length > 0 ? transcriptOf(heard.join(" ")).words : [],
                };
                const after = corrected(before, ` ${said.join("  ")} `);
                expect(after.text).toBe(said.join(" "));
                expect(after.words.map(({ text }) => text)).toEqual(said);
                let last = 0;
                for (const { startMs, endMs } of after.words) {
                    expect(startMs).toBeGreaterThanOrEqual(last);
                    expect(endMs).toBeGreaterThanOrEqual(startMs);
                    last = startMs;
                }
            }),
            { numRuns: 2_000 },
        );
    });

    it("is made of thousands of words in no time", () => {
        const heard = Array.from({ length: 5_000 }, (_, index) => `w${index}`);
        const said = heard.map((word, index) => (index % 2 ? word : `x${index}`));
        const begin = performance.now();
        expect(corrected(transcriptOf(heard.join(" ")), said.join(" ")).words).toHaveLength(5_000);
        expect(performance.now() - begin).toBeLessThan(200);
    });
});

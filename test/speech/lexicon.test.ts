import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { pronounce } from "../../dist/src/speech/letter-to-sound";
import { DictionaryError, readPronunciations } from "../../dist/src/speech/lexicon";
import { randomness } from "../audio/signals";
import { DICTIONARY, PHONES, wholeDictionary } from "./dictionary";

const folder = mkdtempSync(join(tmpdir(), "earshot-lexicon-"));
afterAll(() => rmSync(folder, { recursive: true }));

const COMMANDS =
    "turn on the kitchen light and dim a lamp in my living room to twenty percent nanoleaf kallax tv2".split(" ");

describe("the pronunciations of a grammar's words", () => {
    it("are all entries of the dictionary, in its order, for every one of its words", () => {
        const whole = wholeDictionary();
        const words = [...whole.keys()].filter((word) => !word.startsWith("(") && !word.startsWith(";"));
        const read = readPronunciations(DICTIONARY, words);
        expect(read.size).toBe(words.length);
        expect(words.filter((word) => read.get(word)?.join() !== whole.get(word)?.join())).toEqual([]);
    });

    it("come for each word asked, under the name it was asked by", () => {
        const read = readPronunciations(DICTIONARY, ["Kitchen", "kitchen", "it’s", "café", "the"]);
        expect([...read.keys()]).toEqual(["Kitchen", "kitchen", "it’s", "café", "the"]);
        expect(read.get("Kitchen")).toEqual(read.get("kitchen"));
        expect(read.get("it’s")).toEqual(["IH T S"]);
        expect(read.get("café")).toContain("K AH F EY");
        expect(read.get("the")).toEqual(["DH AH", "DH IY"]);
        expect(readPronunciations(DICTIONARY, []).size).toBe(0);
    });

    it("are put together from two words of the dictionary, or said by the rules of spelling", () => {
        const read = readPronunciations(DICTIONARY, [
            "nanoleaf",
            "garagelight",
            "lamppole",
            "kallax",
            "symfonisk",
            "küche",
        ]);
        expect(read.get("nanoleaf")).toEqual(["N AA N OW L IY F", ...pronounce("nanoleaf").slice(0, 2)]);
        expect(read.get("lamppole")?.[0]).toBe("L AE M P OW L");
        expect(read.get("garagelight")?.[0]).toBe("G ER AA ZH L AY T");
        // "kal" and "lax" are words, but too short to trust more than the spelling.
        expect(read.get("kallax")?.[0]).toBe("K AE L AE K S");
        expect(read.get("symfonisk")).toEqual(pronounce("symfonisk"));
        expect(read.get("küche")).toEqual(pronounce("küche"));
    });

    it("say names with hyphens and digits piece by piece, as the dictionary has the pieces", () => {
        const read = readPronunciations(DICTIONARY, ["living-room", "tv2", "kitchen-2", "x-qzx"]);
        expect(read.get("living-room")?.[0]).toBe("L IH V IH NG R UW M");
        expect(read.get("tv2")).toContain("T IY V IY T UW");
        expect(read.get("kitchen-2")).toEqual(["K IH CH AH N T UW"]);
        expect(read.get("x-qzx")).toEqual(pronounce("x-qzx"));
    });

    it("are phones of the model whatever is asked for", () => {
        const random = randomness(4);
        const signs = [..."abcdeiklmnorstuz(2)#;'’-. 29äüéж日"];
        const odd = Array.from({ length: 500 }, () =>
            Array.from({ length: Math.floor(random() * 15) }, () => signs[Math.floor(random() * signs.length)]).join(
                "",
            ),
        );
        const read = readPronunciations(DICTIONARY, [...odd, ";;", "", "<s>", "[NOISE]", "a(2)"]);
        for (const [word, ways] of read) {
            expect(ways.length, word).toBeGreaterThan(0);
            for (const way of ways)
                expect(
                    way.split(" ").filter((phone) => !PHONES.has(phone)),
                    word,
                ).toEqual([]);
        }
    });

    it("take a moment, and no memory that stays", () => {
        const times = Array.from({ length: 5 }, () => {
            const started = performance.now();
            readPronunciations(DICTIONARY, COMMANDS);
            return performance.now() - started;
        });
        // Measured: 8 to 16 ms; the bound leaves room for a machine that is busy.
        expect(Math.min(...times)).toBeLessThan(50);
        const before = process.memoryUsage();
        for (let round = 0; round < 20; round++) readPronunciations(DICTIONARY, COMMANDS);
        const after = process.memoryUsage();
        expect(after.heapUsed - before.heapUsed).toBeLessThan(20_000_000);
        expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(20_000_000);
    });

    it("are read from a dictionary with comments, Windows line ends and no newline at its end", () => {
        const file = join(folder, "small.txt");
        writeFileSync(
            file,
            ";; a comment\r\n\r\nwozzle W AA Z AH L\r\nwozzle(2) W OW Z AH L\r\nbroken\r\nlast L AE S T",
        );
        const read = readPronunciations(file, ["wozzle", "last", "broken", "a"]);
        expect(read.get("wozzle")).toEqual(["W AA Z AH L", "W OW Z AH L"]);
        expect(read.get("last")).toEqual(["L AE S T"]);
        expect(read.get("broken")).toEqual(pronounce("broken"));
    });

    it("name the dictionary that can't be read", () => {
        const missing = join(folder, "missing.txt");
        expect(() => readPronunciations(missing, ["a"])).toThrow(DictionaryError);
        expect(() => readPronunciations(missing, ["a"])).toThrow(missing);
        expect(() => readPronunciations(folder, ["a"])).toThrow(DictionaryError);
        const endless = join(folder, "endless.txt");
        writeFileSync(endless, "a".repeat(1_000_000));
        expect(() => readPronunciations(endless, ["a"])).toThrow(/a line of more than/);
    });
});

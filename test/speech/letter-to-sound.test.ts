import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_PHONES, MAX_VARIANTS, pronounce } from "../../dist/src/speech/letter-to-sound";
import { randomness } from "../audio/signals";
import { PHONES, wholeDictionary } from "./dictionary";

describe("the sound of words that stand in no dictionary", () => {
    it("is near to what the dictionary says of 4,000 of its words, names included", () => {
        const dictionary = [...wholeDictionary()].filter(([word]) => /^[a-z']+$/.test(word));
        const random = randomness(20_261_122);
        const sample = Array.from({ length: 4_000 }, () => dictionary[Math.floor(random() * dictionary.length)]);
        const errors = { first: 0, best: 0, phones: 0 };
        for (const [word = "", entries = []] of sample.filter((entry) => entry !== undefined)) {
            const distances = pronounce(word).map((way) => Math.min(...entries.map((entry) => distance(way, entry))));
            errors.first += distances[0] ?? 0;
            errors.best += Math.min(...distances);
            errors.phones += entries[0]?.split(" ").length ?? 0;
        }
        // Measured: 14.9 % and 10.9 %.
        expect(errors.first / errors.phones).toBeLessThan(0.16);
        expect(errors.best / errors.phones).toBeLessThan(0.12);
    });

    it("is that of the names on the boxes of a smart home", () => {
        for (const [word, said] of Object.entries({
            hue: "HH Y UW",
            ikea: "AY K IY AH",
            zigbee: "Z IH G B IY",
            kallax: "K AE L AE K S",
            jarvis: "JH AA R V IH S",
            lounge: "L AW N JH",
            shelly: "SH EH L IY",
            sonos: "S OW N OW Z",
            tado: "T AE D OW",
            symfonisk: "S IH M F OW N IH S K",
            nanoleaf: "N AE N OW L IY F",
            fritzbox: "F R IH T S B AA K S",
        })) {
            expect(pronounce(word), word).toContain(said);
        }
    });

    it("spells what can't be said as a word, and offers it for short words that can", () => {
        expect(pronounce("tv")).toEqual(["T IY V IY"]);
        expect(pronounce("hdmi")).toEqual(["EY CH D IY EH M AY"]);
        expect(pronounce("hvac")).toEqual(["EY CH V IY EY S IY"]);
        expect(pronounce("a.m.")).toEqual(["EY EH M"]);
        expect(pronounce("led")).toContain("L EH D");
        expect(pronounce("LED")).toContain("EH L IY D IY");
        expect(pronounce("usb")).toContain("Y UW EH S B IY");
        for (const word of ["quack", "tract", "gwen", "zacks", "bulb", "lamps"]) {
            expect(pronounce(word)[0]?.split(" ").length, word).toBeLessThanOrEqual(6);
        }
    });

    it("says digits and signs by their names, in their place", () => {
        expect(pronounce("tv2")).toEqual(["T IY V IY T UW"]);
        expect(pronounce("3d")).toEqual(["TH R IY D IY"]);
        expect(pronounce("20")).toEqual(["T UW Z IH R OW"]);
        expect(pronounce("b&b")).toEqual(["B IY AE N D B IY"]);
    });

    it("gives a possessive the voice of what it follows", () => {
        expect(pronounce("mum's")).toContain("M AH M Z");
        expect(pronounce("pat's")).toContain("P AE T S");
        expect(pronounce("Liz’s")).toContain("L IH Z IH Z");
    });

    it("doesn't stumble over accents, and comes near to German", () => {
        expect(pronounce("crème")).toEqual(pronounce("creme"));
        expect(pronounce("café")).toContain("K AE F EY");
        expect(pronounce("küche")).toContain("K UW K AH");
        expect(pronounce("büro")).toContain("B UW R OW");
        expect(pronounce("köln")).toContain("K ER L N");
        expect(pronounce("straße")).toContain("SH T R AA S AH");
        expect(pronounce("gästezimmer")).toContain("G EH S T EH T S IH M ER");
        expect(pronounce("ku\u0308che")).toEqual(pronounce("küche"));
    });

    it("gives one to three ways in phones of the model, of bounded length, for any text", () => {
        const text = fc.oneof(
            fc.string({ unit: "binary", maxLength: 200 }),
            fc.string({
                unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyzäöüß'’-.& 0123456789éÅŁ"),
                maxLength: 200,
            }),
        );
        fc.assert(
            fc.property(text, (word) => {
                const ways = pronounce(word);
                expect(ways.length).toBeGreaterThanOrEqual(1);
                expect(ways.length).toBeLessThanOrEqual(MAX_VARIANTS);
                expect(new Set(ways).size).toBe(ways.length);
                for (const way of ways) {
                    const phones = way.split(" ");
                    expect(phones.length).toBeLessThanOrEqual(MAX_PHONES);
                    expect(phones.filter((phone) => !PHONES.has(phone))).toEqual([]);
                }
            }),
            { numRuns: 2_000, seed: 7 },
        );
    });

    it("takes no longer for a word without end", () => {
        for (const letter of ["w", "a", "8", "'", "é", "日"]) {
            for (const way of pronounce(letter.repeat(1_000_000))) {
                expect(way.split(" ").length, letter).toBeLessThanOrEqual(MAX_PHONES);
            }
        }
    });
});

/** Phones to insert, leave out or replace to come from one way of saying a word to the other (Levenshtein's distance). */
function distance(one: string, other: string): number {
    const target = other.split(" ");
    let row = [0, ...target.map((_, index) => index + 1)];
    for (const [index, phone] of one.split(" ").entries()) {
        const next = [index + 1];
        for (const [at, wanted] of target.entries()) {
            const replaced = (row[at] ?? 0) + (phone === wanted ? 0 : 1);
            next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
        }
        row = next;
    }
    return row.at(-1) ?? 0;
}

import { describe, expect, it } from "vitest";
import { compile, loadLanguage } from "../../dist/src/language";
import { type PhraseNetwork, phraseNetwork, wordsOfPhrase } from "../../dist/src/speech/builtin/phrase-network";
import { NetworkReader, numbersFrom } from "../language/network-reader";

const ENGLISH = loadLanguage("en");
const ROOMS = [
    "kitchen",
    "office",
    "hall",
    "cellar",
    "garage",
    "attic",
    "north",
    "south",
    "anna's",
    "ben's",
    "long",
    "old",
];
const THINGS = ["lamp", "light", "spots", "lantern", "candle", "globe", "reading lamp", "desk lamp", "night light"];

function grammarOfHome(devices: number) {
    const random = numbersFrom(3);
    const one = (words: readonly string[]) => words[Math.floor(random() * words.length)];
    return compile(ENGLISH, {
        floors: [],
        areas: [],
        devices: Array.from({ length: devices }, (_, index) => ({
            id: `${index}`,
            name: `${one(ROOMS)} ${one(ROOMS)} ${one(ROOMS)} ${one(THINGS)}`,
            type: "light",
        })),
    }).recogniser;
}

/** How many ways lead from the start to an end: every sentence is one. */
function sentencesIn(
    arcs: readonly { readonly from: number; readonly to: number }[],
    ends: ReadonlySet<number>,
): bigint {
    const counts = new Map<number, bigint>();
    const from = (state: number): bigint => {
        const known = counts.get(state);
        if (known !== undefined) return known;
        let count = ends.has(state) ? 1n : 0n;
        for (const arc of leaving.get(state) ?? []) count += from(arc.to);
        counts.set(state, count);
        return count;
    };
    const leaving = Map.groupBy(arcs, (arc) => arc.from);
    return from(0);
}

function sample({ words, arcs, ends }: PhraseNetwork, random: () => number): string {
    const said: string[] = [];
    for (let state = 0; ; ) {
        const ways = arcs.filter(({ from }) => from === state);
        const canEnd = ends.some((end) => end.state === state) ? 1 : 0;
        const way = ways[Math.floor(random() * (ways.length + canEnd))];
        if (way === undefined) return said.join(" ");
        said.push(...wordsOfPhrase(words[way.word] ?? ""));
        state = way.to;
    }
}

describe("the network that the decoder takes", () => {
    const { network } = grammarOfHome(400);
    const phrases = phraseNetwork(network);

    it("has fewer states than a large home's network of words", () => {
        expect(network.states).toBeGreaterThan(500);
        expect(phrases.states).toBeLessThan(0.6 * network.states);
        expect(Math.max(...phrases.words.map((phrase) => wordsOfPhrase(phrase).length))).toBeLessThanOrEqual(6);
    });

    it("accepts the same sentences", () => {
        const arcs = Array.from({ length: network.arcs.length / 3 }, (_, index) => {
            const [from = 0, to = 0] = network.arcs.subarray(3 * index);
            return { from, to };
        });
        const ends = new Set(phrases.ends.map(({ state }) => state));
        expect(sentencesIn(phrases.arcs, ends)).toBe(sentencesIn(arcs, new Set(network.ends)));
        const reader = new NetworkReader(network);
        const random = numbersFrom(5);
        for (let count = 0; count < 300; count += 1) {
            const sentence = sample(phrases, random);
            expect([sentence, reader.accepts(sentence)]).toEqual([sentence, true]);
        }
    });

    it("weighs whatever may come next so that it adds up to certainty", () => {
        const sums = new Map<number, number>();
        const add = (state: number, share: number) => sums.set(state, (sums.get(state) ?? 0) + share);
        for (const { from, share } of phrases.arcs) add(from, share);
        for (const { state, share } of phrases.ends) add(state, share);
        for (const sum of sums.values()) expect(sum).toBeCloseTo(1, 6);
    });

    it("leaves the network of a small home word by word", () => {
        const small = grammarOfHome(5).network;
        const same = phraseNetwork(small);
        expect(same.states).toBe(small.states);
        expect(new Set(same.words)).toEqual(new Set(small.words));
    });
});

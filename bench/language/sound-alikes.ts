/**
 * Words that sound like others, as a transcriber mishears: any other word of the CMU Pronouncing Dictionary, which the built-in
 * recogniser brings along, that is said nearly alike. What the matcher thinks sounds alike has no part in it.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { distance } from "./phones";

/** Phones that may differ, by weight: a share of the word's phones, and never more than so many. */
const MAX_SHARE = 0.34;
const MAX_DISTANCE = 1.1;
/** A word is replaced by one of so many, the nearest. */
const NEAREST = 5;
const WORD = /[a-z]+(?:'[a-z]+)?/gi;

interface Entry {
    readonly word: string;
    readonly phones: readonly string[];
}

export class SoundAlikes {
    readonly #byLength = new Map<number, Entry[]>();
    readonly #phones = new Map<string, readonly string[]>();
    readonly #known = new Map<string, readonly string[]>();

    constructor() {
        const folder = join(dirname(require.resolve("soundswallower")), "model", "en-us");
        for (const line of readFileSync(join(folder, "dict.txt"), "utf8").split("\n")) {
            const [word = "", ...phones] = line.trim().split(/\s+/);
            // Further ways to say a word stand as "word(2)".
            if (!/^[a-z]{2,}$|^[ai]$/.test(word)) continue;
            this.#phones.set(word, phones);
            const entries = this.#byLength.get(phones.length);
            if (entries === undefined) this.#byLength.set(phones.length, [{ word, phones }]);
            else entries.push({ word, phones });
        }
    }

    /** The nearest first; none where the dictionary lacks the word, or nothing sounds like it. */
    of(word: string): readonly string[] {
        const known = this.#known.get(word) ?? this.#found(word);
        this.#known.set(word, known);
        return known;
    }

    #found(word: string): string[] {
        const phones = this.#phones.get(word);
        if (phones === undefined) return [];
        const limit = Math.min(MAX_DISTANCE, Math.max(MAX_SHARE * phones.length, 0.5));
        const found: { readonly word: string; readonly distance: number }[] = [];
        for (let length = phones.length - 1; length <= phones.length + 1; length += 1) {
            for (const entry of this.#byLength.get(length) ?? []) {
                if (entry.word === word) continue;
                const far = distance(phones, entry.phones, limit);
                if (far <= limit) found.push({ word: entry.word, distance: far });
            }
        }
        found.sort((one, other) => one.distance - other.distance || (one.word < other.word ? -1 : 1));
        return found.slice(0, NEAREST).map((each) => each.word);
    }

    /** The texts with this share of all their words replaced, chosen at random among those that sound like others. */
    misheard(texts: readonly string[], share: number, random: () => number): string[] {
        const places = texts.flatMap((text, at) =>
            [...text.matchAll(WORD)].map(({ index, 0: word }) => ({ at, index, word })),
        );
        const wanted = Math.round(share * places.length);
        const shuffled = places.map((place) => ({ place, key: random() })).sort((one, other) => one.key - other.key);
        const changed = new Map<number, { readonly index: number; readonly word: string; readonly by: string }[]>();
        let replaced = 0;
        for (const { place } of shuffled) {
            if (replaced === wanted) break;
            const candidates = this.of(place.word.toLowerCase());
            const by = candidates[Math.floor(random() * candidates.length)];
            if (by === undefined) continue;
            changed.set(place.at, [...(changed.get(place.at) ?? []), { index: place.index, word: place.word, by }]);
            replaced += 1;
        }
        return texts.map((text, at) => {
            const changes = [...(changed.get(at) ?? [])].sort((one, other) => other.index - one.index);
            return changes.reduce(
                (result, { index, word, by }) => result.slice(0, index) + by + result.slice(index + word.length),
                text,
            );
        });
    }
}

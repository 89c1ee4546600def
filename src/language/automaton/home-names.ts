/** The names of a home, ready for matching. What an earlier state of the home had in common is taken over from it. */
import { isDeepStrictEqual } from "node:util";
import type { HomeDescription } from "../../home/model";
import type { WordKind } from "../words";
import { type HomeValue, homeValues } from "./home-values";
import type { HomeList } from "./list-source";
import { WordTrie } from "./word-trie";

export class HomeNames {
    readonly #lists = new Map<HomeList, Names>();

    /** @param before names of an earlier state of the home */
    constructor(
        readonly home: HomeDescription,
        kind: WordKind,
        before?: HomeNames,
    ) {
        for (const list of ["name", "area", "floor"] as const) {
            const earlier = before?.of(list);
            const things = thingsOf(home, list);
            const same = earlier !== undefined && isDeepStrictEqual(things, thingsOf(before?.home ?? home, list));
            this.#lists.set(list, same ? earlier : new Names(homeValues(home, list, kind)));
        }
    }

    of(list: HomeList): Names {
        return this.#lists.get(list) ?? new Names([]);
    }
}

/** Names with a word in common that are compared; where more have it, it tells little. */
const MAX_RIVALS = 50;

/** The values of one list. */
export class Names {
    readonly #tries = new Map<string, WordTrie>();
    readonly #containing = new Map<string, number[]>();

    constructor(readonly values: readonly HomeValue[]) {
        for (const [index, value] of values.entries()) {
            for (const word of new Set(value.words)) {
                const known = this.#containing.get(word);
                if (known === undefined) this.#containing.set(word, [index]);
                else if (known.length < MAX_RIVALS) known.push(index);
            }
        }
    }

    /**
     * Those with any of the words, by their place among the values.
     *
     * @param likeness of each value: what it shares with the words is added to it
     */
    near(said: Iterable<string>, likeness: Float64Array): number[] {
        const found: number[] = [];
        for (const word of said) {
            for (const index of this.#containing.get(word) ?? []) {
                const before = likeness[index] ?? 0;
                if (before === 0) found.push(index);
                likeness[index] = before + 1 / ((this.values[index]?.words.length ?? 0) + 1);
            }
        }
        return found;
    }

    /** The names with letters glued to their first and their last word. */
    trie(prefix: string, suffix: string): WordTrie {
        const key = `${prefix}:${suffix}`;
        const known = this.#tries.get(key);
        if (known !== undefined) return known;
        const trie = new WordTrie();
        for (const [index, { words }] of this.values.entries()) {
            const glued = words.map((word, at) => {
                return (at === 0 ? prefix : "") + word + (at === words.length - 1 ? suffix : "");
            });
            trie.add(glued, index);
        }
        this.#tries.set(key, trie);
        return trie;
    }
}

function thingsOf({ devices, areas, floors }: HomeDescription, list: HomeList): readonly unknown[] {
    return { name: devices, area: areas, floor: floors }[list];
}

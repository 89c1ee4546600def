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
    readonly #containing = new Map<string, HomeValue[]>();

    constructor(readonly values: readonly HomeValue[]) {
        for (const value of values) {
            for (const word of new Set(value.words)) {
                const known = this.#containing.get(word);
                if (known === undefined) this.#containing.set(word, [value]);
                else if (known.length < MAX_RIVALS) known.push(value);
            }
        }
    }

    /** Those with any of the words, the ones first that share most. */
    near(said: Iterable<string>): HomeValue[] {
        const shared = new Map<HomeValue, number>();
        for (const word of said) {
            for (const value of this.#containing.get(word) ?? []) {
                shared.set(value, (shared.get(value) ?? 0) + 1 / (value.words.length + 1));
            }
        }
        return [...shared.keys()].sort((one, other) => (shared.get(other) ?? 0) - (shared.get(one) ?? 0));
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

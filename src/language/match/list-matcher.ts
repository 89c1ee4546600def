/** The values of a list, ready to be found in an utterance. */
import { Automaton, type WordGraph } from "../automaton/automaton";
import { GraphBuilder } from "../automaton/graph";
import type { HomeNames } from "../automaton/home-names";
import type { HomeValue } from "../automaton/home-values";
import { glueOf, type ListSource, type ListUse } from "../automaton/list-source";
import type { ListValue, NumberRange } from "../file/model";

export type ListMatcher =
    | {
          readonly kind: "values";
          readonly automaton: WordGraph;
          readonly values: readonly (HomeValue | ListValue)[];
      }
    | { readonly kind: "range"; readonly range: NumberRange }
    | { readonly kind: "wildcard" };

/** Words of the values of lists. */
export interface Vocabularies {
    /** Of lists that the home fills. */
    readonly home: ReadonlySet<string>;
    /** Of lists that the language fills. */
    readonly language: ReadonlySet<string>;
    /** Of either, where a template glues letters to the values. */
    readonly glued: ReadonlySet<string>;
}

type LanguageList = Exclude<ListSource, { kind: "home" }>;

/** Matchers of the lists that a language fills itself: the same for every home. */
export class LanguageLists {
    readonly #byValues = new Map<string, ListMatcher>();

    of(source: LanguageList, glue: string): ListMatcher {
        const key = `${source.id}:${glue}`;
        const known = this.#byValues.get(key);
        if (known !== undefined) return known;
        const matcher = matcherOf(source, glue);
        this.#byValues.set(key, matcher);
        return matcher;
    }
}

function matcherOf(source: LanguageList, glue: string): ListMatcher {
    if (source.kind === "range") return { kind: "range", range: source.range };
    if (source.kind === "wildcard") return { kind: "wildcard" };
    const builder = new GraphBuilder();
    for (const [index, words] of (source.spellings.get(glue) ?? []).entries()) {
        if (!words.nullable) builder.add(words, index);
    }
    return { kind: "values", automaton: new Automaton(builder.graph()), values: source.values };
}

/** One matcher per list and glued letters, whichever slots they fill; made when first needed. */
export class ListMatchers {
    readonly #byUse = new Map<string, ListMatcher>();
    readonly #byGlue = new Map<string, ListMatcher>();

    constructor(
        readonly lists: LanguageLists,
        readonly names: HomeNames,
    ) {}

    of(use: ListUse): ListMatcher {
        const known = this.#byUse.get(use.key);
        if (known !== undefined) return known;
        const matcher = this.#made(use);
        this.#byUse.set(use.key, matcher);
        return matcher;
    }

    vocabularies(uses: Iterable<ListUse>): Vocabularies {
        const words = { home: new Set<string>(), language: new Set<string>(), glued: new Set<string>() };
        const seen = new Set<ListMatcher>();
        for (const use of uses) {
            const matcher = this.of(use);
            if (matcher.kind !== "values" || seen.has(matcher)) continue;
            seen.add(matcher);
            const glued = use.prefix !== "" || use.suffix !== "";
            const kind = glued ? words.glued : use.source.kind === "home" ? words.home : words.language;
            for (const word of matcher.automaton.vocabulary) kind.add(word);
        }
        return words;
    }

    #made(use: ListUse): ListMatcher {
        const { source, prefix, suffix } = use;
        if (source.kind !== "home") return this.lists.of(source, glueOf(use));
        const key = `${source.list}:${glueOf(use)}`;
        const known = this.#byGlue.get(key);
        if (known !== undefined) return known;
        const names = this.names.of(source.list);
        const matcher: ListMatcher = { kind: "values", automaton: names.trie(prefix, suffix), values: names.values };
        this.#byGlue.set(key, matcher);
        return matcher;
    }
}

/** Whether a number belongs to a range. */
export function inRange(value: number, { from, to, step, fractions }: NumberRange): boolean {
    if (value < from || value > to) return false;
    const parts = { none: 1, halves: 2, tenths: 10 }[fractions];
    const steps = ((value - from) / step) * parts;
    return Math.abs(steps - Math.round(steps)) < 1e-6;
}

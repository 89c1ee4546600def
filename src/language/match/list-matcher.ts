/** The values of a list, ready to be found in an utterance. */
import type { HomeDescription } from "../../home/model";
import { Automaton } from "../automaton/automaton";
import { type HomeValue, homeValues, nameWords } from "../automaton/home-values";
import type { ListSource, ListUse } from "../automaton/list-source";
import { NOTHING, type WordExpression } from "../automaton/word-expression";
import type { NumberRange, TextListValue } from "../file/model";

export type ListMatcher =
    | {
          readonly kind: "values";
          readonly automaton: Automaton;
          readonly values: readonly (HomeValue | TextListValue)[];
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

/** One matcher per list and glued letters, whichever slots they fill; made when first needed. */
export class ListMatchers {
    readonly #byUse = new Map<string, ListMatcher>();
    readonly #byValues = new Map<string, ListMatcher>();

    constructor(readonly home: HomeDescription) {}

    of(use: ListUse): ListMatcher {
        const known = this.#byUse.get(use.key);
        if (known !== undefined) return known;
        const key = `${use.source.id}:${use.prefix}:${use.suffix}`;
        const matcher = this.#byValues.get(key) ?? this.#made(use);
        this.#byValues.set(key, matcher);
        this.#byUse.set(use.key, matcher);
        return matcher;
    }

    vocabularies(uses: Iterable<ListUse>): Vocabularies {
        const words = { home: new Set<string>(), language: new Set<string>(), glued: new Set<string>() };
        for (const use of uses) {
            const matcher = this.of(use);
            if (matcher.kind !== "values") continue;
            const glued = use.prefix !== "" || use.suffix !== "";
            const kind = glued ? words.glued : use.source.kind === "home" ? words.home : words.language;
            for (const word of matcher.automaton.vocabulary) kind.add(word);
        }
        return words;
    }

    #made({ source, prefix, suffix }: ListUse): ListMatcher {
        if (source.kind === "range") return { kind: "range", range: source.range };
        if (source.kind === "wildcard") return { kind: "wildcard" };
        const automaton = new Automaton();
        const values: readonly (HomeValue | TextListValue)[] =
            source.kind === "home" ? homeValues(this.home, source.list) : source.values;
        values.forEach((value, index) => {
            const words = wordsOfValue(source, value, prefix, suffix);
            if (!words.nullable) automaton.add(words, index);
        });
        return { kind: "values", automaton, values };
    }
}

function wordsOfValue(
    source: ListSource,
    value: HomeValue | TextListValue,
    prefix: string,
    suffix: string,
): WordExpression {
    if ("said" in value) return nameWords(value.said, prefix, suffix);
    return source.kind === "text" ? source.spell(value, prefix, suffix) : NOTHING;
}

/** Whether a number belongs to a range. */
export function inRange(value: number, { from, to, step, fractions }: NumberRange): boolean {
    if (value < from || value > to) return false;
    const parts = { none: 1, halves: 2, tenths: 10 }[fractions];
    const steps = ((value - from) / step) * parts;
    return Math.abs(steps - Math.round(steps)) < 1e-6;
}

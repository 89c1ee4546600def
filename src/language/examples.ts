/** Every sentence of a language in its plainest form: what suggestions are made from. The same for every home. */
import { glueOf, type HomeList, type ListUse } from "./automaton/list-source";
import type { WordExpression } from "./automaton/word-expression";
import type { BuiltBlock } from "./build/build";

export interface Example {
    /** Place among all examples of the language. */
    readonly index: number;
    readonly block: BuiltBlock;
    /** Texts, and lists to fill in. */
    readonly parts: readonly (string | ListUse)[];
    readonly words: ReadonlySet<string>;
    /** Of all its words. */
    readonly weight: number;
    /** The one list that the home fills, if there is one. */
    readonly list: HomeList | undefined;
}

export class Examples {
    readonly all: readonly Example[];
    readonly #containing = new Map<string, number[]>();
    readonly #values = new Map<ListUse, string>();

    /** @param articles words that are told even where a sentence can do without */
    constructor(
        blocks: readonly BuiltBlock[],
        readonly articles: ReadonlySet<string>,
    ) {
        const sentences = blocks
            .filter(({ metadata }) => metadata.for !== "recogniser" && metadata.follow === undefined)
            .flatMap((block) => block.words.flatMap((words) => exampleOf(block, words, articles) ?? []));
        const uses = new Map<string, number>();
        for (const { words } of sentences) for (const word of words) uses.set(word, (uses.get(word) ?? 0) + 1);
        this.all = sentences.map((sentence, index): Example => {
            const weight = [...sentence.words].reduce((sum, word) => sum + weightOf(uses.get(word)), 0);
            return { ...sentence, index, weight };
        });
        for (const { words, index } of this.all) {
            for (const word of words) {
                const known = this.#containing.get(word);
                if (known === undefined) this.#containing.set(word, [index]);
                else known.push(index);
            }
        }
    }

    /** The words of some examples, from all over the language. */
    texts(count: number): string[] {
        const step = Math.floor(this.all.length / Math.max(1, count));
        return Array.from({ length: count }, (_, index) => [...(this.all[index * step]?.words ?? [])].join(" "));
    }

    /** Indexes of the examples that have a word. */
    containing(word: string): readonly number[] {
        return this.#containing.get(word) ?? [];
    }

    /** What a word tells: the more, the fewer sentences have it. */
    weightOf(word: string): number {
        return weightOf(this.#containing.get(word)?.length);
    }

    /** The first value of a list that the language fills; the middle of a range. */
    valueOf(use: ListUse): string {
        const known = this.#values.get(use) ?? this.#valueOf(use);
        this.#values.set(use, known);
        return known;
    }

    #valueOf(use: ListUse): string {
        const { source } = use;
        const [first] = source.kind === "text" ? (source.spellings.get(glueOf(use)) ?? []) : [];
        if (first !== undefined) {
            return firstWords(first, this.articles)
                .filter((part) => typeof part === "string")
                .join(" ");
        }
        if (source.kind !== "range") return "…";
        const { from, to, step } = source.range.spoken ?? source.range;
        return String(from + Math.round((to - from) / 2 / step) * step);
    }
}

/** Undefined where it takes more to fill than one name of the home. */
function exampleOf(
    block: BuiltBlock,
    expression: WordExpression,
    articles: ReadonlySet<string>,
): Omit<Example, "index" | "weight"> | undefined {
    const parts = firstWords(expression, articles);
    const uses = parts.filter((part) => typeof part !== "string");
    const [list, ...others] = uses.flatMap(({ source }) => (source.kind === "home" ? source.list : []));
    if (others.length > 0 || uses.some(({ source }) => source.kind === "wildcard")) return undefined;
    return { block, parts, words: new Set(parts.filter((part) => typeof part === "string")), list };
}

function weightOf(uses = 0): number {
    return 1 / Math.log2(2 + uses);
}

/** A sentence in its plainest form: of alternatives the first, what is optional left out, but for articles. */
function firstWords(expression: WordExpression, articles: ReadonlySet<string>): (string | ListUse)[] {
    switch (expression.kind) {
        case "word":
            return [expression.text];
        case "list":
            return [expression.use];
        case "rule":
            return firstWords(expression.body, articles);
        case "sequence":
        case "any-order":
            return expression.items.flatMap((item) => firstWords(item, articles));
        case "choice": {
            const [first] = expression.items;
            if (first === undefined) return [];
            const isArticle = first.kind === "word" && articles.has(first.text);
            return expression.nullable && !isArticle ? [] : firstWords(first, articles);
        }
    }
}

/** Sentences that would have been understood, for when nothing was. */
import type { HomeDescription } from "../home/model";
import { type HomeValue, homeValues } from "./automaton/home-values";
import type { HomeList, ListUse } from "./automaton/list-source";
import type { WordExpression } from "./automaton/word-expression";
import type { BuiltBlock, Language } from "./language";
import { deviceContext, domainsOf, meets } from "./match/targets";
import { wordsOf } from "./words";

const MAX_SUGGESTIONS = 3;
/** Words of a text that are looked at; what follows makes no suggestion better. */
const MAX_WORDS = 30;
/** A share of the words, weighed by how rare they are, below which a suggestion would only puzzle. */
const LEAST_LIKENESS = 0.2;
/** Weight of a word that stands in no sentence: it speaks against all of them alike. */
const UNKNOWN_WEIGHT = 0.2;

interface Example {
    /** Texts, and lists to fill in. */
    readonly parts: readonly (string | ListUse)[];
    readonly words: ReadonlySet<string>;
    readonly names: readonly Named[];
    readonly list: HomeList | undefined;
}

interface Named {
    readonly text: string;
    readonly words: readonly string[];
}

export class Suggestions {
    readonly #examples: readonly Example[];
    readonly #articles: ReadonlySet<string>;
    readonly #uses = new Map<string, number>();

    constructor(
        readonly language: Language,
        readonly home: HomeDescription,
    ) {
        this.#articles = new Set(language.tolerance?.droppable);
        const names = new Map<string, readonly Named[]>();
        const blocks = language.blocks.filter(({ metadata }) => metadata.for !== "recogniser");
        this.#examples = blocks.flatMap((block) => this.#examplesOf(block, names));
        for (const { words } of this.#examples) {
            for (const word of words) this.#uses.set(word, (this.#uses.get(word) ?? 0) + 1);
        }
    }

    /** Up to three, nearest first; none where nothing is near. */
    near(text: string): string[] {
        const said = new Set(wordsOf(text, MAX_WORDS).map((word) => word.text));
        const best = new Map<string, number>();
        for (const example of this.#examples) {
            const name = nearest(example.names, said);
            if (name === undefined && example.list !== undefined) continue;
            const words = new Set([...example.words, ...(name?.words ?? [])]);
            const likeness = this.#likeness(said, words);
            if (likeness >= LEAST_LIKENESS) best.set(this.#filled(example, name), likeness);
        }
        return [...best]
            .sort((a, b) => b[1] - a[1] || a[0].length - b[0].length)
            .slice(0, MAX_SUGGESTIONS)
            .map(([suggestion]) => suggestion);
    }

    /** Shared words among all words of both, each worth more the fewer examples have it. */
    #likeness(said: ReadonlySet<string>, words: ReadonlySet<string>): number {
        let shared = 0;
        let total = 0;
        for (const word of said.union(words)) {
            const uses = this.#uses.get(word);
            const weight = uses === undefined && !words.has(word) ? UNKNOWN_WEIGHT : 1 / Math.log2(2 + (uses ?? 0));
            total += weight;
            if (said.has(word) && words.has(word)) shared += weight;
        }
        return total === 0 ? 0 : shared / total;
    }

    #filled({ parts }: Example, name: Named | undefined): string {
        const texts = parts.map((part) => {
            if (typeof part === "string") return part;
            return part.source.kind === "home" ? `${part.prefix}${name?.text ?? ""}${part.suffix}` : this.#value(part);
        });
        return texts.join(" ");
    }

    /** The first value of a list; the middle of a range. */
    #value({ source, prefix, suffix }: ListUse): string {
        if (source.kind === "text" && source.values[0] !== undefined) {
            return firstWords(source.spell(source.values[0], prefix, suffix), this.#articles)
                .filter((part) => typeof part === "string")
                .join(" ");
        }
        if (source.kind !== "range") return "…";
        const { from, to, step } = source.range.spoken ?? source.range;
        return String(from + Math.round((to - from) / 2 / step) * step);
    }

    #examplesOf(block: BuiltBlock, known: Map<string, readonly Named[]>): Example[] {
        const domains = domainsOf(block, block.slots);
        const fitting = this.home.devices.filter((device) =>
            meets(block.requires, block.excludes, deviceContext(device)),
        );
        const present = this.home.devices.filter(({ type }) => domains.includes(type));
        if (domains.length > 0 && present.length === 0) return [];
        return block.built.flatMap(({ words: expression }): Example[] => {
            const parts = firstWords(expression, this.#articles);
            const uses = parts.filter((part) => typeof part !== "string");
            const lists = uses.flatMap(({ source }) => (source.kind === "home" ? source.list : []));
            if (lists.length > 1 || uses.some(({ source }) => source.kind === "wildcard")) return [];
            const [list] = lists;
            const about = domains.length > 0 ? present : fitting;
            const key = `${list} ${about.map(({ id }) => id).join(" ")}`;
            const names =
                known.get(key) ?? (list === undefined ? [] : this.#names(list, new Set(about.map(({ id }) => id))));
            known.set(key, names);
            const words = new Set(parts.filter((part) => typeof part === "string"));
            return list !== undefined && names.length === 0 ? [] : [{ parts, words, names, list }];
        });
    }

    #names(list: HomeList, ids: ReadonlySet<string>): Named[] {
        const devices = this.home.devices.filter(({ id }) => ids.has(id));
        const areas = new Set(devices.map(({ area }) => area));
        const floors = new Set(this.home.areas.filter(({ id }) => areas.has(id)).map(({ floor }) => floor));
        const fits = (value: HomeValue) =>
            value.devices.some(({ id }) => ids.has(id)) ||
            value.areas.some(({ id }) => areas.has(id)) ||
            value.floors.some(({ id }) => floors.has(id));
        return homeValues(this.home, list)
            .filter(fits)
            .map(({ said }) => ({ text: said, words: wordsOf(said).map(({ text }) => text) }));
    }
}

/** The name that shares most with what was said; the first where none shares anything. */
function nearest(names: readonly Named[], said: ReadonlySet<string>): Named | undefined {
    let best = names[0];
    let most = 0;
    for (const name of names) {
        const shared = name.words.filter((word) => said.has(word)).length / (name.words.length + 1);
        if (shared > most) {
            most = shared;
            best = name;
        }
    }
    return best;
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

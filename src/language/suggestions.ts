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
/** Names with a word in common that are compared; where more have it, it tells little. */
const MAX_RIVALS = 50;

interface Example {
    /** Texts, and lists to fill in. */
    readonly parts: readonly (string | ListUse)[];
    readonly words: ReadonlySet<string>;
    /** For the one place that the home fills, if there is one. */
    readonly names: Names | undefined;
}

interface Named {
    readonly text: string;
    readonly words: readonly string[];
}

/** Names that fit the same place of an example. */
class Names {
    readonly #byWord = new Map<string, Named[]>();

    constructor(readonly all: readonly Named[]) {
        for (const name of all) {
            for (const word of name.words) {
                const known = this.#byWord.get(word);
                if (known === undefined) this.#byWord.set(word, [name]);
                else known.push(name);
            }
        }
    }

    /** The name that shares most with what was said; the first where none shares anything. */
    nearest(said: ReadonlySet<string>): Named | undefined {
        let best = this.all[0];
        let most = 0;
        const rivals = [...said].flatMap((word) => this.#byWord.get(word)?.slice(0, MAX_RIVALS) ?? []);
        for (const name of rivals) {
            const shared = name.words.filter((word) => said.has(word)).length / (name.words.length + 1);
            if (shared > most) {
                most = shared;
                best = name;
            }
        }
        return best;
    }
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
        const names = new Map<string, Names>();
        const blocks = language.blocks.filter(({ metadata }) => metadata.for !== "recogniser" && !metadata.follow);
        this.#examples = blocks.flatMap((block) => this.#examplesOf(block, names));
        for (const { words } of this.#examples) {
            for (const word of words) this.#uses.set(word, (this.#uses.get(word) ?? 0) + 1);
        }
    }

    /** Up to three, nearest first; none where nothing is near. */
    near(text: string): string[] {
        const said = new Set(wordsOf(text, MAX_WORDS).map((word) => word.text));
        const nearest = new Map<Names, Named>();
        const ranked: { readonly example: Example; readonly name: Named | undefined; readonly likeness: number }[] = [];
        for (const example of this.#examples) {
            const { names } = example;
            const name = names === undefined ? undefined : (nearest.get(names) ?? names.nearest(said));
            if (names !== undefined && name !== undefined) nearest.set(names, name);
            const likeness = this.#likeness(said, example, name);
            if (likeness >= LEAST_LIKENESS) ranked.push({ example, name, likeness });
        }
        ranked.sort(
            (one, other) => other.likeness - one.likeness || one.example.parts.length - other.example.parts.length,
        );
        const suggestions = new Set<string>();
        for (const { example, name } of ranked) {
            suggestions.add(this.#filled(example, name));
            if (suggestions.size === MAX_SUGGESTIONS) break;
        }
        return [...suggestions];
    }

    /** Shared words among all words of both, each worth more the fewer examples have it. */
    #likeness(said: ReadonlySet<string>, { words }: Example, name: Named | undefined): number {
        let shared = 0;
        let total = 0;
        for (const word of said) {
            const common = words.has(word) || name?.words.includes(word) === true;
            const uses = this.#uses.get(word);
            const weight = uses === undefined && !common ? UNKNOWN_WEIGHT : weightOf(uses);
            total += weight;
            if (common) shared += weight;
        }
        if (shared === 0) return 0;
        for (const word of words) if (!said.has(word)) total += weightOf(this.#uses.get(word));
        for (const word of name?.words ?? []) {
            if (!said.has(word) && !words.has(word)) total += weightOf(this.#uses.get(word));
        }
        return shared / total;
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

    #examplesOf(block: BuiltBlock, known: Map<string, Names>): Example[] {
        const domains = domainsOf(block, block.slots);
        const fitting = this.home.devices.filter((device) =>
            meets(block.requires, block.excludes, deviceContext(device)),
        );
        const present = this.home.devices.filter(({ type }) => domains.includes(type));
        if (domains.length > 0 && present.length === 0) return [];
        const about = new Set((domains.length > 0 ? present : fitting).map(({ id }) => id));
        const aboutIds = [...about].join(" ");
        return block.built.flatMap(({ words: expression }): Example[] => {
            const parts = firstWords(expression, this.#articles);
            const uses = parts.filter((part) => typeof part !== "string");
            const lists = uses.flatMap(({ source }) => (source.kind === "home" ? source.list : []));
            if (lists.length > 1 || uses.some(({ source }) => source.kind === "wildcard")) return [];
            const [list] = lists;
            const words = new Set(parts.filter((part) => typeof part === "string"));
            if (list === undefined) return [{ parts, words, names: undefined }];
            const key = `${list} ${aboutIds}`;
            const names = known.get(key) ?? new Names(this.#names(list, about));
            known.set(key, names);
            return names.all.length === 0 ? [] : [{ parts, words, names }];
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

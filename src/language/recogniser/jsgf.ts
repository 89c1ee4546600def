/**
 * The sentences of a grammar as JSGF (W3C note of June 2000) in the subset that PocketSphinx reads: rules are references, so
 * that what many sentences share is written once; what the home can't do is left out, and so is free text.
 */
import type { HomeDescription } from "../../home/model";
import { type HomeValue, homeValues, nameWords } from "../automaton/home-values";
import type { HomeList, ListUse } from "../automaton/list-source";
import type { WordExpression } from "../automaton/word-expression";
import type { NumberRange } from "../file/model";
import type { BuiltBlock, Language } from "../language";
import { deviceContext, domainsOf, meets } from "../match/targets";
import type { RecogniserGrammar } from "../recogniser-grammar";
import { wordsOf } from "../words";

/** Numbers of a range that are written out; a wider range is said in coarser steps. */
const MAX_NUMBERS = 1_001;

export function recogniserGrammar(language: Language, home: HomeDescription): RecogniserGrammar {
    return new JsgfWriter(language, home).grammar();
}

/** Which of the home's names fit the sentences of a block. */
interface Filter {
    /** Equal for blocks that take the same names. */
    readonly key: string;
    takes(list: HomeList, value: HomeValue): boolean;
}

/** A rule's reference, `undefined` where the home leaves nothing of it. */
interface Written {
    readonly text: string;
    readonly nullable: boolean;
}

class JsgfWriter {
    readonly #rules = new Map<string, string>();
    readonly #references = new Map<object, Map<string, Written | undefined>>();
    readonly #lists = new Map<string, Written | undefined>();
    readonly #spokenNumbers = new Map<string, string | undefined>();
    readonly #filters = new Map<string, Filter>();
    readonly #words = new Set<string>();

    constructor(
        readonly language: Language,
        readonly home: HomeDescription,
    ) {}

    grammar(): RecogniserGrammar {
        const orders = this.language.blocks.flatMap((block) => this.#block(block) ?? []);
        if (orders.length === 0) return { jsgf: "", words: [], language: this.language.code };
        const courtesies = (this.language.tolerance?.courtesies ?? []).map((phrase) => this.#phrase(wordsOf(phrase)));
        let order = orders.join(" | ");
        if (courtesies.length > 0 && this.language.automaton.vocabulary.size > 0) {
            this.#rules.set("courtesy", courtesies.join(" | "));
            this.#rules.set("orders", order);
            order = "[<courtesy>] <orders> [<courtesy>]";
        }
        const rules = [...this.#rules].map(([name, body]) => `<${name}> = ${body};`);
        const jsgf = ["#JSGF V1.0;", "grammar home;", ...rules, `public <order> = ${order};`, ""].join("\n");
        return { jsgf, words: [...this.#words].sort(), language: this.language.code };
    }

    #block(block: BuiltBlock): string | undefined {
        const domains = domainsOf(block, block.slots);
        if (domains.length > 0 && !this.home.devices.some(({ type }) => domains.includes(type))) return undefined;
        const filter = this.#filter(block, domains);
        const sentences = block.built.flatMap(({ words }) => this.#write(words, filter)?.text ?? []);
        if (sentences.length === 0) return undefined;
        return `<${this.#rule(block.intent, [...new Set(sentences)].join(" | "))}>`;
    }

    #filter(block: BuiltBlock, domains: readonly string[]): Filter {
        const { home } = this;
        const names = new Set(
            home.devices
                .filter((device) => meets(placeless(block.requires), block.excludes, deviceContext(device)))
                .map(({ id }) => id),
        );
        const places = home.devices.filter(
            ({ id, type }) => (domains.length === 0 || domains.includes(type)) && (domains.length > 0 || names.has(id)),
        );
        const areas = new Set(places.map(({ area }) => area));
        const floors = new Set(home.areas.filter(({ id }) => areas.has(id)).map(({ floor }) => floor));
        const key = [[...names], [...areas]].map((ids) => ids.join(",")).join(";");
        const known = this.#filters.get(key);
        if (known !== undefined) return known;
        const filter: Filter = {
            key: String(this.#filters.size),
            takes: (list, value) => {
                if (list === "name") return value.devices.some(({ id }) => names.has(id));
                if (list === "area") return value.areas.some(({ id }) => areas.has(id));
                return value.floors.some(({ id }) => floors.has(id));
            },
        };
        this.#filters.set(key, filter);
        return filter;
    }

    #write(expression: WordExpression, filter: Filter): Written | undefined {
        switch (expression.kind) {
            case "word":
                return this.#word(expression.text);
            case "list":
                return this.#list(expression.use, filter);
            case "rule":
                return this.#reference(expression.name, expression.body, filter);
            case "sequence":
                return this.#sequence(expression.items, filter);
            case "choice":
                return this.#choice(expression.items, filter);
            case "any-order":
                return this.#anyOrder(expression.items, filter);
        }
    }

    #sequence(items: readonly WordExpression[], filter: Filter): Written | undefined {
        const parts: Written[] = [];
        for (const item of items) {
            const part = this.#write(item, filter);
            if (part === undefined) return undefined;
            parts.push(part);
        }
        const texts = parts.map(({ text }) => text).filter((text) => text !== "");
        return { text: texts.join(" "), nullable: parts.every(({ nullable }) => nullable) };
    }

    #choice(items: readonly WordExpression[], filter: Filter): Written | undefined {
        const parts = items.flatMap((item) => this.#write(item, filter) ?? []);
        if (parts.length === 0) return undefined;
        const texts = [...new Set(parts.map(({ text }) => text).filter((text) => text !== ""))];
        const optional = parts.some(({ text }) => text === "");
        const nullable = parts.some((part) => part.nullable);
        if (texts.length === 0) return { text: "", nullable: true };
        if (optional) return { text: `[${texts.join(" | ")}]`, nullable };
        return { text: texts.length === 1 ? (texts[0] ?? "") : `(${texts.join(" | ")})`, nullable };
    }

    /** A rule per set of items still to come: each set is written once, in whatever order the others were said. */
    #anyOrder(items: readonly WordExpression[], filter: Filter): Written | undefined {
        const parts: Written[] = [];
        for (const item of items) {
            const part = this.#write(item, filter);
            if (part === undefined) return undefined;
            parts.push({ ...part, text: this.#shared("part", part.text) });
        }
        const bySet = new Map<number, string>();
        const orders = (left: number): string => {
            const known = bySet.get(left);
            if (known !== undefined) return known;
            const alternatives = parts.flatMap(({ text }, index) => {
                const bit = 1 << index;
                if ((left & bit) === 0) return [];
                return left === bit ? text : `${text} ${orders(left & ~bit)}`;
            });
            const text = alternatives.length === 1 ? (alternatives[0] ?? "") : `<${this.#rule("any_order", alternatives.join(" | "))}>`;
            bySet.set(left, text);
            return text;
        };
        return { text: orders(2 ** parts.length - 1), nullable: parts.every(({ nullable }) => nullable) };
    }

    #reference(name: string, body: WordExpression, filter: Filter): Written | undefined {
        let byFilter = this.#references.get(body);
        if (byFilter === undefined) {
            byFilter = new Map();
            this.#references.set(body, byFilter);
        }
        if (byFilter.has(filter.key)) return byFilter.get(filter.key);
        const written = this.#write(body, filter);
        const reference = written === undefined ? undefined : this.#asRule(name, written);
        byFilter.set(filter.key, reference);
        return reference;
    }

    /** What is optional as a whole is optional where it is used: PocketSphinx likes rules that match something. */
    #asRule(name: string, { text, nullable }: Written): Written {
        if (text === "" || /^[^ [(|]+$/.test(text)) return { text, nullable };
        const inside = /^\[([^[\]]*)\]$/.exec(text)?.[1];
        if (inside !== undefined) return { text: `[${this.#shared(name, inside)}]`, nullable };
        return { text: this.#shared(name, text), nullable };
    }

    /** The same text is one rule, whatever it was called. */
    #shared(name: string, text: string): string {
        if (/^[^ [(|]+$/.test(text)) return text;
        const plain = /^\(([^()]*)\)$/.exec(text)?.[1] ?? text;
        for (const [known, body] of this.#rules) if (body === plain) return `<${known}>`;
        return `<${this.#rule(name, plain)}>`;
    }

    #rule(name: string, body: string): string {
        const plain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
        let unique = plain === "order" || plain === "orders" || plain === "courtesy" ? `${plain}_1` : plain;
        for (let number = 2; this.#rules.has(unique); number += 1) unique = `${plain}_${number}`;
        this.#rules.set(unique, body);
        return unique;
    }

    #list(use: ListUse, filter: Filter): Written | undefined {
        const { source, prefix, suffix } = use;
        if (source.kind === "wildcard") return undefined;
        const key = `${source.id}:${prefix}:${suffix}:${source.kind === "home" ? filter.key : ""}`;
        if (this.#lists.has(key)) return this.#lists.get(key);
        let written: Written | undefined;
        if (source.kind === "range") written = this.#numbers(source.range);
        else {
            const values =
                source.kind === "home"
                    ? homeValues(this.home, source.list)
                          .filter((value) => filter.takes(source.list, value))
                          .map(({ said }) => nameWords(said, prefix, suffix))
                    : source.values.map((value) => source.spell(value, prefix, suffix));
            written = this.#choice(values, filter);
        }
        const name = source.kind === "home" ? source.list : "values";
        const reference = written === undefined ? undefined : this.#asRule(name, { ...written, nullable: false });
        this.#lists.set(key, reference);
        return reference;
    }

    #numbers(range: NumberRange): Written | undefined {
        const { from, to, step } = range.spoken ?? range;
        let coarse = step;
        while ((to - from) / coarse > MAX_NUMBERS) coarse *= 10;
        const texts: string[] = [];
        for (let value = from; value <= to; value += coarse) {
            const text = this.#number(value);
            if (text !== undefined) texts.push(text);
        }
        return texts.length === 0 ? undefined : { text: `(${texts.join(" | ")})`, nullable: false };
    }

    #number(value: number): string | undefined {
        const key = String(value);
        if (!this.#spokenNumbers.has(key)) {
            const spelled = this.language.numbers.spelled(value);
            this.#spokenNumbers.set(key, spelled === undefined ? undefined : this.#phrase(wordsOf(spelled)));
        }
        return this.#spokenNumbers.get(key);
    }

    #phrase(words: readonly { readonly text: string }[]): string {
        for (const { text } of words) this.#words.add(text);
        return words.map(({ text }) => text).join(" ");
    }

    /** Digits are spelled; signs are read, not said. */
    #word(text: string): Written | undefined {
        if (/^-?\d/.test(text)) {
            const number = this.#number(Number(text));
            return number === undefined ? undefined : { text: number, nullable: false };
        }
        if (!/^[\p{L}\p{M}']+$/u.test(text)) return undefined;
        this.#words.add(text);
        return { text, nullable: false };
    }
}

/** Where a sentence is said is not known when the grammar is made. */
function placeless(requires: BuiltBlock["requires"]): BuiltBlock["requires"] {
    return Object.fromEntries(Object.entries(requires).filter(([key]) => key !== "area"));
}

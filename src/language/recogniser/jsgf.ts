/**
 * A grammar's sentences as JSGF (W3C note of June 2000) in the subset that PocketSphinx reads. PocketSphinx writes a rule out
 * in every place that refers to it, so decoding costs what all rules written out cost: sentences that begin alike share their
 * beginning here, and the built-in languages say in blocks of their own (`metadata: {for: recogniser}`) what is worth expecting.
 */
import type { HomeDescription } from "../../home/model";
import { choice, type WordExpression } from "../automaton/word-expression";
import type { Language } from "../language";
import type { RecogniserGrammar } from "../recogniser-grammar";
import { wordsOf } from "../words";
import { type SpokenClass, SpokenSentences } from "./spoken-sentences";

export function recogniserGrammar(language: Language, home: HomeDescription): RecogniserGrammar {
    const spoken = new SpokenSentences(language, home);
    const sentences = spoken.sentences();
    if (sentences.length === 0) return { jsgf: "", words: [], language: language.code };
    const writer = new JsgfWriter([...spoken.classes.values()]);
    const jsgf = writer.grammar(choice(sentences), language.tolerance?.courtesies ?? []);
    return { jsgf, words: [...writer.words].sort((a, b) => (a < b ? -1 : 1)), language: language.code };
}

/** Texts longer than this that stand in several places are rules. */
const LONGEST_REPEATED = 24;

class JsgfWriter {
    readonly words = new Set<string>();
    readonly #rules = new Map<string, string>();
    readonly #ruleOf = new Map<string, string>();
    readonly #classes: ReadonlyMap<string, SpokenClass>;
    readonly #written = new Map<WordExpression, string>();

    constructor(classes: readonly SpokenClass[]) {
        this.#classes = new Map(classes.map((each) => [each.symbol, each]));
    }

    grammar(sentences: WordExpression, courtesies: readonly string[]): string {
        const phrases = courtesies.map((phrase) =>
            wordsOf(phrase)
                .map(({ text }) => this.#symbol(text))
                .join(" "),
        );
        const around = phrases.length === 0 ? "" : `[${this.#rule("courtesy", phrases.join(" | "))}]`;
        const items = sentences.kind === "choice" ? sentences.items : [sentences];
        const orders = this.#rule("orders", items.map((item) => this.#write(item)).join(" | "));
        const rules = [...this.#rules].map(([name, body]) => `<${name}> = ${body};`);
        const order = [around, orders, around].join(" ").trim();
        return ["#JSGF V1.0;", "grammar home;", ...rules, `public <order> = ${order};`, ""].join("\n");
    }

    #write(expression: WordExpression): string {
        const known = this.#written.get(expression);
        if (known !== undefined) return known;
        const text = this.#writeNow(expression);
        this.#written.set(expression, text);
        return text;
    }

    #writeNow(expression: WordExpression): string {
        switch (expression.kind) {
            case "word":
                return this.#symbol(expression.text);
            case "sequence":
                return expression.items.map((item) => this.#write(item)).join(" ");
            case "choice":
                return this.#choice(expression.items);
            case "any-order":
                return this.#anyOrder(expression.items.map((item) => this.#write(item)));
            case "rule":
                return this.#write(expression.body);
            case "list":
                // Lists have become classes or nothing before anything is written.
                return "";
        }
    }

    /** What is optional stands in brackets where it is used, so that rules match something. */
    #choice(items: readonly WordExpression[]): string {
        const texts = [...new Set(items.map((item) => this.#write(item)).filter((text) => text !== ""))];
        const optional = items.some((item) => item.kind === "sequence" && item.items.length === 0);
        const inside = texts.join(" | ");
        const repeated = inside.length > LONGEST_REPEATED ? this.#rule("part", inside) : inside;
        if (optional) return inside === "" ? "" : `[${repeated}]`;
        return repeated === inside && texts.length > 1 ? `(${inside})` : repeated;
    }

    /** A rule per set of items still to come: each set is written once, in whatever order the others were said. */
    #anyOrder(items: readonly string[]): string {
        const bySet = new Map<number, string>();
        const orders = (left: number): string => {
            const known = bySet.get(left);
            if (known !== undefined) return known;
            const alternatives = items.flatMap((item, index) => {
                const bit = 1 << index;
                if ((left & bit) === 0) return [];
                return left === bit ? item : `${item} ${orders(left & ~bit)}`;
            });
            const text =
                alternatives.length === 1 ? alternatives.join("") : this.#rule("any_order", alternatives.join(" | "));
            bySet.set(left, text);
            return text;
        };
        return orders(2 ** items.length - 1);
    }

    #symbol(word: string): string {
        const spokenClass = this.#classes.get(word);
        if (spokenClass === undefined) {
            this.words.add(word);
            return word;
        }
        const values = choice(spokenClass.values);
        const items = values.kind === "choice" ? values.items : [values];
        return this.#rule(spokenClass.name, items.map((item) => this.#write(item)).join(" | "));
    }

    /** Reference to a rule with this body. */
    #rule(name: string, body: string): string {
        if (/^<[a-z0-9_]+>$/.test(body)) return body;
        const known = this.#ruleOf.get(body);
        if (known !== undefined) return known;
        const plain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
        let unique = plain === "order" ? "order_1" : plain;
        for (let number = 2; this.#rules.has(unique); number += 1) unique = `${plain}_${number}`;
        this.#rules.set(unique, body);
        this.#ruleOf.set(body, `<${unique}>`);
        return `<${unique}>`;
    }
}

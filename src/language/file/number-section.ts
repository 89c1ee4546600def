import type { Node } from "yaml";
import type { NumberWordsDefinition } from "./model";
import { textsOf } from "./values";
import type { YamlReader } from "./yaml-reader";

/**
 * The `numbers` section:
 *
 *     words: {0: zero, 1: one, …, 20: twenty, 30: thirty}   one text or several, the usual one first
 *     compose: "{tens} {ones}"      numbers below 100 that `words` lacks
 *     compose_ones: {1: ein}        ones that sound different inside a composed number
 *     one: [a, one]                 a one that stands only before hundred and thousand
 *     hundred, thousand, and, decimal, half, minus: words
 *     joiner: " "                   between the parts of large numbers ("" in German)
 */
export function numberWords(reader: YamlReader, node: Node | null): NumberWordsDefinition {
    const words = new Map<number, readonly string[]>();
    const composeOnes = new Map<number, string>();
    const parts: Record<string, readonly string[]> = {};
    let compose = "{tens} {ones}";
    let joiner = " ";
    for (const { key, keyNode, node: value } of reader.entries(node, "numbers")) {
        if (key === "words") {
            for (const entry of reader.entries(value, "numbers, words")) {
                words.set(Number(entry.key), textsOf(reader, entry.node, `number ${entry.key}`));
                if (!/^\d{1,2}$/.test(entry.key)) {
                    reader.problem(
                        entry.keyNode,
                        "shape",
                        `"${entry.key}" has no word of its own`,
                        "a number from 0 to 99",
                    );
                }
            }
        } else if (key === "compose") compose = reader.text(value, key) ?? compose;
        else if (key === "joiner") joiner = reader.text(value, key) ?? joiner;
        else if (key === "compose_ones") {
            for (const entry of reader.entries(value, key)) {
                composeOnes.set(Number(entry.key), reader.text(entry.node, key) ?? "");
            }
        } else if (["hundred", "thousand", "one", "and", "decimal", "half", "minus"].includes(key)) {
            parts[key] = textsOf(reader, value, key);
        } else {
            reader.problem(keyNode, "shape", `unknown key "${key}" in numbers`, "words, compose, hundred, thousand, …");
        }
    }
    const part = (name: string) => parts[name] ?? [];
    return {
        words,
        compose,
        composeOnes,
        joiner,
        hundred: part("hundred"),
        thousand: part("thousand"),
        one: part("one"),
        and: part("and"),
        decimal: part("decimal"),
        half: part("half"),
        minus: part("minus"),
    };
}

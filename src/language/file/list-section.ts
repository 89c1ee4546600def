import { isMap, isScalar, type Node } from "yaml";
import type { SlotValue } from "../intent";
import type { Context, ListDefinition, NumberRange, TextListValue } from "./model";
import { slotValues, templateOf } from "./values";
import type { YamlReader } from "./yaml-reader";

/** Home Assistant's, without meaning here: numbers are said as the language's `numbers` section has them. */
const UNUSED_RANGE_KEYS: ReadonlySet<string> = new Set(["type", "words_language", "words_ruleset"]);

/** `lists`: each has `values`, a `range`, or is a `wildcard`. */
export function listDefinitions(reader: YamlReader, node: Node | null): Map<string, ListDefinition> {
    const lists = new Map<string, ListDefinition>();
    for (const { key, keyNode, node: body } of reader.entries(node, "lists")) {
        const definition = listDefinition(reader, body, `list ${key}`);
        if (definition !== undefined) lists.set(key, definition);
        else reader.problem(keyNode, "shape", `list ${key} holds nothing`, "values, range or wildcard: true");
    }
    return lists;
}

function listDefinition(reader: YamlReader, node: Node | null, what: string): ListDefinition | undefined {
    let definition: ListDefinition | undefined;
    for (const { key, keyNode, node: inner } of reader.entries(node, what)) {
        if (key === "values") {
            definition = {
                kind: "text",
                values: reader.items(inner, what).flatMap((value) => textValue(reader, value, what) ?? []),
            };
        } else if (key === "range") {
            const range = rangeOf(reader, inner, what);
            if (range !== undefined) definition = { kind: "range", range };
        } else if (key === "wildcard") {
            if (reader.scalar(inner, what) === true) definition = { kind: "wildcard" };
        } else if (key !== "metadata") {
            reader.problem(keyNode, "shape", `unknown key "${key}" in ${what}`, "values, range or wildcard");
        }
    }
    return definition;
}

/** Text alone, or `in` with what it means. */
function textValue(reader: YamlReader, node: Node, what: string): TextListValue | undefined {
    if (isScalar(node)) {
        const template = templateOf(reader, node, what);
        const scalar = reader.scalar(node, what);
        if (template === undefined || scalar === undefined) return undefined;
        return { template, value: plainValue(scalar), context: {}, metadata: {} };
    }
    if (!isMap(node)) {
        reader.problem(node, "shape", `a value of ${what} is a list`, "a text, or a map with in and out");
        return undefined;
    }
    let template: TextListValue["template"] | undefined;
    let outs: readonly SlotValue[] = [];
    let context: Context = {};
    let metadata: Record<string, unknown> = {};
    let hasIn = false;
    for (const { key, keyNode, node: inner } of reader.entries(node, what)) {
        if (key === "in") {
            hasIn = true;
            template = templateOf(reader, inner, what);
        } else if (key === "out") {
            outs = slotValues(reader, reader.oneOrMore(inner, what), what);
        } else if (key === "context") context = contextOf(reader, inner, what);
        else if (key === "metadata") {
            metadata = Object.fromEntries(
                reader.entries(inner, key).map((entry) => [entry.key, reader.plain(entry.node)]),
            );
        } else
            reader.problem(
                keyNode,
                "shape",
                `unknown key "${key}" in a value of ${what}`,
                "in, out, context, metadata",
            );
    }
    if (!hasIn) reader.problem(node, "shape", `a value of ${what} has no "in"`, "what is said under in");
    if (template === undefined) return undefined;
    const value = outs[0] ?? template.text;
    return { template, value, context, metadata, ...(outs.length > 1 ? { anyOf: outs } : {}) };
}

function plainValue(scalar: string | number | boolean): SlotValue {
    return typeof scalar === "boolean" ? String(scalar) : scalar;
}

function contextOf(reader: YamlReader, node: Node | null, what: string): Context {
    return Object.fromEntries(
        reader
            .entries(node, `context of ${what}`)
            .map(({ key, node: inner }) => [key, slotValues(reader, reader.oneOrMore(inner, what), what)]),
    );
}

function rangeOf(reader: YamlReader, node: Node | null, what: string): NumberRange | undefined {
    const found: Partial<Record<"from" | "to" | "step" | "multiplier", number>> = {};
    let fractions: NumberRange["fractions"] = "none";
    let spoken: NumberRange["spoken"];
    const forms = { digits: true, words: true };
    for (const { key, keyNode, node: inner } of reader.entries(node, `range of ${what}`)) {
        if (key === "from" || key === "to" || key === "step" || key === "multiplier") {
            const value = reader.number(inner, `${key} of ${what}`);
            if (value !== undefined) found[key] = value;
        } else if (key === "fractions") {
            const value = reader.text(inner, `fractions of ${what}`);
            if (value === "halves" || value === "tenths") fractions = value;
            else reader.problem(inner, "shape", `fractions of ${what} are "${value}"`, "halves or tenths");
        } else if (key === "spoken") {
            const narrower = rangeOf(reader, inner, `spoken ${what}`);
            if (narrower !== undefined) spoken = { from: narrower.from, to: narrower.to, step: narrower.step };
        } else if (key === "digits" || key === "words") {
            forms[key] = reader.scalar(inner, `${key} of ${what}`) !== false;
        } else if (!UNUSED_RANGE_KEYS.has(key)) {
            reader.problem(keyNode, "shape", `unknown key "${key}" in range of ${what}`, "from, to, step, …");
        }
    }
    const { from, to, step = 1, multiplier = 1 } = found;
    if (from === undefined || to === undefined || to < from || step <= 0) {
        reader.problem(
            node,
            "shape",
            `range of ${what} is incomplete or runs backwards`,
            "from, to and a step above 0",
        );
        return undefined;
    }
    return { from, to, step, multiplier, fractions, ...forms, ...(spoken === undefined ? {} : { spoken }) };
}

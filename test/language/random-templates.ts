/** Random templates, and the plainest possible account of what they mean: every text they stand for, written out. */
import fc from "fast-check";

export type TemplateTree =
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "list" | "range" | "rule" }
    | { readonly kind: "sequence" | "choice" | "optional" | "permutation"; readonly items: readonly TemplateTree[] };

/** A text that a template stands for, with the slots in the order in which they were said. */
export interface Expansion {
    readonly text: string;
    readonly slots: readonly (readonly [name: string, value: string | number])[];
}

/** What the lists and rules of random templates are, for a sentence file. */
export const DEFINITIONS = `
expansion_rules: { rule: "(x {thing}|x y)" }
lists:
  thing: { values: [x, { in: "y [z]", out: 7 }] }
skip_words: [um]
`;
const LIST: readonly Expansion[] = [
    { text: " x ", slots: [["thing", "x"]] },
    { text: " y ", slots: [["thing", 7]] },
    { text: " y z ", slots: [["thing", 7]] },
];
const RANGE = [2, 4].map((value): Expansion => ({ text: ` ${value} `, slots: [["amount", value]] }));
const RULE: readonly Expansion[] = [
    ...LIST.map(({ text, slots }) => ({ text: ` x${text}`, slots })),
    { text: " x y ", slots: [] },
];

const text = fc
    .constantFrom("a", "b", "c", " a", "b ", " ", "ab", "a b")
    .map((each): TemplateTree => ({ kind: "text", text: each }));
const reference = fc.constantFrom("list", "range", "rule").map((kind): TemplateTree => ({ kind }) as TemplateTree);

export function template(): fc.Arbitrary<TemplateTree> {
    const { tree } = fc.letrec<{ tree: TemplateTree }>((tie) => {
        const items = (least: number) => fc.array(tie("tree"), { minLength: least, maxLength: 3 });
        const group = (kind: "sequence" | "choice" | "optional" | "permutation", least: number) =>
            items(least).map((found): TemplateTree => ({ kind, items: found }));
        return {
            tree: fc.oneof(
                { maxDepth: 3, depthIdentifier: "template" },
                { arbitrary: text, weight: 2 },
                reference,
                group("sequence", 1),
                group("choice", 2),
                group("optional", 1),
                group("permutation", 2),
            ),
        };
    });
    return tree;
}

export function printed(tree: TemplateTree): string {
    switch (tree.kind) {
        case "text":
            return tree.text;
        case "list":
            return " {thing} ";
        case "range":
            return " {2..4,2:amount} ";
        case "rule":
            return " <rule> ";
        case "sequence":
            return tree.items.map(printed).join("");
        case "choice":
            return `(${tree.items.map(printed).join("|")})`;
        case "optional":
            return `[${tree.items.map(printed).join("|")}]`;
        case "permutation":
            return `(${tree.items.map(printed).join(";")})`;
    }
}

/** Texts with single spaces and none around. */
export function expansionsOf(tree: TemplateTree): Expansion[] {
    return unique(rawExpansions(tree).map((each) => ({ ...each, text: each.text.trim().replaceAll(/ +/g, " ") })));
}

function rawExpansions(tree: TemplateTree): readonly Expansion[] {
    switch (tree.kind) {
        case "text":
            return [{ text: tree.text, slots: [] }];
        case "list":
            return LIST;
        case "range":
            return RANGE;
        case "rule":
            return RULE;
        case "sequence":
            return joined(tree.items.map(rawExpansions), "");
        case "choice":
            return unique(tree.items.flatMap(rawExpansions));
        case "optional":
            return unique([{ text: "", slots: [] }, ...tree.items.flatMap(rawExpansions)]);
        case "permutation":
            return unique(
                orders(tree.items.map(rawExpansions)).flatMap((order) =>
                    joined(order, " ").map((each) => ({ ...each, text: ` ${each.text} ` })),
                ),
            );
    }
}

function joined(items: readonly (readonly Expansion[])[], between: string): Expansion[] {
    let all: Expansion[] = [{ text: "", slots: [] }];
    for (const [index, item] of items.entries()) {
        const glue = index === 0 ? "" : between;
        all = unique(
            all.flatMap((start) =>
                item.map((end) => ({ text: start.text + glue + end.text, slots: [...start.slots, ...end.slots] })),
            ),
        );
    }
    return all;
}

function unique(expansions: readonly Expansion[]): Expansion[] {
    return [...new Map(expansions.map((each) => [JSON.stringify(each), each])).values()];
}

function orders<T>(items: readonly T[]): T[][] {
    if (items.length <= 1) return [[...items]];
    return items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

/** Random templates, and the plainest possible account of what they mean: every text they stand for, written out. */
import fc from "fast-check";

export type TemplateTree =
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "sequence" | "choice" | "optional" | "permutation"; readonly items: readonly TemplateTree[] };

const text = fc
    .constantFrom("a", "b", "c", " a", "b ", " ", "ab", "a b")
    .map((each): TemplateTree => ({ kind: "text", text: each }));

export function template(): fc.Arbitrary<TemplateTree> {
    const { tree } = fc.letrec<{ tree: TemplateTree }>((tie) => {
        const items = (least: number) => fc.array(tie("tree"), { minLength: least, maxLength: 3 });
        const group = (kind: "sequence" | "choice" | "optional" | "permutation", least: number) =>
            items(least).map((found): TemplateTree => ({ kind, items: found }));
        return {
            tree: fc.oneof(
                { maxDepth: 3, depthIdentifier: "template" },
                text,
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
    if (tree.kind === "text") return tree.text;
    const items = tree.items.map(printed);
    switch (tree.kind) {
        case "sequence":
            return items.join("");
        case "choice":
            return `(${items.join("|")})`;
        case "optional":
            return `[${items.join("|")}]`;
        case "permutation":
            return `(${items.join(";")})`;
    }
}

/** Texts with single spaces and none around. */
export function expansionsOf(tree: TemplateTree): string[] {
    return [...new Set([...rawExpansions(tree)].map((each) => each.trim().replaceAll(/ +/g, " ")))];
}

function rawExpansions(tree: TemplateTree): Set<string> {
    if (tree.kind === "text") return new Set([tree.text]);
    const items = tree.items.map(rawExpansions);
    if (tree.kind === "choice") return new Set(items.flatMap((each) => [...each]));
    if (tree.kind === "optional") return new Set(["", ...items.flatMap((each) => [...each])]);
    if (tree.kind === "sequence") return joined(items, "");
    return new Set(orders(items).flatMap((order) => [...joined(order, " ")].map((each) => ` ${each} `)));
}

function joined(items: readonly ReadonlySet<string>[], between: string): Set<string> {
    let texts = new Set([""]);
    for (const [index, item] of items.entries()) {
        const starts = [...texts].map((start) => (index === 0 ? "" : start + between));
        texts = new Set(starts.flatMap((start) => [...item].map((end) => start + end)));
    }
    return texts;
}

function orders<T>(items: readonly T[]): T[][] {
    if (items.length <= 1) return [[...items]];
    return items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

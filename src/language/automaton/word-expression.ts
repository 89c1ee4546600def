/**
 * Templates after gluing: expressions over whole words. "Lampe[n]" is letters in a template but two words here, so that
 * matching, suggestions and the recogniser's grammar never look at letters again. Rules stay references and are shared.
 */
import type { ListSource, ListUse } from "./list-source";

export type WordExpression =
    | WordNode
    | ListUseNode
    | RuleUseNode
    | SequenceExpression
    | ChoiceExpression
    | AnyOrderExpression;

interface Sized {
    /** States and edges it takes in an automaton, about; grows exponentially where rules multiply, so it is a float. */
    readonly size: number;
    /** Whether it can match no words at all. */
    readonly nullable: boolean;
}

export interface WordNode extends Sized {
    readonly kind: "word";
    readonly text: string;
}

export interface ListUseNode extends Sized {
    readonly kind: "list";
    readonly use: ListUse;
}

export interface RuleUseNode extends Sized {
    readonly kind: "rule";
    /** One object per rule and scope, so identity tells rules apart. */
    readonly body: WordExpression;
}

export interface SequenceExpression extends Sized {
    readonly kind: "sequence";
    readonly items: readonly WordExpression[];
}

/** Any one of them; an empty sequence among them makes it optional. */
export interface ChoiceExpression extends Sized {
    readonly kind: "choice";
    readonly items: readonly WordExpression[];
}

export interface AnyOrderExpression extends Sized {
    readonly kind: "any-order";
    readonly items: readonly WordExpression[];
}

export const NOTHING: SequenceExpression = { kind: "sequence", items: [], size: 0, nullable: true };

export function word(text: string): WordExpression {
    return text === "" ? NOTHING : { kind: "word", text, size: 1, nullable: false };
}

export function listUse(source: ListSource, slot: string | undefined, prefix: string, suffix: string): ListUseNode {
    const use: ListUse = { source, slot, prefix, suffix, key: `${source.id}:${slot ?? ""}:${prefix}:${suffix}` };
    return { kind: "list", use, size: 1, nullable: false };
}

export function ruleUse(body: WordExpression): WordExpression {
    if (body === NOTHING || body.kind === "word" || body.kind === "list") return body;
    return { kind: "rule", body, size: body.size, nullable: body.nullable };
}

export function sequence(items: readonly WordExpression[]): WordExpression {
    const flat = items.flatMap((item) => (item.kind === "sequence" ? item.items : [item]));
    if (flat.length === 0) return NOTHING;
    if (flat.length === 1 && flat[0] !== undefined) return flat[0];
    return {
        kind: "sequence",
        items: flat,
        size: sum(flat),
        nullable: flat.every((item) => item.nullable),
    };
}

/** Alternatives that begin alike share their beginning, which keeps automata and the recogniser's grammar small. */
export function choice(items: readonly WordExpression[]): WordExpression {
    const byHead = new Map<unknown, { head: WordExpression; tails: WordExpression[] }>();
    for (const item of items.flatMap((each) => (each.kind === "choice" ? each.items : [each]))) {
        const [head = NOTHING, ...tail] = item.kind === "sequence" ? item.items : [item];
        const key = identity(head);
        const alike = byHead.get(key);
        if (alike === undefined) byHead.set(key, { head, tails: [sequence(tail)] });
        else alike.tails.push(sequence(tail));
    }
    const unique = [...byHead.values()].map(({ head, tails }) => {
        const [only] = tails;
        if (tails.length === 1 || tails.every((tail) => tail === NOTHING)) return sequence([head, only ?? NOTHING]);
        return sequence([head, choice(tails)]);
    });
    if (unique.length === 1 && unique[0] !== undefined) return unique[0];
    return { kind: "choice", items: unique, size: sum(unique) + 1, nullable: unique.some((item) => item.nullable) };
}

/** Equal for expressions that are the same without looking into them. */
function identity(expression: WordExpression): unknown {
    if (expression.kind === "word") return expression.text;
    if (expression.kind === "list") return `{${expression.use.key}}`;
    return expression.kind === "rule" ? expression.body : expression;
}

export function anyOrder(items: readonly WordExpression[]): WordExpression {
    // A state per subset of the items already said, and each item leaving half of the states.
    const copies = 2 ** Math.max(0, items.length - 1);
    return { kind: "any-order", items, size: sum(items) * copies, nullable: items.every((item) => item.nullable) };
}

function sum(items: readonly WordExpression[]): number {
    let size = 0;
    for (const item of items) size += item.size;
    return size;
}

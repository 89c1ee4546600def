/**
 * What a sentence template is made of. The syntax is the one of Home Assistant's sentence files (hassil):
 * `(a|b)`, `[optional]`, `{list}`, `{list:slot}`, `{0..100,5:slot}`, `<rule>`, `(a;b)`, `\(`.
 */
export type TemplateNode =
    | TextNode
    | ListNode
    | RangeNode
    | RuleNode
    | SequenceNode
    | AlternativeNode
    | PermutationNode;

export interface TextNode {
    readonly kind: "text";
    /** Escapes already resolved; spaces kept, since they say where words end. */
    readonly text: string;
}

export interface ListNode {
    readonly kind: "list";
    readonly name: string;
    /** Name of the slot that takes the value; the list's own name where the template gives none. */
    readonly slot: string;
    /** Offset of the opening brace in the template. */
    readonly at: number;
}

/** A numeric range written into the template. */
export interface RangeNode {
    readonly kind: "range";
    readonly from: number;
    readonly to: number;
    readonly step: number;
    /** Absent: the number is matched and forgotten. */
    readonly slot?: string;
    readonly at: number;
}

export interface RuleNode {
    readonly kind: "rule";
    readonly name: string;
    readonly at: number;
}

export interface SequenceNode {
    readonly kind: "sequence";
    readonly items: readonly TemplateNode[];
}

/** `(a|b)`; an optional `[a]` is an alternative whose last item is an empty sequence. */
export interface AlternativeNode {
    readonly kind: "alternative";
    readonly items: readonly TemplateNode[];
}

/** All items, in any order. */
export interface PermutationNode {
    readonly kind: "permutation";
    readonly items: readonly TemplateNode[];
    readonly at: number;
}

export const EMPTY: SequenceNode = { kind: "sequence", items: [] };

/** A template that can't be used: where in its text, and what would have been right there. */
export class TemplateError extends Error {
    override readonly name = "TemplateError";

    constructor(
        message: string,
        /** Offset in the template's text. */
        readonly offset: number,
        readonly expected: string,
    ) {
        super(message);
    }
}

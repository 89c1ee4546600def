import type { ListValue, NumberRange } from "../file/model";
import type { WordExpression } from "./word-expression";

/** Where the values of a list come from. `id` is unique in a language. */
export type ListSource =
    | { readonly kind: "home"; readonly id: string; readonly list: HomeList }
    | TextListSource
    | { readonly kind: "range"; readonly id: string; readonly range: NumberRange }
    | { readonly kind: "wildcard"; readonly id: string };

export interface TextListSource {
    readonly kind: "text";
    readonly id: string;
    readonly values: readonly ListValue[];
    /** How the values are said, by the letters that the language's sentences glue to them (`glueOf`). */
    readonly spellings: Map<string, readonly WordExpression[]>;
}

/** Filled from the home, so that the sentence files hold no device. */
export type HomeList = "name" | "area" | "floor";

/** A list as one place in a template uses it. */
export interface ListUse {
    readonly source: ListSource;
    /** Slot that takes the value; none: the value is matched and forgotten. */
    readonly slot: string | undefined;
    /** Letters glued to the first word of the value ("l'" is not: an elision is a word). */
    readonly prefix: string;
    /** Letters glued to its last word ("{area}s"). */
    readonly suffix: string;
    /** Equal for equal uses. */
    readonly key: string;
}

export function glueOf({ prefix, suffix }: Pick<ListUse, "prefix" | "suffix">): string {
    // Words have no colons.
    return `${prefix}:${suffix}`;
}

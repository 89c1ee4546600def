/** What is found in a sentence, and what a text or a sound is redacted to. */

/** Kinds of personal data. "own" are the patterns that the user wrote. */
export const REDACTION_CLASSES = [
    "phone",
    "email",
    "iban",
    "card",
    "id",
    "birth",
    "address",
    "digits",
    "name",
    "own",
] as const;

export type RedactionClass = (typeof REDACTION_CLASSES)[number];

/** What stands in place of it: "…", `[phone]`, or `[phone-kbdgmpsq]`, which is the same for the same value in one home. */
export type TextMode = "remove" | "label" | "pseudonym";

/** A place in a text. Offsets are UTF-16 code units, as in `String.slice`; `end` is exclusive. */
export interface Span {
    readonly class: RedactionClass;
    readonly start: number;
    readonly end: number;
    /** The value without what people write and say differently, such as spaces or "double nine": equal values are equal. */
    readonly value: string;
}

export type RedactionCounts = Readonly<Partial<Record<RedactionClass, number>>>;

export function countsOf(spans: readonly Span[]): RedactionCounts {
    const counts: Partial<Record<RedactionClass, number>> = {};
    for (const { class: found } of spans) counts[found] = (counts[found] ?? 0) + 1;
    return counts;
}

/** Of two counts of the same words, the larger for each class. */
export function largerCounts(a: RedactionCounts, b: RedactionCounts): RedactionCounts {
    const kinds = REDACTION_CLASSES.filter((kind) => a[kind] !== undefined || b[kind] !== undefined);
    return Object.fromEntries(kinds.map((kind) => [kind, Math.max(a[kind] ?? 0, b[kind] ?? 0)]));
}

export type RedactionErrorCode = "too-long" | "bad-pattern" | "bad-key" | "no-times";

/** `message` is a sentence for people; it never holds text that was to be redacted. */
export class RedactionError extends Error {
    override readonly name = "RedactionError";

    constructor(
        readonly code: RedactionErrorCode,
        message: string,
    ) {
        super(message);
    }
}

import type { SlotValue } from "../intent";
import type { SentenceFileError } from "../sentence-file-error";
import type { TemplateNode } from "../template/syntax";

/** A template that was parsed, and the means to point into the file it came from. */
export interface SourcedTemplate {
    readonly text: string;
    readonly node: TemplateNode;
    /** An error at this offset of the template. */
    fault(offset: number, code: SentenceFileError["code"], fault: string, expected: string): SentenceFileError;
}

/** What a context has to be, or must not be: the value, or any of several. */
export interface ContextCondition {
    /** Empty: any value, but there has to be one. */
    readonly values: readonly SlotValue[];
    /** The value of the context becomes a slot of the intent. */
    readonly slot: boolean;
    /** Name of that slot where it isn't that of the context. */
    readonly slotName?: string;
}

export type Context = Readonly<Record<string, readonly SlotValue[]>>;
export type Conditions = Readonly<Record<string, ContextCondition>>;

/** What a value of a list means. */
export interface ListValue {
    readonly value: SlotValue;
    /** Where `out` is a list: all of it, `value` first. A device that has any of them is meant. */
    readonly anyOf?: readonly SlotValue[];
    readonly context: Context;
    readonly metadata: Readonly<Record<string, unknown>>;
}

export interface TextListValue extends ListValue {
    readonly template: SourcedTemplate;
}

export interface NumberRange {
    readonly from: number;
    readonly to: number;
    readonly step: number;
    readonly multiplier: number;
    readonly fractions: "none" | "halves" | "tenths";
    /** Whether it may be said in digits, and in words; either where it isn't told. */
    readonly digits?: boolean;
    readonly words?: boolean;
    /** Narrower bounds for the recogniser, which does better with fewer words to choose from. */
    readonly spoken?: { readonly from: number; readonly to: number; readonly step: number };
}

export type ListDefinition =
    | { readonly kind: "text"; readonly values: readonly TextListValue[] }
    | { readonly kind: "range"; readonly range: NumberRange }
    | { readonly kind: "wildcard" };

/** Sentences that mean the same: one item of `data` below an intent. */
export interface SentenceBlock {
    readonly intent: string;
    readonly sentences: readonly SourcedTemplate[];
    readonly slots: Readonly<Record<string, SlotValue>>;
    /** Slots given as a list: all of it; `slots` holds the first. A device that has any of them is meant. */
    readonly anyOf: Readonly<Record<string, readonly SlotValue[]>>;
    readonly requires: Conditions;
    readonly excludes: Conditions;
    readonly rules: ReadonlyMap<string, SourcedTemplate>;
    readonly lists: ReadonlyMap<string, ListDefinition>;
    readonly response?: string;
    /**
     * Home Assistant gives it no meaning. Here: `place: speaker` (without a place in the sentence, the speaker's room is meant,
     * and where that is unknown it has to be asked), `all: true` (everything of a kind is meant in so many words),
     * `for: text` (not expected by the recogniser), `for: recogniser` (only expected by it; a block for text understands it),
     * `follow: …` (understood only after something else was: `conversation/follow-up.ts`), `time: SLOT` (the slots of a time
     * of day become one: `conversation/clock-time.ts`).
     */
    readonly metadata: Readonly<Record<string, unknown>>;
    /** At least one of them must have been said; none: no condition. */
    readonly requiredKeywords: readonly string[];
}

/** How numbers are said: `file/number-section.ts` explains the keys. */
export interface NumberWordsDefinition {
    readonly words: ReadonlyMap<number, readonly string[]>;
    readonly compose: string;
    readonly composeOnes: ReadonlyMap<number, string>;
    readonly hundred: readonly string[];
    readonly thousand: readonly string[];
    /** Words for one that only stand before a hundred or a thousand. */
    readonly one: readonly string[];
    readonly and: readonly string[];
    readonly decimal: readonly string[];
    readonly half: readonly string[];
    readonly minus: readonly string[];
    readonly joiner: string;
}

/** What tolerant matching may do in a language. */
export interface ToleranceDefinition {
    /** Words without meaning for a command: may be said though no template has them. */
    readonly fillers: readonly string[];
    /** Words of a template that may be left out. */
    readonly droppable: readonly string[];
    /** Words that are never taken for a misheard other word. */
    readonly exact: readonly string[];
    /** Courtesy that the recogniser should expect around an order. */
    readonly courtesies: readonly string[];
    /** Whose spelling says how words sound; absent: words are compared by their letters alone. */
    readonly sounds?: "english";
}

/** What the `conversation` section says: phrases of the language that hold several sentences, or parts of one, together. */
export interface ConversationDefinition {
    /** Between two commands in one sentence: "and", "and then". */
    readonly conjunctions: readonly string[];
    /** Words of an answer to "which one?" that tell nothing apart: "the", "one". */
    readonly fillers: readonly string[];
    /** Answers to it that mean every one: "both". */
    readonly all: readonly string[];
    /** "first", "second", … in this order. */
    readonly ordinals: readonly string[];
    /** The ordinal of the last one. */
    readonly last: readonly string[];
    readonly yes: readonly string[];
    readonly no: readonly string[];
}

/** Texts by name; a text per plural form ("one", "other", …) where the number of things matters. */
export type Replies = ReadonlyMap<string, Readonly<Record<string, string>>>;

export interface SentenceFile {
    readonly file: string;
    readonly blocks: readonly SentenceBlock[];
    readonly lists: ReadonlyMap<string, ListDefinition>;
    readonly rules: ReadonlyMap<string, SourcedTemplate>;
    readonly skipWords: readonly string[];
    /** The language is written without spaces, or they mean nothing: `settings: {ignore_whitespace: true}`. */
    readonly ignoresSpaces: boolean;
    readonly numbers?: NumberWordsDefinition;
    readonly tolerance?: ToleranceDefinition;
    readonly conversation?: ConversationDefinition;
    readonly replies: Replies;
    readonly problems: readonly SentenceFileError[];
}

/** A text cut into words, numbers, signs and the marks of what has been redacted already; in one pass, in linear time. */
import { REDACTION_CLASSES } from "./classes";
import { folded } from "./fold";
import { type Numeral, type Vocabulary, WORD } from "./words/vocabulary";

export interface Token {
    readonly kind: "word" | "number" | "sign" | "mark";
    readonly start: number;
    readonly end: number;
    /** A word folded, digits and signs as they are. */
    readonly key: string;
    /** What the vocabulary says of it; see `WORD`. */
    readonly is: number;
    readonly numeral: Numeral | undefined;
    readonly isCapital: boolean;
    /** Nothing stands between it and the token before. */
    readonly isJoined: boolean;
}

export interface Sentence {
    readonly text: string;
    readonly tokens: readonly Token[];
    /** What any of the tokens is; a finder whose words are missing has nothing to do. */
    readonly has: number;
    readonly hasDigits: boolean;
    /** Some word has a capital letter, so that a small one tells something. */
    readonly isCased: boolean;
    readonly vocabulary: Vocabulary;
}

/** As `Pseudonyms` and the modes write them. */
const MARK = new RegExp(`…|\\[(?:${REDACTION_CLASSES.join("|")})(?:-[b-df-hj-np-tv-z]{8})?\\]`, "y");
const LETTER = /[\p{L}\p{M}]/u;
const SPACE = /\s/;

export function tokensOf(text: string, vocabulary: Vocabulary): Token[] {
    const tokens: Token[] = [];
    let at = 0;
    let lastEnd = -1;
    const push = (kind: Token["kind"], end: number, key: string, isCapital: boolean) => {
        const word = kind === "word" ? vocabulary.of.get(key) : undefined;
        const is = word?.is ?? (key === "@" ? WORD.at : key === "_" ? WORD.underscore : 0);
        const isJoined = lastEnd === at;
        tokens.push({ kind, start: at, end, key, is, numeral: word?.numeral, isCapital, isJoined });
        lastEnd = end;
        at = end;
    };
    while (at < text.length) {
        const code = text.charCodeAt(at);
        if (isLetter(code, text, at)) {
            let end = at + 1;
            while (end < text.length && isLetter(text.charCodeAt(end), text, end)) end += 1;
            const word = text.slice(at, end);
            const isCapital =
                (code >= 0x41 && code <= 0x5a) || (code > 0x7f && text.charAt(at) !== text.charAt(at).toLowerCase());
            push("word", end, folded(word), isCapital);
        } else if (isDigit(code)) {
            let end = at + 1;
            while (end < text.length && isDigit(text.charCodeAt(end))) end += 1;
            push("number", end, text.slice(at, end), false);
        } else if (code === 0x20 || SPACE.test(text.charAt(at))) {
            at += 1;
        } else {
            const mark = code === 0x5b || code === 0x2026 ? markAt(text, at) : undefined;
            if (mark) push("mark", at + mark.length, "", false);
            else push("sign", at + 1, text.charAt(at), false);
        }
    }
    return tokens;
}

/** The token that stands for what was found in the place of others. */
export function markToken(start: number, end: number): Token {
    return { kind: "mark", start, end, key: "", is: 0, numeral: undefined, isCapital: false, isJoined: false };
}

export function sentenceOf(text: string, tokens: readonly Token[], vocabulary: Vocabulary): Sentence {
    let has = 0;
    let hasDigits = false;
    let isCased = false;
    for (const token of tokens) {
        has |= token.is;
        if (token.kind === "number") hasDigits = true;
        if (token.isCapital) isCased = true;
    }
    return { text, tokens, has, hasDigits, isCased, vocabulary };
}

function markAt(text: string, at: number): string | undefined {
    MARK.lastIndex = at;
    return MARK.exec(text)?.[0];
}

function isLetter(code: number, text: string, at: number): boolean {
    if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
    return LETTER.test(text.charAt(at));
}

function isDigit(code: number): boolean {
    return code >= 0x30 && code <= 0x39;
}

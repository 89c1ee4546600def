/** Dates near words that make them dates of birth; other dates are what homes are controlled with. */
import type { Sentence, Token } from "../tokens";
import { type Vocabulary, WORD } from "../words/vocabulary";
import { type Finding, isSentenceEnd } from "./finding";

/** Words between "born" and the date, and between the date and "is my birthday". */
const MAX_BETWEEN = 5;
const MAX_DATE_TOKENS = 16;
const DATE_SIGNS = new Set([".", "/", "-", ",", "–", "'", "’"]);

export function findBirthDates(sentence: Sentence): Finding[] {
    if ((sentence.has & WORD.birth) === 0) return [];
    const { tokens } = sentence;
    const found: Finding[] = [];
    let next = 0;
    for (let at = 0; at < tokens.length; at++) {
        if (at < next || !isDatePart(tokens[at], sentence.vocabulary)) continue;
        const end = dateEnd(sentence, at);
        if (!isDate(tokens.slice(at, end))) continue;
        if (isNearBirth(tokens, at, -1) || isNearBirth(tokens, end - 1, 1)) {
            found.push({ class: "birth", from: at, to: end });
            next = end;
        } else {
            next = end;
        }
    }
    return found;
}

function isDatePart(token: Token | undefined, { words }: Vocabulary): boolean {
    if (!token) return false;
    if (words.yearBeginnings.some((beginning) => token.key.startsWith(beginning))) return true;
    return (
        (token.kind === "number" && token.key.length <= 8) ||
        (token.is & (WORD.numeral | WORD.month | WORD.dateWord)) !== 0
    );
}

function dateEnd({ tokens, vocabulary }: Sentence, from: number): number {
    let end = from + 1;
    for (let at = from + 1; at < tokens.length && at - from < MAX_DATE_TOKENS; at++) {
        const token = tokens[at] as Token;
        if (isDatePart(token, vocabulary)) {
            end = at + 1;
        } else {
            const isBetween = DATE_SIGNS.has(token.key) || (token.is & (WORD.dateLink | WORD.numberLink)) !== 0;
            if (!isBetween) break;
        }
    }
    return end;
}

/** A month's name and a number, or numbers with signs between them, or eight digits. */
function isDate(tokens: readonly Token[]): boolean {
    const numbers = tokens.filter(({ kind, is }) => kind === "number" || (is & (WORD.numeral | WORD.dateWord)) !== 0);
    if (tokens.some(({ is }) => (is & WORD.month) !== 0)) return numbers.length > 0;
    if (tokens.some(({ kind, key }) => kind === "number" && (key.length === 8 || /^(?:19|20)\d\d$/.test(key))))
        return true;
    return numbers.length >= 2;
}

function isNearBirth(tokens: readonly Token[], from: number, step: -1 | 1): boolean {
    for (let at = from + step, words = 0; words <= MAX_BETWEEN; at += step) {
        const token = tokens[at];
        if (!token || token.kind === "mark" || isSentenceEnd(token)) return false;
        if (token.is & WORD.birth) return true;
        if (token.kind === "word") words += 1;
    }
    return false;
}

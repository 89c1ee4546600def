/**
 * Digits and letters that are read out, whether they were written or said: "07700 900", "oh seven seven double nine" and
 * "D E eight nine" come out the same. Everything that is a number of somebody's is looked for in these.
 */
import type { Sentence, Token } from "./tokens";
import { WORD } from "./words/vocabulary";

/** One or several digits or letters that belong together, from tokens `from` to before `to`. */
export interface Atom {
    /** Digits, capital letters, or "+". */
    readonly characters: string;
    readonly from: number;
    readonly to: number;
    readonly isSpoken: boolean;
    readonly isDigits: boolean;
    /** One digit said by its own word, or repeated by "double" or "triple". */
    readonly isSingle: boolean;
    /** Signs between it and the atom before. */
    readonly after: string;
}

/** Atoms with nothing but spaces, hyphens and the like between them. */
export type Reading = readonly Atom[];

/** Between the groups of one number. A comma or a colon ends it. */
const SEPARATORS = new Set(["-", ".", "/", "(", ")", "–", "—", "‑", "·"]);
const MAX_SEPARATORS = 3;
/** In capitals and alone: "NWBK". */
const MAX_LETTERS = 4;
/** Next to digits: "L01X00T47CHXMX". */
const MAX_JOINED_LETTERS = 12;

export function readingsOf(sentence: Sentence): Reading[] {
    const { tokens } = sentence;
    const readings: Reading[] = [];
    let reading: Atom[] = [];
    let after = "";
    let separators = 0;
    const close = () => {
        if (reading.some(({ isDigits }) => isDigits)) readings.push(reading);
        reading = [];
        after = "";
        separators = 0;
    };
    for (let at = 0; at < tokens.length; ) {
        const atom = atomAt(sentence, at, after);
        if (atom) {
            reading.push(atom);
            at = atom.to;
            after = "";
            separators = 0;
            continue;
        }
        const token = tokens[at] as Token;
        const separates = SEPARATORS.has(token.key) || (token.is & WORD.dash) !== 0;
        if (reading.length > 0 && separates && separators < MAX_SEPARATORS) {
            after += token.kind === "sign" ? token.key : "-";
            separators += 1;
        } else {
            close();
        }
        at += 1;
    }
    close();
    return readings;
}

function atomAt(sentence: Sentence, at: number, after: string): Atom | undefined {
    const { tokens, vocabulary } = sentence;
    const token = tokens[at] as Token;
    const atom = (characters: string, to: number, is: Partial<Atom> = {}): Atom => ({
        characters,
        from: at,
        to,
        isSpoken: false,
        isDigits: true,
        isSingle: false,
        after,
        ...is,
    });
    if (token.kind === "number") return atom(token.key, at + 1);
    if (token.key === "+") return atom("+", at + 1, { isDigits: false });
    if (token.kind !== "word") return undefined;
    const isLetterO = token.key === "o" && isSpelledLetter(tokens[at - 1]) && isSpelledLetter(tokens[at + 1]);
    const said = token.numeral && !isLetterO && spokenAt(tokens, at, vocabulary.language === "fr");
    if (said) return atom(said.digits, said.to, { isSpoken: true, isSingle: said.isSingle });
    if (token.is & WORD.plus) return atom("+", at + 1, { isDigits: false, isSpoken: true });
    const length = token.end - token.start;
    if (length > MAX_JOINED_LETTERS || !/^[a-z]+$/.test(token.key)) return undefined;
    const next = tokens[at + 1];
    const isWritten = token.isCapital && sentence.text.slice(token.start, token.end) === token.key.toUpperCase();
    const touchesDigits =
        (next?.kind === "number" && next.isJoined) || (token.isJoined && tokens[at - 1]?.kind === "number");
    if (length > 1 && !touchesDigits && (!isWritten || length > MAX_LETTERS)) return undefined;
    return atom(token.key.toUpperCase(), at + 1, { isDigits: false, isSpoken: length === 1 && !touchesDigits });
}

/** Between two others, "o" is a letter too: "L O Y D". */
function isSpelledLetter(token: Token | undefined): boolean {
    return token?.kind === "word" && token.end - token.start === 1 && token.numeral === undefined;
}

interface Said {
    readonly digits: string;
    readonly to: number;
    readonly isSingle: boolean;
}

/** The number that the words from `at` say, as long as they belong to one: "twenty three" is 23, "double nine" 99. */
function spokenAt(tokens: readonly Token[], at: number, isFrench: boolean): Said | undefined {
    const { kind, value } = tokens[at]?.numeral ?? {};
    if (kind === undefined || value === undefined || kind === "hundred") return undefined;
    const next = tokens[at + 1];
    if (kind === "repeat") {
        if (next?.kind === "number" && next.key.length === 1) {
            return { digits: next.key.repeat(value), to: at + 2, isSingle: true };
        }
        if (next?.numeral?.kind !== "unit") return undefined;
        return { digits: String(next.numeral.value).repeat(value), to: at + 2, isSingle: true };
    }
    if (kind === "unit") {
        if (isFrench && value === 4) {
            // "quatre-vingt-dix-sept": four twenties and seventeen.
            const twenty = skipHyphen(tokens, at + 1);
            if (isTwenty(tokens[twenty])) return withRest(tokens, twenty + 1, 80, true);
        }
        if (next?.numeral?.kind === "hundred" && value > 0) {
            return { digits: `${value}00`, to: at + 2, isSingle: false };
        }
        return { digits: String(value), to: at + 1, isSingle: true };
    }
    if (kind === "teen") {
        if (isFrench && value === 10) return withRest(tokens, at + 1, 10, false);
        return { digits: String(value), to: at + 1, isSingle: false };
    }
    return withRest(tokens, at + 1, value, isFrench && value === 60);
}

function isTwenty(token: Token | undefined): boolean {
    return token?.numeral?.kind === "ten" && token.numeral.value === 20;
}

/** What follows a round number and belongs to it: a unit, or, in French, what is over 60 and 80 up to 19. */
function withRest(tokens: readonly Token[], at: number, round: number, upTo19: boolean): Said {
    let next = skipHyphen(tokens, at);
    if ((tokens[next]?.is ?? 0) & WORD.numberLink) next += 1;
    const numeral = tokens[next]?.numeral;
    const least = round === 10 ? 7 : 1;
    // "quarante quatre-vingts": 40 and 80, not 44 and 20.
    const isEighty = numeral?.value === 4 && isTwenty(tokens[skipHyphen(tokens, next + 1)]);
    if (numeral?.kind === "unit" && numeral.value >= least && !isEighty) {
        return { digits: String(round + numeral.value), to: next + 1, isSingle: false };
    }
    if (upTo19 && numeral?.kind === "teen") {
        if (numeral.value === 10) {
            const over = withRest(tokens, next + 1, 10, false);
            return { digits: String(round + Number(over.digits)), to: over.to, isSingle: false };
        }
        return { digits: String(round + numeral.value), to: next + 1, isSingle: false };
    }
    return { digits: String(round), to: at, isSingle: false };
}

function skipHyphen(tokens: readonly Token[], at: number): number {
    return tokens[at]?.key === "-" ? at + 1 : at;
}

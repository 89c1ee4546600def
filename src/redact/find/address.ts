/** Streets with house numbers, in the order in which each language says them, with the postcode and town after them. */

import type { Sentence, Token } from "../tokens";
import type { LanguageWords } from "../words/language-words";
import { type Vocabulary, WORD } from "../words/vocabulary";
import { before, type Finding } from "./finding";

const CONTEXT_WORDS = 6;
const MAX_NAME_WORDS = 5;

type Order = LanguageWords["streetOrder"];
interface Place {
    readonly from: number;
    readonly to: number;
}
type Reader = (sentence: Sentence, at: number, isSure: boolean) => Place | undefined;

const READERS: Readonly<Record<Order, Reader>> = {
    "number-name-street": numberNameStreet,
    "name-street-number": nameStreetNumber,
    "number-street-name": numberStreetName,
    "street-name-number": streetNameNumber,
};

export function findAddresses(sentence: Sentence): Finding[] {
    const { tokens, vocabulary } = sentence;
    const isPossible = (sentence.has & (WORD.street | WORD.unsureStreet)) !== 0 || vocabulary.streetEndings.length > 0;
    if (!isPossible || !(sentence.hasDigits || sentence.has & WORD.numeral)) return [];
    const read = READERS[vocabulary.words.streetOrder];
    const found: Finding[] = [];
    let next = 0;
    tokens.forEach((token, at) => {
        const certainty = at < next ? undefined : streetAt(sentence, token, at);
        if (!certainty) return;
        const isAnnounced =
            (before(sentence, at, CONTEXT_WORDS + MAX_NAME_WORDS) & WORD.addressBefore) !== 0 ||
            isAnnouncedBeforeNumber(sentence, at);
        const place = read(sentence, at, certainty === "sure" || isAnnounced);
        if (!place || place.from < next) return;
        next = withTown(sentence, place.to, isAnnounced);
        found.push({ class: "address", from: place.from, to: next });
    });
    return found;
}

/** "at 14 Baker Street": the number ends the look back, what is before it counts. */
function isAnnouncedBeforeNumber(sentence: Sentence, street: number): boolean {
    for (let at = street; at >= 0 && street - at <= MAX_NAME_WORDS + 2; at--) {
        if (sentence.tokens[at]?.kind === "number")
            return (before(sentence, at, CONTEXT_WORDS) & WORD.addressBefore) !== 0;
    }
    return false;
}

function streetAt({ vocabulary }: Sentence, token: Token, _at: number): "sure" | "unsure" | undefined {
    if (token.kind !== "word") return undefined;
    if (token.is & WORD.street) return "sure";
    if (token.is & WORD.unsureStreet) return "unsure";
    return endsAsStreet(token, vocabulary);
}

/** Endings that few other words have, and what a street's own name before any ending has at least. */
const SURE_ENDINGS: ReadonlySet<string> = new Set(["strasse", "gasse", "allee"]);
const MIN_NAME_CHARACTERS = 5;

function endsAsStreet(
    { key, is, isCapital }: Token,
    { streetEndings, noStreets }: Vocabulary,
): "sure" | "unsure" | undefined {
    if (streetEndings.length === 0 || key.length < 6 || is & WORD.stop || noStreets.has(key)) return undefined;
    const ending = streetEndings.find((end) => key.endsWith(end) && key.length >= end.length + 2);
    if (ending === undefined || [...noStreets].some((no) => key.endsWith(no))) return undefined;
    return isCapital || SURE_ENDINGS.has(ending) || key.length >= ending.length + MIN_NAME_CHARACTERS
        ? "sure"
        : "unsure";
}

/** "14 Baker Street", "twenty two old mill road". */
function numberNameStreet(sentence: Sentence, at: number, isSure: boolean): Place | undefined {
    const { tokens } = sentence;
    let start = at - 1;
    let names = 0;
    while (start >= 0 && names < 3 && isName(tokens[start]) && !isNumber(tokens[start])) {
        start -= 1;
        names += 1;
    }
    if (names === 0) return undefined;
    // A letter of the house number: "221b".
    if (tokens[start + 1]?.isJoined && tokens[start]?.kind === "number" && names === 1) return undefined;
    let number = start + 1;
    while (number > 0 && start - number < 4 && isNumber(tokens[number - 1])) number -= 1;
    if (number === start + 1) return undefined;
    const isCapital = tokens[at]?.isCapital === true && tokens[start + 1]?.isCapital !== false;
    if (!isSure && !isCapital) return undefined;
    return { from: number, to: at + 1 };
}

/** "Lange Straße 5", "Goethestraße 12 b". */
function nameStreetNumber(sentence: Sentence, at: number, isSure: boolean): Place | undefined {
    const { tokens } = sentence;
    const token = tokens[at] as Token;
    const isAlone = (token.is & (WORD.street | WORD.unsureStreet)) !== 0;
    let from = at;
    const first = tokens[at - 1];
    if (isAlone) {
        if (!first || !isName(first)) return undefined;
        while (from > 0 && at - from < 3 && isName(tokens[from - 1]) && (from === at || tokens[from - 1]?.isCapital))
            from -= 1;
    }
    if (!isSure) return undefined;
    let to = at + 1;
    if (tokens[to]?.key === "." && tokens[to]?.isJoined) to += 1;
    const end = numberEnd(sentence, to);
    return end === undefined ? undefined : { from, to: end };
}

/** "12 bis rue de la Paix", "douze avenue victor hugo". */
function numberStreetName(sentence: Sentence, at: number, isSure: boolean): Place | undefined {
    const { tokens } = sentence;
    if (!isSure) return undefined;
    let number = at;
    while (number > 0 && (tokens[number - 1]?.key === "," || /^(?:bis|ter|b)$/.test(tokens[number - 1]?.key ?? "")))
        number -= 1;
    let from = number;
    while (from > 0 && number - from < 6 && (isNumber(tokens[from - 1]) || isBetweenNumbers(tokens, from - 1)))
        from -= 1;
    if (from === number || !isNumber(tokens[from])) return undefined;
    const to = nameEnd(tokens, at + 1);
    return to === undefined ? undefined : { from, to };
}

/** "calle de Alcalá, número 20". */
function streetNameNumber(sentence: Sentence, at: number, isSure: boolean): Place | undefined {
    const { tokens } = sentence;
    if (!isSure) return undefined;
    for (let to = at + 1, names = 0; to < tokens.length && names <= MAX_NAME_WORDS; to++) {
        const token = tokens[to] as Token;
        if (isNumber(token) || token.is & WORD.numberSign) {
            const end = names > 0 ? numberEnd(sentence, to) : undefined;
            return end === undefined ? undefined : { from: at, to: end };
        }
        if (token.kind === "word") names += 1;
        else if (token.key !== "," && token.key !== ".") return undefined;
    }
    return undefined;
}

/** After the name of a French street: words up to the second that is no link, unless a word can't belong to it. */
function nameEnd(tokens: readonly Token[], from: number): number | undefined {
    let to: number | undefined;
    for (let at = from, names = 0; at < tokens.length && at - from < MAX_NAME_WORDS + 3 && names < 2; at++) {
        const token = tokens[at] as Token;
        if (token.key === "'" || token.key === "’" || token.key === "-") continue;
        if (token.kind !== "word") break;
        if (STREET_LINKS.has(token.key)) continue;
        if (token.is & WORD.stop) break;
        // "…rue Pasteur Paris": a name that is written with a capital goes on only with another.
        names += 1;
        to = at + 1;
    }
    return to;
}

const STREET_LINKS = new Set([
    "de",
    "du",
    "des",
    "la",
    "le",
    "les",
    "l",
    "d",
    "saint",
    "sainte",
    "general",
    "marechal",
    "docteur",
]);

/** The index after a house number, with its sign before and its letter after it. */
function numberEnd({ tokens }: Sentence, from: number): number | undefined {
    let at = from;
    while (tokens[at]?.key === "," || tokens[at]?.key === "." || (tokens[at]?.is ?? 0) & WORD.numberSign) at += 1;
    const first = at;
    while (isNumber(tokens[at]) && at - first < 4) {
        at += 1;
        // "treinta y dos"
        if ((tokens[at]?.is ?? 0) & WORD.numberLink && isNumber(tokens[at + 1])) at += 1;
    }
    if (at === first || (tokens[first]?.kind === "number" && (tokens[first]?.key.length ?? 0) > 5)) return undefined;
    const letter = tokens[at];
    if (
        letter?.kind === "word" &&
        /^[a-h]$/.test(letter.key) &&
        (letter.isJoined || tokens[first]?.kind === "number")
    ) {
        const isWord = (letter.is & WORD.stop) !== 0 && !letter.isJoined;
        if (!isWord) at += 1;
    }
    return at;
}

const POSTCODE = /^\d{5}$|^\d{4}$/;

/** The postcode and town that follow an address: "…, 10115 Berlin", "… London NW1 6XE". */
function withTown({ tokens }: Sentence, end: number, isAnnounced: boolean): number {
    let at = end;
    while (tokens[at]?.key === "," || /^(?:in|a|à|en)$/.test(tokens[at]?.key ?? "")) at += 1;
    if (POSTCODE.test(tokens[at]?.key ?? "")) return townEnd(tokens, at + 1);
    const isApart = tokens[end]?.key === "," || isAnnounced;
    if (isApart && at > end && isTown(tokens[at], tokens, at)) {
        let to = townEnd(tokens, at);
        let code = to;
        if (tokens[code]?.key === ",") code += 1;
        if (tokens[code]?.isCapital && tokens[code + 1]?.kind === "number") {
            // "NW1 6XE", "IL 60601"
            to = code + 2;
            while (tokens[to]?.isJoined && tokens[to]?.kind !== "sign") to += 1;
            if (tokens[to]?.kind === "number" && tokens[to + 1]?.isJoined) to += 2;
        } else if (POSTCODE.test(tokens[code]?.key ?? "")) to = code + 1;
        return to;
    }
    return end;
}

function isTown(token: Token | undefined, tokens: readonly Token[], at: number): boolean {
    if (token?.kind !== "word" || token.is & (WORD.stop | WORD.numeral)) return false;
    return token.isCapital || at === tokens.length - 1;
}

function townEnd(tokens: readonly Token[], from: number): number {
    let at = from;
    while (at - from < 3 && isName(tokens[at]) && (at === from || tokens[at]?.isCapital)) {
        // The beginning of a postcode: "NW" of "NW1", "IL" of "IL 60601".
        if (at > from && tokens[at + 1]?.kind === "number") break;
        at += 1;
    }
    return at;
}

/** The hyphens and the "et" of "cinquante-et-un". */
function isBetweenNumbers(tokens: readonly Token[], at: number): boolean {
    const token = tokens[at];
    const isLink = token?.key === "-" || ((token?.is ?? 0) & WORD.numberLink) !== 0;
    return isLink && (isNumber(tokens[at - 1]) || ((tokens[at - 1]?.is ?? 0) & WORD.numberLink) !== 0);
}

function isNumber(token: Token | undefined): boolean {
    if (!token) return false;
    return token.kind === "number" ? token.key.length <= 5 : token.numeral !== undefined;
}

function isName(token: Token | undefined): boolean {
    return token?.kind === "word" && (token.is & (WORD.stop | WORD.personBefore)) === 0;
}

/**
 * Names of people: those of the lists where they can be nothing else, and words that are names too ("mark", "rose", "luz")
 * where what is said around them makes them one.
 */
import type { Sentence, Token } from "../tokens";
import { WORD } from "../words/vocabulary";
import { type Finding, isSentenceEnd } from "./finding";

const NAMES = WORD.firstName | WORD.unsureName | WORD.surname;
const MAX_NAME_WORDS = 4;

/** Make a thing of what would be a person's name or a verb before it: "the call will end". */
const DETERMINERS = new Set(
    "the a an my your his her our their this that no der die das dem den ein eine mein meine le la les l un une mon ma ce cette el los las una mi tu este esta".split(
        " ",
    ),
);
/** German has capitals for all nouns: surnames are told by their endings, or by letters that German has not. */
const GERMAN_SURNAME =
    /..(?:mann|meyer|meier|maier|bauer|huber|hauer|inger|stein|feld|bach|wski|ski|ska|vic|oglu|sen|enko)$|[^a-z]/;

export function findNames(sentence: Sentence): Finding[] {
    if ((sentence.has & (WORD.firstName | WORD.unsureName | WORD.title | WORD.unsureTitle | WORD.introduction)) === 0)
        return [];
    const { tokens } = sentence;
    const found: Finding[] = [];
    for (let at = 0; at < tokens.length; ) {
        const from = nameStart(sentence, at);
        const to = from === undefined ? undefined : nameEnd(sentence, from);
        if (from !== undefined && to !== undefined) found.push({ class: "name", from, to });
        at = to ?? at + 1;
    }
    return found;
}

/** Where a name begins that the token at `at` is, or announces. */
function nameStart(sentence: Sentence, at: number): number | undefined {
    const { tokens } = sentence;
    const token = tokens[at] as Token;
    if (token.kind !== "word") return undefined;
    if (token.is & WORD.introduction && isIntroduction(sentence, at)) {
        const next = at + 1;
        return isAnyName(tokens[next], sentence) ? next : undefined;
    }
    if (token.is & (WORD.title | WORD.unsureTitle)) {
        const next = tokens[at + 1]?.key === "." ? at + 2 : at + 1;
        if (isTitled(sentence, token, tokens[next])) return next;
    }
    if (token.is & WORD.firstName) return at;
    return token.is & WORD.unsureName && isPerson(sentence, at) ? at : undefined;
}

function isIntroduction({ tokens, vocabulary }: Sentence, at: number): boolean {
    const phrases = vocabulary.introductions.get(tokens[at]?.key ?? "") ?? [];
    return phrases.some((phrase) => {
        let index = at;
        for (let word = phrase.length - 1; word >= 0; word--, index--) {
            if (tokens[index]?.key === "'" || tokens[index]?.key === "’") index -= 1;
            if (tokens[index]?.key !== phrase[word]) return false;
        }
        return true;
    });
}

function isAnyName(token: Token | undefined, { isCased, vocabulary }: Sentence): boolean {
    if (token?.kind !== "word" || token.end - token.start < 2) return false;
    if (token.is & (WORD.firstName | WORD.unsureName)) return true;
    if (token.is & (WORD.stop | WORD.numeral | WORD.introduction)) return false;
    return token.isCapital || !isCased || !vocabulary.words.capitalsTellNames;
}

function isTitled({ isCased }: Sentence, title: Token, next: Token | undefined): boolean {
    if (next?.kind !== "word" || next.is & WORD.stop || next.end - next.start < 2) return false;
    if (next.is & NAMES) return true;
    if (next.is & (WORD.numeral | WORD.title | WORD.unsureTitle | WORD.street | WORD.unsureStreet)) return false;
    // Said by a recogniser without capitals, "frau kommt" and "frau kowalski" look alike.
    return title.is & WORD.title ? next.isCapital || !isCased : next.isCapital;
}

function isPerson({ tokens, isCased, vocabulary }: Sentence, at: number): boolean {
    const token = tokens[at] as Token;
    const previous = tokens[at - 1];
    const next = tokens[at + 1];
    const tells = vocabulary.words.capitalsTellNames;
    if (isCased && tells && !token.isCapital) return false;
    const isCalled =
        previous?.kind === "word" &&
        (previous.is & WORD.personBefore) !== 0 &&
        !DETERMINERS.has(tokens[at - 2]?.key ?? "") &&
        !((next?.is ?? 0) & WORD.unsureStreet);
    if (isCalled) return true;
    const isFollowed = next?.kind === "word" && (next.is & WORD.surname) !== 0 && (next.is & WORD.stop) === 0;
    // In Spanish "a" stands before persons.
    const isDetermined =
        DETERMINERS.has(previous?.key ?? "") && !(vocabulary.language === "es" && previous?.key === "a");
    if (isFollowed && (isCased ? next.isCapital : !isDetermined) && isWordOnlyAName(next)) return true;
    const isWithin = previous !== undefined && previous.kind === "word" && !isSentenceEnd(previous);
    const isThing = (token.is & (WORD.month | WORD.street | WORD.unsureStreet)) !== 0 || isDetermined;
    const isTitleCased = next?.kind === "word" && next.isCapital && !(next.is & NAMES);
    return tells && token.isCapital && isWithin && !isThing && !isTitleCased;
}

/** A surname that is an ordinary word as well ("hill", "brown") proves nothing next to a word that is one too. */
const WORDS_TOO = new Set(
    "brown green hall wood white black hill king young long moore clark cook cooper baker ward reed gray cox bell scott jung klein gross schwarz weiss braun lang kurz koch sommer winter wolf fuchs vogel horn busch graf kaiser petit blanc brun roche roux moulin blanco cruz flores campos reyes vega fuentes leon rubio bravo rojas soto prieto moreno santos iglesias castillo torres gallego calvo".split(
        " ",
    ),
);

function isWordOnlyAName({ key }: Token): boolean {
    return !WORDS_TOO.has(key);
}

/** The index after a name that begins at `from`: further first names, and a surname. */
function nameEnd(sentence: Sentence, from: number): number {
    const { tokens } = sentence;
    let end = from + 1;
    for (let words = 1; words < MAX_NAME_WORDS; words++) {
        let next = end;
        while (next - end < 2 && ((tokens[next]?.is ?? 0) & WORD.nameLink || tokens[next]?.key === "-")) next += 1;
        const token = tokens[next];
        if (!token || !belongs(sentence, token, next > end)) break;
        end = next + 1;
    }
    return end;
}

function belongs({ isCased, vocabulary }: Sentence, token: Token, isLinked: boolean): boolean {
    if (token.kind !== "word" || token.is & (WORD.stop | WORD.numeral | WORD.personBefore)) return false;
    const tells = vocabulary.words.capitalsTellNames;
    if (isCased && !token.isCapital) return false;
    if (token.is & (WORD.firstName | WORD.surname)) return true;
    if (token.is & (WORD.month | WORD.birth)) return false;
    if (isCased && tells) return token.isCapital;
    if (token.is & WORD.unsureName) return isLinked;
    return vocabulary.language === "de" && GERMAN_SURNAME.test(token.key);
}

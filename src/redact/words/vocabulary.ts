/** The words of one language as the finders look them up: one look-up a word. */
import { folded } from "../fold";
import { de } from "./de";
import { en } from "./en";
import { es } from "./es";
import { fr } from "./fr";
import type { LanguageWords } from "./language-words";

/** What a word can be; a word can be several things. */
export const WORD = {
    numeral: 1 << 0,
    dash: 1 << 1,
    underscore: 1 << 2,
    dot: 1 << 3,
    at: 1 << 4,
    plus: 1 << 5,
    month: 1 << 6,
    dateWord: 1 << 7,
    dateLink: 1 << 8,
    birth: 1 << 9,
    street: 1 << 10,
    unsureStreet: 1 << 11,
    numberSign: 1 << 12,
    addressBefore: 1 << 13,
    codeBefore: 1 << 14,
    phoneBefore: 1 << 15,
    idBefore: 1 << 16,
    firstName: 1 << 17,
    unsureName: 1 << 18,
    surname: 1 << 19,
    nameLink: 1 << 20,
    personBefore: 1 << 21,
    title: 1 << 22,
    unsureTitle: 1 << 23,
    introduction: 1 << 24,
    stop: 1 << 25,
    numberLink: 1 << 26,
} as const;

/** How a number word takes part in a number that is read out. */
export interface Numeral {
    readonly kind: "unit" | "teen" | "ten" | "hundred" | "repeat";
    readonly value: number;
}

export interface Word {
    readonly is: number;
    readonly numeral?: Numeral;
}

export interface Vocabulary {
    readonly language: string;
    readonly words: LanguageWords;
    readonly of: ReadonlyMap<string, Word>;
    /** Folded words of each introduction, by its last. */
    readonly introductions: ReadonlyMap<string, readonly (readonly string[])[]>;
    readonly noStreets: ReadonlySet<string>;
    readonly streetEndings: readonly string[];
}

const LANGUAGES: Readonly<Record<string, LanguageWords>> = { en, de, fr, es };

/** Languages whose words are known; of others only what is written in digits and signs is found, and the contacts. */
export const REDACTION_LANGUAGES: readonly string[] = Object.keys(LANGUAGES);

const built = new Map<string, Vocabulary>();

/** @param language a code such as "de" or "de-AT"; without words of its own, English */
export function vocabularyOf(language: string): Vocabulary {
    const code = language.toLowerCase().split("-")[0] ?? "";
    const known = Object.hasOwn(LANGUAGES, code) ? code : "en";
    const vocabulary = built.get(known) ?? build(known, LANGUAGES[known] ?? en);
    built.set(known, vocabulary);
    return vocabulary;
}

function build(language: string, words: LanguageWords): Vocabulary {
    const of = new Map<string, Word>();
    const list = (text: string) =>
        text
            .split(" ")
            .filter((word) => word !== "")
            .map(folded);
    const add = (text: string, is: number, numeral?: Numeral) => {
        for (const word of list(text)) {
            const before = of.get(word);
            const known = before?.numeral ?? numeral;
            of.set(word, { is: (before?.is ?? 0) | is, ...(known && { numeral: known }) });
        }
    };
    const numbers = (texts: readonly string[], kind: Numeral["kind"], worth: (index: number) => number) => {
        for (const [index, text] of texts.entries()) add(text, WORD.numeral, { kind, value: worth(index) });
    };
    numbers(words.units, "unit", (index) => index);
    numbers(words.teens, "teen", (index) => index + 10);
    numbers(words.tens, "ten", (index) => (index + 2) * 10);
    for (const [word, value] of Object.entries(words.compounds)) add(word, WORD.numeral, { kind: "teen", value });
    add(words.hundreds, WORD.numeral, { kind: "hundred", value: 100 });
    add(words.doubles, WORD.numeral, { kind: "repeat", value: 2 });
    add(words.triples, WORD.numeral, { kind: "repeat", value: 3 });
    const lists: readonly (readonly [string, number])[] = [
        [words.numberLinks, WORD.numberLink],
        [words.dashes, WORD.dash],
        [words.underscores, WORD.underscore],
        [words.dots, WORD.dot],
        [words.ats, WORD.at],
        [words.plus, WORD.plus],
        [words.months, WORD.month],
        [words.dateWords, WORD.dateWord],
        [words.dateLinks, WORD.dateLink],
        [words.birth, WORD.birth],
        [words.streets, WORD.street],
        [words.unsureStreets, WORD.unsureStreet],
        [words.numberSigns, WORD.numberSign],
        [words.addressBefore, WORD.addressBefore],
        [words.codeBefore, WORD.codeBefore],
        [words.phoneBefore, WORD.phoneBefore],
        [words.idBefore, WORD.idBefore],
        [words.firstNames, WORD.firstName],
        [words.unsureNames, WORD.unsureName],
        [words.surnames, WORD.surname],
        [words.nameLinks, WORD.nameLink],
        [words.personBefore, WORD.personBefore],
        [words.titles, WORD.title],
        [words.unsureTitles, WORD.unsureTitle],
        [words.stops, WORD.stop],
    ];
    for (const [text, is] of lists) add(text, is);
    const introductions = new Map<string, readonly (readonly string[])[]>();
    for (const introduction of words.introductions) {
        const sequence = list(introduction.replaceAll("'", " "));
        const last = sequence.at(-1) ?? "";
        introductions.set(last, [...(introductions.get(last) ?? []), sequence]);
        add(last, WORD.introduction);
    }
    return {
        language,
        words,
        of,
        introductions,
        noStreets: new Set(list(words.noStreets)),
        streetEndings: words.streetEndings,
    };
}

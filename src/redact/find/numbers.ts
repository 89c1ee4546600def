/** Accounts, cards, identity numbers and phone numbers, and what is left of long numbers, in everything that is read out. */
import {
    ibanLength,
    isAusweis,
    isDni,
    isIban,
    isLuhn,
    isNino,
    isNir,
    isRentenversicherung,
    isSsn,
    isSteuerId,
} from "../checksums";
import type { RedactionClass } from "../classes";
import type { Atom, Reading } from "../readings";
import type { Sentence } from "../tokens";
import { WORD } from "../words/vocabulary";
import { before, type Finding } from "./finding";
import { isPhone, MAX_PHONE_DIGITS } from "./phone";

/** No number that is looked for is longer: an IBAN of Malta is 31 characters. */
const MAX_CHARACTERS = 34;
const CONTEXT_WORDS = 6;
const MIN_DIGITS = 4;
const MIN_WRITTEN_DIGITS = 6;
const MIN_LOCAL_PHONE_DIGITS = 7;

type Found = Finding & { readonly value: string };

/** What is a number of a known kind. */
export function findNumbers(sentence: Sentence, readings: readonly Reading[]): Found[] {
    return readings.flatMap((reading) => {
        const found: Found[] = [];
        for (let at = 0; at < reading.length; ) {
            const hit = numberAt(sentence, reading, at);
            if (hit) found.push(hit.finding);
            at = hit ? hit.next : at + 1;
        }
        return found;
    });
}

/** Long numbers of no known kind. */
export function findDigits(sentence: Sentence, readings: readonly Reading[], isFree: (atom: Atom) => boolean): Found[] {
    return readings.flatMap((reading) => {
        const found: Found[] = [];
        for (let at = 0; at < reading.length; ) {
            let end = at;
            while (end < reading.length && reading[end]?.isDigits && isFree(reading[end] as Atom)) end += 1;
            if (end === at) {
                at += 1;
                continue;
            }
            const atoms = reading.slice(at, end);
            const kind = kindOfDigits(sentence, atoms);
            if (kind) found.push(findingOf(kind, atoms));
            at = end;
        }
        return found;
    });
}

function numberAt(
    sentence: Sentence,
    reading: Reading,
    at: number,
): { readonly finding: Found; readonly next: number } | undefined {
    const ends = endsFrom(reading, at);
    const context = before(sentence, reading[at]?.from ?? 0, CONTEXT_WORDS);
    const has = (is: number) => (context & is) !== 0;
    const isFirst = at === 0 || !reading[at - 1]?.isDigits || reading[at]?.characters === "+";
    const isPlain = isQuantityOrDate(reading, at);
    for (const { end, text } of ends) {
        const atoms = reading.slice(at, end);
        let kind: RedactionClass | undefined;
        if (isIban(text)) kind = "iban";
        else if (isIdentity(text, atoms, has(WORD.idBefore), sentence.vocabulary.language)) kind = "id";
        else if (isCard(text)) kind = "card";
        else if (isFirst && !isPlain && !has(WORD.codeBefore | WORD.idBefore)) {
            const isWhole = end === reading.length || !reading[end]?.isDigits;
            if (isPhone(text, atoms, sentence.vocabulary.words.countries, isWhole)) kind = "phone";
        }
        if (kind) {
            // A digit or two too many, misheard or misspoken, belong to it all the same.
            const next = kind === "phone" ? withShortRest(reading, end) : end;
            return { finding: withBracket(sentence, findingOf(kind, reading.slice(at, next))), next };
        }
    }
    return undefined;
}

/** Where a number that begins at `at` may end, the longest first. */
function endsFrom(reading: Reading, at: number): { readonly end: number; readonly text: string }[] {
    const ends: { end: number; text: string }[] = [];
    let text = "";
    for (let end = at; end < reading.length; end++) {
        text += (reading[end] as Atom).characters;
        if (text.length > MAX_CHARACTERS) break;
        if (text.length >= MIN_LOCAL_PHONE_DIGITS) ends.push({ end: end + 1, text });
        if (text.length === ibanLength(text)) break;
    }
    return ends.reverse();
}

function isCard(text: string): boolean {
    return /^(?:[3-6]\d{12,18}|2[2-7]\d{14})$/.test(text) && isLuhn(text);
}

function isIdentity(text: string, atoms: Reading, isAnnounced: boolean, language: string): boolean {
    switch (text.length) {
        case 9:
            if (isDni(text) || isNino(text)) return true;
            if (isAnnounced && /^[LMNPRTVWXY][CFGHJKLMNPRTVWXYZ\d]{8}$/.test(text) && /\d/.test(text)) return true;
            return language === "en" && isSsn(text) && (isAnnounced || isInGroups(atoms, [3, 2, 4]));
        case 10:
            return isAusweis(text) && /[A-Z]/.test(text);
        case 11:
            return (language === "de" || isAnnounced) && isSteuerId(text);
        case 12:
            return isRentenversicherung(text);
        case 15:
            return isNir(text);
        default:
            return false;
    }
}

function isInGroups(atoms: Reading, lengths: readonly number[]): boolean {
    return (
        atoms.length === lengths.length &&
        atoms.every(
            ({ characters, after }, index) =>
                characters.length === lengths[index] && (index === 0 || after === "-" || after === ""),
        )
    );
}

function kindOfDigits(sentence: Sentence, atoms: Reading): RedactionClass | undefined {
    const [first] = atoms;
    if (!first || isQuantityOrDate(atoms, 0)) return undefined;
    const length = atoms.reduce((sum, { characters }) => sum + characters.length, 0);
    if (length < MIN_DIGITS) return undefined;
    const context = before(sentence, first.from, CONTEXT_WORDS);
    if (context & (WORD.codeBefore | WORD.idBefore)) return "digits";
    if (context & WORD.phoneBefore && length >= MIN_LOCAL_PHONE_DIGITS && length <= MAX_PHONE_DIGITS) return "phone";
    const isLongWritten = atoms.some(
        ({ isSpoken, characters }) => !isSpoken && characters.length >= MIN_WRITTEN_DIGITS,
    );
    if (isLongWritten) return "digits";
    const spoken = atoms.filter(({ isSpoken }) => isSpoken);
    if (spoken.length === atoms.length) {
        const singles = spoken.filter(({ isSingle }) => isSingle);
        if (singles.length === spoken.length) return isCounting(spoken) ? undefined : "digits";
        return length >= MIN_WRITTEN_DIGITS ? "digits" : undefined;
    }
    const isGrouped = atoms.some(({ characters }) => characters.length >= 3);
    return length >= MIN_LOCAL_PHONE_DIGITS && isGrouped ? "digits" : undefined;
}

/** "five four three two one" is nobody's number. */
function isCounting(atoms: Reading): boolean {
    const digits = atoms.map(({ characters }) => Number(characters));
    const step = (digits[1] ?? 0) - (digits[0] ?? 0);
    return Math.abs(step) === 1 && digits.every((digit, at) => at === 0 || digit - (digits[at - 1] ?? 0) === step);
}

/** A date, an address in a network, or a quantity with its thousands parted: "24.12.2025", "192.168.1.20", "1.000.000". */
function isQuantityOrDate(reading: Reading, at: number): boolean {
    const groups: Atom[] = [];
    for (let index = at; index < reading.length && groups.length < 5; index++) {
        const atom = reading[index] as Atom;
        if (!atom.isDigits || atom.isSpoken || (index > at && atom.after === "")) break;
        groups.push(atom);
    }
    const lengths = groups.map(({ characters }) => characters.length).join("");
    const signs = new Set(groups.slice(1).map(({ after }) => after));
    if (signs.size !== 1) return false;
    const [sign] = signs;
    if (/^[12][12][24]$/.test(lengths) || /^4[12][12]$/.test(lengths)) {
        const [a = 0, b = 0, c = 0] = groups.map(({ characters }) => Number(characters));
        const [day, month] = groups[0]?.characters.length === 4 ? [c, b] : [a, b];
        return (day <= 31 && month <= 12) || (day <= 12 && month <= 31);
    }
    if (sign !== ".") return false;
    return /^[123]{4}$/.test(lengths) || /^[123]3+$/.test(lengths);
}

function withShortRest(reading: Reading, end: number): number {
    let next = end;
    let digits = 0;
    for (; reading[next]?.isDigits; next++) digits += reading[next]?.characters.length ?? 0;
    return digits < MIN_DIGITS ? next : end;
}

/** "(212) 736 5000": the first bracket stands before the first digit. */
function withBracket({ tokens }: Sentence, finding: Found): Found {
    const { from, to } = finding;
    const isOpen = tokens[from - 1]?.key === "(" && tokens.slice(from, to).some(({ key }) => key === ")");
    return isOpen ? { ...finding, from: from - 1 } : finding;
}

function findingOf(kind: RedactionClass, atoms: Reading): Found {
    const value = atoms.map(({ characters }) => characters).join("");
    return { class: kind, from: atoms[0]?.from ?? 0, to: atoms.at(-1)?.to ?? 0, value };
}

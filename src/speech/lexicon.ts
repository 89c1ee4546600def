/** How words are said: from a pronunciation dictionary where they stand in it, made from their parts or their letters where not. */
import { closeSync, openSync, readSync } from "node:fs";
import { MAX_PHONES, MAX_VARIANTS, pronounce } from "./letter-to-sound";
import { folded } from "./pronunciation/folded";

/** Read at a time; far longer than any line. */
const CHUNK_BYTES = 256 * 1024;
/** Letters of a word that are looked at; the longest word of the dictionary has 28. */
const MAX_LETTERS = 64;
/** Variants taken of one word; the dictionary has up to four. */
const MAX_ENTRIES = 8;
/**
 * Parts of a compound have at least so many letters: shorter words are found inside anything. Measured over 6,800 words of the
 * dictionary that can be cut in two: with a part of three letters the cut has 17 % of the phones wrong and the rules of
 * spelling 13 %, from four letters on it is 10 % against 14 %; both together are better than either.
 */
const MIN_PART = 3;
/** With parts of at least so many letters, the compound is the likeliest way to say a word. */
const SURE_PART = 4;
/** Longer words are no compounds of two. */
const MAX_COMPOUND = 30;

/** A word, the number of a further way to say it, its phones; what has another form is a comment. */
const ENTRY = /^([^;\s]\S*?)(?:\(\d+\))?[ \t]+([A-Z]+(?: [A-Z]+)*)\s*$/;
const PIECE = /[a-zäöüß']+|[^a-zäöüß']+/g;
const LETTER = /[a-zäöüß]/;
const ONLY_LETTERS = /^[a-z]+$/;
const SAID = /[a-zäöüß0-9&+%@°]/;
/** Size of the table of hashes, a power of two. */
const HASHES = 1 << 16;
const NEWLINE = 10;
const SPACE = 32;
const PARENTHESIS = 40;

/**
 * Every word given with the ways in which it may be said: phones separated by blanks, the likeliest way first. Words missing
 * from the dictionary are put together from two of its words ("nanoleaf"), or said by the rules of spelling.
 *
 * Reads the file once, in pieces, on this thread: about 10 ms for CMU's dictionary of 135,000 lines.
 *
 * @param dictionaryFile in the format of the CMU Pronouncing Dictionary: `word PHONE PHONE …` a line in lower case, further
 * ways as `word(2)`, comments after `;;`
 * @throws DictionaryError when the file can't be read
 */
export function readPronunciations(dictionaryFile: string, words: Iterable<string>): Map<string, string[]> {
    const asked = [...new Set(words)].map((word) => ({ word, letters: folded(word.slice(0, MAX_LETTERS)) }));
    const wanted = new Set<string>();
    for (const { letters } of asked) {
        wanted.add(letters);
        for (const parts of divisions(letters)) for (const part of parts) wanted.add(part);
    }
    const entries = readEntries(dictionaryFile, wanted);
    return new Map(
        asked.map(({ word, letters }) => [
            word,
            entries.get(letters) ?? fromParts(letters, entries) ?? pronounce(word),
        ]),
    );
}

/** The pronunciation dictionary is missing or can't be read: the installation is damaged. */
export class DictionaryError extends Error {
    override readonly name = "DictionaryError";
    readonly code = "unreadable";

    constructor(
        readonly file: string,
        cause: unknown,
    ) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        super(`The pronunciation dictionary ${file} can't be read: ${reason}`, { cause });
    }
}

/** Ways to see a word as parts: at its hyphens and digits, else each cut in two, those with the longest short part first. */
function divisions(letters: string): readonly (readonly string[])[] {
    const pieces = letters.match(PIECE) ?? [];
    if (pieces.length > 1) return [pieces];
    if (letters.length < 2 * MIN_PART || letters.length > MAX_COMPOUND || !ONLY_LETTERS.test(letters)) return [];
    const cuts = Array.from({ length: letters.length - 2 * MIN_PART + 1 }, (_, index) => index + MIN_PART);
    const shorter = (cut: number) => Math.min(cut, letters.length - cut);
    return cuts
        .sort((one, other) => shorter(other) - shorter(one))
        .map((cut) => [letters.slice(0, cut), letters.slice(cut)]);
}

function fromParts(letters: string, entries: ReadonlyMap<string, string[]>): string[] | undefined {
    const parts = divisions(letters).find((division) =>
        division.every((part) => entries.has(part) || !LETTER.test(part)),
    );
    if (!parts?.some((part) => SAID.test(part))) return undefined;
    if (!ONLY_LETTERS.test(letters)) return joined(parts, entries);
    const [compound = ""] = joined(parts, entries);
    const [first = "", ...others] = pronounce(letters);
    const isSure = parts.every(({ length }) => length >= SURE_PART);
    const ways = isSure ? [compound, first, ...others] : [first, compound, ...others];
    return [...new Set(ways)].slice(0, MAX_VARIANTS);
}

/** Parts said one after the other; two equal phones where they meet are one, as the M of "roommate". */
function joined(parts: readonly string[], entries: ReadonlyMap<string, string[]>): string[] {
    const said = parts
        .filter((part) => SAID.test(part))
        .map((part) => (entries.get(part) ?? pronounce(part)).map((way) => way.split(" ")));
    const ways = Array.from({ length: MAX_VARIANTS }, (_, index) => {
        const phones: string[] = [];
        for (const part of said) {
            const way = part[index] ?? part[0] ?? [];
            phones.push(...(way[0] === phones.at(-1) ? way.slice(1) : way));
        }
        return phones.slice(0, MAX_PHONES).join(" ");
    });
    return [...new Set(ways)];
}

/** The entries of the wanted words. */
function readEntries(file: string, wanted: ReadonlySet<string>): Map<string, string[]> {
    const entries = new Map<string, string[]>();
    let descriptor: number | undefined;
    try {
        descriptor = openSync(file, "r");
        const scan = lineScanner(wanted, entries);
        const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
        for (let held = 0; ; ) {
            const filled = held + readSync(descriptor, chunk, held, CHUNK_BYTES - held, null);
            if (filled === held) {
                scan(chunk, held);
                return entries;
            }
            const end = chunk.lastIndexOf(NEWLINE, filled - 1) + 1;
            if (end === 0 && filled === CHUNK_BYTES)
                throw new Error(`It has a line of more than ${CHUNK_BYTES} bytes.`);
            scan(chunk, end);
            chunk.copyWithin(0, end, filled);
            held = filled - end;
        }
    } catch (error) {
        throw new DictionaryError(file, error);
    } finally {
        if (descriptor !== undefined) closeSync(descriptor);
    }
}

/** Finds the wanted words in lines. A table of hashes tells nearly all others apart without making a string of them. */
function lineScanner(
    wanted: ReadonlySet<string>,
    entries: Map<string, string[]>,
): (lines: Buffer, end: number) => void {
    const seen = new Uint8Array(HASHES);
    for (const word of wanted) {
        const bytes = Buffer.from(word);
        seen[hash(bytes, 0, bytes.length)] = 1;
    }
    return (lines, end) => {
        for (let at = 0; at < end; ) {
            const wordEnd = endOfWord(lines, at, end);
            let lineEnd = wordEnd;
            while (lineEnd < end && lines[lineEnd] !== NEWLINE) lineEnd++;
            if (seen[hash(lines, at, wordEnd)] === 1) addEntry(lines.toString("utf8", at, lineEnd), wanted, entries);
            at = lineEnd + 1;
        }
    };
}

function endOfWord(lines: Buffer, from: number, end: number): number {
    let at = from;
    while (at < end && (lines[at] ?? 0) > SPACE && lines[at] !== PARENTHESIS) at++;
    return at;
}

/** FNV-1a (Fowler, Noll, Vo), folded to the size of the table. */
function hash(bytes: Uint8Array, from: number, to: number): number {
    let state = 0x811c9dc5;
    for (let at = from; at < to; at++) state = Math.imul(state ^ (bytes[at] ?? 0), 0x01000193);
    return (state ^ (state >>> 16)) & (HASHES - 1);
}

function addEntry(line: string, wanted: ReadonlySet<string>, entries: Map<string, string[]>): void {
    const [, word, phones] = ENTRY.exec(line) ?? [];
    if (word === undefined || phones === undefined || !wanted.has(word)) return;
    const known = entries.get(word);
    if (!known) entries.set(word, [phones]);
    else if (known.length < MAX_ENTRIES) known.push(phones);
}

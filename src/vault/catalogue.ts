/**
 * What recordings can be found by, besides when: words, intents, and with these where and by whom. The entries of a page of
 * keys are sealed together, so that a search through 100,000 recordings opens some hundred small values instead of 100,000,
 * and nothing of it stays in memory.
 */
import type { Transcript } from "../speech";
import { type Derived, firstIdAt, packedId, type Recording, type RecordingFilter, unpackedId } from "./recording";

export interface CatalogueEntry {
    readonly id: string;
    /** Words as `wordsIn` gives them; intents, the site and the speaker with a sign before them that no word has. */
    readonly terms: readonly string[];
}

/** What is looked for; undefined when a filter asks for neither words nor intents. */
export interface Wanted {
    /** Each is in the list of terms: the beginning of a word with the line break before it, or a whole line. */
    readonly needles: readonly string[];
    /** Ids from this one on, and before that one. */
    readonly from: string;
    readonly before: string;
}

/** Comes after every id. */
const LAST = "~";
const ID_BYTES = 16;
/** Longer words are found by their beginnings; nobody may look for more. */
const MAX_TERM_CHARACTERS = 1_000;

const intentTerm = (name: string) => `=${name}`;
const siteTerm = (site: string) => `@${site}`;
/** Empty where nobody knows who spoke. */
const speakerTerm = (speaker: string) => `%${speaker}`;

export function wantedBy(filter: RecordingFilter & { readonly before?: string }): Wanted | undefined {
    const { words, intent, site, speaker, from, to, before = LAST } = filter;
    if (words === undefined && intent === undefined) return undefined;
    const whole = [
        ...(intent === undefined ? [] : [intentTerm(intent)]),
        ...(site === undefined ? [] : [siteTerm(site)]),
        ...(speaker === undefined ? [] : [speakerTerm(speaker ?? "")]),
    ];
    const end = to === undefined ? LAST : firstIdAt(to);
    const isEndFirst = end < before;
    return {
        needles: [...wordsIn(words ?? "").map((word) => `\n${word}`), ...whole.map((term) => `\n${term}\n`)],
        from: from === undefined ? "" : firstIdAt(from),
        before: isEndFirst ? end : before,
    };
}

export function entryOf(
    { id, site, speaker = "" }: Recording,
    transcript: Transcript | undefined,
    derived: readonly Derived[],
): CatalogueEntry {
    const intents = derived.flatMap(({ kind, value }) => (kind === "intent" ? nameOf(value) : []));
    const terms = [
        ...wordsIn(transcript?.text ?? ""),
        ...intents.map(intentTerm),
        siteTerm(site),
        speakerTerm(speaker),
    ];
    return { id, terms: terms.map((term) => term.slice(0, MAX_TERM_CHARACTERS)) };
}

/**
 * The length of the list of terms; the list, each in a line; the number of ids; these, packed; then for each term how many
 * entries have it, and which. @param entries 256 at most: all of a page
 */
export function encodeCatalogue(entries: readonly CatalogueEntry[]): Buffer {
    const having = new Map<string, Set<number>>();
    for (const [number, { terms }] of entries.entries()) {
        for (const term of terms) {
            const numbers = having.get(term);
            if (numbers) numbers.add(number);
            else having.set(term, new Set([number]));
        }
    }
    const list = Buffer.from(`\n${[...having.keys()].map((term) => `${term}\n`).join("")}`);
    const numbers = [...having.values()].flatMap((some) => [two(some.size), Buffer.from([...some])]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(list.length);
    return Buffer.concat([length, list, two(entries.length), ...entries.map(({ id }) => packedId(id)), ...numbers]);
}

export function decodeCatalogue(bytes: Buffer): CatalogueEntry[] {
    const { list, rest } = partsOf(bytes);
    const { ids, having } = readEntries(list, rest);
    const terms = ids.map((): string[] => []);
    for (const [term, numbers] of having) for (const number of numbers) terms[number]?.push(term);
    return ids.map((id, number) => ({ id, terms: terms[number] ?? [] }));
}

/** Ids of the entries in an encoded catalogue that have all that is wanted. */
export function foundIn(bytes: Buffer, { needles, from, before }: Wanted): readonly string[] {
    const { list, rest } = partsOf(bytes);
    // Most pages have nothing of what is rare, and are not looked at further.
    if (!needles.every((needle) => list.includes(needle))) return [];
    const { ids, having } = readEntries(list, rest);
    const found = needles.map((needle) => {
        const some = having.filter(([term]) => `\n${term}\n`.startsWith(needle));
        return new Set(some.flatMap(([, numbers]) => [...numbers]));
    });
    return ids.filter((id, number) => id >= from && id < before && found.every((numbers) => numbers.has(number)));
}

function partsOf(bytes: Buffer): { readonly list: Buffer; readonly rest: Buffer } {
    const end = 4 + bytes.readUInt32BE(0);
    return { list: bytes.subarray(4, end), rest: bytes.subarray(end) };
}

function readEntries(list: Buffer, rest: Buffer) {
    let at = 2 + rest.readUInt16BE(0) * ID_BYTES;
    const ids: string[] = [];
    for (let id = 2; id < at; id += ID_BYTES) ids.push(unpackedId(rest.subarray(id, id + ID_BYTES)));
    const terms = list.toString().split("\n").slice(1, -1);
    const having = terms.map((term) => {
        const start = at + 2;
        at = start + rest.readUInt16BE(at);
        return [term, rest.subarray(start, at)] as const;
    });
    return { ids, having };
}

function two(number: number): Buffer {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16BE(number);
    return bytes;
}

/** Whether there is anything in `words` that could be searched for. */
export function hasWords(words: string): boolean {
    return wordsIn(words).length > 0;
}

/** Words in small letters without accents; nothing of lines, tabs and punctuation is left. */
function wordsIn(text: string): readonly string[] {
    return text
        .normalize("NFKD")
        .toLowerCase()
        .replaceAll(/\p{M}/gu, "")
        .split(/[^\p{L}\p{N}]+/u)
        .filter((word) => word !== "");
}

function nameOf(value: unknown): string[] {
    const name: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "name") : undefined;
    return typeof name === "string" && /^[\w.:-]{1,200}$/.test(name) ? [name] : [];
}

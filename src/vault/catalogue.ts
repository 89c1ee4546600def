/**
 * What recordings can be found by, besides when and where: words and intents. The entries of a page of keys are sealed
 * together, so that a search through 100,000 recordings opens some hundred values instead of 100,000, and nothing of it
 * stays in memory. Beside them is the page's vocabulary, sealed too: a page that hasn't the words is not looked at further.
 */
import type { Transcript } from "../speech";
import { type Derived, firstIdAt, type Recording, type RecordingFilter } from "./recording";

export interface CatalogueEntry {
    readonly id: string;
    readonly site: string;
    /** Empty where nobody knows. */
    readonly speaker: string;
    /** As `searchable` makes them. */
    readonly words: string;
    /** Names, a space around each. */
    readonly intents: string;
}

/** What is looked for; undefined when a filter asks for neither words nor intents. */
export interface Wanted {
    /** Each the beginning of a word, with the space before it. */
    readonly words: readonly string[];
    readonly intent: string | undefined;
    readonly site: string | undefined;
    readonly speaker: string | undefined;
    /** Ids from this one on, and before that one. */
    readonly from: string;
    readonly before: string;
}

/** Comes after every id. */
const LAST = "~";
const LINE_BREAK = 0x0a;

export function wantedBy(filter: RecordingFilter & { readonly before?: string }): Wanted | undefined {
    const { words, intent, site, speaker, from, to, before = LAST } = filter;
    if (words === undefined && intent === undefined) return undefined;
    const end = to === undefined ? LAST : firstIdAt(to);
    const isEndFirst = end < before;
    return {
        words: searchable(words ?? "")
            .split(" ")
            .filter((word) => word !== "")
            .map((word) => ` ${word}`),
        intent: intent === undefined ? undefined : ` ${intent} `,
        site,
        speaker: speaker === null ? "" : speaker,
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
    return {
        id,
        site,
        speaker,
        words: searchable(transcript?.text ?? ""),
        intents: intents.length > 0 ? ` ${intents.join(" ")} ` : "",
    };
}

/** A line for each entry that can be found by anything. */
export function encodeCatalogue(entries: Iterable<CatalogueEntry>): Buffer {
    let text = "";
    for (const { id, site, speaker, words, intents } of entries) {
        if (words || intents) text += `${[id, site, speaker, words, intents].join("\t")}\n`;
    }
    return Buffer.from(text);
}

export function decodeCatalogue(bytes: Buffer): CatalogueEntry[] {
    return bytes
        .toString()
        .split("\n")
        .filter((line) => line !== "")
        .map(decodeLine);
}

function decodeLine(line: string): CatalogueEntry {
    const [id = "", site = "", speaker = "", words = "", intents = ""] = line.split("\t");
    return { id, site, speaker, words, intents };
}

/** Each word and each intent of the entries once. */
export function encodeVocabulary(entries: Iterable<CatalogueEntry>): Buffer {
    const words = new Set<string>();
    const intents = new Set<string>();
    for (const entry of entries) {
        for (const word of entry.words.split(" ")) words.add(word);
        for (const intent of entry.intents.split(" ")) intents.add(intent);
    }
    return Buffer.from([words, intents].map((each) => ` ${[...each].join(" ")} `).join("\t"));
}

/** Whether entries with this vocabulary may have all that is wanted. */
export function isWorthSearching(vocabulary: Buffer, { words, intent }: Wanted): boolean {
    const [known = "", intents = ""] = vocabulary.toString().split("\t");
    return words.every((word) => known.includes(word)) && (intent === undefined || intents.includes(intent));
}

/** Ids of the entries in an encoded catalogue that have all that is wanted. */
export function foundIn(bytes: Buffer, wanted: Wanted): string[] {
    const found: string[] = [];
    // Rare words are in few lines, and only these are looked at.
    const needle = Buffer.from(wanted.words.toSorted((a, b) => b.length - a.length)[0] ?? wanted.intent ?? "");
    for (let hit = bytes.indexOf(needle); hit >= 0; ) {
        const start = hit === 0 ? 0 : bytes.lastIndexOf(LINE_BREAK, hit - 1) + 1;
        const end = bytes.indexOf(LINE_BREAK, hit);
        const entry = decodeLine(bytes.toString("utf8", start, end));
        if (isWanted(entry, wanted)) found.push(entry.id);
        hit = bytes.indexOf(needle, end);
    }
    return found;
}

function isWanted(entry: CatalogueEntry, { words, intent, site, speaker, from, before }: Wanted): boolean {
    return (
        entry.id >= from &&
        entry.id < before &&
        (site === undefined || entry.site === site) &&
        (speaker === undefined || entry.speaker === speaker) &&
        words.every((word) => entry.words.includes(word)) &&
        (intent === undefined || entry.intents.includes(intent))
    );
}

/** Whether there is anything in `words` that could be searched for. */
export function hasWords(words: string): boolean {
    return searchable(words) !== "";
}

/** Words in small letters without accents, a space around each; nothing of lines, tabs and punctuation is left. */
function searchable(text: string): string {
    const words = text
        .normalize("NFKD")
        .toLowerCase()
        .replaceAll(/\p{M}/gu, "")
        .split(/[^\p{L}\p{N}]+/u)
        .filter((word) => word !== "");
    return words.length > 0 ? ` ${words.join(" ")} ` : "";
}

function nameOf(value: unknown): string[] {
    const name: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "name") : undefined;
    return typeof name === "string" && /^[\w.:-]{1,200}$/.test(name) ? [name] : [];
}

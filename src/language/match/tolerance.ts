/** What may differ between what was heard and what was meant, and what each difference costs. */
import type { ToleranceDefinition } from "../file/model";
import type { Arc } from "./lattice";

/** Costs are shares of the confidence; the sum of a sentence's costs is what its intent's confidence lacks. */
const COST = {
    /** A word without meaning that no template has. */
    filler: 0.03,
    /** A small word of a template that wasn't said. */
    dropped: 0.04,
    /** Two words said as one, or one as two. */
    joint: 0.06,
    /** A word that is only nearly one of the grammar, plus a share for the letters that differ. */
    misheard: 0.08,
    misheardLetters: 0.6,
} as const;

/** Beyond this the answer is "not understood". */
const COST_LIMIT = 0.4;
const MAX_CORRECTIONS = 6;
const SHORTEST_CORRECTED = 4;
const LONGEST_CORRECTED = 30;
/** Corrections remembered; a misheard word is heard again sooner than this many others. */
const MAX_REMEMBERED = 500;

export class Tolerance {
    readonly limit = COST_LIMIT;
    readonly droppedCost = COST.dropped;
    readonly droppable: readonly string[];
    readonly #fillers: ReadonlySet<string>;
    readonly #exact: ReadonlySet<string>;
    readonly #known: ReadonlySet<string>;
    readonly #byLength = new Map<number, Candidate[]>();
    readonly #remembered = new Map<string, readonly Correction[]>();

    /**
     * @param sentenceWords words of the templates and of the values of their lists
     * @param nameWords words of the home's names: heard wrong more often, and told apart by the rest of the sentence
     */
    constructor(
        { fillers, droppable, exact }: ToleranceDefinition,
        sentenceWords: ReadonlySet<string>,
        nameWords: ReadonlySet<string>,
    ) {
        this.#fillers = new Set(fillers);
        this.droppable = droppable;
        this.#exact = new Set(exact);
        this.#known = sentenceWords.union(nameWords);
        for (const word of this.#known) {
            if (word.length < SHORTEST_CORRECTED - 1 || word.length > LONGEST_CORRECTED || this.#exact.has(word))
                continue;
            const candidate = { word, letters: letterSet(word), name: nameWords.has(word) };
            const known = this.#byLength.get(word.length);
            if (known === undefined) this.#byLength.set(word.length, [candidate]);
            else known.push(candidate);
        }
    }

    arcs(texts: readonly string[], at: number): Arc[] {
        const text = texts[at];
        if (text === undefined) return [];
        const arcs: Arc[] = [];
        if (this.#fillers.has(text)) arcs.push({ to: at + 1, words: [], cost: COST.filler });
        if (this.#exact.has(text)) return arcs;
        const joint = text + (texts[at + 1] ?? "");
        if (at + 1 < texts.length && this.#known.has(joint))
            arcs.push({ to: at + 2, words: [joint], cost: COST.joint });
        if (!this.#known.has(text)) {
            for (const words of this.#parts(text)) arcs.push({ to: at + 1, words, cost: COST.joint });
            for (const { word, cost } of this.#corrections(text)) arcs.push({ to: at + 1, words: [word], cost });
        }
        return arcs;
    }

    *#parts(text: string): Generator<readonly string[]> {
        if (text.length > LONGEST_CORRECTED) return;
        for (let at = 3; at <= text.length - 3; at += 1) {
            const parts = [text.slice(0, at), text.slice(at)];
            if (parts.every((part) => this.#known.has(part))) yield parts;
        }
    }

    #corrections(text: string): readonly Correction[] {
        const remembered = this.#remembered.get(text);
        if (remembered !== undefined) return remembered;
        const corrections = this.#corrected(text);
        if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
        this.#remembered.set(text, corrections);
        return corrections;
    }

    #corrected(text: string): Correction[] {
        if (text.length < SHORTEST_CORRECTED || text.length > LONGEST_CORRECTED || /\d/.test(text)) return [];
        const most = allowedEdits(text.length, true);
        const letters = letterSet(text);
        const corrections: Correction[] = [];
        for (let length = text.length - most; length <= text.length + most; length += 1) {
            for (const candidate of this.#byLength.get(length) ?? []) {
                const allowed = allowedEdits(Math.min(length, text.length), candidate.name);
                if (bitCount(letters ^ candidate.letters) > 2 * allowed) continue;
                const edits = editDistance(text, candidate.word, allowed);
                if (edits > allowed) continue;
                const cost = COST.misheard + (COST.misheardLetters * edits) / text.length;
                corrections.push({ word: candidate.word, cost });
            }
        }
        return corrections.sort((a, b) => a.cost - b.cost).slice(0, MAX_CORRECTIONS);
    }
}

interface Candidate {
    readonly word: string;
    readonly letters: number;
    readonly name: boolean;
}

interface Correction {
    readonly word: string;
    readonly cost: number;
}

function allowedEdits(length: number, name: boolean): number {
    if (name) return length < 6 ? 1 : 2;
    return length < 9 ? 1 : 2;
}

/** Which letters a word has, as bits: two words whose sets differ much can't be near each other. */
function letterSet(word: string): number {
    let bits = 0;
    for (let at = 0; at < word.length; at += 1) bits |= 1 << (word.charCodeAt(at) % 31);
    return bits;
}

function bitCount(bits: number): number {
    let left = bits;
    let count = 0;
    while (left !== 0) {
        left &= left - 1;
        count += 1;
    }
    return count;
}

/** Letters to insert, remove, replace or swap with their neighbour (Damerau 1964); `limit + 1` where there are more. */
export function editDistance(a: string, b: string, limit: number): number {
    if (Math.abs(a.length - b.length) > limit) return limit + 1;
    let beforeLast: number[] = [];
    let last = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (let i = 1; i <= a.length; i += 1) {
        const row = [i];
        let best = i;
        for (let j = 1; j <= b.length; j += 1) {
            const same = a[i - 1] === b[j - 1];
            let distance = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
            if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
                distance = Math.min(distance, (beforeLast[j - 2] ?? 0) + 1);
            }
            row.push(distance);
            best = Math.min(best, distance);
        }
        if (best > limit) return limit + 1;
        beforeLast = last;
        last = row;
    }
    return last[b.length] ?? limit + 1;
}

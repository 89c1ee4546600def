/** What may differ between what was heard and what was meant, and what each difference costs. */
import type { ToleranceDefinition } from "../file/model";
import type { Arc } from "./lattice";
import { soundsOf, unlikeness } from "./sounds";

/** Costs are shares of the confidence; the sum of a sentence's costs is what its intent's confidence lacks. */
const COST = {
    /** A word without meaning that no template has. */
    filler: 0.04,
    /** A small word of a template that wasn't said. */
    dropped: 0.04,
    /** Two words said as one, or one as two. */
    joint: 0.06,
    /** A word that is only nearly one of the grammar, plus a share for the letters or sounds that differ. */
    misheard: 0.06,
    misheardLetters: 0.6,
    misheardSounds: 0.12,
    /** The word that was heard is one of the grammar too, but of other sentences. */
    mistaken: 0.06,
} as const;

/** Beyond this the answer is "not understood". */
const COST_LIMIT = 0.4;
const MAX_CORRECTIONS = 8;
/** Of a word that the grammar has, and that is therefore more likely right. */
const MAX_MISTAKES = 4;
/** Words that are corrected by their letters, which for short ones tell too little. */
const SHORTEST_SPELLED = 4;
const LONGEST_CORRECTED = 30;
/** Words of the grammar that are as short as this are prepositions, articles and the like. */
const LONGEST_PARTICLE = 2;
/** By number of sounds, how unlike two words may be: short words differ in nearly everything that differs. */
const MAX_UNLIKENESS = [0, 0.4, 0.6, 0.8, 1, 1.1, 1.2, 1.4, 1.6];
const MAX_MISTAKEN_UNLIKENESS = 0.5;
/** Corrections remembered; a misheard word is heard again sooner than this many others. */
const MAX_REMEMBERED = 2_000;

export class Tolerance {
    readonly limit = COST_LIMIT;
    readonly droppedCost = COST.dropped;
    readonly droppable: readonly string[];
    readonly #fillers: ReadonlySet<string>;
    readonly #exact: ReadonlySet<string>;
    readonly #known: ReadonlySet<string>;
    readonly #sounds: boolean;
    /** Words of the grammar by the number of their sounds (letters where there are no sounds). */
    readonly #byLength = new Map<number, Candidate[]>();
    readonly #remembered = new Map<string, readonly Correction[]>();

    /**
     * @param sentenceWords words of the templates and of the values of their lists
     * @param nameWords words of the home's names: heard wrong more often, and told apart by the rest of the sentence
     */
    constructor(
        { fillers, droppable, exact, sounds }: ToleranceDefinition,
        sentenceWords: ReadonlySet<string>,
        nameWords: ReadonlySet<string>,
    ) {
        this.#fillers = new Set(fillers);
        this.droppable = droppable;
        this.#exact = new Set(exact);
        this.#known = sentenceWords.union(nameWords);
        this.#sounds = sounds === "english";
        for (const word of this.#known) {
            if (word.length > LONGEST_CORRECTED || !/^\p{L}/u.test(word)) continue;
            const said = this.#sounds ? soundsOf(word) : word;
            const candidate = { word, said, bits: bitsOf(said), letters: bitsOf(word), name: nameWords.has(word) };
            const known = this.#byLength.get(said.length);
            if (known === undefined) this.#byLength.set(said.length, [candidate]);
            else known.push(candidate);
        }
    }

    /** Whether words say nothing, so that they can't be all of a free text. */
    isEmpty(texts: readonly string[]): boolean {
        return texts.every((text) => this.#fillers.has(text) || this.isParticle(text));
    }

    isParticle(text: string): boolean {
        return text.length <= LONGEST_PARTICLE && this.#known.has(text);
    }

    arcs(texts: readonly string[], at: number): Arc[] {
        const text = texts[at];
        if (text === undefined) return [];
        const arcs: Arc[] = [];
        // What ends in an article or a preposition is not finished.
        const isUnfinished = at === texts.length - 1 && this.droppable.includes(text);
        if (this.#fillers.has(text) && !isUnfinished) arcs.push({ to: at + 1, words: [], cost: COST.filler });
        if (this.#exact.has(text)) return arcs;
        const joint = text + (texts[at + 1] ?? "");
        if (at + 1 < texts.length && this.#known.has(joint))
            arcs.push({ to: at + 2, words: [joint], cost: COST.joint });
        if (!this.#known.has(text)) {
            for (const words of this.#parts(text)) arcs.push({ to: at + 1, words, cost: COST.joint });
        }
        for (const { word, cost } of this.#corrections(text)) arcs.push({ to: at + 1, words: [word], cost });
        return arcs;
    }

    /** Forgets what was heard. */
    forget(): void {
        this.#remembered.clear();
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
        if (text.length > LONGEST_CORRECTED || !/^[\p{L}'\p{M}]+$/u.test(text)) return [];
        const isKnown = this.#known.has(text);
        if (isKnown && !this.#sounds) return [];
        const said = this.#sounds ? soundsOf(text) : text;
        const heard = { word: text, said, bits: bitsOf(said), letters: bitsOf(text), name: false };
        const corrections: Correction[] = [];
        for (let length = said.length - 2; length <= said.length + 2; length += 1) {
            for (const candidate of this.#byLength.get(length) ?? []) {
                if (candidate.word === text) continue;
                const bySound = this.#sounds ? soundCost(heard, candidate, isKnown) : Number.POSITIVE_INFINITY;
                const bySpelling = isKnown ? Number.POSITIVE_INFINITY : spellingCost(heard, candidate);
                const cost = Math.min(bySound, bySpelling) + (isKnown ? COST.mistaken : 0);
                if (cost <= COST_LIMIT) corrections.push({ word: candidate.word, cost });
            }
        }
        corrections.sort((a, b) => a.cost - b.cost);
        return corrections.slice(0, isKnown ? MAX_MISTAKES : MAX_CORRECTIONS);
    }
}

interface Candidate {
    readonly word: string;
    /** Its sounds; its letters where the language's sounds are not known. */
    readonly said: string;
    /** Which of them it has. */
    readonly bits: number;
    readonly letters: number;
    readonly name: boolean;
}

interface Correction {
    readonly word: string;
    readonly cost: number;
}

function soundCost(heard: Candidate, meant: Candidate, isKnown: boolean): number {
    const length = Math.min(heard.said.length, meant.said.length);
    const most = MAX_UNLIKENESS[Math.min(length, MAX_UNLIKENESS.length - 1)] ?? 0;
    const allowed = isKnown ? Math.min(most, MAX_MISTAKEN_UNLIKENESS) : most;
    // Every sound that only one of them has weighs something.
    if (bitCount(heard.bits ^ meant.bits) > 5) return Number.POSITIVE_INFINITY;
    const weight = unlikeness(heard.said, meant.said, allowed);
    return weight > allowed ? Number.POSITIVE_INFINITY : COST.misheard + COST.misheardSounds * weight;
}

function spellingCost(heard: Candidate, meant: Candidate): number {
    const [said, wanted] = [heard.word.length, meant.word.length];
    if (said < SHORTEST_SPELLED || wanted < SHORTEST_SPELLED - 1) return Number.POSITIVE_INFINITY;
    const allowed = allowedEdits(Math.min(said, wanted), meant.name);
    if (bitCount(heard.letters ^ meant.letters) > 2 * allowed) return Number.POSITIVE_INFINITY;
    const edits = editDistance(heard.word, meant.word, allowed);
    return edits > allowed ? Number.POSITIVE_INFINITY : COST.misheard + (COST.misheardLetters * edits) / said;
}

function allowedEdits(length: number, name: boolean): number {
    if (name) return length < 6 ? 1 : 2;
    return length < 9 ? 1 : 2;
}

/** Which letters a word has: two words whose sets differ much can't be near each other. */
function bitsOf(word: string): number {
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

/**
 * An utterance with everything its words may stand for: themselves, a number in digits, nothing (a skip word), and, where
 * tolerance is asked for, what was probably said instead. Matching walks the lattice and the automaton side by side.
 */
import type { NumberReading, NumberWords } from "../numbers";
import type { Word } from "../words";
import type { Tolerance } from "./tolerance";

/** From one position to another over the words a template may have there. */
export interface Arc {
    readonly to: number;
    /** Empty: what is said here counts for nothing. */
    readonly words: readonly string[];
    /** What trust in the understanding it costs: 0 is none, 1 is all of it. */
    readonly cost: number;
}

export interface LatticeOptions {
    readonly numbers: NumberWords;
    readonly skipPhrases: SkipPhrases;
    /** Absent: only what was really said. */
    readonly tolerance?: Tolerance;
}

/** Phrases by their first word. */
export type SkipPhrases = ReadonlyMap<string, readonly (readonly string[])[]>;

/** Numbers above this are not spelled in names. */
const LARGEST_NUMBER_IN_NAMES = 99;

export class Lattice {
    readonly texts: readonly string[];
    readonly tolerance: Tolerance | undefined;
    readonly #options: LatticeOptions;
    readonly #arcs: (readonly Arc[] | undefined)[] = [];
    readonly #numbers: (readonly NumberReading[] | undefined)[] = [];

    constructor(
        readonly words: readonly Word[],
        options: LatticeOptions,
    ) {
        this.texts = words.map(({ text }) => text);
        this.tolerance = options.tolerance;
        this.#options = options;
    }

    get length(): number {
        return this.words.length;
    }

    arcs(at: number): readonly Arc[] {
        this.#arcs[at] ??= this.#arcsAt(at);
        return this.#arcs[at] ?? [];
    }

    numbers(at: number): readonly NumberReading[] {
        this.#numbers[at] ??= this.#options.numbers.readingsAt(this.texts, at);
        return this.#numbers[at] ?? [];
    }

    #arcsAt(at: number): Arc[] {
        const text = this.texts[at];
        if (text === undefined) return [];
        const arcs: Arc[] = [{ to: at + 1, words: [text], cost: 0 }];
        for (const phrase of this.#options.skipPhrases.get(text) ?? []) {
            if (phrase.every((word, index) => this.texts[at + index] === word)) {
                arcs.push({ to: at + phrase.length, words: [], cost: 0 });
            }
        }
        for (const { value, words } of this.numbers(at)) {
            // "lamp two" is the device "Lamp 2", and the other way round.
            const digits = String(value);
            if (digits !== text) arcs.push({ to: at + words, words: [digits], cost: 0 });
            else if (Number.isInteger(value) && value >= 0 && value <= LARGEST_NUMBER_IN_NAMES) {
                const spelled = this.#options.numbers.spelled(value);
                if (spelled !== undefined) arcs.push({ to: at + 1, words: spelled.toLowerCase().split(" "), cost: 0 });
            }
        }
        if (this.tolerance !== undefined) arcs.push(...this.tolerance.arcs(this.texts, at));
        return arcs;
    }
}

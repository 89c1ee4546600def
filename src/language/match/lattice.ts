/**
 * An utterance with everything its words may stand for: themselves, a number in digits, nothing (a skip word), and, where
 * tolerance is asked for, what was probably said instead. Matching walks the lattice and the automaton side by side.
 *
 * Its nodes are the places where a word begins and, where compounds are asked for, the places inside words at which the value
 * of a list may end: "Küchenlampe" is an area and a word though no space says so.
 */
import type { NumberReading, NumberWords } from "../numbers";
import { type Word, writtenLength } from "../words";
import type { Tolerance } from "./tolerance";

/** From one node to another over the words a template may have there. */
export interface Arc {
    readonly to: number;
    /** Empty: what is said here counts for nothing. */
    readonly words: readonly string[];
    /** What trust in the understanding it costs: 0 is none, 1 is all of it. */
    readonly cost: number;
}

/** From a node to one inside the same word, over the letters between them. */
export interface Stop {
    readonly to: number;
    readonly letters: string;
}

export interface NumberSaid {
    readonly value: number;
    readonly to: number;
    readonly digits: boolean;
}

export interface LatticeOptions {
    readonly numbers: NumberWords;
    readonly skipPhrases: SkipPhrases;
    /** Absent: only what was really said. */
    readonly tolerance?: Tolerance;
    /** Words that may be several written as one; not together with tolerance. */
    readonly compounds?: ReadonlySet<string>;
    /** Of the same words, with neither: what was really said is taken from it. */
    readonly plain?: Lattice;
}

/** Phrases by their first word. */
export type SkipPhrases = ReadonlyMap<string, readonly (readonly string[])[]>;

interface Node {
    readonly word: number;
    /** Letters of the word before the node; 0 where the word begins. */
    readonly offset: number;
}

/** Numbers above this are not spelled in names. */
const LARGEST_NUMBER_IN_NAMES = 99;
/** Letters of each part of a compound. */
const SHORTEST_PART = 2;
const NO_STOPS: readonly Stop[] = [];

export class Lattice {
    /** Of each word, not of each node. */
    readonly texts: readonly string[];
    readonly tolerance: Tolerance | undefined;
    readonly #options: LatticeOptions;
    readonly #nodes: readonly Node[];
    /** Node at which each word begins, and the last node. */
    readonly #starts: readonly number[];
    readonly #arcs: (readonly Arc[] | undefined)[] = [];
    readonly #numbers: (readonly NumberReading[] | undefined)[] = [];
    readonly #numbersSaid: (readonly NumberSaid[] | undefined)[] = [];

    constructor(
        readonly words: readonly Word[],
        options: LatticeOptions,
    ) {
        this.texts = words.map(({ text }) => text);
        this.tolerance = options.tolerance;
        this.#options = options;
        const nodes: Node[] = [];
        this.#starts = [...this.texts, ""].map((text, word) => {
            const start = nodes.push({ word, offset: 0 }) - 1;
            if (options.compounds?.has(text) === true) {
                for (let offset = SHORTEST_PART; offset <= text.length - SHORTEST_PART; offset += 1) {
                    nodes.push({ word, offset });
                }
            }
            return start;
        });
        this.#nodes = nodes;
    }

    /** The last node. */
    get end(): number {
        return this.#nodes.length - 1;
    }

    arcs(at: number): readonly Arc[] {
        this.#arcs[at] ??= this.#arcsAt(at);
        return this.#arcs[at] ?? [];
    }

    /** Numbers that begin here: their values and the nodes where they end. */
    numbers(at: number): readonly NumberSaid[] {
        this.#numbersSaid[at] ??= this.#numbersAt(at);
        return this.#numbersSaid[at] ?? [];
    }

    isInside(at: number): boolean {
        return this.#node(at).offset > 0;
    }

    /** The letters of a word from this node on. */
    rest(at: number): string {
        const { word, offset } = this.#node(at);
        return this.texts[word]?.slice(offset) ?? "";
    }

    stops(at: number): readonly Stop[] {
        const { word, offset } = this.#node(at);
        if (this.#nodes[at + 1]?.word !== word) return NO_STOPS;
        const stops: Stop[] = [];
        for (let to = at + 1; this.#nodes[to]?.word === word; to += 1) {
            stops.push({ to, letters: this.texts[word]?.slice(offset, this.#node(to).offset) ?? "" });
        }
        return stops;
    }

    /** Words that have letters between the nodes. */
    wordsBetween(from: number, to: number): number {
        const [first, last] = [this.#node(from), this.#node(to)];
        return last.word - first.word + (last.offset > 0 ? 1 : 0);
    }

    /** What stands between two nodes of the text that the words are from. */
    said(text: string, from: number, to: number): string {
        const [first, last] = [this.#node(from), this.#node(to)];
        const placeOf = ({ word, offset }: Node) => {
            const { from = 0, to = text.length } = this.words[word] ?? {};
            return from + writtenLength(text.slice(from, to), offset);
        };
        return text.slice(placeOf(first), last.offset > 0 ? placeOf(last) : this.words[last.word - 1]?.to);
    }

    #arcsAt(at: number): Arc[] {
        const { word, offset } = this.#node(at);
        const text = this.texts[word];
        if (text === undefined) return [];
        const next = this.#startOf(word + 1);
        if (offset > 0) return [{ to: next, words: [text.slice(offset)], cost: 0 }];
        const arcs: Arc[] = [{ to: next, words: [text], cost: 0 }];
        for (const phrase of this.#options.skipPhrases.get(text) ?? []) {
            if (phrase.every((each, index) => this.texts[word + index] === each)) {
                arcs.push({ to: this.#startOf(word + phrase.length), words: [], cost: 0 });
            }
        }
        for (const { value, words } of this.#numbersOf(word)) {
            // "lamp two" is the device "Lamp 2", and the other way round.
            const digits = String(value);
            if (digits !== text) arcs.push({ to: this.#startOf(word + words), words: [digits], cost: 0 });
            else if (Number.isInteger(value) && value >= 0 && value <= LARGEST_NUMBER_IN_NAMES) {
                const spelled = this.#options.numbers.spelled(value);
                if (spelled !== undefined) arcs.push({ to: next, words: spelled.toLowerCase().split(" "), cost: 0 });
            }
        }
        if (this.tolerance !== undefined) arcs.push(...this.tolerance.arcs(this.texts, word));
        return arcs;
    }

    #numbersAt(at: number): NumberSaid[] {
        const { word, offset } = this.#node(at);
        if (offset > 0) return [];
        return this.#numbersOf(word).map(({ value, digits, words }) => ({
            value,
            digits,
            to: this.#startOf(word + words),
        }));
    }

    #numbersOf(word: number): readonly NumberReading[] {
        this.#numbers[word] ??= this.#options.numbers.readingsAt(this.texts, word);
        return this.#numbers[word] ?? [];
    }

    #node(at: number): Node {
        return this.#nodes[at] ?? { word: this.texts.length, offset: 0 };
    }

    #startOf(word: number): number {
        return this.#starts[word] ?? this.end;
    }
}

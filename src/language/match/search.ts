/** Walks an utterance's lattice through a grammar's automaton and finds every way to understand all of it. */
import type { State, WordGraph } from "../automaton/automaton";
import type { HomeValue } from "../automaton/home-values";
import type { ListUse } from "../automaton/list-source";
import type { TextListValue } from "../file/model";
import type { Lattice } from "./lattice";
import { inRange, type ListMatchers } from "./list-matcher";

/** A value found for a list. */
export type FoundValue =
    | { readonly kind: "home"; readonly value: HomeValue }
    | { readonly kind: "text"; readonly value: TextListValue }
    | { readonly kind: "number"; readonly value: number }
    | { readonly kind: "wildcard"; readonly from: number; readonly to: number };

export interface SlotFound {
    readonly use: ListUse;
    readonly found: FoundValue;
}

/** One way through: the sentences (by number) that end there, with the slots on the way. */
export interface Reading {
    readonly ends: readonly number[];
    readonly slots: readonly SlotFound[];
    readonly cost: number;
    /** Words matched by free text. */
    readonly wildcardWords: number;
    /** Words matched by values of lists. */
    readonly listWords: number;
    readonly skippedWords: number;
}

interface Path {
    readonly state: State;
    readonly cost: number;
    readonly wildcardWords: number;
    readonly listWords: number;
    readonly skippedWords: number;
    readonly slot: SlotFound | undefined;
    readonly parent: Path | undefined;
}

interface ListMatch {
    readonly to: number;
    readonly found: FoundValue;
    readonly cost: number;
}

/** Ways kept to the same state at the same word: more are the same sentence with the same slots, read differently. */
const MAX_PATHS_PER_STATE = 8;
/** Steps of one search. An ordinary sentence takes some dozens; the bound is for texts made to be slow. */
const MAX_STEPS = 6_000;

export class Search {
    readonly #lists = new Map<object, (readonly ListMatch[] | undefined)[]>();
    #steps = 0;

    constructor(
        readonly lattice: Lattice,
        readonly matchers: ListMatchers,
    ) {}

    /** Readings of the whole utterance. */
    readings(automaton: WordGraph): Reading[] {
        const last = this.#explore(automaton, 0, true)[this.lattice.end];
        const readings: Reading[] = [];
        for (const paths of last?.values() ?? []) {
            for (const path of paths) {
                if (path.state.ends.length > 0) readings.push(readingOf(path));
            }
        }
        return readings;
    }

    /** Paths by node and state, from `from` as far as they lead. */
    #explore(automaton: WordGraph, from: number, top: boolean): (Map<State, Path[]> | undefined)[] {
        const { lattice } = this;
        const limit = lattice.tolerance?.limit ?? 0;
        const reached: (Map<State, Path[]> | undefined)[] = [];
        const open: (Path[] | undefined)[] = [];
        const reach = (at: number, path: Path) => {
            if (path.cost > limit) return;
            reached[at] ??= new Map();
            const paths = reached[at].get(path.state);
            if (paths === undefined) reached[at].set(path.state, [path]);
            else if (paths.length < MAX_PATHS_PER_STATE) paths.push(path);
            else {
                const worst = worstOf(paths);
                if (!isBetter(path, worst)) return;
                paths[paths.indexOf(worst)] = path;
            }
            open[at] ??= [];
            open[at].push(path);
        };
        reach(from, {
            state: automaton.start(),
            cost: 0,
            wildcardWords: 0,
            listWords: 0,
            skippedWords: 0,
            slot: undefined,
            parent: undefined,
        });
        for (let at = from; at <= lattice.end; at += 1) {
            // What ends inside a word is the value of a list, and ends there.
            const paths = !top && at > from && lattice.isInside(at) ? undefined : open[at];
            // Words left out of a template add paths to the same position while they are walked.
            for (let index = 0; paths !== undefined && index < paths.length; index += 1) {
                const path = paths[index];
                if (path === undefined || this.#steps > MAX_STEPS) break;
                this.#steps += 1;
                this.#step(automaton, path, at, top || at > from, reach);
                if (top) this.#stepLists(automaton, path, at, reach);
                else this.#stepInside(automaton, path, at, reach);
            }
        }
        return reached;
    }

    #step(automaton: WordGraph, path: Path, at: number, maySkip: boolean, reach: Reach): void {
        const { tolerance } = this.lattice;
        for (const { to, words, cost } of this.lattice.arcs(at)) {
            if (words.length === 0) {
                if (maySkip) {
                    const skippedWords = path.skippedWords + this.lattice.wordsBetween(at, to);
                    reach(to, moved(path, path.state, path.cost + cost, skippedWords));
                }
                continue;
            }
            const state = followAll(automaton, path.state, words);
            if (state !== undefined) reach(to, moved(path, state, path.cost + cost));
        }
        if (tolerance === undefined || path.cost + tolerance.droppedCost > tolerance.limit) return;
        for (const word of tolerance.droppable) {
            const transition = path.state.words.get(word);
            if (transition === undefined) continue;
            reach(at, moved(path, automaton.follow(transition), path.cost + tolerance.droppedCost));
        }
    }

    /** A value whose last word is only the beginning of one that was said. */
    #stepInside(automaton: WordGraph, path: Path, at: number, reach: Reach): void {
        for (const { to, letters } of this.lattice.stops(at)) {
            const transition = path.state.words.get(letters);
            if (transition === undefined) continue;
            const state = automaton.follow(transition);
            if (state.ends.length > 0) reach(to, moved(path, state, path.cost));
        }
    }

    #stepLists(automaton: WordGraph, path: Path, at: number, reach: Reach): void {
        for (const transition of path.state.lists) {
            const { use } = transition;
            for (const { to, found, cost } of this.#listMatches(use, at)) {
                const words = this.lattice.wordsBetween(at, to);
                const wild = found.kind === "wildcard";
                const state = automaton.follow(transition);
                // Free text ends inside a word only where the rest of it is a word of the sentence.
                if (wild && this.lattice.isInside(to) && !state.words.has(this.lattice.rest(to))) continue;
                reach(to, {
                    state,
                    cost: path.cost + cost,
                    wildcardWords: path.wildcardWords + (wild ? words : 0),
                    listWords: path.listWords + (wild ? 0 : words),
                    skippedWords: path.skippedWords,
                    slot: { use, found },
                    parent: path,
                });
            }
        }
    }

    #listMatches(use: ListUse, at: number): readonly ListMatch[] {
        const matcher = this.matchers.of(use);
        let byPosition = this.#lists.get(matcher);
        if (byPosition === undefined) {
            byPosition = [];
            this.#lists.set(matcher, byPosition);
        }
        byPosition[at] ??= [...this.#findList(use, at)];
        return byPosition[at] ?? [];
    }

    *#findList(use: ListUse, at: number): Generator<ListMatch> {
        const matcher = this.matchers.of(use);
        const { lattice } = this;
        if (matcher.kind === "wildcard") {
            if (lattice.isInside(at)) return;
            for (let to = at + 1; to <= lattice.end; to += 1) {
                yield { to, found: { kind: "wildcard", from: at, to }, cost: 0 };
            }
        } else if (matcher.kind === "range") {
            for (const { value, to, digits } of lattice.numbers(at)) {
                if (!inRange(value, matcher.range) || matcher.range[digits ? "digits" : "words"] === false) continue;
                const found = { kind: "number", value: value * matcher.range.multiplier } as const;
                yield { to, found, cost: 0 };
            }
        } else {
            yield* this.#valuesFound(matcher.automaton, matcher.values, at);
        }
    }

    /** Whether any value's first word was said here: of most lists none was. */
    #mayBegin({ words }: State, at: number): boolean {
        const { lattice } = this;
        for (const { words: said } of lattice.arcs(at)) {
            const [first] = said;
            if (first !== undefined && words.has(first)) return true;
        }
        for (const { letters } of lattice.stops(at)) if (words.has(letters)) return true;
        return lattice.tolerance?.droppable.some((word) => words.has(word)) === true;
    }

    *#valuesFound(
        automaton: WordGraph,
        values: readonly (HomeValue | TextListValue)[],
        at: number,
    ): Generator<ListMatch> {
        if (!this.#mayBegin(automaton.start(), at)) return;
        const reached = this.#explore(automaton, at, false);
        for (let to = at + 1; to < reached.length; to += 1) {
            for (const [state, paths] of reached[to] ?? []) {
                const { cost } = paths.reduce((best, path) => (isBetter(path, best) ? path : best));
                for (const end of state.ends) {
                    const value = values[end];
                    if (value === undefined) continue;
                    const found: FoundValue = "said" in value ? { kind: "home", value } : { kind: "text", value };
                    yield { to, found, cost };
                }
            }
        }
    }
}

type Reach = (at: number, path: Path) => void;

/** Written out, because copying a path with a spread is what a search would spend most of its time with. */
function moved(path: Path, state: State, cost: number, skippedWords = path.skippedWords): Path {
    const { wildcardWords, listWords, slot, parent } = path;
    return { state, cost, wildcardWords, listWords, skippedWords, slot, parent };
}

function followAll(automaton: WordGraph, from: State, words: readonly string[]): State | undefined {
    let state = from;
    for (const word of words) {
        const transition = state.words.get(word);
        if (transition === undefined) return undefined;
        state = automaton.follow(transition);
    }
    return state;
}

function isBetter(path: Path, than: Path): boolean {
    if (path.cost !== than.cost) return path.cost < than.cost;
    if (path.wildcardWords !== than.wildcardWords) return path.wildcardWords < than.wildcardWords;
    return path.skippedWords < than.skippedWords;
}

function worstOf(paths: readonly Path[]): Path {
    return paths.reduce((worst, path) => (isBetter(worst, path) ? path : worst));
}

function readingOf(path: Path): Reading {
    const slots: SlotFound[] = [];
    // `slot` and `parent` travel together: a path without a slot of its own carries those of the path it came from.
    for (let at: Path | undefined = path; at !== undefined; at = at.parent) {
        if (at.slot !== undefined) slots.unshift(at.slot);
    }
    const { cost, wildcardWords, listWords, skippedWords } = path;
    return { ends: path.state.ends, slots, cost, wildcardWords, listWords, skippedWords };
}

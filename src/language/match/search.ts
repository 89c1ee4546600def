/** Walks an utterance's lattice through a grammar's automaton and finds every way to understand all of it. */
import type { State, WordGraph } from "../automaton/automaton";
import type { HomeValue } from "../automaton/home-values";
import type { ListUse } from "../automaton/list-source";
import type { ListValue, NumberRange } from "../file/model";
import type { Lattice } from "./lattice";
import { inRange, type ListMatcher, type ListMatchers } from "./list-matcher";
import type { Outlook } from "./outlook";

/** A value found for a list. */
export type FoundValue =
    | { readonly kind: "home"; readonly value: HomeValue }
    | { readonly kind: "text"; readonly value: ListValue }
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

interface ListMatches {
    readonly byNode: (readonly ListMatch[] | undefined)[];
    readonly mayDrop: boolean;
}

const NONE: readonly never[] = [];
/** Ways kept to the same state at the same word: more are the same sentence with the same slots, read differently. */
const MAX_PATHS_PER_STATE = 8;
/** Steps of one search. An ordinary sentence takes some dozens; the bound is for texts made to be slow. */
const MAX_STEPS = 6_000;
/** Costs are added up in different orders. */
const ROUNDING = 1e-9;

export class Search {
    readonly #lists = new Map<ListMatcher, ListMatches>();
    readonly #tolerated: number;
    /** What a path may cost at most. */
    #limit: number;
    #steps = 0;

    /** @param outlook absent: nothing is given up before it has been tried */
    constructor(
        readonly lattice: Lattice,
        readonly matchers: ListMatchers,
        readonly outlook?: Outlook,
    ) {
        this.#tolerated = (lattice.tolerance?.limit ?? 0) + ROUNDING;
        this.#limit = this.#tolerated;
    }

    /** Whether the rest of the utterance costs too much from a state on. */
    #leadsNowhere({ ahead }: State, cost: number, at: number): boolean {
        return ahead !== undefined && this.outlook !== undefined && cost + this.outlook.cost(ahead, at) > this.#limit;
    }

    /**
     * Readings of the whole utterance.
     *
     * @param limit what they may cost at most, where that is less than what the utterance tolerates
     */
    readings(automaton: WordGraph, limit = Number.POSITIVE_INFINITY): Reading[] {
        this.#limit = Math.min(limit, this.#tolerated);
        this.#steps = 0;
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
        // Values of lists are kept for the next search, which may be more tolerant.
        const limit = top ? this.#limit : this.#tolerated;
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
        const start = automaton.start();
        if (this.#leadsNowhere(start, 0, from)) return reached;
        reach(from, {
            state: start,
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
                    if (this.#leadsNowhere(path.state, path.cost + cost, to)) continue;
                    const skippedWords = path.skippedWords + this.lattice.wordsBetween(at, to);
                    reach(to, moved(path, path.state, path.cost + cost, skippedWords));
                }
                continue;
            }
            const state = followAll(automaton, path.state, words);
            if (state === undefined || this.#leadsNowhere(state, path.cost + cost, to)) continue;
            reach(to, moved(path, state, path.cost + cost));
        }
        if (tolerance === undefined || path.cost + tolerance.droppedCost > tolerance.limit) return;
        for (const word of tolerance.droppable) {
            const transition = path.state.words.get(word);
            if (transition === undefined) continue;
            const state = automaton.follow(transition);
            const cost = path.cost + tolerance.droppedCost;
            if (!this.#leadsNowhere(state, cost, at)) reach(at, moved(path, state, cost));
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
            const { use, token } = transition;
            if (token !== undefined && this.outlook?.mayBegin(token, at) === false) continue;
            const matches = this.#listMatches(use, at);
            if (matches.length === 0) continue;
            const state = automaton.follow(transition);
            for (const { to, found, cost } of matches) {
                if (this.#leadsNowhere(state, path.cost + cost, to)) continue;
                const words = this.lattice.wordsBetween(at, to);
                const wild = found.kind === "wildcard";
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
        let known = this.#lists.get(matcher);
        if (known === undefined) {
            known = { byNode: [], mayDrop: this.#mayDrop(matcher) };
            this.#lists.set(matcher, known);
        }
        const found = known.byNode[at] ?? this.#found(matcher, at, known.mayDrop);
        known.byNode[at] = found;
        return found;
    }

    #found(matcher: ListMatcher, at: number, mayDrop: boolean): readonly ListMatch[] {
        switch (matcher.kind) {
            case "wildcard":
                return this.lattice.isInside(at) ? NONE : this.#wildcards(at);
            case "range":
                return this.#numbers(matcher.range, at);
            case "values":
                // Of most lists no value begins here.
                if (!mayDrop && !this.#begins(matcher.automaton.start(), at)) return NONE;
                return this.#valuesFound(matcher.automaton, matcher.values, at);
        }
    }

    #wildcards(at: number): readonly ListMatch[] {
        return Array.from({ length: this.lattice.end - at }, (_, index) => {
            const to = at + 1 + index;
            return { to, found: { kind: "wildcard", from: at, to }, cost: 0 };
        });
    }

    #numbers(range: NumberRange, at: number): readonly ListMatch[] {
        return this.lattice.numbers(at).flatMap(({ value, to, digits }): readonly ListMatch[] => {
            if (!inRange(value, range) || range[digits ? "digits" : "words"] === false) return NONE;
            return [{ to, found: { kind: "number", value: value * range.multiplier }, cost: 0 }];
        });
    }

    /** Whether a value was begun with: all of it, or its first word as the beginning of a compound. */
    #begins({ words }: State, at: number): boolean {
        for (const { words: said } of this.lattice.arcs(at)) {
            const [first] = said;
            if (first !== undefined && words.has(first)) return true;
        }
        return this.lattice.stops(at).some(({ letters }) => words.has(letters));
    }

    /** Whether a value's first word may be left out. */
    #mayDrop(matcher: ListMatcher): boolean {
        const { tolerance } = this.lattice;
        if (tolerance === undefined || matcher.kind !== "values") return false;
        const { words } = matcher.automaton.start();
        return tolerance.droppable.some((word) => words.has(word));
    }

    #valuesFound(automaton: WordGraph, values: readonly (HomeValue | ListValue)[], at: number): readonly ListMatch[] {
        const matches: ListMatch[] = [];
        const reached = this.#explore(automaton, at, false);
        for (let to = at + 1; to < reached.length; to += 1) {
            for (const [state, paths] of reached[to] ?? []) {
                const { cost } = paths.reduce((best, path) => (isBetter(path, best) ? path : best));
                for (const end of state.ends) {
                    const value = values[end];
                    if (value === undefined) continue;
                    const found: FoundValue = "said" in value ? { kind: "home", value } : { kind: "text", value };
                    matches.push({ to, found, cost });
                }
            }
        }
        return matches;
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

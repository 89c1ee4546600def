/**
 * All sentences of a grammar in one automaton over words. The states of their nondeterministic automaton that matching visits
 * are made deterministic on the way and kept, so sentences share their beginnings, a rule that many sentences contain is
 * walked once, and neither compiling nor a hostile set of templates can take exponential time.
 */

import { type Graph, NOTHING_SAID } from "./graph";
import type { ListUse } from "./list-source";
import { type Ahead, LookAhead, type Token } from "./look-ahead";

/** What can be said next, and which sentences (by the number given to `add`) end here. */
export interface State {
    readonly words: ReadonlyMap<string, Transition>;
    readonly lists: readonly ListTransition[];
    readonly ends: readonly number[];
    /** What may be said from here on; absent where nobody looks ahead, as in the values of lists. */
    readonly ahead?: Ahead;
}

export interface Transition {
    /** Nondeterministic states it leads to, before those reached without a word. */
    readonly targets: readonly number[];
    state?: State;
}

export interface ListTransition extends Transition {
    readonly use: ListUse;
    /** Absent where nobody looks ahead. */
    readonly token?: Token;
}

/** Sequences of words, one state after another. */
export interface WordGraph {
    /** Every word of every sentence, list values left out. */
    readonly vocabulary: ReadonlySet<string>;
    start(): State;
    follow(transition: Transition): State;
}

/** Deterministic states kept; beyond it they are made again when needed, so memory is bounded too. */
const MAX_KEPT_STATES = 50_000;
/** Those that most sentences begin with. */
const MAX_PREPARED_STATES = 400;

export class Automaton implements WordGraph {
    readonly vocabulary: ReadonlySet<string>;
    readonly lookAhead: LookAhead | undefined;
    readonly #graph: Graph;
    #kept = new Map<string, State>();
    #start: State | undefined;

    /** @param droppable words that a sentence may be said without; absent: nobody looks ahead */
    constructor(graph: Graph, droppable?: readonly string[]) {
        this.#graph = graph;
        this.vocabulary = new Set(graph.words);
        this.lookAhead = droppable && new LookAhead(graph, droppable);
    }

    /** Every list that a sentence uses. */
    get listUses(): readonly ListUse[] {
        return this.#graph.uses;
    }

    start(): State {
        this.#start ??= this.#stateOf([0]);
        return this.#start;
    }

    follow(transition: Transition): State {
        transition.state ??= this.#stateOf(transition.targets);
        return transition.state;
    }

    /** Makes the states that sentences begin with, so that the first ones said don't have to wait for them. */
    prepare(): void {
        const states = [this.start()];
        // Grows while it is walked.
        for (const { words, lists } of states) {
            for (const transition of [...words.values(), ...lists]) {
                if (states.length >= MAX_PREPARED_STATES) return;
                if (transition.state === undefined) states.push(this.follow(transition));
            }
        }
    }

    #stateOf(targets: readonly number[]): State {
        const speaking = this.#speaking(targets);
        const key = speaking.toSorted((a, b) => a - b).join(",");
        const known = this.#kept.get(key);
        if (known !== undefined) return known;
        if (this.#kept.size >= MAX_KEPT_STATES) this.#forget();
        const ahead = this.lookAhead?.ofAny(targets);
        const state = { ...this.#expanded(speaking), ...(ahead && { ahead }) };
        this.#kept.set(key, state);
        return state;
    }

    #forget(): void {
        // Transitions hold states too; starting over from a fresh start state lets all of them go.
        this.#kept = new Map();
        this.#start = undefined;
    }

    /**
     * Those that are reached without a word and in which something can be said or ends; in the order of the templates, so that
     * of two readings that differ in nothing else the one written first is found first.
     */
    #speaking(targets: readonly number[]): number[] {
        const { firstEdges, labels, targets: to, ends } = this.#graph;
        const reached = new Set<number>();
        const speaking: number[] = [];
        const next = targets.toReversed();
        for (let state = next.pop(); state !== undefined; state = next.pop()) {
            if (reached.has(state)) continue;
            reached.add(state);
            const first = firstEdges[state] ?? 0;
            let speaks = (ends[state] ?? -1) >= 0;
            for (let edge = (firstEdges[state + 1] ?? 0) - 1; edge >= first; edge -= 1) {
                if (labels[edge] === NOTHING_SAID) next.push(to[edge] ?? state);
                else speaks = true;
            }
            if (speaks) speaking.push(state);
        }
        return speaking;
    }

    #expanded(states: readonly number[]): Omit<State, "ahead"> {
        const { words: texts, uses, firstEdges, labels, targets, ends: endOf } = this.#graph;
        const words = new Map<string, { targets: number[] }>();
        const lists = new Map<ListUse, { use: ListUse; targets: number[]; token?: Token }>();
        const { lookAhead } = this;
        const ends = new Set<number>();
        for (const state of states) {
            for (let edge = firstEdges[state] ?? 0; edge < (firstEdges[state + 1] ?? 0); edge += 1) {
                const label = labels[edge] ?? NOTHING_SAID;
                const target = targets[edge] ?? 0;
                const word = texts[label];
                const use = uses[label - texts.length];
                if (word !== undefined) {
                    const known = words.get(word);
                    if (known === undefined) words.set(word, { targets: [target] });
                    else known.targets.push(target);
                } else if (use !== undefined) {
                    const known = lists.get(use);
                    if (known !== undefined) known.targets.push(target);
                    else lists.set(use, { use, targets: [target], ...(lookAhead && { token: lookAhead.ofList(use) }) });
                }
            }
            const end = endOf[state] ?? -1;
            if (end >= 0) ends.add(end);
        }
        return { words, lists: [...lists.values()], ends: [...ends] };
    }
}

/**
 * All sentences of a grammar in one automaton over words. Expressions go in as a nondeterministic automaton; the states that
 * matching visits are made deterministic on the way and kept, so sentences share their beginnings, a rule that many sentences
 * contain is walked once, and neither compiling nor a hostile set of templates can take exponential time.
 */

import type { ListUse } from "./list-source";
import { type Ahead, LookAhead, type Token } from "./look-ahead";
import type { WordExpression } from "./word-expression";

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
    readonly vocabulary = new Set<string>();
    /** Every list that a sentence uses, by its key. */
    readonly listUses = new Map<string, ListUse>();
    readonly #wordEdges: ([string, number][] | undefined)[] = [];
    readonly #listEdges: ([ListUse, number][] | undefined)[] = [];
    readonly #emptyEdges: (number[] | undefined)[] = [];
    readonly #ends: (number | undefined)[] = [];
    #states = 1;
    #kept = new Map<string, State>();
    #start: State | undefined;
    #lookAhead: LookAhead | undefined;

    /** Number of nondeterministic states. */
    get size(): number {
        return this.#states;
    }

    /** Ends with this number mean the expression. Its size has been checked. */
    add(expression: WordExpression, end: number): void {
        const last = this.#newState();
        this.#ends[last] = end;
        this.#build(expression, 0, last);
        this.#kept.clear();
        this.#start = undefined;
        this.#lookAhead = undefined;
    }

    /** Only there once it is prepared. */
    get lookAhead(): LookAhead | undefined {
        return this.#lookAhead;
    }

    start(): State {
        this.#start ??= this.#stateOf([0]);
        return this.#start;
    }

    follow(transition: Transition): State {
        transition.state ??= this.#stateOf(transition.targets);
        return transition.state;
    }

    /**
     * When all is added: makes the states that sentences begin with, so that the first ones said don't have to wait for them,
     * and lets states know what may follow.
     *
     * @param droppable words that a sentence may be said without
     */
    prepare(droppable: readonly string[]): void {
        const { vocabulary, listUses } = this;
        const graph = { words: this.#wordEdges, lists: this.#listEdges, nothing: this.#emptyEdges };
        this.#lookAhead = new LookAhead(vocabulary, listUses.values(), { ...graph, size: this.#states }, droppable);
        this.#kept.clear();
        this.#start = undefined;
        const states = [this.start()];
        // Grows while it is walked.
        for (const { words, lists } of states) {
            for (const transition of [...words.values(), ...lists]) {
                if (states.length >= MAX_PREPARED_STATES) return;
                if (transition.state === undefined) states.push(this.follow(transition));
            }
        }
    }

    #build(expression: WordExpression, from: number, to: number): void {
        switch (expression.kind) {
            case "word":
                this.vocabulary.add(expression.text);
                edgesOf(this.#wordEdges, from).push([expression.text, to]);
                break;
            case "list":
                this.listUses.set(expression.use.key, expression.use);
                edgesOf(this.#listEdges, from).push([expression.use, to]);
                break;
            case "rule":
                this.#build(expression.body, from, to);
                break;
            case "sequence": {
                let at = from;
                expression.items.forEach((item, index) => {
                    const next = index === expression.items.length - 1 ? to : this.#newState();
                    this.#build(item, at, next);
                    at = next;
                });
                if (expression.items.length === 0) edgesOf(this.#emptyEdges, from).push(to);
                break;
            }
            case "choice":
                for (const item of expression.items) this.#build(item, from, to);
                break;
            case "any-order":
                this.#buildAnyOrder(expression.items, from, to);
                break;
        }
    }

    /** One state per set of items already said. */
    #buildAnyOrder(items: readonly WordExpression[], from: number, to: number): void {
        const all = 2 ** items.length - 1;
        const said = Array.from({ length: all + 1 }, (_, set) => {
            if (set === 0) return from;
            return set === all ? to : this.#newState();
        });
        for (let set = 0; set < all; set += 1) {
            items.forEach((item, index) => {
                const bit = 1 << index;
                if ((set & bit) === 0) this.#build(item, said[set] ?? from, said[set | bit] ?? to);
            });
        }
    }

    #newState(): number {
        this.#states += 1;
        return this.#states - 1;
    }

    #stateOf(targets: readonly number[]): State {
        const reached = this.#withoutWords(targets);
        const key = reached.toSorted((a, b) => a - b).join(",");
        const known = this.#kept.get(key);
        if (known !== undefined) return known;
        if (this.#kept.size >= MAX_KEPT_STATES) this.#forget();
        const state = this.#expanded(reached);
        this.#kept.set(key, state);
        return state;
    }

    #forget(): void {
        // Transitions hold states too; starting over from a fresh start state lets all of them go.
        this.#kept = new Map();
        this.#start = undefined;
    }

    /** In the order of the templates, so that of two readings that differ in nothing else the one written first is found first. */
    #withoutWords(targets: readonly number[]): number[] {
        const reached = new Set<number>();
        const next = targets.toReversed();
        for (let state = next.pop(); state !== undefined; state = next.pop()) {
            if (reached.has(state)) continue;
            reached.add(state);
            const further = this.#emptyEdges[state];
            for (let index = (further?.length ?? 0) - 1; index >= 0; index -= 1) next.push(further?.[index] ?? state);
        }
        return [...reached];
    }

    #expanded(states: readonly number[]): State {
        const words = new Map<string, { targets: number[] }>();
        const lists = new Map<string, { use: ListUse; targets: number[]; token?: Token }>();
        const lookAhead = this.#lookAhead;
        const ends: number[] = [];
        for (const state of states) {
            for (const [word, target] of this.#wordEdges[state] ?? []) {
                const known = words.get(word);
                if (known === undefined) words.set(word, { targets: [target] });
                else known.targets.push(target);
            }
            for (const [use, target] of this.#listEdges[state] ?? []) {
                const known = lists.get(use.key);
                if (known === undefined) {
                    lists.set(use.key, { use, targets: [target], ...(lookAhead && { token: lookAhead.ofList(use) }) });
                } else known.targets.push(target);
            }
            const end = this.#ends[state];
            if (end !== undefined) ends.push(end);
        }
        const ahead = lookAhead?.ofAny(states);
        return { words, lists: [...lists.values()], ends: [...new Set(ends)], ...(ahead && { ahead }) };
    }
}

function edgesOf<T>(edges: (T[] | undefined)[], state: number): T[] {
    const known = edges[state];
    if (known !== undefined) return known;
    const created: T[] = [];
    edges[state] = created;
    return created;
}

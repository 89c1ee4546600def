/**
 * From sentences to the smallest automaton over words that accepts just them. It is built from the end: the state after a word
 * is known before the word, equal states are one object, and alternatives that begin alike are merged as they meet. So what a
 * thousand sentences share, front or back, is there once, whichever way their templates were written.
 */

import type { WordExpression } from "../automaton/word-expression";
import type { WordNetwork } from "../recogniser-grammar";

/**
 * States built on the way. A thousand devices take 8,000 with the built-in sentences; sentences that may go on in many ways after
 * many optional words can take a number that doubles with each of them.
 */
const MAX_STATES = 50_000;

/** Sentences that only an automaton too large to decode with would hold. */
export class NetworkTooLarge extends Error {
    override readonly name = "NetworkTooLarge";
}

interface State {
    readonly id: number;
    /** Whether a sentence may end here. */
    readonly isEnd: boolean;
    readonly arcs: ReadonlyMap<string, State>;
}

export class NetworkBuilder {
    readonly #byContent = new Map<string, State>();
    readonly #unions = new Map<string, State>();
    readonly #built = new Map<WordExpression, Map<State, State>>();
    #states = 0;
    readonly end = this.#state(true, new Map());

    /**
     * The state from which `expression` and then whatever `next` accepts can be said.
     * @throws NetworkTooLarge
     */
    before(next: State, expression: WordExpression): State {
        let byNext = this.#built.get(expression);
        if (byNext === undefined) {
            byNext = new Map();
            this.#built.set(expression, byNext);
        }
        const known = byNext.get(next);
        if (known !== undefined) return known;
        const state = this.#before(next, expression);
        byNext.set(next, state);
        return state;
    }

    #before(next: State, expression: WordExpression): State {
        switch (expression.kind) {
            case "word":
                return this.#state(false, new Map([[expression.text, next]]));
            case "rule":
                return this.before(next, expression.body);
            case "sequence":
                return expression.items.reduceRight((state, item) => this.before(state, item), next);
            case "choice":
                return this.union(expression.items.map((item) => this.before(next, item)));
            case "any-order":
                return this.#anyOrder(expression.items, next);
            case "list":
                // Lists have become choices of their values, or nothing, before anything is built.
                throw new TypeError(`The list ${expression.use.source.id} was not filled.`);
        }
    }

    /** A state per set of items still to come, whatever the order of those before. */
    #anyOrder(items: readonly WordExpression[], next: State): State {
        const bySet = new Map<number, State>([[0, next]]);
        const from = (left: number): State => {
            const known = bySet.get(left);
            if (known !== undefined) return known;
            const states = items.flatMap((item, index) => {
                const bit = 1 << index;
                return (left & bit) === 0 ? [] : [this.before(from(left & ~bit), item)];
            });
            const state = this.union(states);
            bySet.set(left, state);
            return state;
        };
        return from(2 ** items.length - 1);
    }

    /** The state from which everything can be said that can be said from any of these. */
    union(states: readonly State[]): State {
        const distinct = [...new Set(states)].sort((one, other) => one.id - other.id);
        const [only] = distinct;
        if (only === undefined) return this.#state(false, new Map());
        if (distinct.length === 1) return only;
        const key = distinct.map(({ id }) => id).join(" ");
        const known = this.#unions.get(key);
        if (known !== undefined) return known;
        const targets = new Map<string, State[]>();
        for (const { arcs } of distinct) {
            for (const [word, target] of arcs) {
                const alike = targets.get(word);
                if (alike === undefined) targets.set(word, [target]);
                else alike.push(target);
            }
        }
        const merged = new Map<string, State>();
        for (const [word, alike] of targets) merged.set(word, this.union(alike));
        const state = this.#state(
            distinct.some(({ isEnd }) => isEnd),
            merged,
        );
        this.#unions.set(key, state);
        return state;
    }

    #state(isEnd: boolean, arcs: ReadonlyMap<string, State>): State {
        const words = [...arcs.keys()].sort(alphabetically);
        const content = [isEnd ? "end" : "", ...words.map((word) => `${word} ${arcs.get(word)?.id}`)].join("\n");
        const known = this.#byContent.get(content);
        if (known !== undefined) return known;
        if (this.#states === MAX_STATES) throw new NetworkTooLarge();
        const state: State = { id: this.#states, isEnd, arcs };
        this.#states += 1;
        this.#byContent.set(content, state);
        return state;
    }
}

function alphabetically(one: string, other: string): number {
    return one < other ? -1 : 1;
}

/** States are numbered as they are reached, words by the alphabet: equal sentences give equal networks. */
export function networkFrom(start: State): WordNetwork {
    const words = new Set<string>();
    const reached = new Set([start]);
    for (const { arcs } of reached) {
        for (const [word, target] of arcs) {
            words.add(word);
            reached.add(target);
        }
    }
    const sorted = [...words].sort(alphabetically);
    const numberOfWord = new Map(sorted.map((word, index) => [word, index]));
    const numberOfState = new Map([...reached].map((state, index) => [state, index]));
    const arcs = [...reached].flatMap((state) =>
        [...state.arcs].map(([word, target]) => [
            numberOfState.get(state) ?? 0,
            numberOfState.get(target) ?? 0,
            numberOfWord.get(word) ?? 0,
        ]),
    );
    return {
        words: sorted,
        states: sorted.length === 0 ? 0 : reached.size,
        arcs: Int32Array.from(arcs.flat()),
        ends: [...reached].flatMap((state, index) => (state.isEnd && sorted.length > 0 ? [index] : [])),
    };
}

/** Sentences as a nondeterministic automaton over words: plain numbers, so that it can be stored and read back at once. */
import type { ListUse } from "./list-source";
import type { WordExpression } from "./word-expression";

/** States are numbers, 0 is where sentences begin. There are no circles. */
export interface Graph {
    /** Every word of every sentence, list values left out. */
    readonly words: readonly string[];
    /** Every list that a sentence uses. */
    readonly uses: readonly ListUse[];
    /** By state, its first edge; one more than there are states. */
    readonly firstEdges: Uint32Array;
    /** By edge: a place in `words`, or behind them one in `uses`, or `NOTHING_SAID`. */
    readonly labels: Int32Array;
    /** By edge, the state it leads to. */
    readonly targets: Uint32Array;
    /** By state, the sentence that ends there; -1 for none. */
    readonly ends: Int32Array;
}

export const NOTHING_SAID = -1;

export class GraphBuilder {
    readonly #words = new Map<string, number>();
    readonly #uses = new Map<string, { readonly use: ListUse; readonly place: number }>();
    readonly #from: number[] = [];
    readonly #to: number[] = [];
    /** Of each edge: as in a graph, but -2 and below for lists. */
    readonly #labels: number[] = [];
    readonly #ends = new Map<number, number>();
    #states = 1;

    /** Number of states. */
    get size(): number {
        return this.#states;
    }

    /** Ends with this number mean the expression. Its size has been checked. */
    add(expression: WordExpression, end: number): void {
        const last = this.#newState();
        this.#ends.set(last, end);
        this.#build(expression, 0, last);
    }

    graph(): Graph {
        const firstEdges = new Uint32Array(this.#states + 1);
        for (const from of this.#from) firstEdges[from + 1] = (firstEdges[from + 1] ?? 0) + 1;
        for (let state = 0; state < this.#states; state += 1) {
            firstEdges[state + 1] = (firstEdges[state + 1] ?? 0) + (firstEdges[state] ?? 0);
        }
        const labels = new Int32Array(this.#from.length);
        const targets = new Uint32Array(this.#from.length);
        const next = firstEdges.slice();
        for (const [index, from] of this.#from.entries()) {
            const edge = next[from] ?? 0;
            const label = this.#labels[index] ?? NOTHING_SAID;
            labels[edge] = label < NOTHING_SAID ? this.#words.size - 2 - label : label;
            targets[edge] = this.#to[index] ?? 0;
            next[from] = edge + 1;
        }
        const ends = new Int32Array(this.#states).fill(-1);
        for (const [state, end] of this.#ends) ends[state] = end;
        return {
            words: [...this.#words.keys()],
            uses: Array.from(this.#uses.values(), ({ use }) => use),
            firstEdges,
            labels,
            targets,
            ends,
        };
    }

    #build(expression: WordExpression, from: number, to: number): void {
        switch (expression.kind) {
            case "word":
                this.#edge(from, this.#ofWord(expression.text), to);
                break;
            case "list":
                this.#edge(from, -2 - this.#ofList(expression.use), to);
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
                if (expression.items.length === 0) this.#edge(from, NOTHING_SAID, to);
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

    #edge(from: number, label: number, to: number): void {
        this.#from.push(from);
        this.#labels.push(label);
        this.#to.push(to);
    }

    #ofWord(text: string): number {
        const known = this.#words.get(text) ?? this.#words.size;
        this.#words.set(text, known);
        return known;
    }

    #ofList(use: ListUse): number {
        const known = this.#uses.get(use.key) ?? { use, place: this.#uses.size };
        this.#uses.set(use.key, known);
        return known.place;
    }

    #newState(): number {
        this.#states += 1;
        return this.#states - 1;
    }
}

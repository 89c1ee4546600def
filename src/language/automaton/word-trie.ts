/** Names as a tree of their words: an automaton for texts without alternatives, built at once and cheap to build again. */
import type { State, Transition, WordGraph } from "./automaton";

interface Node {
    readonly words: Map<string, Transition & { readonly state: Node }>;
    readonly lists: readonly [];
    readonly ends: number[];
}

export class WordTrie implements WordGraph {
    readonly vocabulary = new Set<string>();
    readonly #start = nodeWithout();

    /** Ends with this number mean the words. */
    add(words: readonly string[], end: number): void {
        let at = this.#start;
        for (const word of words) {
            this.vocabulary.add(word);
            const known = at.words.get(word);
            const next = known?.state ?? nodeWithout();
            if (known === undefined) at.words.set(word, { targets: [], state: next });
            at = next;
        }
        at.ends.push(end);
    }

    start(): State {
        return this.#start;
    }

    follow(transition: Transition): State {
        return transition.state ?? this.#start;
    }
}

function nodeWithout(): Node {
    return { words: new Map(), lists: [], ends: [] };
}

/**
 * The network as the decoder takes it: weighed, and in large homes with fewer states and longer words. PocketSphinx looks at
 * every state of its grammar twice in each 10 ms of sound, whether or not anything leads there, but walks the words that leave
 * one state as one tree of their phones. So states give way to phrases: where only "spotlight" can follow "upper", both are one
 * word to the decoder.
 */
import type { WordNetwork } from "../../language";

/**
 * States up to which a network is left as it is. What is one word to the decoder has to be said without a pause, so it is done
 * to networks that would be slow otherwise, and to no more of them than that takes.
 */
const ENOUGH_STATES = 300;
/** Words in a phrase; few names of things have more. */
const LONGEST_PHRASE = 6;
/** Stands between the words of a phrase; no word of a sentence has it. */
const JOINT = "_";

export interface PhraseNetwork {
    /** Words, and words that are one to the decoder: `wordsOfPhrase` takes them apart. */
    readonly words: readonly string[];
    /** Number of states; 0 is the start. */
    readonly states: number;
    readonly arcs: readonly {
        readonly from: number;
        readonly to: number;
        /** Index in `words`. */
        readonly word: number;
        readonly share: number;
    }[];
    /** Where a sentence may end, and how probable it is there that it does. */
    readonly ends: readonly { readonly state: number; readonly share: number }[];
    /**
     * Whether the shares count with the decoder's language weight. In a home with many names they would make every name less
     * likely than the sentences that have none.
     */
    readonly isWeighty: boolean;
}

/** A network that does not hang together; the decoder itself would read or write anywhere. */
export class BrokenNetwork extends Error {
    override readonly name = "BrokenNetwork";
}

/** The words of what is one word to the decoder. */
export function wordsOfPhrase(phrase: string): string[] {
    return phrase.split(JOINT);
}

/** Whatever may come next is as probable as the rest of it. @throws BrokenNetwork */
export function phraseNetwork(network: WordNetwork): PhraseNetwork {
    check(network);
    const apart = enteredByOneWord(network);
    const graph = new PhraseGraph(apart ?? network);
    // Numbers grow with the distance from the start: names give way before the openings of sentences.
    for (let state = network.states - 1; state > 0; state -= 1) {
        if (graph.states <= ENOUGH_STATES) break;
        graph.joinOptionalWords(state);
    }
    for (let state = network.states - 1; state > 0; state -= 1) {
        if (graph.states <= ENOUGH_STATES) break;
        graph.joinThrough(state);
    }
    return { ...graph.network(), isWeighty: apart !== undefined };
}

function check({ words, states, arcs, ends }: WordNetwork): void {
    const isState = (state: number) => Number.isInteger(state) && state >= 0 && state < states;
    if (arcs.length % 3 !== 0) throw new BrokenNetwork("The recogniser's sentences are incomplete.");
    for (let at = 0; at < arcs.length; at += 3) {
        const [from = -1, to = -1, word = -1] = arcs.subarray(at, at + 3);
        if (isState(from) && isState(to) && word >= 0 && word < words.length) continue;
        throw new BrokenNetwork(`Arc ${at / 3} of the recogniser's sentences leads nowhere (${from}, ${to}, ${word}).`);
    }
    if (!ends.every(isState)) throw new BrokenNetwork("The recogniser's sentences end in a state that is none.");
}

/**
 * The same sentences with a state for each word that leads to it; undefined where that makes too many. PocketSphinx keeps the ways into a
 * state apart by what sounds before it only so far; states that several words lead to made it hear "a lot of" for "and lots of".
 */
function enteredByOneWord(network: WordNetwork): WordNetwork | undefined {
    const { words, arcs, ends } = network;
    const copies = new Map<number, number[]>([[0, [0]]]);
    const byWord = new Map<string, number>();
    const keyOf = (to: number, word: number) => `${to} ${word}`;
    for (let at = 0; at < arcs.length; at += 3) {
        const [, to = 0, word = 0] = arcs.subarray(at, at + 3);
        if (byWord.has(keyOf(to, word))) continue;
        const state = byWord.size + 1;
        byWord.set(keyOf(to, word), state);
        copies.set(to, [...(copies.get(to) ?? []), state]);
    }
    const states = byWord.size + 1;
    if (states > ENOUGH_STATES) return undefined;
    const split: number[] = [];
    for (let at = 0; at < arcs.length; at += 3) {
        const [from = 0, to = 0, word = 0] = arcs.subarray(at, at + 3);
        for (const copy of copies.get(from) ?? []) split.push(copy, byWord.get(keyOf(to, word)) ?? 0, word);
    }
    return {
        words,
        states,
        arcs: Int32Array.from(split),
        ends: ends.flatMap((end) => copies.get(end) ?? []),
    };
}

interface Arc {
    readonly from: number;
    readonly to: number;
    readonly phrase: string;
    readonly length: number;
    readonly share: number;
}

class PhraseGraph {
    readonly #leaving: Set<Arc>[];
    readonly #entering: Set<Arc>[];
    readonly #ends: ReadonlyMap<number, number>;
    states: number;

    constructor({ words, states, arcs, ends }: WordNetwork) {
        this.states = states;
        this.#leaving = Array.from({ length: states }, () => new Set<Arc>());
        this.#entering = Array.from({ length: states }, () => new Set<Arc>());
        const ways = new Uint32Array(states);
        for (let at = 0; at < arcs.length; at += 3) ways[arcs[at] ?? 0] = (ways[arcs[at] ?? 0] ?? 0) + 1;
        for (const end of ends) ways[end] = (ways[end] ?? 0) + 1;
        const shareIn = (state: number) => 1 / (ways[state] ?? 1);
        this.#ends = new Map(ends.map((end) => [end, shareIn(end)]));
        for (let at = 0; at < arcs.length; at += 3) {
            const [from = 0, to = 0, word = 0] = arcs.subarray(at, at + 3);
            this.#add({ from, to, phrase: words[word] ?? "", length: 1, share: shareIn(from) });
        }
    }

    /**
     * Where the words that leave a state may also be said after an article, as in "turn on [the] …": "on" and "on the" lead to
     * the same state, and the names stand there only once.
     */
    joinOptionalWords(state: number): void {
        if (this.#ends.has(state)) return;
        const leaving = this.#arcs(this.#leaving, state);
        for (const target of new Set(leaving.map(({ to }) => to))) {
            const articles = leaving.filter(({ to }) => to === target);
            const others = leaving.filter(({ to }) => to !== target);
            if (others.length === 0 || !this.#leavesBy(target, others)) continue;
            const entering = this.#arcs(this.#entering, state);
            const withoutArticle = others.reduce((sum, { share }) => sum + share, 0);
            this.#remove(state);
            for (const arc of entering) {
                this.#add({ ...arc, to: target, share: arc.share * withoutArticle });
                for (const article of articles) this.#add(joined(arc, article));
            }
            return;
        }
    }

    /** Where one word leads to a state, or one leaves it, each two words become a phrase. */
    joinThrough(state: number): void {
        const entering = this.#arcs(this.#entering, state);
        const leaving = this.#arcs(this.#leaving, state);
        if (this.#ends.has(state) || (entering.length > 1 && leaving.length > 1)) return;
        const phrases = entering.flatMap((first) => leaving.map((second) => joined(first, second)));
        if (phrases.length === 0 || phrases.some(({ length }) => length > LONGEST_PHRASE)) return;
        this.#remove(state);
        for (const phrase of phrases) this.#add(phrase);
    }

    network(): Omit<PhraseNetwork, "isWeighty"> {
        const states = new Map([[0, 0]]);
        const words = new Map<string, number>();
        const arcs = this.#leaving
            .flatMap((leaving) => [...leaving])
            .map(({ from, to, phrase, share }) => ({
                from: numberIn(states, from),
                to: numberIn(states, to),
                word: numberIn(words, phrase),
                share,
            }));
        const ends = [...this.#ends].map(([end, share]) => ({ state: numberIn(states, end), share }));
        return { words: [...words.keys()], states: states.size, arcs, ends };
    }

    /** Whether just these words leave it, and lead to the same states. */
    #leavesBy(state: number, arcs: readonly Arc[]): boolean {
        const leaving = this.#arcs(this.#leaving, state);
        if (leaving.length !== arcs.length || this.#ends.has(state)) return false;
        const known = new Set(leaving.map(({ to, phrase }) => `${to} ${phrase}`));
        return arcs.every(({ to, phrase }) => known.has(`${to} ${phrase}`));
    }

    #arcs(sets: readonly ReadonlySet<Arc>[], state: number): Arc[] {
        return [...(sets[state] ?? [])];
    }

    #add(arc: Arc): void {
        this.#leaving[arc.from]?.add(arc);
        this.#entering[arc.to]?.add(arc);
    }

    #remove(state: number): void {
        for (const arc of this.#arcs(this.#entering, state)) this.#leaving[arc.from]?.delete(arc);
        for (const arc of this.#arcs(this.#leaving, state)) this.#entering[arc.to]?.delete(arc);
        this.#leaving[state] = new Set();
        this.#entering[state] = new Set();
        this.states -= 1;
    }
}

function joined(first: Arc, second: Arc): Arc {
    return {
        from: first.from,
        to: second.to,
        phrase: first.phrase + JOINT + second.phrase,
        length: first.length + second.length,
        share: first.share * second.share,
    };
}

function numberIn<T>(numbers: Map<T, number>, key: T): number {
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
}

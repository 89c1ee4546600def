/**
 * Which words and lists may still follow in a state of an automaton. A sentence with a word that nothing ahead can take is
 * given up at once, where walking on would only find that out after trying everything before that word.
 */
import type { Graph } from "./graph";
import { glueOf, type ListUse } from "./list-source";

/** A word of the templates or a kind of list, as a number. */
export type Token = number;

/** What may follow; equal ones are one object. */
export interface Ahead {
    /** A bit for each token, by `Token % TOKENS`. */
    readonly bits: Uint32Array;
    /** Whether free text may come next. */
    readonly wildcardNext: boolean;
}

export const RANGE_TOKEN: Token = 0;
export const WILDCARD_TOKEN: Token = 1;
/** Of an edge over which nothing is said. */
const NO_TOKEN: Token = -1;
/** Tokens told apart: beyond, two share a bit, which only gives up less. */
const TOKENS = 1_024;
const WORDS = TOKENS / 32;

export class LookAhead {
    readonly #tokens = new Map<string, Token>();
    readonly #byHash = new Map<number, Ahead[]>();
    readonly #ofState: readonly Ahead[];
    /** By token: 1 where free text may come right after. */
    readonly beforeWildcards: Uint8Array;

    /** @param droppable words that a sentence may be said without */
    constructor(graph: Graph, droppable: readonly string[]) {
        let next = WILDCARD_TOKEN + 1;
        for (const word of graph.words) this.#tokens.set(word, next++);
        for (const use of graph.uses) {
            const key = keyOf(use);
            if (!isFree(use) && !this.#tokens.has(key)) this.#tokens.set(key, next++);
        }
        const labels = [...graph.words.map((word) => this.ofWord(word)), ...graph.uses.map((use) => this.ofList(use))];
        const tokens = graph.labels.map((label) => labels[label] ?? NO_TOKEN);
        const { before, states } = lookedBack(
            graph,
            tokens,
            new Set(droppable.map((word) => this.#tokens.get(word) ?? NO_TOKEN)),
        );
        this.beforeWildcards = new Uint8Array(next);
        for (const token of before) this.beforeWildcards[token] = 1;
        this.#ofState = this.#explored(graph, tokens, states);
    }

    /** Of a word of the templates. */
    ofWord(word: string): Token {
        return this.#tokens.get(word) ?? RANGE_TOKEN;
    }

    ofList(use: ListUse): Token {
        if (use.source.kind === "range") return RANGE_TOKEN;
        return use.source.kind === "wildcard" ? WILDCARD_TOKEN : (this.#tokens.get(keyOf(use)) ?? WILDCARD_TOKEN);
    }

    /** What may follow in any of the states. */
    ofAny(states: readonly number[]): Ahead {
        const bits = noTokens();
        let wildcardNext = false;
        const seen = new Set<Ahead>();
        for (const state of states) {
            const ahead = this.#ofState[state];
            if (ahead === undefined || seen.has(ahead)) continue;
            seen.add(ahead);
            unite(bits, ahead.bits);
            wildcardNext ||= ahead.wildcardNext;
        }
        return this.#only(bits, wildcardNext);
    }

    /** From the last states to the first, without recursion: sentences may be long. */
    #explored({ firstEdges, targets }: Graph, tokens: Int32Array, beforeWildcards: ReadonlySet<number>): Ahead[] {
        const size = firstEdges.length - 1;
        const known: Ahead[] = new Array<Ahead>(size);
        const open: number[] = [];
        const bits = noTokens();
        for (let state = size - 1; state >= 0; state -= 1) {
            open.push(state);
            for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
                const waiting = open.length;
                const end = firstEdges[at + 1] ?? 0;
                for (let edge = firstEdges[at] ?? 0; edge < end && known[at] === undefined; edge += 1) {
                    const to = targets[edge] ?? 0;
                    if (known[to] === undefined) open.push(to);
                }
                if (open.length > waiting) continue;
                open.pop();
                if (known[at] !== undefined) continue;
                bits.fill(0);
                for (let edge = firstEdges[at] ?? 0; edge < end; edge += 1) {
                    const token = tokens[edge] ?? NO_TOKEN;
                    if (token !== NO_TOKEN) mark(bits, token);
                    unite(bits, known[targets[edge] ?? 0]?.bits);
                }
                known[at] = this.#only(bits, beforeWildcards.has(at));
            }
        }
        return known;
    }

    /** One object for all that are equal; the bits are copied where they are new. */
    #only(bits: Uint32Array, wildcardNext: boolean): Ahead {
        let hash = Number(wildcardNext);
        for (let index = 0; index < WORDS; index += 1) hash = (Math.imul(hash, 31) + (bits[index] ?? 0)) | 0;
        const alike = this.#byHash.get(hash);
        const known = alike?.find((other) => other.wildcardNext === wildcardNext && areEqual(other.bits, bits));
        if (known !== undefined) return known;
        const ahead = { bits: bits.slice(), wildcardNext };
        if (alike === undefined) this.#byHash.set(hash, [ahead]);
        else alike.push(ahead);
        return ahead;
    }
}

/**
 * States from which free text may come next, and the tokens that it may stand behind; a word that may be left out lets what is
 * before it through.
 */
function lookedBack({ firstEdges, targets, uses, words, labels }: Graph, tokens: Int32Array, droppable: Set<Token>) {
    const states = new Set<number>();
    const from = new Uint32Array(targets.length);
    /** By state, an edge that leads there, and by edge another one to the same state. */
    const into = new Int32Array(firstEdges.length).fill(-1);
    const another = new Int32Array(targets.length);
    for (let state = 0; state + 1 < firstEdges.length; state += 1) {
        for (let edge = firstEdges[state] ?? 0; edge < (firstEdges[state + 1] ?? 0); edge += 1) {
            const to = targets[edge] ?? 0;
            from[edge] = state;
            another[edge] = into[to] ?? -1;
            into[to] = edge;
            if (uses[(labels[edge] ?? 0) - words.length]?.source.kind === "wildcard") states.add(state);
        }
    }
    const before = new Set<Token>();
    // Grows while it is walked.
    for (const state of states) {
        for (let edge = into[state] ?? -1; edge >= 0; edge = another[edge] ?? -1) {
            const token = tokens[edge] ?? NO_TOKEN;
            if (token !== NO_TOKEN) before.add(token);
            if (token === NO_TOKEN || droppable.has(token)) states.add(from[edge] ?? 0);
        }
    }
    return { before, states };
}

function keyOf(use: ListUse): string {
    return `${use.source.id}:${glueOf(use)}`;
}

function isFree({ source }: ListUse): boolean {
    return source.kind === "range" || source.kind === "wildcard";
}

export function noTokens(): Uint32Array {
    return new Uint32Array(WORDS);
}

export function has(bits: Uint32Array, token: Token): boolean {
    const bit = token % TOKENS;
    return (((bits[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
}

export function mark(bits: Uint32Array, token: Token): void {
    const bit = token % TOKENS;
    bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
}

function areEqual(one: Uint32Array, other: Uint32Array): boolean {
    for (let index = 0; index < WORDS; index += 1) if (one[index] !== other[index]) return false;
    return true;
}

function unite(bits: Uint32Array, other: Uint32Array | undefined): void {
    if (other === undefined) return;
    for (let index = 0; index < WORDS; index += 1) bits[index] = (bits[index] ?? 0) | (other[index] ?? 0);
}

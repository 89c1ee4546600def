/**
 * Which words and lists may still follow in a state of an automaton. A sentence with a word that nothing ahead can take is
 * given up at once, where walking on would only find that out after trying everything before that word.
 */
import type { ListUse } from "./list-source";

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
/** Tokens told apart: beyond, two share a bit, which only gives up less. */
const TOKENS = 1_024;
const WORDS = TOKENS / 32;

/** Edges by the state that they leave. There are no circles. */
export interface Graph {
    readonly size: number;
    readonly words: readonly (readonly (readonly [string, number])[] | undefined)[];
    readonly lists: readonly (readonly (readonly [ListUse, number])[] | undefined)[];
    readonly nothing: readonly (readonly number[] | undefined)[];
}

export class LookAhead {
    readonly #tokens = new Map<string, Token>();
    readonly #byHash = new Map<number, Ahead[]>();
    readonly #ofState: Ahead[];
    /** By token: 1 where free text may come right after. */
    readonly beforeWildcards: Uint8Array;
    /** States from which free text may come next. */
    readonly #beforeWildcardStates: ReadonlySet<number>;

    constructor(vocabulary: Iterable<string>, uses: Iterable<ListUse>, graph: Graph, droppable: readonly string[]) {
        let next = WILDCARD_TOKEN + 1;
        for (const word of vocabulary) this.#tokens.set(word, next++);
        for (const use of uses) {
            const key = keyOf(use);
            if (!isFree(use) && !this.#tokens.has(key)) this.#tokens.set(key, next++);
        }
        const { tokens, states } = this.#lookedBack(graph, new Set(droppable));
        this.beforeWildcards = new Uint8Array(next);
        for (const token of tokens) this.beforeWildcards[token] = 1;
        this.#beforeWildcardStates = states;
        this.#ofState = this.#explored(graph);
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
        const bits = new Uint32Array(WORDS);
        const seen = new Set<Ahead>();
        for (const state of states) {
            const ahead = this.#ofState[state];
            if (ahead === undefined || seen.has(ahead)) continue;
            seen.add(ahead);
            unite(bits, ahead.bits);
        }
        return this.#only(
            bits,
            states.some((state) => this.#beforeWildcardStates.has(state)),
        );
    }

    /** From the last states to the first, without recursion: sentences may be long. */
    #explored({ words, lists, nothing, size }: Graph): Ahead[] {
        const known: Ahead[] = new Array<Ahead>(size);
        const open: number[] = [];
        const targetsOf = (state: number) => [
            ...(words[state] ?? []).map(([, to]) => to),
            ...(lists[state] ?? []).map(([, to]) => to),
            ...(nothing[state] ?? []),
        ];
        for (let state = size - 1; state >= 0; state -= 1) {
            open.push(state);
            while (open.length > 0) {
                const at = open.at(-1) ?? 0;
                const waiting = known[at] === undefined ? targetsOf(at).filter((to) => known[to] === undefined) : [];
                open.push(...waiting);
                if (waiting.length > 0) continue;
                open.pop();
                if (known[at] !== undefined) continue;
                const bits = new Uint32Array(WORDS);
                for (const [word, to] of words[at] ?? []) {
                    mark(bits, this.ofWord(word));
                    unite(bits, known[to]?.bits);
                }
                for (const [use, to] of lists[at] ?? []) {
                    mark(bits, this.ofList(use));
                    unite(bits, known[to]?.bits);
                }
                for (const to of nothing[at] ?? []) unite(bits, known[to]?.bits);
                known[at] = this.#only(bits, this.#beforeWildcardStates.has(at));
            }
        }
        return known;
    }

    /** What free text may stand behind; a word that may be left out lets what is before it through. */
    #lookedBack({ words, lists, nothing, size }: Graph, droppable: ReadonlySet<string>) {
        const through: (number[] | undefined)[] = new Array<number[] | undefined>(size);
        const entries: (Token[] | undefined)[] = new Array<Token[] | undefined>(size);
        const into = <T>(lists: (T[] | undefined)[], at: number, item: T) => {
            const known = lists[at];
            if (known === undefined) lists[at] = [item];
            else known.push(item);
        };
        const open: number[] = [];
        for (let state = 0; state < size; state += 1) {
            for (const [word, to] of words[state] ?? []) {
                into(entries, to, this.ofWord(word));
                if (droppable.has(word)) into(through, to, state);
            }
            for (const [use, to] of lists[state] ?? []) into(entries, to, this.ofList(use));
            for (const to of nothing[state] ?? []) into(through, to, state);
            if (lists[state]?.some(([use]) => use.source.kind === "wildcard")) open.push(state);
        }
        const tokens = new Set<Token>();
        const seen = new Set(open);
        // Grows while it is walked.
        for (const state of seen) {
            for (const token of entries[state] ?? []) tokens.add(token);
            for (const before of through[state] ?? []) seen.add(before);
        }
        return { tokens, states: seen };
    }

    #only(bits: Uint32Array, wildcardNext: boolean): Ahead {
        let hash = Number(wildcardNext);
        for (const part of bits) hash = (Math.imul(hash, 31) + part) | 0;
        const alike = this.#byHash.get(hash);
        const known = alike?.find(
            (other) => other.wildcardNext === wildcardNext && other.bits.every((part, index) => part === bits[index]),
        );
        if (known !== undefined) return known;
        const ahead = { bits, wildcardNext };
        if (alike === undefined) this.#byHash.set(hash, [ahead]);
        else alike.push(ahead);
        return ahead;
    }
}

function keyOf({ source, prefix, suffix }: ListUse): string {
    // Words have no colons.
    return `${source.id}:${prefix}:${suffix}`;
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

function unite(bits: Uint32Array, other: Uint32Array | undefined): void {
    if (other === undefined) return;
    for (let index = 0; index < WORDS; index += 1) bits[index] = (bits[index] ?? 0) | (other[index] ?? 0);
}

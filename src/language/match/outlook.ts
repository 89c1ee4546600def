/** What the rest of an utterance costs at least, from any place on and with only what may follow in a state. */
import type { ListUse } from "../automaton/list-source";
import {
    type Ahead,
    has,
    type LookAhead,
    mark,
    noTokens,
    RANGE_TOKEN,
    type Token,
    WILDCARD_TOKEN,
} from "../automaton/look-ahead";
import type { Lattice } from "./lattice";
import type { ListMatchers } from "./list-matcher";

const NO_TOKENS: readonly Token[] = [];
const RANGES: readonly (readonly Token[])[] = [[RANGE_TOKEN]];

/** Of each word, what in the templates can take it: the word itself, and lists that have it in their values. */
export class WordTokens {
    /** Lists with values that begin with a word that may be left out. */
    readonly beginningWithDroppable = noTokens();
    readonly #byWord = new Map<string, Token[]>();

    constructor(
        readonly lookAhead: LookAhead,
        vocabulary: Iterable<string>,
        uses: Iterable<ListUse>,
        matchers: ListMatchers,
        droppable: readonly string[],
    ) {
        for (const word of vocabulary) this.#add(word, lookAhead.ofWord(word));
        const seen = new Set<Token>();
        for (const use of uses) {
            const token = lookAhead.ofList(use);
            const matcher = matchers.of(use);
            if (matcher.kind !== "values" || seen.has(token)) continue;
            seen.add(token);
            for (const word of matcher.automaton.vocabulary) this.#add(word, token);
            const { words } = matcher.automaton.start();
            if (droppable.some((word) => words.has(word))) mark(this.beginningWithDroppable, token);
        }
    }

    of(word: string): readonly Token[] {
        return this.#byWord.get(word) ?? NO_TOKENS;
    }

    #add(word: string, token: Token): void {
        const known = this.#byWord.get(word);
        if (known === undefined) this.#byWord.set(word, [token]);
        else known.push(token);
    }
}

/** A way over some of an utterance. */
interface Way {
    readonly to: number;
    readonly cost: number;
    /** One of each has to follow. */
    readonly tokens: readonly (readonly Token[])[];
}

/** What the rest costs from each node on; known from `from` to the end. */
interface Costs {
    readonly costs: Float64Array;
    from: number;
}

export class Outlook {
    readonly #ways: readonly (readonly Way[])[];
    readonly #beforeWildcards: Uint8Array;
    readonly #costs = new Map<Ahead, Costs>();
    /** Tokens of the first words from a node on. */
    readonly #beginnings: (readonly Token[] | undefined)[] = [];

    constructor(
        readonly lattice: Lattice,
        readonly tokens: WordTokens,
    ) {
        this.#beforeWildcards = tokens.lookAhead.beforeWildcards;
        const ways: (readonly Way[])[] = [];
        for (let at = 0; at < lattice.end; at += 1) ways.push(this.#waysFrom(at));
        this.#ways = ways;
    }

    /** What everything from a node on costs at least; infinite where it can't be said. */
    cost(ahead: Ahead, at: number): number {
        // Free text takes all that is left.
        return ahead.wildcardNext ? 0 : this.costOfWords(ahead, at);
    }

    /** As if no free text came next. */
    costOfWords(ahead: Ahead, at: number): number {
        let known = this.#costs.get(ahead);
        if (known === undefined) {
            const { end } = this.lattice;
            known = { costs: new Float64Array(end + 1), from: end };
            this.#costs.set(ahead, known);
        }
        if (at < known.from) this.#extend(known, ahead, at);
        return known.costs[at] ?? 0;
    }

    /** Whether a value of a list may begin at a node. */
    mayBegin(list: Token, at: number): boolean {
        if (list === WILDCARD_TOKEN) return true;
        if (this.lattice.tolerance !== undefined && has(this.tokens.beginningWithDroppable, list)) return true;
        let tokens = this.#beginnings[at];
        if (tokens === undefined) {
            tokens = (this.#ways[at] ?? []).flatMap((way) => way.tokens[0] ?? NO_TOKENS);
            this.#beginnings[at] = tokens;
        }
        return tokens.includes(list);
    }

    #extend(known: Costs, { bits }: Ahead, to: number): void {
        const { costs } = known;
        for (let at = known.from - 1; at >= to; at -= 1) {
            let least = Number.POSITIVE_INFINITY;
            for (const way of this.#ways[at] ?? []) {
                if (way.cost < least)
                    least = Math.min(least, way.cost + this.#costAfter(way, bits, costs[way.to] ?? 0));
            }
            costs[at] = least;
        }
        known.from = to;
    }

    /** @param cost of what comes after the words */
    #costAfter({ tokens }: Way, bits: Uint32Array, cost: number): number {
        let after = cost;
        for (const each of tokens) {
            let isPossible = false;
            after = cost;
            for (const token of each) {
                if (!has(bits, token)) continue;
                isPossible = true;
                if (this.#beforeWildcards[token] === 1) after = 0;
            }
            if (!isPossible) return Number.POSITIVE_INFINITY;
        }
        return after;
    }

    #waysFrom(at: number): Way[] {
        const { lattice } = this;
        const ways: Way[] = [];
        for (const { to, words, cost } of lattice.arcs(at)) this.#add(ways, to, words, cost);
        for (const { to, letters } of lattice.stops(at)) this.#add(ways, to, [letters], 0);
        for (const { to } of lattice.numbers(at)) ways.push({ to, cost: 0, tokens: RANGES });
        return ways;
    }

    #add(ways: Way[], to: number, words: readonly string[], cost: number): void {
        const tokens: (readonly Token[])[] = [];
        for (const word of words) {
            const each = this.tokens.of(word);
            if (each.length === 0) return;
            tokens.push(each);
        }
        ways.push({ to, cost, tokens });
    }
}

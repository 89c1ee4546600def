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

export class Outlook {
    readonly #ways: readonly (readonly Way[])[];
    readonly #costs = new Map<Ahead, Float64Array>();
    /** Tokens of the first words from a node on. */
    readonly #beginnings: (readonly Token[] | undefined)[] = [];

    constructor(
        readonly lattice: Lattice,
        readonly tokens: WordTokens,
    ) {
        const ways: (readonly Way[])[] = [];
        for (let at = 0; at < lattice.end; at += 1) ways.push(this.#waysFrom(at));
        this.#ways = ways;
    }

    /** What everything from a node on costs at least; infinite where it can't be said. */
    cost(ahead: Ahead, at: number): number {
        // Free text takes all that is left.
        if (ahead.wildcardNext) return 0;
        let costs = this.#costs.get(ahead);
        if (costs === undefined) {
            costs = this.#costsOf(ahead);
            this.#costs.set(ahead, costs);
        }
        return costs[at] ?? 0;
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

    #costsOf(ahead: Ahead): Float64Array {
        const { end } = this.lattice;
        const costs = new Float64Array(end + 1);
        for (let at = end - 1; at >= 0; at -= 1) {
            let least = Number.POSITIVE_INFINITY;
            for (const { to, cost, tokens } of this.#ways[at] ?? []) {
                if (cost < least) least = Math.min(least, cost + this.#costAfter(tokens, ahead, costs[to] ?? 0));
            }
            costs[at] = least;
        }
        return costs;
    }

    /** @param cost of what comes after the words */
    #costAfter(tokens: Way["tokens"], ahead: Ahead, cost: number): number {
        let after = cost;
        for (const each of tokens) {
            let isPossible = false;
            let isWild = false;
            for (const token of each) {
                if (!has(ahead.bits, token)) continue;
                isPossible = true;
                isWild ||= this.tokens.lookAhead.mayPrecedeWildcard(token);
            }
            if (!isPossible) return Number.POSITIVE_INFINITY;
            after = isWild ? 0 : cost;
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

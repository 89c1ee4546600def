/** A language filled with a home: text to intents, and the recogniser's grammar of the same sentences. */
import type { HomeDescription } from "../home/model";
import { HomeNames } from "./automaton/home-names";
import type { Intent, SpokenContext, Understanding } from "./intent";
import type { BuiltBlock, Language } from "./language";
import { Lattice } from "./match/lattice";
import { ListMatchers } from "./match/list-matcher";
import { type Reading, Search } from "./match/search";
import { type Resolved, resolve } from "./match/targets";
import { Tolerance } from "./match/tolerance";
import { recogniserGrammar } from "./recogniser/jsgf";
import type { RecogniserGrammar } from "./recogniser-grammar";
import { Suggestions } from "./suggestions";
import { inHomeUnits } from "./units";
import { type Word, type WordKind, wordsOf } from "./words";

/** Longer utterances are not understood: no command has as many words. */
export const MAX_UTTERANCE_WORDS = 100;

/** An utterance with more words that nobody knows is no command of compounds. */
const MAX_COMPOUNDS = 6;
const LETTERS = /^\p{L}{4,40}$/u;
const NO_WORDS: ReadonlySet<string> = new Set();

export interface Grammar {
    readonly language: Language;
    readonly home: HomeDescription;
    /** Never throws, and takes bounded time for any text. */
    understand(text: string, context?: SpokenContext): Understanding;
    /** Made when first asked for. */
    readonly recogniser: RecogniserGrammar;
}

/**
 * Quick: the language's automaton is shared, only the home's names are new.
 *
 * @param before the grammar of an earlier state of the home: what hasn't changed is taken from it
 */
export function compile(language: Language, home: HomeDescription, before?: Grammar): Grammar {
    const known = before instanceof CompiledGrammar && before.language === language ? before.names : undefined;
    return new CompiledGrammar(language, home, new HomeNames(home, language.wordKind, known));
}

interface Understood {
    readonly block: BuiltBlock;
    /** Place of the block among all of the language. */
    readonly index: number;
    readonly reading: Reading;
    readonly resolved: Resolved;
}

class CompiledGrammar implements Grammar {
    readonly #matchers: ListMatchers;
    readonly #known: ReadonlySet<string>;
    readonly #tolerance: Tolerance | undefined;
    readonly #suggestions: Suggestions;
    #recogniser: RecogniserGrammar | undefined;

    constructor(
        readonly language: Language,
        readonly home: HomeDescription,
        readonly names: HomeNames,
    ) {
        const { automaton, lists, numbers, skipPhrases, tolerance } = language;
        this.#matchers = new ListMatchers(lists, names);
        const vocabularies = this.#matchers.vocabularies(automaton.listUses.values());
        const { vocabulary } = automaton;
        const sentenceWords = new Set([
            ...vocabulary,
            ...numbers.vocabulary,
            ...skipPhrases.keys(),
            ...vocabularies.language,
        ]);
        this.#known = sentenceWords.union(vocabularies.home);
        const nameWords = vocabularies.home.union(vocabularies.glued);
        this.#tolerance = tolerance && new Tolerance(tolerance, sentenceWords, nameWords);
        this.#suggestions = new Suggestions(language, home, names);
    }

    get recogniser(): RecogniserGrammar {
        this.#recogniser ??= recogniserGrammar(this.language, this.home);
        return this.#recogniser;
    }

    understand(text: string, context: SpokenContext = {}): Understanding {
        const intent = this.#understood(text, context);
        if (intent !== undefined) return { intents: [intent], suggestions: [] };
        return { intents: [], suggestions: this.#suggestions.near(text) };
    }

    #understood(text: string, context: SpokenContext): Intent | undefined {
        const words = wordsOf(text, MAX_UTTERANCE_WORDS + 1, this.language.wordKind);
        if (words.length === 0 || words.length > MAX_UTTERANCE_WORDS) return undefined;
        const { numbers, skipPhrases } = this.language;
        const exact = this.#best(new Lattice(words, { numbers, skipPhrases }), text, context);
        const compounds = this.#compounds(words, exact);
        const written =
            compounds.size === 0
                ? exact
                : better(this.#best(new Lattice(words, { numbers, skipPhrases, compounds }), text, context), exact);
        if (written !== undefined) return intentOf(written, text, this.home);
        const tolerance = this.#tolerance;
        if (tolerance === undefined) return undefined;
        const tolerant = this.#best(new Lattice(words, { numbers, skipPhrases, tolerance }), text, context);
        return tolerant === undefined ? undefined : intentOf(tolerant, text, this.home);
    }

    /** Words that may be several in one, where that could make sense of an utterance that makes none, or only as free text. */
    #compounds(words: readonly Word[], exact: Understood | undefined): ReadonlySet<string> {
        if (exact !== undefined && exact.reading.wildcardWords === 0) return NO_WORDS;
        const unknown = words
            .filter(({ text }) => !this.#known.has(text) && LETTERS.test(text))
            .map(({ text }) => text);
        return unknown.length > MAX_COMPOUNDS ? NO_WORDS : new Set(unknown);
    }

    #best(lattice: Lattice, text: string, context: SpokenContext): Understood | undefined {
        const said = (from: number, to: number) => lattice.said(text, from, to);
        let best: Understood | undefined;
        for (const reading of new Search(lattice, this.#matchers).readings(this.language.automaton)) {
            for (const index of reading.ends) {
                const block = this.language.blocks[index];
                if (block === undefined || !hasKeyword(block, lattice.texts, this.language.wordKind)) continue;
                const resolved = resolve(block, reading.slots, this.home, context, said);
                if (resolved === undefined) continue;
                best = better({ block, index, reading, resolved }, best);
            }
        }
        return best;
    }
}

function better(one: Understood | undefined, other: Understood | undefined): Understood | undefined {
    if (one === undefined || other === undefined) return one ?? other;
    return rank(one, other) < 0 ? one : other;
}

/** Negative where `a` is the better understanding. */
function rank(a: Understood, b: Understood): number {
    return (
        a.reading.cost - b.reading.cost ||
        a.reading.wildcardWords - b.reading.wildcardWords ||
        Number(isAimless(a)) - Number(isAimless(b)) ||
        Number("name" in b.resolved.slots) - Number("name" in a.resolved.slots) ||
        a.reading.skippedWords - b.reading.skippedWords ||
        a.reading.listWords - b.reading.listWords ||
        // As in Home Assistant the sentence that stands first.
        a.index - b.index
    );
}

/** About devices, but the home has none of the kind in that place. */
function isAimless({ resolved }: Understood): boolean {
    return resolved.aboutDevices && resolved.targets.length === 0 && resolved.candidates.length === 0;
}

function hasKeyword({ requiredKeywords }: BuiltBlock, said: readonly string[], kind: WordKind): boolean {
    if (requiredKeywords.length === 0) return true;
    return requiredKeywords.some((keyword) => {
        const words = wordsOf(keyword, Number.POSITIVE_INFINITY, kind).map(({ text }) => text);
        return said.some((_, at) => words.every((word, index) => said[at + index] === word));
    });
}

function intentOf({ block, reading, resolved }: Understood, text: string, home: HomeDescription): Intent {
    return {
        name: block.intent,
        confidence: Math.round((1 - reading.cost) * 1000) / 1000,
        slots: inHomeUnits(resolved.slots, home),
        targets: resolved.targets,
        ...(resolved.candidates.length === 0 ? {} : { candidates: resolved.candidates }),
        ...(block.metadata.all === true ? { all: true } : {}),
        text: text.trim(),
    };
}

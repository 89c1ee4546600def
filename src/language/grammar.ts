/** A language filled with a home: text to intents, and the recogniser's grammar of the same sentences. */
import type { HomeDescription } from "../home/model";
import type { Intent, SlotValue, SpokenContext, Understanding } from "./intent";
import type { BuiltBlock, Language } from "./language";
import { Lattice } from "./match/lattice";
import { ListMatchers } from "./match/list-matcher";
import { type Reading, Search } from "./match/search";
import { type Resolved, resolve } from "./match/targets";
import { Tolerance } from "./match/tolerance";
import { recogniserGrammar } from "./recogniser/spoken-grammar";
import type { RecogniserGrammar } from "./recogniser-grammar";
import { Suggestions } from "./suggestions";
import { type Word, wordsOf } from "./words";

/** Longer utterances are not understood: no command has as many words. */
export const MAX_UTTERANCE_WORDS = 100;

/** An utterance with more words that nobody knows is no command of compounds. */
const MAX_COMPOUNDS = 6;
/** What free text costs against readings without it, and each of its words. */
const WILDCARD_COST = 0.08;
const WILDCARD_WORD_COST = 0.028;
/** Home Assistant's slot for what is to be done when the time is up, and intents that it can't mean. */
const COMMAND_SLOT = "conversation_command";
const NO_COMMANDS = /^Hass(?:(?:Climate)?Get\w+|Nevermind|Respond|TimerStatus|StartTimer)$/;
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

/** Quick: the language's automaton is shared, only the home's names are new. */
export function compile(language: Language, home: HomeDescription): Grammar {
    return new CompiledGrammar(language, home);
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
    #sentenceWords: ReadonlySet<string> = NO_WORDS;
    #nameWords: ReadonlySet<string> = NO_WORDS;
    #known: ReadonlySet<string> | undefined;
    #tolerance: Tolerance | undefined;
    #suggestions: Suggestions | undefined;
    #recogniser: RecogniserGrammar | undefined;

    constructor(
        readonly language: Language,
        readonly home: HomeDescription,
    ) {
        this.#matchers = new ListMatchers(home);
    }

    get recogniser(): RecogniserGrammar {
        this.#recogniser ??= recogniserGrammar(this.language, this.home);
        return this.#recogniser;
    }

    understand(text: string, context: SpokenContext = {}): Understanding {
        const understood = this.#understood(text, context);
        if (understood !== undefined) return { intents: [intentOf(understood, text)], suggestions: [] };
        this.#suggestions ??= new Suggestions(this.language, this.home);
        return { intents: [], suggestions: this.#suggestions.near(text) };
    }

    #understood(text: string, context: SpokenContext): Understood | undefined {
        const words = wordsOf(text, MAX_UTTERANCE_WORDS + 1);
        if (words.length === 0 || words.length > MAX_UTTERANCE_WORDS) return undefined;
        const { numbers, skipPhrases } = this.language;
        const exact = this.#best(new Lattice(words, { numbers, skipPhrases }), text, context);
        const compounds = this.#compounds(words, exact);
        const written =
            compounds.size === 0
                ? exact
                : better(this.#best(new Lattice(words, { numbers, skipPhrases, compounds }), text, context), exact);
        // Free text takes whatever is said, also what is only a misheard word of another sentence.
        if (written !== undefined && written.reading.wildcardWords === 0) return written;
        const tolerance = this.#tolerant();
        if (tolerance === undefined) return written;
        return better(this.#best(new Lattice(words, { numbers, skipPhrases, tolerance }), text, context), written);
    }

    /** What is to be done later has to be something that can be done. */
    #isCommand(text: SlotValue, context: SpokenContext): boolean {
        const later = this.#understood(String(text), context);
        if (later === undefined || COMMAND_SLOT in later.resolved.slots) return false;
        return !NO_COMMANDS.test(later.block.intent);
    }

    /** Words that may be several in one, where that could make sense of an utterance that makes none, or only as free text. */
    #compounds(words: readonly Word[], exact: Understood | undefined): ReadonlySet<string> {
        if (exact !== undefined && exact.reading.wildcardWords === 0) return NO_WORDS;
        const known = this.#vocabulary();
        const unknown = words.filter(({ text }) => !known.has(text) && LETTERS.test(text)).map(({ text }) => text);
        return unknown.length > MAX_COMPOUNDS ? NO_WORDS : new Set(unknown);
    }

    #best(lattice: Lattice, text: string, context: SpokenContext): Understood | undefined {
        const said = (from: number, to: number) => lattice.said(text, from, to);
        let best: Understood | undefined;
        for (const reading of new Search(lattice, this.#matchers).readings(this.language.automaton)) {
            for (const index of reading.ends) {
                const block = this.language.blocks[index];
                if (block === undefined || !hasKeyword(block, lattice.texts)) continue;
                const resolved = resolve(block, reading.slots, this.home, context, said);
                if (resolved === undefined) continue;
                const command = resolved.slots[COMMAND_SLOT];
                if (command !== undefined && !this.#isCommand(command, context)) continue;
                best = better({ block, index, reading, resolved }, best);
            }
        }
        return best;
    }

    #vocabulary(): ReadonlySet<string> {
        if (this.#known === undefined) {
            const { automaton, numbers, skipPhrases } = this.language;
            const { home, language, glued } = this.#matchers.vocabularies(automaton.listUses.values());
            this.#nameWords = home.union(glued);
            this.#sentenceWords = new Set([
                ...automaton.vocabulary,
                ...numbers.vocabulary,
                ...skipPhrases.keys(),
                ...language,
            ]);
            this.#known = this.#sentenceWords.union(home);
        }
        return this.#known;
    }

    #tolerant(): Tolerance | undefined {
        const { tolerance } = this.language;
        if (tolerance === undefined) return undefined;
        if (this.#tolerance === undefined) {
            this.#vocabulary();
            this.#tolerance = new Tolerance(tolerance, this.#sentenceWords, this.#nameWords);
        }
        return this.#tolerance;
    }
}

function better(one: Understood | undefined, other: Understood | undefined): Understood | undefined {
    if (one === undefined || other === undefined) return one ?? other;
    return rank(one, other) < 0 ? one : other;
}

/** Negative where `a` is the better understanding. */
function rank(a: Understood, b: Understood): number {
    return (
        costOf(a.reading) - costOf(b.reading) ||
        a.reading.wildcardWords - b.reading.wildcardWords ||
        Number(isAimless(a)) - Number(isAimless(b)) ||
        Number("name" in b.resolved.slots) - Number("name" in a.resolved.slots) ||
        a.reading.skippedWords - b.reading.skippedWords ||
        a.reading.listWords - b.reading.listWords ||
        // As in Home Assistant the sentence that stands first.
        a.index - b.index
    );
}

/** Free text explains every word, so it counts for less than words that were expected. */
function costOf({ cost, wildcardWords }: Reading): number {
    return wildcardWords === 0 ? cost : cost + WILDCARD_COST + WILDCARD_WORD_COST * wildcardWords;
}

/** About devices, but the home has none of the kind in that place. */
function isAimless({ resolved }: Understood): boolean {
    return resolved.aboutDevices && resolved.targets.length === 0 && resolved.candidates.length === 0;
}

function hasKeyword({ requiredKeywords }: BuiltBlock, said: readonly string[]): boolean {
    if (requiredKeywords.length === 0) return true;
    return requiredKeywords.some((keyword) => {
        const words = wordsOf(keyword).map(({ text }) => text);
        return said.some((_, at) => words.every((word, index) => said[at + index] === word));
    });
}

function intentOf({ block, reading, resolved }: Understood, text: string): Intent {
    return {
        name: block.intent,
        confidence: Math.round((1 - reading.cost) * 1000) / 1000,
        slots: resolved.slots,
        targets: resolved.targets,
        ...(resolved.candidates.length === 0 ? {} : { candidates: resolved.candidates }),
        ...(block.metadata.all === true ? { all: true } : {}),
        text: text.trim(),
    };
}

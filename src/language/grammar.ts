/** A language filled with a home: text to intents, and the recogniser's grammar of the same sentences. */
import type { HomeDescription } from "../home/model";
import { HomeNames } from "./automaton/home-names";
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
import { inHomeUnits } from "./units";
import { type Word, type WordKind, wordsOf } from "./words";

/** Longer utterances are not understood: no command has as many words. */
export const MAX_UTTERANCE_WORDS = 100;

/** An utterance with more words that nobody knows is no command of compounds. */
const MAX_COMPOUNDS = 6;
/** What free text costs against readings without it, and each of its words. */
const WILDCARD_COST = 0.08;
const WILDCARD_WORD_COST = 0.038;
/** Home Assistant's slot for what is to be done when the time is up, and intents that it can't mean. */
const COMMAND_SLOT = "conversation_command";
const NO_COMMANDS = /^Hass(?:(?:Climate)?Get\w+|Nevermind|Respond|TimerStatus|StartTimer|Broadcast)$/;
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
        const understood = this.#understood(text, context);
        if (understood !== undefined) return { intents: [intentOf(understood, text, this.home)], suggestions: [] };
        return { intents: [], suggestions: this.#suggestions.near(text) };
    }

    #understood(text: string, context: SpokenContext): Understood | undefined {
        const words = wordsOf(text, MAX_UTTERANCE_WORDS + 1, this.language.wordKind);
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
        const tolerance = this.#tolerance;
        if (tolerance === undefined) return written;
        return better(this.#best(new Lattice(words, { numbers, skipPhrases, tolerance }), text, context), written);
    }

    /**
     * Free text of nothing but articles and prepositions is the end of a sentence that was not finished, and so is a preposition
     * before it where the sentence's own is missing ("add to the shopping list").
     */
    #saysNothing({ slots, cost, wildcardWords }: Reading, said: (from: number, to: number) => string): boolean {
        if (wildcardWords === 0 || this.#tolerance === undefined) return false;
        for (const { found } of slots) {
            if (found.kind !== "wildcard") continue;
            const texts = wordsOf(said(found.from, found.to)).map(({ text }) => text);
            if (this.#tolerance.isEmpty(texts)) return true;
            if (cost > 0 && this.#tolerance.isParticle(texts[0] ?? "")) return true;
        }
        return false;
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
                if (this.#saysNothing(reading, said)) continue;
                const resolved = resolve(block, reading.slots, this.home, context, said);
                if (resolved === undefined) continue;
                const command = resolved.slots[COMMAND_SLOT];
                if (command !== undefined && !this.#isCommand(command, context)) continue;
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

/** A language filled with a home: text to intents, and the recogniser's grammar of the same sentences. */
import type { HomeDescription } from "../home/model";
import { HomeNames } from "./automaton/home-names";
import type { BuiltBlock } from "./build/build";
import { answer } from "./conversation/answer";
import { withClockTime } from "./conversation/clock-time";
import { followUp } from "./conversation/follow-up";
import { type Command, type CuttingWords, namesWithConjunction, severalCommands } from "./conversation/several";
import type { Intent, SpokenContext, Understanding } from "./intent";
import type { Language } from "./language";
import { Lattice } from "./match/lattice";
import { ListMatchers } from "./match/list-matcher";
import { Outlook, WordTokens } from "./match/outlook";
import { type Reading, Search } from "./match/search";
import { type Resolved, resolve } from "./match/targets";
import { Tolerance } from "./match/tolerance";
import type { AnswerKind } from "./recogniser/spoken-answers";
import { recogniserGrammar } from "./recogniser/spoken-grammar";
import type { RecogniserGrammar } from "./recogniser-grammar";
import { Suggestions } from "./suggestions";
import { inHomeUnits } from "./units";
import { type Word, type WordKind, wordsOf } from "./words";

/** Longer utterances are not understood: no command has as many words. */
export const MAX_UTTERANCE_WORDS = 100;
const MAX_NAMES_SUGGESTED = 3;
/** Words that may be read to find several commands in a sentence, word for word and forgivingly; ordinary ones need a hundred. */
const MAX_WORDS_CUT = 400;
const MAX_WORDS_FORGIVEN = 60;

/** An utterance with more words that nobody knows is no command of compounds. */
const MAX_COMPOUNDS = 6;
/** Texts looked at as commands inside one: more are a text made to be slow. */
const MAX_COMMANDS = 4;
/** What a search for the cheapest readings tolerates above what the words cost at least. */
const LITTLE_MORE = 0.02;
/** What free text costs against readings without it, and each of its words. */
const WILDCARD_COST = 0.08;
const WILDCARD_WORD_COST = 0.038;
/** Home Assistant's slot for what is to be done when the time is up, and intents that it can't mean. */
const COMMAND_SLOT = "conversation_command";
const NO_COMMANDS = /^Hass(?:(?:Climate)?Get\w+|Nevermind|Respond|TimerStatus|StartTimer|Broadcast)$/;
const WARMING_SENTENCES = 5;
const LETTERS = /^\p{L}{4,40}$/u;
const NO_WORDS: ReadonlySet<string> = new Set();

export interface Grammar {
    readonly language: Language;
    readonly home: HomeDescription;
    /** Never throws, and takes bounded time for any text. */
    understand(text: string, context?: SpokenContext): Understanding;
    /** Made when first asked for. */
    readonly recogniser: RecogniserGrammar;
    /** With what answers a question besides; made when first asked for. */
    recogniserOfAnswers(kind: AnswerKind): RecogniserGrammar;
    /** Lets go of all words it remembers of texts that were to be understood. */
    forget(): void;
}

/**
 * Quick: the language's automaton is shared, only the home's names are new.
 *
 * @param before the grammar of an earlier state of the home: what hasn't changed is taken from it
 */
export function compile(language: Language, home: HomeDescription, before?: Grammar): Grammar {
    const known = before instanceof CompiledGrammar && before.language === language ? before.names : undefined;
    const grammar = new CompiledGrammar(language, home, new HomeNames(home, language.wordKind, known));
    // What is only made when a sentence needs it is there before the first one is said.
    const sentences = known === undefined ? WARMING_SENTENCES : 0;
    for (const text of language.examples.texts(sentences)) grammar.understand(text);
    return grammar;
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
    readonly #tokens: WordTokens | undefined;
    #cutting: CuttingWords | undefined;
    /** Of the text that is being understood, what is known of the commands inside it; none: there must be none. */
    #commands: Map<string, boolean> | undefined;
    #recogniser: RecogniserGrammar | undefined;
    readonly #ofAnswers = new Map<AnswerKind, RecogniserGrammar>();

    constructor(
        readonly language: Language,
        readonly home: HomeDescription,
        readonly names: HomeNames,
    ) {
        const { automaton, lists, numbers, skipPhrases, tolerance } = language;
        this.#matchers = new ListMatchers(lists, names);
        const vocabularies = this.#matchers.vocabularies(automaton.listUses);
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
        const { lookAhead, listUses } = automaton;
        const droppable = tolerance?.droppable ?? [];
        this.#tokens = lookAhead && new WordTokens(lookAhead, vocabulary, listUses, this.#matchers, droppable);
    }

    get recogniser(): RecogniserGrammar {
        this.#recogniser ??= recogniserGrammar(this.language, this.home);
        return this.#recogniser;
    }

    recogniserOfAnswers(kind: AnswerKind): RecogniserGrammar {
        const made = this.#ofAnswers.get(kind) ?? recogniserGrammar(this.language, this.home, kind);
        this.#ofAnswers.set(kind, made);
        return made;
    }

    understand(text: string, context: SpokenContext = {}): Understanding {
        this.#commands = new Map();
        const intents = this.#understood(text, context);
        if (intents.length > 0) return { intents, suggestions: [] };
        return { intents, suggestions: this.#suggested(text, context) };
    }

    forget(): void {
        this.#commands = undefined;
        this.#tolerance?.forget();
        this.language.numbers.forget();
    }

    #understood(text: string, context: SpokenContext): readonly Intent[] {
        const words = this.#words(text);
        if (words.length === 0 || words.length > MAX_UTTERANCE_WORDS) return [];
        const answered = answer(text, words, context.before, this.language, this.home);
        if (answered !== undefined) return [answered];
        const written = this.#written(text, words, context);
        if (written !== undefined && isExpected(written)) return [intentOf(written, text, this.home)];
        // Both ways of cutting read the same pieces.
        const pieces = new Map<string, Understood | undefined>();
        const writtenPiece = (piece: string, at: SpokenContext) => {
            if (at === context && pieces.has(piece)) return pieces.get(piece);
            const understood = this.#written(piece, this.#words(piece), at);
            if (at === context) pieces.set(piece, understood);
            return understood;
        };
        const exact = this.#several(text, words, context, MAX_WORDS_CUT, writtenPiece);
        if (exact !== undefined && (written === undefined || exact.cost < costOf(written.reading)))
            return exact.intents;
        const tolerated = better(this.#tolerated(text, words, context), written);
        if (tolerated !== undefined) return [intentOf(tolerated, text, this.home)];
        const forgiving = this.#several(text, words, context, MAX_WORDS_FORGIVEN, (piece, at) =>
            this.#one(piece, at, writtenPiece),
        );
        return forgiving?.intents ?? [];
    }

    #several(
        text: string,
        words: readonly Word[],
        context: SpokenContext,
        maxWords: number,
        understood: (part: string, context: SpokenContext) => Understood | undefined,
    ) {
        const { conversation, numbers } = this.language;
        this.#cutting ??= { conversation, numbers, names: namesWithConjunction(this.home, conversation) };
        const read = (part: string, at: SpokenContext): Command | undefined => {
            const found = understood(part, at);
            return found && { intent: intentOf(found, part, this.home), cost: costOf(found.reading) };
        };
        return severalCommands(text, words, this.#cutting, { read, maxWords }, context);
    }

    #words(text: string): Word[] {
        return wordsOf(text, MAX_UTTERANCE_WORDS + 1, this.language.wordKind);
    }

    /** One command, as well as it can be understood. */
    #one(
        text: string,
        context: SpokenContext,
        readWritten = (piece: string, at: SpokenContext) => this.#written(piece, this.#words(piece), at),
    ): Understood | undefined {
        const words = this.#words(text);
        if (words.length === 0 || words.length > MAX_UTTERANCE_WORDS) return undefined;
        const written = readWritten(text, context);
        // Free text takes whatever is said, also what is only a misheard word of another sentence.
        if (written !== undefined && isExpected(written)) return written;
        return better(this.#tolerated(text, words, context), written);
    }

    /** One command, with nothing forgiven. */
    #written(text: string, words: readonly Word[], context: SpokenContext): Understood | undefined {
        const { numbers, skipPhrases } = this.language;
        const exact = this.#best(new Lattice(words, { numbers, skipPhrases }), text, context);
        const compounds = this.#compounds(words, exact);
        if (compounds.size === 0) return exact;
        return better(this.#best(new Lattice(words, { numbers, skipPhrases, compounds }), text, context), exact);
    }

    #tolerated(text: string, words: readonly Word[], context: SpokenContext): Understood | undefined {
        const { numbers, skipPhrases } = this.language;
        const tolerance = this.#tolerance;
        if (tolerance === undefined) return undefined;
        return this.#best(new Lattice(words, { numbers, skipPhrases, tolerance }), text, context);
    }

    /** After "which one do you mean?", the names to choose from. */
    #suggested(text: string, { before }: SpokenContext): readonly string[] {
        const open = before?.awaits === "choice" ? before.last.flatMap(({ candidates = [] }) => candidates) : [];
        if (open.length === 0) return this.#suggestions.near(text);
        const names = this.home.devices.filter(({ id }) => open.includes(id)).map(({ name }) => name);
        return [...new Set(names)].slice(0, MAX_NAMES_SUGGESTED);
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

    /** What is to be done later has to be something that can be done, and now. */
    #isCommand(text: string, context: SpokenContext): boolean {
        const commands = this.#commands;
        const known = commands?.get(text);
        if (commands === undefined || known !== undefined || commands.size >= MAX_COMMANDS) return known ?? false;
        this.#commands = undefined;
        const later = this.#one(text, context);
        this.#commands = commands;
        const isCommand = later !== undefined && !NO_COMMANDS.test(later.block.intent);
        commands.set(text, isCommand);
        return isCommand;
    }

    /** Words that may be several in one, where that could make sense of an utterance that makes none, or only as free text. */
    #compounds(words: readonly Word[], exact: Understood | undefined): ReadonlySet<string> {
        if (exact !== undefined && isExpected(exact)) return NO_WORDS;
        const unknown = words
            .filter(({ text }) => !this.#known.has(text) && LETTERS.test(text))
            .map(({ text }) => text);
        return unknown.length > MAX_COMPOUNDS ? NO_WORDS : new Set(unknown);
    }

    #best(lattice: Lattice, text: string, context: SpokenContext): Understood | undefined {
        const { automaton } = this.language;
        const outlook = this.#tokens && new Outlook(lattice, this.#tokens);
        const search = new Search(lattice, this.#matchers, outlook);
        const { ahead } = automaton.start();
        // Most utterances mean what costs least, and what costs more needn't be looked for then.
        if (lattice.tolerance !== undefined && outlook !== undefined && ahead !== undefined) {
            const least = outlook.costOfWords(ahead, 0) + LITTLE_MORE;
            if (least < lattice.tolerance.limit) {
                const cheap = this.#bestOf(search.readings(automaton, least), lattice, text, context);
                if (cheap !== undefined && costOf(cheap.reading) <= least) return cheap;
            }
        }
        return this.#bestOf(search.readings(automaton), lattice, text, context);
    }

    #bestOf(
        readings: readonly Reading[],
        lattice: Lattice,
        text: string,
        context: SpokenContext,
    ): Understood | undefined {
        const said = (from: number, to: number) => lattice.said(text, from, to);
        let best: Understood | undefined;
        for (const reading of readings.toSorted((a, b) => costOf(a) - costOf(b))) {
            if (best !== undefined && costOf(reading) > costOf(best.reading)) break;
            for (const index of reading.ends) {
                const understood = this.#resolved(reading, index, lattice, said, context);
                if (understood !== undefined) best = better(understood, best);
            }
        }
        return best;
    }

    /** What a sentence means in this home; undefined where it means nothing. */
    #resolved(
        reading: Reading,
        index: number,
        lattice: Lattice,
        said: (from: number, to: number) => string,
        context: SpokenContext,
    ): Understood | undefined {
        const block = this.language.blocks[index];
        if (block === undefined || !hasKeyword(block, lattice.texts, this.language.wordKind)) return undefined;
        // What free text may be in people's own sentences is theirs to say.
        if (!block.users && this.#saysNothing(reading, said)) return undefined;
        const resolved =
            block.metadata.follow === undefined
                ? resolve(block, reading.slots, this.home, context, said)
                : followUp(block, reading.slots, this.home, context);
        if (resolved === undefined) return undefined;
        const command = resolved.slots[COMMAND_SLOT];
        if (command !== undefined && !block.users && !this.#isCommand(String(command), context)) return undefined;
        return { block, index, reading, resolved };
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
        Number(saysName(b)) - Number(saysName(a)) ||
        Number("follow" in b.block.metadata) - Number("follow" in a.block.metadata) ||
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

/** Word for word, without free text. */
function isExpected({ reading }: Understood): boolean {
    return reading.wildcardWords === 0;
}

/** About devices, but the home has none of the kind in that place. */
function isAimless({ resolved }: Understood): boolean {
    return resolved.aboutDevices && resolved.targets.length === 0 && resolved.candidates.length === 0;
}

/** Whether a device was called by its name, and not only meant. */
function saysName({ reading }: Understood): boolean {
    return reading.slots.some(({ use }) => use.source.kind === "home" && use.source.list === "name");
}

function hasKeyword({ requiredKeywords }: BuiltBlock, said: readonly string[], kind: WordKind): boolean {
    if (requiredKeywords.length === 0) return true;
    return requiredKeywords.some((keyword) => {
        const words = wordsOf(keyword, Number.POSITIVE_INFINITY, kind).map(({ text }) => text);
        return said.some((_, at) => words.every((word, index) => said[at + index] === word));
    });
}

function intentOf({ block, reading, resolved }: Understood, text: string, home: HomeDescription): Intent {
    const isAll = resolved.all ?? block.metadata.all === true;
    return {
        name: resolved.intent ?? block.intent,
        confidence: Math.round((1 - reading.cost) * 1000) / 1000,
        slots: withClockTime(inHomeUnits(resolved.slots, home), block.metadata.time),
        targets: resolved.targets,
        ...(resolved.candidates.length === 0 ? {} : { candidates: resolved.candidates }),
        ...(isAll ? { all: true } : {}),
        ...(block.response === undefined ? {} : { response: block.response }),
        text: text.trim(),
    };
}

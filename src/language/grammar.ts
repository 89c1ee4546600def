/** A language filled with a home: text to intents, and the recogniser's grammar of the same sentences. */
import type { HomeDescription } from "../home/model";
import { answer } from "./conversation/answer";
import { withClockTime } from "./conversation/clock-time";
import { followUp } from "./conversation/follow-up";
import { type CuttingWords, namesWithConjunction, severalCommands } from "./conversation/several";
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
import { type Word, wordsOf } from "./words";

/** Longer utterances are not understood: no command has as many words. */
export const MAX_UTTERANCE_WORDS = 100;
const MAX_NAMES_SUGGESTED = 3;

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
    readonly reading: Reading;
    readonly resolved: Resolved;
}

class CompiledGrammar implements Grammar {
    readonly #matchers: ListMatchers;
    #tolerance: Tolerance | undefined;
    #cutting: CuttingWords | undefined;
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
        const intents = this.#understood(text, context);
        if (intents.length > 0) return { intents, suggestions: [] };
        return { intents, suggestions: this.#suggested(text, context) };
    }

    #understood(text: string, context: SpokenContext): readonly Intent[] {
        const words = wordsOf(text, MAX_UTTERANCE_WORDS + 1);
        if (words.length === 0 || words.length > MAX_UTTERANCE_WORDS) return [];
        const answered = answer(text, words, context.before, this.language, this.home);
        if (answered !== undefined) return [answered];
        const one = this.#exact(text, words, context);
        if (one !== undefined) return [one];
        const cutting = this.#cuttingWords();
        const exact = (part: string, at: SpokenContext) => this.#exact(part, wordsOf(part), at);
        const forgiving = (part: string, at: SpokenContext) =>
            exact(part, at) ?? this.#tolerated(part, wordsOf(part), at);
        const several = severalCommands(text, words, cutting, { read: exact, maxWords: 400 }, context);
        if (several !== undefined) return several;
        const tolerated = this.#tolerated(text, words, context);
        if (tolerated !== undefined) return [tolerated];
        return severalCommands(text, words, cutting, { read: forgiving, maxWords: 80 }, context) ?? [];
    }

    #cuttingWords(): CuttingWords {
        const { conversation, numbers } = this.language;
        this.#cutting ??= { conversation, numbers, names: namesWithConjunction(this.home, conversation) };
        return this.#cutting;
    }

    #exact(text: string, words: readonly Word[], context: SpokenContext): Intent | undefined {
        const { numbers, skipPhrases } = this.language;
        return this.#best(new Lattice(words, { numbers, skipPhrases }), text, context);
    }

    #tolerated(text: string, words: readonly Word[], context: SpokenContext): Intent | undefined {
        const { numbers, skipPhrases } = this.language;
        const tolerance = this.#tolerant();
        if (tolerance === undefined) return undefined;
        return this.#best(new Lattice(words, { numbers, skipPhrases, tolerance }), text, context);
    }

    /** After "which one do you mean?", the names to choose from. */
    #suggested(text: string, { before }: SpokenContext): readonly string[] {
        const open = before?.awaits === "choice" ? before.last.flatMap(({ candidates = [] }) => candidates) : [];
        if (open.length > 0) {
            const names = this.home.devices.filter(({ id }) => open.includes(id)).map(({ name }) => name);
            return [...new Set(names)].slice(0, MAX_NAMES_SUGGESTED);
        }
        this.#suggestions ??= new Suggestions(this.language, this.home);
        return this.#suggestions.near(text);
    }

    #best(lattice: Lattice, text: string, context: SpokenContext): Intent | undefined {
        const said = (from: number, to: number) =>
            text.slice(lattice.words[from]?.from ?? 0, lattice.words[to - 1]?.to ?? text.length);
        let best: Understood | undefined;
        for (const reading of new Search(lattice, this.#matchers).readings(this.language.automaton)) {
            for (const end of reading.ends) {
                const block = this.language.blocks[end];
                if (block === undefined || !hasKeyword(block, lattice.texts)) continue;
                const resolved =
                    block.metadata.follow === undefined
                        ? resolve(block, reading.slots, this.home, context, said)
                        : followUp(block, reading.slots, this.home, context);
                if (resolved === undefined) continue;
                const understood = { block, reading, resolved };
                if (best === undefined || rank(understood, best) < 0) best = understood;
            }
        }
        return best === undefined ? undefined : intentOf(best, text);
    }

    #tolerant(): Tolerance | undefined {
        const { tolerance, automaton, numbers, skipPhrases } = this.language;
        if (tolerance === undefined) return undefined;
        if (this.#tolerance === undefined) {
            const lists = this.#matchers.vocabularies(automaton.listUses.values());
            const known = [automaton.vocabulary, numbers.vocabulary, skipPhrases.keys(), lists.language];
            this.#tolerance = new Tolerance(tolerance, new Set(known.flatMap((words) => [...words])), lists.home);
        }
        return this.#tolerance;
    }
}

/** Negative where `a` is the better understanding. */
function rank(a: Understood, b: Understood): number {
    return (
        a.reading.cost - b.reading.cost ||
        a.reading.wildcardWords - b.reading.wildcardWords ||
        Number(isAimless(a)) - Number(isAimless(b)) ||
        Number(saysName(b)) - Number(saysName(a)) ||
        Number("follow" in b.block.metadata) - Number("follow" in a.block.metadata) ||
        Number("name" in b.resolved.slots) - Number("name" in a.resolved.slots) ||
        a.reading.skippedWords - b.reading.skippedWords ||
        a.reading.listWords - b.reading.listWords ||
        b.resolved.targets.length - a.resolved.targets.length
    );
}

/** About devices, but the home has none of the kind in that place. */
function isAimless({ resolved }: Understood): boolean {
    return resolved.aboutDevices && resolved.targets.length === 0 && resolved.candidates.length === 0;
}

/** Whether a device was called by its name, and not only meant. */
function saysName({ reading }: Understood): boolean {
    return reading.slots.some(({ use }) => use.source.kind === "home" && use.source.list === "name");
}

function hasKeyword({ requiredKeywords }: BuiltBlock, said: readonly string[]): boolean {
    if (requiredKeywords.length === 0) return true;
    return requiredKeywords.some((keyword) => {
        const words = wordsOf(keyword).map(({ text }) => text);
        return said.some((_, at) => words.every((word, index) => said[at + index] === word));
    });
}

function intentOf({ block, reading, resolved }: Understood, text: string): Intent {
    const isAll = resolved.all ?? block.metadata.all === true;
    return {
        name: resolved.intent ?? block.intent,
        confidence: Math.round((1 - reading.cost) * 1000) / 1000,
        slots: withClockTime(resolved.slots, block.metadata.time),
        targets: resolved.targets,
        ...(resolved.candidates.length === 0 ? {} : { candidates: resolved.candidates }),
        ...(isAll ? { all: true } : {}),
        text: text.trim(),
    };
}

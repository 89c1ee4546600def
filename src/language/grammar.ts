/** A language filled with a home: text to intents, and the recogniser's grammar of the same sentences. */
import type { HomeDescription } from "../home/model";
import type { Intent, SpokenContext, Understanding } from "./intent";
import type { BuiltBlock, Language } from "./language";
import { Lattice } from "./match/lattice";
import { ListMatchers } from "./match/list-matcher";
import { type Reading, Search } from "./match/search";
import { type Resolved, resolve } from "./match/targets";
import { Tolerance } from "./match/tolerance";
import { recogniserGrammar } from "./recogniser/spoken-grammar";
import type { RecogniserGrammar } from "./recogniser-grammar";
import { Suggestions } from "./suggestions";
import { wordsOf } from "./words";

/** Longer utterances are not understood: no command has as many words. */
export const MAX_UTTERANCE_WORDS = 100;

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
        const intent = this.#understood(text, context);
        if (intent !== undefined) return { intents: [intent], suggestions: [] };
        this.#suggestions ??= new Suggestions(this.language, this.home);
        return { intents: [], suggestions: this.#suggestions.near(text) };
    }

    #understood(text: string, context: SpokenContext): Intent | undefined {
        const words = wordsOf(text, MAX_UTTERANCE_WORDS + 1);
        if (words.length === 0 || words.length > MAX_UTTERANCE_WORDS) return undefined;
        const { numbers, skipPhrases } = this.language;
        const exact = this.#best(new Lattice(words, { numbers, skipPhrases }), text, context);
        if (exact !== undefined) return exact;
        const tolerance = this.#tolerant();
        if (tolerance === undefined) return undefined;
        return this.#best(new Lattice(words, { numbers, skipPhrases, tolerance }), text, context);
    }

    #best(lattice: Lattice, text: string, context: SpokenContext): Intent | undefined {
        const said = (from: number, to: number) =>
            text.slice(lattice.words[from]?.from ?? 0, lattice.words[to - 1]?.to ?? text.length);
        let best: Understood | undefined;
        for (const reading of new Search(lattice, this.#matchers).readings(this.language.automaton)) {
            for (const end of reading.ends) {
                const block = this.language.blocks[end];
                if (block === undefined || !hasKeyword(block, lattice.texts)) continue;
                const resolved = resolve(block, reading.slots, this.home, context, said);
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

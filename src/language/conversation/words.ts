/** The words that hold a conversation together, from a language's `conversation` section. */
import type { ConversationDefinition } from "../file/model";
import { wordsOf } from "../words";

/** Words of one phrase. */
type Phrase = readonly string[];

const NONE: ConversationDefinition = {
    conjunctions: [],
    fillers: [],
    all: [],
    ordinals: [],
    last: [],
    yes: [],
    no: [],
};

export class ConversationWords {
    /** Words of an answer that tell nothing apart: "the", "one", "please". */
    readonly fillers: ReadonlySet<string>;
    /** All that says yes or no. */
    readonly answers: readonly string[];
    readonly #conjunctions: ReadonlyMap<string, readonly Phrase[]>;
    readonly #all: ReadonlySet<string>;
    readonly #yes: ReadonlySet<string>;
    readonly #no: ReadonlySet<string>;
    readonly #ordinals: readonly string[];
    readonly #last: string | undefined;

    constructor({ conjunctions, fillers, all, yes, no, ordinals, last }: ConversationDefinition = NONE) {
        this.fillers = new Set(fillers.flatMap(phraseOf));
        this.#conjunctions = Map.groupBy(
            conjunctions.map(phraseOf).sort((a, b) => b.length - a.length),
            ([first = ""]) => first,
        );
        this.answers = [...yes, ...no];
        this.#all = new Set(all.map(joined));
        this.#yes = new Set(yes.map(joined));
        this.#no = new Set(no.map(joined));
        this.#ordinals = ordinals.map(joined);
        this.#last = last.map(joined)[0];
    }

    /** How many words from `at` on join two commands; 0 for none. */
    conjunctionAt(texts: readonly string[], at: number): number {
        const phrases = this.#conjunctions.get(texts[at] ?? "") ?? [];
        return phrases.find((phrase) => phrase.every((word, index) => texts[at + index] === word))?.length ?? 0;
    }

    isAll(texts: Phrase): boolean {
        return this.#all.has(texts.join(" "));
    }

    isYes(texts: Phrase): boolean {
        return this.#yes.has(texts.join(" "));
    }

    isNo(texts: Phrase): boolean {
        return this.#no.has(texts.join(" "));
    }

    /** "the second" of `count` things is 1; undefined where it is no such word, or there are not so many. */
    ordinal(texts: Phrase, count: number): number | undefined {
        const said = texts.join(" ");
        const index = said === this.#last ? count - 1 : this.#ordinals.indexOf(said);
        return index >= 0 && index < count ? index : undefined;
    }
}

function phraseOf(text: string): Phrase {
    return wordsOf(text).map((word) => word.text);
}

function joined(text: string): string {
    return phraseOf(text).join(" ");
}

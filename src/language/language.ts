/** A language: every sentence of the package's and of the user's files in one automaton, and the words around them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Automaton } from "./automaton/automaton";
import { type BuiltBlock, type BuiltLanguage, buildLanguage } from "./build/build";
import { availableLanguages, folderOf, packagedLanguage } from "./build/prebuilt";
import { readSentenceFolder } from "./build/sentence-folder";
import { ConversationWords } from "./conversation/words";
import { Examples } from "./examples";
import type { Replies, ToleranceDefinition } from "./file/model";
import type { SkipPhrases } from "./match/lattice";
import { LanguageLists } from "./match/list-matcher";
import { NumberWords } from "./numbers";
import type { SentenceFileError } from "./sentence-file-error";
import { type WordKind, wordsOf } from "./words";

export interface LanguageOptions {
    /**
     * Folders with sentence files of the user's, as in Home Assistant: `<folder>/<code>/*.yaml` where there is a folder of
     * the language's name, else `<folder>/*.yaml`.
     */
    readonly sentenceFolders?: readonly string[];
    /**
     * False: only the user's sentences, in any language; numbers, replies and tolerance stay the language's where it has a
     * folder.
     */
    readonly builtin?: boolean;
}

export interface Language {
    /** As its folder under `locales/` is called. */
    readonly code: string;
    /** Faults of sentence files; what they spoil is left out. */
    readonly problems: readonly SentenceFileError[];
    readonly blocks: readonly BuiltBlock[];
    readonly wordKind: WordKind;
    /** Ends are indexes of `blocks`. */
    readonly automaton: Automaton;
    /** Lists that the language fills itself. */
    readonly lists: LanguageLists;
    readonly examples: Examples;
    readonly numbers: NumberWords;
    readonly skipPhrases: SkipPhrases;
    readonly tolerance: ToleranceDefinition | undefined;
    readonly conversation: ConversationWords;
    readonly replies: Replies;
}

/** A language that no folder holds. */
export class UnknownLanguageError extends Error {
    override readonly name = "UnknownLanguageError";
    readonly code = "unknown-language";

    constructor(readonly language: string) {
        super(
            `There are no sentences for the language "${language}"; there are some for ${availableLanguages().join(", ")}.`,
        );
    }
}

/** Those without sentences of the user's: the same for everybody. */
const packaged = new Map<string, Language>();

/** Throws `UnknownLanguageError`; faults of files are in `problems`. */
export function loadLanguage(code: string, options: LanguageOptions = {}): Language {
    const { sentenceFolders = [], builtin = true } = options;
    if (builtin && !availableLanguages().includes(code)) throw new UnknownLanguageError(code);
    if (builtin && sentenceFolders.length === 0) return ofThePackage(code);
    const problems: SentenceFileError[] = [];
    const own = builtin ? readSentenceFolder(folderOf(code), code, problems) : [];
    const users = sentenceFolders.flatMap((folder) => {
        const inside = join(folder, code);
        return readSentenceFolder(existsSync(inside) ? inside : folder, code, problems);
    });
    for (const file of [...own, ...users]) problems.push(...file.problems);
    const built = buildLanguage([...own, ...users], new Set(users), problems);
    const base = builtin ? undefined : packagedLanguage(code);
    return languageOf(code, base === undefined ? built : withWordsOf(base, built), problems);
}

function ofThePackage(code: string): Language {
    const known = packaged.get(code);
    if (known !== undefined) return known;
    const built = packagedLanguage(code);
    if (built === undefined) throw new UnknownLanguageError(code);
    const language = languageOf(code, built);
    packaged.set(code, language);
    return language;
}

/** The sentences of one, in the words of the other. */
function withWordsOf(base: BuiltLanguage, built: BuiltLanguage): BuiltLanguage {
    return {
        ...built,
        tolerance: base.tolerance && { ...base.tolerance, courtesies: [] },
        numbers: built.numbers ?? base.numbers,
        conversation: built.conversation ?? base.conversation,
        replies: new Map([...base.replies, ...built.replies]),
    };
}

function languageOf(code: string, built: BuiltLanguage, problems: readonly SentenceFileError[] = []): Language {
    const { blocks, graph, wordKind, skipWords, tolerance, numbers, conversation, replies } = built;
    const automaton = new Automaton(graph, tolerance?.droppable ?? []);
    automaton.prepare();
    return {
        code,
        problems,
        blocks,
        wordKind,
        automaton,
        lists: new LanguageLists(),
        examples: new Examples(blocks, new Set(tolerance?.droppable)),
        numbers: new NumberWords(numbers),
        skipPhrases: phrasesOf(skipWords, wordKind),
        tolerance,
        conversation: new ConversationWords(conversation),
        replies,
    };
}

function phrasesOf(texts: readonly string[], kind: WordKind): SkipPhrases {
    const phrases = new Map<string, string[][]>();
    for (const text of texts) {
        const words = wordsOf(text, Number.POSITIVE_INFINITY, kind).map((word) => word.text);
        const [first] = words;
        if (first === undefined) continue;
        const known = phrases.get(first);
        if (known === undefined) phrases.set(first, [words]);
        else known.push(words);
    }
    return phrases;
}

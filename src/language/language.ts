/** A language: every sentence file of its folder and of the user's, read once and built into one automaton. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Automaton } from "./automaton/automaton";
import { wordsOfTemplate } from "./automaton/gluing";
import { Scope } from "./automaton/scope";
import type { WordExpression } from "./automaton/word-expression";
import { ConversationWords } from "./conversation/words";
import { Examples } from "./examples";
import type { Replies, SentenceBlock, SentenceFile, SourcedTemplate, ToleranceDefinition } from "./file/model";
import { readSentenceFile } from "./file/sentence-file";
import { MAX_FILE_LENGTH } from "./file/yaml-reader";
import type { SkipPhrases } from "./match/lattice";
import { LanguageLists } from "./match/list-matcher";
import { NumberWords } from "./numbers";
import { SentenceFileError } from "./sentence-file-error";
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

/** A sentence of a block, ready for matching and for the recogniser. */
export interface BuiltSentence {
    readonly template: SourcedTemplate;
    readonly words: WordExpression;
}

export interface BuiltBlock extends SentenceBlock {
    /** From a file of the user's, not from the package. */
    readonly users: boolean;
    readonly built: readonly BuiltSentence[];
}

export interface Language {
    /** As its folder under `locales/` is called. */
    readonly code: string;
    /** Faults of sentence files; what they spoil is left out. */
    readonly problems: readonly SentenceFileError[];
    readonly blocks: readonly BuiltBlock[];
    /** What the files' `settings` make of spaces. */
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

/** Beside dist/ in a package as in a checkout. */
const LOCALES = join(__dirname, "..", "..", "..", "locales");
/** A sentence larger than this multiplies rules by rules; the largest of Home Assistant's take some hundreds. */
const MAX_SENTENCE_SIZE = 100_000;
/** States of the whole language. */
const MAX_LANGUAGE_SIZE = 2_000_000;

/** Languages that the package has sentences of; of some it has only their numbers, for people's own sentence files. */
export function availableLanguages(): readonly string[] {
    return readdirSync(LOCALES)
        .filter((code) => existsSync(join(LOCALES, code, "sentences", "_words.yaml")))
        .sort();
}

/** Throws `UnknownLanguageError`; faults of files are in `problems`. */
export function loadLanguage(code: string, options: LanguageOptions = {}): Language {
    const { sentenceFolders = [], builtin = true } = options;
    if (builtin && !availableLanguages().includes(code)) throw new UnknownLanguageError(code);
    const problems: SentenceFileError[] = [];
    const own = packaged(code);
    const users = sentenceFolders.flatMap((folder) => {
        const inside = join(folder, code);
        return filesOf(existsSync(inside) ? inside : folder, code, problems);
    });
    const spoken = builtin ? [...own, ...users] : users;
    for (const file of [...own, ...users]) problems.push(...file.problems);
    const tolerance = own.find((file) => file.tolerance)?.tolerance;
    const wordKind = spoken.some((file) => file.ignoresSpaces) ? "letter" : "word";
    const { blocks, automaton } = built(spoken, new Set(users), wordKind, problems);
    automaton.prepare(tolerance?.droppable ?? []);
    return {
        code,
        problems,
        blocks,
        wordKind,
        automaton,
        lists: new LanguageLists(),
        examples: new Examples(blocks, new Set(tolerance?.droppable)),
        numbers: new NumberWords([...users, ...own].find((file) => file.numbers)?.numbers),
        skipPhrases: phrasesOf(
            spoken.flatMap((file) => file.skipWords),
            wordKind,
        ),
        tolerance: builtin || tolerance === undefined ? tolerance : { ...tolerance, courtesies: [] },
        conversation: new ConversationWords([...users, ...own].find((file) => file.conversation)?.conversation),
        replies: new Map([...own, ...users].flatMap((file) => [...file.replies])),
    };
}

const packagedFiles = new Map<string, SentenceFile[]>();

/** The package's files, which don't change while it runs: read once. */
function packaged(code: string): SentenceFile[] {
    const known = packagedFiles.get(code);
    if (known !== undefined) return known;
    const problems: SentenceFileError[] = [];
    const hasFolder = readdirSync(LOCALES).includes(code) && existsSync(join(LOCALES, code, "sentences"));
    const files = hasFolder ? filesOf(join(LOCALES, code, "sentences"), code, problems) : [];
    const [problem] = problems;
    if (problem !== undefined) throw problem;
    packagedFiles.set(code, files);
    return files;
}

function filesOf(folder: string, code: string, problems: SentenceFileError[]): SentenceFile[] {
    let names: string[];
    try {
        names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
    } catch (error) {
        problems.push(unreadable(folder, error));
        return [];
    }
    return names.sort().flatMap((name) => {
        const path = join(folder, name);
        try {
            if (statSync(path).size > 4 * MAX_FILE_LENGTH) {
                problems.push(
                    new SentenceFileError(
                        "too-large",
                        path,
                        1,
                        1,
                        "the file is too large",
                        `at most ${MAX_FILE_LENGTH} characters`,
                    ),
                );
                return [];
            }
            return readSentenceFile(path, readFileSync(path, "utf8"), code);
        } catch (error) {
            problems.push(unreadable(path, error));
            return [];
        }
    });
}

function unreadable(path: string, error: unknown): SentenceFileError {
    const why = error instanceof Error ? error.message : String(error);
    return new SentenceFileError("unreadable", path, 1, 1, `can't be read (${why})`, "files that can be read");
}

/** What is wrong with one sentence costs that sentence. */
function built(
    files: readonly SentenceFile[],
    users: ReadonlySet<SentenceFile>,
    wordKind: WordKind,
    problems: SentenceFileError[],
): Pick<Language, "blocks" | "automaton"> {
    const language = new Scope(
        new Map(files.flatMap((file) => [...file.rules])),
        new Map(files.flatMap((file) => [...file.lists])),
        undefined,
        wordKind,
    );
    const automaton = new Automaton();
    const attempt = <T>(work: () => T): T | undefined => {
        try {
            return work();
        } catch (error) {
            if (!(error instanceof SentenceFileError)) throw error;
            // A rule's fault comes up again in every sentence that contains it.
            if (!problems.some(({ message }) => message === error.message)) problems.push(error);
            return undefined;
        }
    };
    checkRules(files, language, attempt);
    const blocks = files
        .flatMap((file) => file.blocks.map((block) => ({ ...block, users: users.has(file) })))
        .map((block, index): BuiltBlock => {
            const local = block.rules.size > 0 || block.lists.size > 0;
            const scope = local ? new Scope(block.rules, block.lists, language) : language;
            const sentences = block.sentences.flatMap((template) => {
                const words = attempt(() => sentenceWords(template, scope, automaton));
                if (words === undefined) return [];
                if (block.metadata.for !== "recogniser") automaton.add(words, index);
                return { template, words };
            });
            return { ...block, built: sentences };
        });
    return { blocks, automaton };
}

/** Faults of rules that no sentence uses are found too, and each is told once. */
function checkRules(files: readonly SentenceFile[], scope: Scope, attempt: (work: () => void) => void): void {
    for (const file of files) {
        for (const [name, template] of file.rules) attempt(() => checkRule(name, template, scope));
    }
}

function checkRule(name: string, template: SourcedTemplate, scope: Scope): void {
    try {
        scope.rule(name, template, 0);
    } catch (error) {
        // A rule may lean on rules that only some blocks define: what is missing shows in the sentences that miss it.
        if (!(error instanceof SentenceFileError) || error.code !== "unknown-reference") throw error;
    }
}

function sentenceWords(template: SourcedTemplate, scope: Scope, automaton: Automaton): WordExpression {
    const words = wordsOfTemplate(template, template.node, scope);
    if (words.nullable) throw template.fault(0, "template", "the sentence may be no words at all", "at least one word");
    if (words.size > MAX_SENTENCE_SIZE || automaton.size + words.size > MAX_LANGUAGE_SIZE) {
        throw template.fault(0, "too-large", "the sentence stands for too many others", "fewer rules inside rules");
    }
    return words;
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

/**
 * From sentence files to what matching needs of them: plain data, so that the package's own languages are built when the
 * package is, and only read when it runs.
 */
import { wordsOfTemplate } from "../automaton/gluing";
import { type Graph, GraphBuilder } from "../automaton/graph";
import { glueOf, type ListUse } from "../automaton/list-source";
import { Scope } from "../automaton/scope";
import { NOTHING, type WordExpression } from "../automaton/word-expression";
import type {
    ConversationDefinition,
    NumberWordsDefinition,
    Replies,
    SentenceBlock,
    SentenceFile,
    SourcedTemplate,
    ToleranceDefinition,
} from "../file/model";
import { SentenceFileError } from "../sentence-file-error";
import type { WordKind } from "../words";

export interface BuiltBlock extends Omit<SentenceBlock, "sentences" | "rules" | "lists"> {
    /** From a file of the user's, not from the package. */
    readonly users: boolean;
    /** Its sentences. */
    readonly words: readonly WordExpression[];
}

export interface BuiltLanguage {
    readonly blocks: readonly BuiltBlock[];
    /** Ends are indexes of `blocks`. */
    readonly graph: Graph;
    /** What the files' `settings` make of spaces. */
    readonly wordKind: WordKind;
    readonly skipWords: readonly string[];
    readonly tolerance: ToleranceDefinition | undefined;
    readonly numbers: NumberWordsDefinition | undefined;
    readonly conversation: ConversationDefinition | undefined;
    readonly replies: Replies;
}

/** A sentence larger than this multiplies rules by rules; the largest of Home Assistant's take some hundreds. */
const MAX_SENTENCE_SIZE = 100_000;
/** States of the whole language. */
const MAX_LANGUAGE_SIZE = 2_000_000;

/**
 * What is wrong with one sentence costs that sentence, and is told in `problems`.
 *
 * @param users those of the files that are the user's; what they say of numbers, conversation and replies goes before the
 *     package's
 */
export function buildLanguage(
    files: readonly SentenceFile[],
    users: ReadonlySet<SentenceFile>,
    problems: SentenceFileError[],
): BuiltLanguage {
    const wordKind = files.some((file) => file.ignoresSpaces) ? "letter" : "word";
    const language = new Scope(
        new Map(files.flatMap((file) => [...file.rules])),
        new Map(files.flatMap((file) => [...file.lists])),
        undefined,
        wordKind,
    );
    const builder = new GraphBuilder();
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
        .flatMap((file) => file.blocks.map((block) => ({ block, users: users.has(file) })))
        .map(({ block: { sentences, rules, lists, ...block }, users }, index): BuiltBlock => {
            const local = rules.size > 0 || lists.size > 0;
            const scope = local ? new Scope(rules, lists, language) : language;
            const words = sentences.flatMap((template) => {
                const expression = attempt(() => sentenceWords(template, scope, builder.size));
                if (expression === undefined) return [];
                if (block.metadata.for !== "recogniser") builder.add(expression, index);
                return expression;
            });
            return { ...block, users, words };
        });
    const expressions = blocks.flatMap(({ words }) => words);
    spellLists(expressions, (use) => language.spellings(use).map((spell) => attempt(spell) ?? NOTHING));
    return {
        blocks,
        graph: builder.graph(),
        wordKind,
        skipWords: files.flatMap((file) => file.skipWords),
        tolerance: files.find((file) => file.tolerance && !users.has(file))?.tolerance,
        numbers: files.findLast((file) => file.numbers)?.numbers,
        conversation: files.findLast((file) => file.conversation)?.conversation,
        replies: new Map(files.flatMap((file) => [...file.replies])),
    };
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

function sentenceWords(template: SourcedTemplate, scope: Scope, sizeSoFar: number): WordExpression {
    const words = wordsOfTemplate(template, template.node, scope);
    if (words.nullable) throw template.fault(0, "template", "the sentence may be no words at all", "at least one word");
    if (words.size > MAX_SENTENCE_SIZE || sizeSoFar + words.size > MAX_LANGUAGE_SIZE) {
        throw template.fault(0, "too-large", "the sentence stands for too many others", "fewer rules inside rules");
    }
    return words;
}

/** Of every list in the expressions, and of lists in its values, how the values are said in each place. */
function spellLists(expressions: readonly WordExpression[], spell: (use: ListUse) => WordExpression[]): void {
    const reached = new Set(expressions);
    // Grows while it is walked.
    for (const expression of reached) {
        if (expression.kind === "rule") reached.add(expression.body);
        else if ("items" in expression) for (const item of expression.items) reached.add(item);
        else if (expression.kind === "list" && expression.use.source.kind === "text") {
            const { spellings } = expression.use.source;
            const glue = glueOf(expression.use);
            if (spellings.has(glue)) continue;
            const words = spell(expression.use);
            spellings.set(glue, words);
            for (const each of words) reached.add(each);
        }
    }
}

/**
 * From letters to words. While a template is read from left to right, each way of reading it so far ends in a word that
 * letters may still be glued to: "schalt" + "[e|en]" leaves three such ends. A space closes them all.
 */
import type { SourcedTemplate } from "../file/model";
import type { SentenceFileError } from "../sentence-file-error";
import type { PermutationNode, TemplateNode } from "../template/syntax";
import { fragmentsOf } from "../words";
import type { ListSource } from "./list-source";
import { missing, type Rule, type Scope } from "./scope";
import { anyOrder, choice, listUse, NOTHING, ruleUse, sequence, type WordExpression, word } from "./word-expression";

/** More unfinished words than this in one place is a template that nobody means. */
const MAX_OPEN_WORDS = 500;
/** Nodes read for one template: rules glued to letters are read again in each place, which can multiply. */
const MAX_STEPS = 100_000;
/**
 * Letters after a list that are an ending and no word. Home Assistant takes "{name}an" for "{name} an" too, and its
 * sentence files rely on it.
 */
const ENDING = /^(?:'.*|.)$/;
/** Every subset of a permutation's items is a state. */
const MAX_PERMUTED_ITEMS = 8;

/** What was read: `before` is closed, then one of `ends`. */
export interface Glue {
    readonly before: WordExpression;
    readonly ends: readonly OpenEnd[];
}

/** Words read since `before`, then a word that may go on. */
interface OpenEnd {
    readonly since: WordExpression;
    readonly open: OpenWord;
}

interface UnrolledEnd extends OpenEnd {
    readonly open: Exclude<OpenWord, { readonly kind: "rule" }>;
}

type OpenWord =
    | { readonly kind: "letters"; readonly text: string }
    | {
          readonly kind: "list";
          readonly source: ListSource;
          readonly slot: string | undefined;
          readonly prefix: string;
          readonly suffix: string;
      }
    | { readonly kind: "rule"; readonly rule: Rule };

const NO_LETTERS: OpenWord = { kind: "letters", text: "" };
const START: Glue = { before: NOTHING, ends: [{ since: NOTHING, open: NO_LETTERS }] };

/** The words of a template, or of a node standing for it. Throws `SentenceFileError`. */
export function wordsOfTemplate(template: SourcedTemplate, node: TemplateNode, scope: Scope): WordExpression {
    return closed(new Gluing(template, scope).read(node, START)).before;
}

export function openRule(template: SourcedTemplate, scope: Scope): { open: Glue; closed: WordExpression } {
    const open = new Gluing(template, scope).read(template.node, START);
    return { open, closed: closed(open).before };
}

class Gluing {
    constructor(
        readonly template: SourcedTemplate,
        readonly scope: Scope,
        readonly budget = { steps: MAX_STEPS },
    ) {}

    read(node: TemplateNode, glue: Glue): Glue {
        this.budget.steps -= glue.ends.length;
        if (this.budget.steps < 0) throw this.#tooLarge();
        switch (node.kind) {
            case "text":
                return fragmentsOf(node.text, this.scope.wordKind).reduce(
                    (read, fragment) => (fragment === "boundary" ? closed(read) : appended(read, fragment.text)),
                    glue,
                );
            case "sequence":
                return node.items.reduce((read, item) => this.read(item, read), glue);
            case "alternative":
                return this.#alternative(node.items, glue);
            case "permutation":
                return this.#permutation(node, glue);
            case "rule":
                return this.#rule(node.name, node.at, glue);
            case "range": {
                const { from, to, step, slot } = node;
                const range = { from, to, step, multiplier: 1, fractions: "none" } as const;
                return this.#list({ kind: "range", id: `${from}..${to},${step}`, range }, slot, glue);
            }
            case "list": {
                const source = this.scope.list(node.name);
                if (source === undefined) throw missing(this.template, node.at, "list", node.name);
                return this.#list(source, node.slot, glue);
            }
        }
    }

    /** Each item is read after the open ends alone; what came before them is kept out, so nothing is written twice. */
    #alternative(items: readonly TemplateNode[], glue: Glue): Glue {
        const ends = items.flatMap((item) => {
            const read = this.read(item, { before: NOTHING, ends: glue.ends });
            return read.ends.map(({ since, open }) => ({ since: sequence([read.before, since]), open }));
        });
        return this.#bounded(merged(glue.before, ends));
    }

    #permutation({ items, at }: PermutationNode, glue: Glue): Glue {
        if (items.length > MAX_PERMUTED_ITEMS) {
            throw this.template.fault(
                at,
                "too-large",
                `${items.length} items in any order`,
                `at most ${MAX_PERMUTED_ITEMS}`,
            );
        }
        const start = closed(glue);
        const words = items.map((item) => closed(this.read(item, START)).before);
        return { ...start, before: sequence([start.before, anyOrder(words)]) };
    }

    #list(source: ListSource, slot: string | undefined, glue: Glue): Glue {
        const ends = unrolled(glue.ends).map(({ since, open }): OpenEnd => {
            const gluable = open.kind === "letters" && (source.kind === "text" || source.kind === "home");
            if (gluable) return { since, open: { kind: "list", source, slot, prefix: open.text, suffix: "" } };
            const before = sequence([since, wordOf(open)]);
            return { since: before, open: { kind: "list", source, slot, prefix: "", suffix: "" } };
        });
        return this.#bounded(merged(glue.before, ends));
    }

    #rule(name: string, at: number, glue: Glue): Glue {
        const rule = this.scope.rule(name, this.template, at);
        if (rule === undefined) throw missing(this.template, at, "rule", name);
        const ends = unrolled(glue.ends).flatMap((end): readonly OpenEnd[] => {
            if (end.open.kind === "letters" && end.open.text === "") {
                return [{ since: end.since, open: { kind: "rule", rule } }];
            }
            // Letters before it: the rule's own first word goes on with them, so this place gets its own copy.
            const inside = new Gluing(rule.template, this.scope, this.budget);
            const read = inside.read(rule.template.node, { before: NOTHING, ends: [end] });
            return read.ends.map(({ since, open }) => ({ since: sequence([read.before, since]), open }));
        });
        return this.#bounded(merged(glue.before, ends));
    }

    #bounded(glue: Glue): Glue {
        if (glue.ends.length <= MAX_OPEN_WORDS) return glue;
        throw this.#tooLarge();
    }

    #tooLarge(): SentenceFileError {
        return this.template.fault(
            0,
            "too-large",
            "too many words out of letters glued together",
            "spaces between words",
        );
    }
}

/** A word ends here on every way. */
function closed(glue: Glue): Glue {
    const [only] = glue.ends;
    if (glue.ends.length === 1 && only !== undefined && only.since === NOTHING && isEmpty(only.open)) return glue;
    const words = choice(glue.ends.map(({ since, open }) => sequence([since, wordOf(open)])));
    return { before: sequence([glue.before, words]), ends: START.ends };
}

function appended(glue: Glue, letters: string): Glue {
    const ends = unrolled(glue.ends).flatMap(({ since, open }): readonly OpenEnd[] => {
        if (open.kind === "letters") return [{ since, open: { kind: "letters", text: open.text + letters } }];
        const apart: OpenEnd = { since: sequence([since, wordOf(open)]), open: { kind: "letters", text: letters } };
        // Numbers and free text end where letters begin.
        if (open.kind === "list" && open.source.kind !== "text" && open.source.kind !== "home") return [apart];
        const glued: OpenEnd = { since, open: { ...open, suffix: open.suffix + letters } };
        return ENDING.test(letters) ? [glued] : [glued, apart];
    });
    return merged(glue.before, ends);
}

/** Ends in a rule become the ends of the rule's own words. */
function unrolled(ends: readonly OpenEnd[]): readonly UnrolledEnd[] {
    return ends.flatMap(({ since: outer, open }): readonly UnrolledEnd[] => {
        if (open.kind !== "rule") return [{ since: outer, open }];
        const { before, ends: inner } = open.rule.open;
        return unrolled(inner.map((end) => ({ ...end, since: sequence([outer, before, end.since]) })));
    });
}

function merged(before: WordExpression, ends: readonly OpenEnd[]): Glue {
    const byWord = new Map<string, { since: WordExpression[]; open: OpenWord }>();
    for (const { since, open } of ends) {
        const key = keyOf(open);
        const same = byWord.get(key);
        if (same === undefined) byWord.set(key, { since: [since], open });
        else same.since.push(since);
    }
    const unique = [...byWord.values()].map(({ since, open }) => ({ since: choice(since), open }));
    const [only] = unique;
    if (unique.length !== 1 || only === undefined) return { before, ends: unique };
    return { before: sequence([before, only.since]), ends: [{ since: NOTHING, open: only.open }] };
}

function wordOf(open: OpenWord): WordExpression {
    if (open.kind === "letters") return word(open.text);
    if (open.kind === "rule") return ruleUse(open.rule.closed);
    return listUse(open.source, open.slot, open.prefix, open.suffix);
}

function keyOf(open: OpenWord): string {
    if (open.kind === "letters") return `letters ${open.text}`;
    if (open.kind === "rule") return `rule ${open.rule.id}`;
    return `list ${open.source.id} ${open.slot ?? ""} ${open.prefix} ${open.suffix}`;
}

function isEmpty(open: OpenWord): boolean {
    return open.kind === "letters" && open.text === "";
}

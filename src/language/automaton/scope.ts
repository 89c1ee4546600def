/** Which rules and lists a name means: a language's, with those of one block of sentences before them. */
import type { ListDefinition, ListValue, SourcedTemplate, TextListValue } from "../file/model";
import { SentenceFileError } from "../sentence-file-error";
import type { TemplateNode } from "../template/syntax";
import type { WordKind } from "../words";
import { type Glue, openRule, wordsOfTemplate } from "./gluing";
import type { HomeList, ListSource, ListUse } from "./list-source";
import type { WordExpression } from "./word-expression";

/** A rule as far as it is built: closed for use between spaces, open where letters are glued to its end. */
export interface Rule {
    readonly id: number;
    readonly template: SourcedTemplate;
    readonly open: Glue;
    readonly closed: WordExpression;
}

export const HOME_LISTS: readonly HomeList[] = ["name", "area", "floor"];

let ids = 0;

export class Scope {
    readonly #rules = new Map<string, Rule | SentenceFileError>();
    readonly #lists = new Map<string, ListSource>();
    /** By id, the text lists of this scope and of those inside it. */
    readonly #defined: Map<string, { readonly scope: Scope; readonly values: readonly TextListValue[] }>;
    readonly #building: string[] = [];
    readonly #dependencies = new Map<string, ReadonlySet<string>>();

    constructor(
        readonly rules: ReadonlyMap<string, SourcedTemplate>,
        readonly lists: ReadonlyMap<string, ListDefinition>,
        readonly parent?: Scope,
        readonly wordKind: WordKind = parent?.wordKind ?? "word",
    ) {
        this.#defined = parent === undefined ? new Map() : parent.#defined;
    }

    /** Undefined where nobody defined it. Throws `SentenceFileError` where the rule itself is at fault. */
    rule(name: string, usedIn: SourcedTemplate, at: number): Rule | undefined {
        const known = this.#rules.get(name);
        if (known instanceof SentenceFileError) throw known;
        if (known !== undefined) return known;
        if (this.parent !== undefined && !this.#touches(name)) return this.parent.rule(name, usedIn, at);
        const template = this.template(name);
        if (template === undefined) return undefined;
        if (this.#building.includes(name)) {
            const circle = [...this.#building.slice(this.#building.indexOf(name)), name];
            throw usedIn.fault(
                at,
                "recursion",
                `rule <${name}> contains itself: ${circle.map((each) => `<${each}>`).join(" → ")}`,
                "rules that end",
            );
        }
        this.#building.push(name);
        try {
            const { open, closed } = openRule(template, this);
            ids += 1;
            const rule = { id: ids, template, open, closed };
            this.#rules.set(name, rule);
            return rule;
        } catch (error) {
            // What failed once is not tried again for every sentence that contains it.
            if (error instanceof SentenceFileError) this.#rules.set(name, error);
            throw error;
        } finally {
            this.#building.pop();
        }
    }

    list(name: string): ListSource | undefined {
        const home = HOME_LISTS.find((each) => each === name);
        if (home !== undefined) return { kind: "home", id: home, list: home };
        const known = this.#lists.get(name);
        if (known !== undefined) return known;
        const definition = this.lists.get(name);
        if (definition === undefined) return this.parent?.list(name);
        ids += 1;
        const id = `${name}#${ids}`;
        const source: ListSource =
            definition.kind === "text"
                ? { kind: "text", id, values: definition.values.map(meaningOf), spellings: new Map() }
                : { ...definition, id };
        if (definition.kind === "text") this.#defined.set(id, { scope: this, values: definition.values });
        this.#lists.set(name, source);
        return source;
    }

    template(name: string): SourcedTemplate | undefined {
        return this.rules.get(name) ?? this.parent?.template(name);
    }

    /** The values of a text list as words, with the letters that are glued to them in this place, each still to be read. */
    spellings({ source, prefix, suffix }: ListUse): readonly (() => WordExpression)[] {
        const { scope = this, values = [] } = this.#defined.get(source.id) ?? {};
        return values.map(({ template }) => () => {
            const letters = (text: string): TemplateNode => ({ kind: "text", text });
            const items = [letters(prefix), template.node, letters(suffix)];
            return wordsOfTemplate(template, { kind: "sequence", items }, scope);
        });
    }

    /** Whether this scope has its own version of the rule, or of a rule or list that the rule leads to. */
    #touches(name: string): boolean {
        if (this.rules.size === 0 && this.lists.size === 0) return false;
        return [...this.#leadsTo(name)].some((each) => this.rules.has(each) || this.lists.has(each));
    }

    #leadsTo(name: string): ReadonlySet<string> {
        const known = this.#dependencies.get(name);
        if (known !== undefined) return known;
        const reached = new Set<string>([name]);
        // Sets grow while they are walked: each rule found is looked into in its turn.
        for (const each of reached) {
            const template = this.template(each);
            if (template !== undefined) collectReferences(template.node, reached);
        }
        this.#dependencies.set(name, reached);
        return reached;
    }
}

function collectReferences(node: TemplateNode, into: Set<string>): void {
    if (node.kind === "rule" || node.kind === "list") into.add(node.name);
    else if ("items" in node) for (const item of node.items) collectReferences(item, into);
}

function meaningOf({ template: _, ...meaning }: TextListValue): ListValue {
    return meaning;
}

export function missing(template: SourcedTemplate, at: number, what: string, name: string): SentenceFileError {
    return template.fault(at, "unknown-reference", `there is no ${what} "${name}"`, `a ${what} that is defined`);
}

import {
    EMPTY,
    type ListNode,
    type RangeNode,
    type RuleNode,
    type SequenceNode,
    TemplateError,
    type TemplateNode,
} from "./syntax";

/** Longer templates are refused: no sentence needs them, and they would be a way to stall the parser. */
export const MAX_TEMPLATE_LENGTH = 10_000;
/** Groups inside groups; keeps the recursion of everything that walks a template shallow. */
export const MAX_TEMPLATE_DEPTH = 50;

/** Throws `TemplateError`. */
export function parseTemplate(text: string): TemplateNode {
    if (text.length > MAX_TEMPLATE_LENGTH) {
        throw new TemplateError(
            `the template has ${text.length} characters`,
            MAX_TEMPLATE_LENGTH,
            `at most ${MAX_TEMPLATE_LENGTH}`,
        );
    }
    const parser = new TemplateParser(text);
    return parser.template();
}

const CLOSING = { "(": ")", "[": "]" } as const;
const NAME = /^[^\s{}<>()[\]|;:\\]+$/u;
const RANGE = /^(-?\d+)\.\.(-?\d+)(?:,(\d+))?$/;

class TemplateParser {
    #at = 0;
    #depth = 0;

    constructor(readonly text: string) {}

    template(): TemplateNode {
        const node = this.#alternatives(undefined, 0);
        if (this.#at < this.text.length) {
            const found = this.text[this.#at];
            throw new TemplateError(
                `"${found}" closes nothing`,
                this.#at,
                "the end of the template, or a backslash before it",
            );
        }
        return node;
    }

    /** Up to, not including, `closing` or the end of the text. */
    #alternatives(closing: string | undefined, openedAt: number): TemplateNode {
        const items = [this.#sequence()];
        let separator: string | undefined;
        while (this.text[this.#at] === "|" || this.text[this.#at] === ";") {
            const found = this.text[this.#at] ?? "";
            if (separator !== undefined && found !== separator) {
                throw new TemplateError(
                    `"${found}" among items separated by "${separator}"`,
                    this.#at,
                    `"${separator}", or parentheses around one of the kinds`,
                );
            }
            separator = found;
            this.#at += 1;
            items.push(this.#sequence());
        }
        if (closing !== undefined && this.#at >= this.text.length) {
            throw new TemplateError(`"${this.text[openedAt]}" is never closed`, openedAt, `a matching "${closing}"`);
        }
        if (separator === undefined) return items[0] ?? EMPTY;
        return separator === "|" ? { kind: "alternative", items } : { kind: "permutation", items, at: openedAt };
    }

    #sequence(): TemplateNode {
        const items: TemplateNode[] = [];
        let text = "";
        const flush = () => {
            if (text !== "") items.push({ kind: "text", text });
            text = "";
        };
        for (; this.#at < this.text.length; ) {
            const character = this.text[this.#at] ?? "";
            if ("|;)]".includes(character)) break;
            if (character === "\\") {
                text += this.#escaped();
            } else if (character === "(" || character === "[") {
                flush();
                items.push(this.#group(character));
            } else if (character === "{") {
                flush();
                items.push(this.#list());
            } else if (character === "<") {
                flush();
                items.push(this.#rule());
            } else if (character === "}" || character === ">") {
                throw new TemplateError(`"${character}" closes nothing`, this.#at, "a backslash before it");
            } else {
                text += character;
                this.#at += 1;
            }
        }
        flush();
        if (items.length === 1 && items[0] !== undefined) return items[0];
        return items.length === 0 ? EMPTY : ({ kind: "sequence", items } satisfies SequenceNode);
    }

    #escaped(): string {
        const character = this.text[this.#at + 1];
        if (character === undefined) {
            throw new TemplateError("a backslash at the end", this.#at, "a character after the backslash");
        }
        this.#at += 2;
        return character;
    }

    #group(opening: "(" | "["): TemplateNode {
        const openedAt = this.#at;
        this.#depth += 1;
        if (this.#depth > MAX_TEMPLATE_DEPTH) {
            throw new TemplateError("groups are nested too deeply", openedAt, `at most ${MAX_TEMPLATE_DEPTH} levels`);
        }
        this.#at += 1;
        const closing = CLOSING[opening];
        const inside = this.#alternatives(closing, openedAt);
        if (this.text[this.#at] !== closing) {
            throw new TemplateError(
                `"${this.text[this.#at]}" inside a group opened with "${opening}"`,
                this.#at,
                `"${closing}"`,
            );
        }
        if (inside === EMPTY) {
            throw new TemplateError(`"${opening}${closing}" holds nothing`, openedAt, "words inside the group");
        }
        this.#at += 1;
        this.#depth -= 1;
        if (opening === "(") return inside;
        const items = inside.kind === "alternative" ? inside.items : [inside];
        return { kind: "alternative", items: [...items, EMPTY] };
    }

    #list(): ListNode | RangeNode {
        const at = this.#at;
        const inside = this.#delimited("{", "}");
        const colon = inside.indexOf(":");
        const name = (colon < 0 ? inside : inside.slice(0, colon)).trim();
        const slot = colon < 0 ? undefined : inside.slice(colon + 1).trim();
        if (slot !== undefined && !NAME.test(slot)) {
            throw new TemplateError(
                `"${inside}" names no slot`,
                at + 1 + colon + 1,
                "the name of a slot after the colon",
            );
        }
        const range = RANGE.exec(name);
        if (range) {
            const [from, to, step] = [Number(range[1]), Number(range[2]), Number(range[3] ?? 1)];
            if (to < from) throw new TemplateError(`the range "${name}" runs backwards`, at + 1, `at least ${from}`);
            if (step < 1) throw new TemplateError(`the range "${name}" has no step`, at + 1, "a step of at least 1");
            return { kind: "range", from, to, step, at, ...(slot === undefined ? {} : { slot }) };
        }
        if (!NAME.test(name)) {
            throw new TemplateError(
                `"{${inside}}" names no list`,
                at + 1,
                "the name of a list, or a range such as 0..100",
            );
        }
        return { kind: "list", name, slot: slot ?? name, at };
    }

    #rule(): RuleNode {
        const at = this.#at;
        const name = this.#delimited("<", ">").trim();
        if (!NAME.test(name)) {
            throw new TemplateError(`"<${name}>" names no rule`, at + 1, "the name of an expansion rule");
        }
        return { kind: "rule", name, at };
    }

    #delimited(opening: string, closing: string): string {
        const end = this.text.indexOf(closing, this.#at);
        if (end < 0) {
            throw new TemplateError(`"${opening}" is never closed`, this.#at, `a matching "${closing}"`);
        }
        const inside = this.text.slice(this.#at + 1, end);
        this.#at = end + 1;
        return inside;
    }
}

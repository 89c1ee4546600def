import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, parseDocument, visit } from "yaml";
import type { SentenceFileError, SentenceFileErrorCode } from "../sentence-file-error";
import { SourceText } from "./source-text";

/** Sentence files are small; this is far above any, and bounds what a stray file can cost. */
export const MAX_FILE_LENGTH = 2_000_000;

/** A key of a YAML map with its value, both still knowing where they stand. */
export interface Entry {
    readonly key: string;
    readonly keyNode: Node | null;
    readonly node: Node | null;
}

/**
 * Reads values out of a YAML text and collects every fault with its line and column instead of throwing,
 * so that one wrong value costs only what depends on it.
 */
export class YamlReader {
    readonly problems: SentenceFileError[] = [];
    readonly root: Node | null;
    readonly source: SourceText;
    readonly #document: ReturnType<typeof parseDocument>;
    #aliased: ReadonlyMap<Alias, Node> | undefined;

    constructor(file: string, source: string) {
        this.source = new SourceText(file, source);
        const text = source.length > MAX_FILE_LENGTH ? "" : source;
        this.#document = parseDocument(text, { lineCounter: this.source.lines, merge: true, uniqueKeys: false });
        if (source.length > MAX_FILE_LENGTH) {
            this.problemAt(0, "too-large", `the file has ${source.length} characters`, `at most ${MAX_FILE_LENGTH}`);
        }
        for (const error of this.#document.errors) {
            const [message = "not YAML"] = error.message.split("\n");
            this.problemAt(error.pos[0], "syntax", message.replace(/ at line \d+, column \d+:?$/, ""), "valid YAML");
        }
        this.root = this.#document.errors.length === 0 ? this.#document.contents : null;
    }

    problem(node: Node | null, code: SentenceFileErrorCode, fault: string, expected: string): void {
        this.problemAt(node?.range?.[0] ?? 0, code, fault, expected);
    }

    problemAt(offset: number, code: SentenceFileErrorCode, fault: string, expected: string): void {
        this.problems.push(this.source.error(offset, code, fault, expected));
    }

    /** Entries of a map; a fault and none where the node is something else. */
    entries(node: Node | null, what: string): Entry[] {
        const resolved = this.#resolved(node);
        if (resolved === null || (isScalar(resolved) && resolved.value === null)) return [];
        if (!isMap(resolved)) {
            this.problem(resolved, "shape", `${what} is ${kindOf(resolved)}`, "a map");
            return [];
        }
        const known = new Set<string>();
        return resolved.items.map((pair) => {
            const keyNode = pair.key as Node | null;
            const key = isScalar(keyNode) ? String(keyNode.value) : "";
            if (key === "") this.problem(keyNode, "shape", `a key of ${what} is no text`, "a text");
            // Home Assistant's reader lets the last one win without a word; so does ours, with one.
            if (known.has(key)) this.problem(keyNode, "shape", `"${key}" stands twice in ${what}`, "each key once");
            known.add(key);
            return { key, keyNode, node: this.#resolved(pair.value as Node | null) };
        });
    }

    items(node: Node | null, what: string): Node[] {
        const resolved = this.#resolved(node);
        if (resolved === null || (isScalar(resolved) && resolved.value === null)) return [];
        if (!isSeq(resolved)) {
            this.problem(resolved, "shape", `${what} is ${kindOf(resolved)}`, "a list of items");
            return [];
        }
        return resolved.items.flatMap((item) => this.#resolved(item as Node | null) ?? []);
    }

    /** One item or a list of them, as Home Assistant allows in many places. */
    oneOrMore(node: Node | null, what: string): Node[] {
        const resolved = this.#resolved(node);
        return isScalar(resolved) && resolved.value !== null ? [resolved] : this.items(resolved, what);
    }

    /** Text, or a number or truth value written where text is meant ("on" stays "on": YAML 1.2). */
    text(node: Node | null, what: string): string | undefined {
        const value = this.scalar(node, what);
        return value === undefined ? undefined : String(value);
    }

    number(node: Node | null, what: string): number | undefined {
        const value = this.scalar(node, what);
        if (value === undefined || (typeof value === "number" && Number.isFinite(value))) return value;
        this.problem(node, "shape", `${what} is "${value}"`, "a number");
        return undefined;
    }

    scalar(node: Node | null, what: string): string | number | boolean | undefined {
        if (isScalar(node)) {
            const { value } = node;
            if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
        }
        this.problem(node, "shape", `${what} is ${node === null ? "missing" : kindOf(node)}`, "a single value");
        return undefined;
    }

    /** The plain value of anything, for metadata that nobody here interprets. */
    plain(node: Node | null): unknown {
        return node === null ? null : (node.toJS(this.#document, { maxAliasCount: 100 }) as unknown);
    }

    #resolved(node: Node | null): Node | null {
        if (!isAlias(node)) return node;
        this.#aliased ??= aliasesIn(this.#document);
        return this.#aliased.get(node) ?? null;
    }
}

/** What each alias stands for: the node that bore its name last before it. */
function aliasesIn(document: ReturnType<typeof parseDocument>): Map<Alias, Node> {
    const anchored = new Map<string, Node>();
    const aliased = new Map<Alias, Node>();
    visit(document, {
        Node: (_, node) => {
            if (isAlias(node)) {
                const target = anchored.get(node.source);
                if (target !== undefined) aliased.set(node, target);
            } else if (node.anchor !== undefined) anchored.set(node.anchor, node);
        },
    });
    return aliased;
}

function kindOf(node: Node): string {
    if (isMap(node)) return "a map";
    if (isSeq(node)) return "a list";
    return isScalar(node) && node.value === null ? "empty" : `"${String(isScalar(node) ? node.value : node)}"`;
}

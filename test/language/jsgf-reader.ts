/** Reads the JSGF that is written for the recogniser, plainly: to ask what it accepts, how large it is, and for samples. */
type Node =
    | { readonly kind: "word"; readonly text: string }
    | { readonly kind: "rule"; readonly text: string }
    | { readonly kind: "sequence" | "choice" | "optional"; readonly items: readonly Node[] };

export class Jsgf {
    readonly words = new Set<string>();
    readonly #rules = new Map<string, Node>();

    constructor(text: string) {
        for (const [, name = "", body = ""] of text.matchAll(/^(?:public )?<(\w+)> = (.*);$/gm)) {
            const tokens = body.match(/<\w+>|[()[\]|]|[^\s()[\]|<>]+/g) ?? [];
            this.#rules.set(name, this.#choice(tokens, { at: 0 }));
        }
    }

    accepts(sentence: string): boolean {
        const words = sentence.split(" ");
        return this.#ends(this.#rule("order"), words, 0).has(words.length);
    }

    /** Words with every rule written out where it is used, as the recogniser does. */
    size(node = this.#rule("order")): number {
        if (node.kind === "word") return 1;
        if (node.kind === "rule") return this.size(this.#rule(node.text));
        return node.items.reduce((sum, item) => sum + this.size(item), 0);
    }

    sample(random: () => number, node = this.#rule("order")): string {
        if (node.kind === "word") return node.text;
        if (node.kind === "rule") return this.sample(random, this.#rule(node.text));
        if (node.kind === "sequence")
            return node.items
                .map((item) => this.sample(random, item))
                .filter((text) => text !== "")
                .join(" ");
        if (node.kind === "optional" && random() < 0.5) return "";
        const item = node.items[Math.floor(random() * node.items.length)];
        return item === undefined ? "" : this.sample(random, item);
    }

    #rule(name: string): Node {
        const rule = this.#rules.get(name);
        if (rule === undefined) throw new Error(`no rule <${name}>`);
        return rule;
    }

    #ends(node: Node, words: readonly string[], at: number): Set<number> {
        if (node.kind === "word") return new Set(words[at] === node.text ? [at + 1] : []);
        if (node.kind === "rule") return this.#ends(this.#rule(node.text), words, at);
        if (node.kind === "sequence") {
            let ends = new Set([at]);
            for (const item of node.items) {
                ends = new Set([...ends].flatMap((start) => [...this.#ends(item, words, start)]));
            }
            return ends;
        }
        const ends = new Set(node.items.flatMap((item) => [...this.#ends(item, words, at)]));
        return node.kind === "optional" ? ends.add(at) : ends;
    }

    #choice(tokens: readonly string[], position: { at: number }): Node {
        const items: Node[] = [this.#sequence(tokens, position)];
        while (tokens[position.at] === "|") {
            position.at += 1;
            items.push(this.#sequence(tokens, position));
        }
        return { kind: "choice", items };
    }

    #sequence(tokens: readonly string[], position: { at: number }): Node {
        const items: Node[] = [];
        for (
            let token = tokens[position.at];
            token !== undefined && !"|)]".includes(token);
            token = tokens[position.at]
        ) {
            position.at += 1;
            if (token === "(" || token === "[") {
                const inside = this.#choice(tokens, position);
                position.at += 1;
                items.push(token === "(" ? inside : { kind: "optional", items: [inside] });
            } else if (token.startsWith("<")) items.push({ kind: "rule", text: token.slice(1, -1) });
            else {
                this.words.add(token);
                items.push({ kind: "word", text: token });
            }
        }
        if (items.length === 0) throw new Error("an alternative without words");
        return { kind: "sequence", items };
    }
}

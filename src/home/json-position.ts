/** Where a text stops being JSON (RFC 8259). `JSON.parse` says so only sometimes, and in words that change between versions. */

export interface JsonFault {
    /** Counted from 1. */
    readonly line: number;
    /** Counted from 1, in UTF-16 code units. */
    readonly column: number;
    readonly expected: string;
    /** The character found there, or "the end". */
    readonly found: string;
}

/** Deeper nesting than this is a fault too: nothing that is read here needs it, and it keeps the recursion bounded. */
const MAX_DEPTH = 64;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WHITE_SPACE = /[ \t\n\r]*/y;
/** Everything up to a quote, a backslash or a control character. */
const PLAIN_CHARACTERS = /[ !#-[\]-\u{10ffff}]*/uy;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** The first fault of `text`; undefined when it is JSON. */
export function findJsonFault(text: string): JsonFault | undefined {
    try {
        new Scanner(text).document();
        return undefined;
    } catch (error) {
        if (!(error instanceof Fault)) throw error;
        const before = text.slice(0, error.offset);
        return {
            line: before.split("\n").length,
            column: error.offset - (before.lastIndexOf("\n") + 1) + 1,
            expected: error.expected,
            found: error.offset < text.length ? JSON.stringify(text[error.offset]) : "the end",
        };
    }
}

class Fault extends Error {
    constructor(
        readonly offset: number,
        readonly expected: string,
    ) {
        super(expected);
    }
}

class Scanner {
    #at = 0;

    constructor(readonly text: string) {}

    document(): void {
        this.#value(0);
        if (this.#at < this.text.length) throw new Fault(this.#at, "nothing more");
    }

    #value(depth: number): void {
        if (depth > MAX_DEPTH) throw new Fault(this.#at, `at most ${MAX_DEPTH} levels of nesting`);
        this.#take(WHITE_SPACE);
        const first = this.text[this.#at];
        if (first === "{") this.#list("}", () => this.#member(depth));
        else if (first === "[") this.#list("]", () => this.#value(depth + 1));
        else if (first === '"') this.#string();
        else if (!this.#take(NUMBER) && !["true", "false", "null"].some((word) => this.#word(word)))
            throw new Fault(this.#at, "a value");
        this.#take(WHITE_SPACE);
    }

    #list(close: "}" | "]", entry: () => void): void {
        this.#at++;
        this.#take(WHITE_SPACE);
        if (this.#word(close)) return;
        do {
            entry();
        } while (this.#word(","));
        if (!this.#word(close)) throw new Fault(this.#at, `"," or "${close}"`);
    }

    #member(depth: number): void {
        this.#take(WHITE_SPACE);
        if (this.text[this.#at] !== '"') throw new Fault(this.#at, "a key in double quotes");
        this.#string();
        this.#take(WHITE_SPACE);
        if (!this.#word(":")) throw new Fault(this.#at, '":"');
        this.#value(depth + 1);
    }

    #string(): void {
        this.#at++;
        do {
            this.#take(PLAIN_CHARACTERS);
        } while (this.#take(ESCAPE));
        if (this.text[this.#at] === "\\") throw new Fault(this.#at, "a valid escape");
        if (!this.#word('"')) throw new Fault(this.#at, 'the closing "');
    }

    #word(word: string): boolean {
        if (!this.text.startsWith(word, this.#at)) return false;
        this.#at += word.length;
        return true;
    }

    /** Consumes what the sticky `pattern` matches here; false when that is nothing. */
    #take(pattern: RegExp): boolean {
        pattern.lastIndex = this.#at;
        const length = pattern.exec(this.text)?.[0].length ?? 0;
        this.#at += length;
        return length > 0;
    }
}

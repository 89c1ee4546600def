/** Numbers as they are said: reading them from words, and spelling them. */
import type { NumberWordsDefinition } from "./file/model";

/** More words than this are no number that a command needs. */
const MAX_NUMBER_WORDS = 9;
const MAX_NUMBER_LETTERS = 80;
/** Readings remembered; a number is heard again sooner than this many others. */
const MAX_REMEMBERED = 2_000;

const NONE: NumberWordsDefinition = {
    words: new Map(),
    compose: "",
    composeOnes: new Map(),
    hundred: [],
    thousand: [],
    one: [],
    and: [],
    decimal: [],
    half: [],
    minus: [],
    joiner: " ",
};

export interface NumberReading {
    readonly value: number;
    /** How many words it takes. */
    readonly words: number;
    readonly digits: boolean;
}

export class NumberWords {
    /** Every word that can be part of a number, as `wordsOf` gives them. */
    readonly vocabulary: ReadonlySet<string>;
    readonly #small = new Map<string, number>();
    readonly #spellings = new Map<number, string>();
    readonly #whole: RegExp | undefined;
    readonly #beginning: RegExp | undefined;
    readonly #ones: ReadonlySet<string>;
    readonly #remembered = new Map<string, number | undefined>();

    constructor(readonly definition: NumberWordsDefinition = NONE) {
        this.#ones = new Set(definition.one.map(joined));
        for (const [value, text] of belowHundred(definition)) {
            if (!this.#spellings.has(value)) this.#spellings.set(value, text);
            this.#small.set(joined(text), value);
        }
        if (this.#small.size > 0) {
            const small = group([...this.#small.keys()]);
            const one = group([...this.#small.keys(), ...this.#ones]);
            const part = (words: readonly string[]) => group(words.map(joined));
            const { thousand, hundred, and, decimal, half, minus } = definition;
            this.#whole = new RegExp(
                `^(?<minus>${part(minus)})?(?:(?<thousands>${one})?(?<thousand>${part(thousand)}))?` +
                    `(?:(?<hundreds>${one})?(?<hundred>${part(hundred)}))?${part(and)}?(?<rest>${small})?` +
                    `(?:${part(decimal)}(?<decimals>${small}+)|(?<half>${part(half)}))?$`,
            );
            this.#beginning = new RegExp(`^(?:${part(minus)}|${part(thousand)}|${part(hundred)}|${one})`);
        }
        this.vocabulary = vocabularyOf(definition, this.#spellings.values());
    }

    /** Every number that begins with the word at `at`. */
    readingsAt(words: readonly string[], at: number): NumberReading[] {
        const first = words[at];
        if (first === undefined) return [];
        if (/^-?\d/.test(first)) return [{ value: Number(first), words: 1, digits: true }];
        // An apostrophe inside a number word ("п'ять") ends a word everywhere else.
        const beginning = first.endsWith("'") ? first.slice(0, -1) + (words[at + 1] ?? "") : first;
        if (this.#beginning === undefined || !this.#beginning.test(beginning)) return [];
        const readings: NumberReading[] = [];
        let text = "";
        for (let count = 1; count <= MAX_NUMBER_WORDS && at + count <= words.length; count += 1) {
            text += words[at + count - 1]?.replaceAll("'", "");
            if (text.length > MAX_NUMBER_LETTERS) break;
            const value = this.#value(text);
            if (value !== undefined) readings.push({ value, words: count, digits: false });
        }
        return readings;
    }

    /** The usual way to say it; undefined where the language has no words for it. */
    spelled(value: number): string | undefined {
        const { hundred, thousand, minus, decimal, joiner, one } = this.definition;
        if (value < 0) {
            const rest = this.spelled(-value);
            return minus[0] === undefined || rest === undefined ? undefined : `${minus[0]} ${rest}`;
        }
        if (!Number.isInteger(value)) {
            const [whole, digits = ""] = value.toFixed(1).split(".");
            const parts = [this.spelled(Number(whole)), decimal[0], this.spelled(Number(digits))];
            return parts.includes(undefined) ? undefined : parts.join(" ");
        }
        if (value < 100) return this.#spellings.get(value);
        const [unit, name] = value < 1000 ? [100, hundred[0]] : [1000, thousand[0]];
        const count = Math.floor(value / unit);
        if (name === undefined || count >= 1000) return undefined;
        const before = count === 1 && one[0] !== undefined ? one[0] : this.spelled(count);
        const rest = value % unit === 0 ? undefined : this.spelled(value % unit);
        return [before, name, rest].filter((part) => part !== undefined).join(joiner);
    }

    /** Forgets what was heard. */
    forget(): void {
        this.#remembered.clear();
    }

    #value(text: string): number | undefined {
        if (this.#remembered.has(text)) return this.#remembered.get(text);
        const value = this.#parsed(text);
        if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
        this.#remembered.set(text, value);
        return value;
    }

    #parsed(text: string): number | undefined {
        const groups = this.#whole?.exec(text)?.groups;
        if (groups === undefined) return undefined;
        const { minus, thousands, thousand, hundreds, hundred, rest, decimals, half } = groups;
        if (thousand === undefined && hundred === undefined && rest === undefined) return undefined;
        let value = 0;
        if (thousand !== undefined) value += 1000 * this.#count(thousands);
        if (hundred !== undefined) value += 100 * this.#count(hundreds);
        if (rest !== undefined) value += this.#small.get(rest) ?? 0;
        if (decimals !== undefined) value = Number(`${value}.${this.#digits(decimals)}`);
        if (half !== undefined) value += 0.5;
        return minus === undefined ? value : -value;
    }

    #count(text: string | undefined): number {
        return text === undefined || this.#ones.has(text) ? 1 : (this.#small.get(text) ?? 1);
    }

    #digits(text: string): string {
        let digits = "";
        for (let at = 0; at < text.length; ) {
            let to = text.length;
            while (to > at && !this.#small.has(text.slice(at, to))) to -= 1;
            if (to === at) break;
            digits += this.#small.get(text.slice(at, to));
            at = to;
        }
        return digits;
    }
}

function* belowHundred({ words, compose, composeOnes }: NumberWordsDefinition): Generator<[number, string]> {
    for (const [value, texts] of words) for (const text of texts) yield [value, text];
    if (compose === "") return;
    for (let value = 21; value < 100; value += 1) {
        const ones = composeOnes.get(value % 10) ?? words.get(value % 10)?.[0];
        const tens = words.get(value - (value % 10))?.[0];
        if (words.has(value) || value % 10 === 0 || ones === undefined || tens === undefined) continue;
        yield [value, compose.replace("{tens}", tens).replace("{ones}", ones)];
    }
}

function vocabularyOf(definition: NumberWordsDefinition, spellings: Iterable<string>): Set<string> {
    const { words, hundred, thousand, one, and, decimal, half, minus } = definition;
    const texts = [...words.values(), hundred, thousand, one, and, decimal, half, minus].flat();
    return new Set([...texts, ...spellings].flatMap((text) => text.toLowerCase().split(" ")));
}

function joined(text: string): string {
    return text
        .toLowerCase()
        .replaceAll("ß", "ss")
        .replaceAll(/[^\p{L}\p{M}]/gu, "");
}

/** Longest first, so that "seventy" is not read as "seven"; one that never matches where there is nothing. */
function group(words: readonly string[]): string {
    const longestFirst = [...words].sort((a, b) => b.length - a.length);
    return longestFirst.length === 0 ? "(?!)" : `(?:${longestFirst.join("|")})`;
}

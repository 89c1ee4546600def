/**
 * Patterns that users write themselves. They are no regular expressions, so none can take for ever: a pattern is a row of
 * single things, without repetition or choice, and is compared once at each word, which takes at most text × pattern steps.
 */
import { RedactionError } from "../classes";
import { folded } from "../fold";
import type { Reading } from "../readings";
import type { Sentence } from "../tokens";
import type { Finding } from "./finding";

export const OWN_PATTERN_LIMITS = { patterns: 50, characters: 64, leastSymbols: 3 } as const;

/** A letter or digit as it is, or one of these: `#` any digit, `?` any letter, `*` any one word. */
type Symbols = string;

/** A text without spaces and signs, digits that were said as digits, and to which token each character belongs. */
interface Stream {
    readonly characters: string;
    readonly tokens: readonly number[];
    readonly begins: readonly boolean[];
}

export class OwnPatterns {
    readonly #patterns: readonly Symbols[];

    /**
     * @param patterns "customer ####", "AB-##?": letters in any case; spaces and signs count for nothing
     * @throws RedactionError "bad-pattern"
     */
    constructor(patterns: readonly string[]) {
        if (patterns.length > OWN_PATTERN_LIMITS.patterns) {
            throw new RedactionError(
                "bad-pattern",
                `There may be ${OWN_PATTERN_LIMITS.patterns} patterns of your own at most.`,
            );
        }
        this.#patterns = patterns.map(symbolsOf);
    }

    find(sentence: Sentence, readings: readonly Reading[]): Finding[] {
        if (this.#patterns.length === 0) return [];
        const stream = streamOf(sentence, readings);
        const found: Finding[] = [];
        let next = 0;
        stream.begins.forEach((begins, at) => {
            if (!begins || at < next) return;
            for (const pattern of this.#patterns) {
                const end = endOf(stream, at, pattern);
                if (end === undefined) continue;
                const from = stream.tokens[at] ?? 0;
                const to = (stream.tokens[end - 1] ?? from) + 1;
                found.push({ class: "own", from, to, value: stream.characters.slice(at, end) });
                next = end;
                return;
            }
        });
        return found;
    }
}

function symbolsOf(pattern: string): Symbols {
    const { characters, leastSymbols } = OWN_PATTERN_LIMITS;
    const shown = JSON.stringify(pattern.length > 40 ? `${pattern.slice(0, 40)}…` : pattern);
    if (pattern.length > characters) {
        throw new RedactionError("bad-pattern", `The pattern ${shown} is longer than ${characters} characters.`);
    }
    const symbols = folded(pattern).replace(/[^\p{L}\p{Nd}#?*]/gu, "");
    if (symbols.replaceAll("*", "").length < leastSymbols) {
        throw new RedactionError(
            "bad-pattern",
            `The pattern ${shown} is too short: it needs at least ${leastSymbols} letters, digits, # (any digit) or ? (any letter).`,
        );
    }
    return symbols;
}

function streamOf({ tokens }: Sentence, readings: readonly Reading[]): Stream {
    const said = new Map(readings.flatMap((reading) => reading.map((atom) => [atom.from, atom] as const)));
    let characters = "";
    const owners: number[] = [];
    const begins: boolean[] = [];
    const add = (text: string, from: number, to: number) => {
        for (let at = 0; at < text.length; at++) {
            // A match may begin at any word, and at any digit that was said; it ends with the last token it reaches.
            begins.push(at === 0);
            owners.push(at === text.length - 1 ? to - 1 : from);
        }
        characters += text;
    };
    for (let at = 0; at < tokens.length; ) {
        const atom = said.get(at);
        if (atom) add(atom.characters.replace("+", "").toLowerCase(), at, atom.to);
        else if (tokens[at]?.kind === "word" || tokens[at]?.kind === "number") add(tokens[at]?.key ?? "", at, at + 1);
        else if (tokens[at]?.kind === "mark") add("…", at, at + 1);
        at = atom?.to ?? at + 1;
    }
    return { characters, tokens: owners, begins };
}

/** Where the pattern ends when it stands at `from`; it has to end where a word does. */
function endOf({ characters, begins }: Stream, from: number, pattern: Symbols): number | undefined {
    let at = from;
    for (const symbol of pattern) {
        const character = characters.charAt(at);
        if (character === "" || character === "…") return undefined;
        if (symbol === "*") {
            if (!begins[at]) return undefined;
            at += 1;
            while (at < characters.length && !begins[at]) at += 1;
            continue;
        }
        const isDigit = character >= "0" && character <= "9";
        const matches = symbol === "#" ? isDigit : symbol === "?" ? !isDigit : symbol === character;
        if (!matches) return undefined;
        at += 1;
    }
    return at === characters.length || begins[at] ? at : undefined;
}

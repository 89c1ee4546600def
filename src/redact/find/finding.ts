import type { RedactionClass } from "../classes";
import type { Sentence, Token } from "../tokens";

/** The tokens `from` to before `to` are something to redact. */
export interface Finding {
    readonly class: RedactionClass;
    readonly from: number;
    readonly to: number;
    /** What pseudonyms are made of; the folded words where it is not given. */
    readonly value?: string;
}

/** What the words shortly before `at` are, as `WORD`; a number, a mark or the end of a sentence ends the look back. */
export function before({ tokens }: Sentence, at: number, words: number): number {
    let is = 0;
    for (let index = at - 1, seen = 0; index >= 0 && seen < words; index--) {
        const token = tokens[index] as Token;
        if (token.kind === "number" || token.kind === "mark" || isSentenceEnd(token)) break;
        if (token.kind !== "word") continue;
        is |= token.is;
        seen += 1;
    }
    return is;
}

export function isSentenceEnd(token: Token): boolean {
    return token.kind === "sign" && (token.key === "." || token.key === "!" || token.key === "?");
}

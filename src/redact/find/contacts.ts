/** The home's own people, by their full names and each part of them. */
import { folded } from "../fold";
import type { Sentence, Token } from "../tokens";
import { type Vocabulary, WORD } from "../words/vocabulary";
import type { Finding } from "./finding";

export const MAX_CONTACTS = 2_000;
const MAX_NAME_WORDS = 8;
const MIN_PART_CHARACTERS = 3;

export class Contacts {
    /** Names by their first word, the longest first. */
    readonly #names = new Map<string, (readonly string[])[]>();

    /** Parts of names that are ordinary words are found only within the full name. */
    constructor(names: readonly string[], { of }: Vocabulary) {
        const ordinary =
            WORD.stop |
            WORD.unsureName |
            WORD.numeral |
            WORD.street |
            WORD.unsureStreet |
            WORD.title |
            WORD.unsureTitle |
            WORD.nameLink;
        for (const name of names.slice(0, MAX_CONTACTS)) {
            const words = (folded(name).match(/\p{L}+/gu) ?? []).slice(0, MAX_NAME_WORDS);
            if (words.length === 0) continue;
            this.#add(words);
            if (words.length === 1) continue;
            for (const part of words) {
                if (part.length >= MIN_PART_CHARACTERS && !((of.get(part)?.is ?? 0) & ordinary)) this.#add([part]);
            }
        }
        for (const list of this.#names.values()) list.sort((a, b) => b.length - a.length);
    }

    find({ tokens }: Sentence): Finding[] {
        if (this.#names.size === 0) return [];
        const found: Finding[] = [];
        for (let at = 0; at < tokens.length; ) {
            const end = this.#endOf(tokens, at);
            if (end !== undefined) found.push({ class: "name", from: at, to: end });
            at = end ?? at + 1;
        }
        return found;
    }

    #add(words: readonly string[]): void {
        const [first = ""] = words;
        const list = this.#names.get(first) ?? [];
        if (!list.some((known) => known.join(" ") === words.join(" "))) list.push(words);
        this.#names.set(first, list);
    }

    #endOf(tokens: readonly Token[], at: number): number | undefined {
        for (const words of this.#names.get(tokens[at]?.key ?? "") ?? []) {
            let next = at;
            const matches = words.every((word, index) => {
                while (index > 0 && (tokens[next]?.key === "-" || tokens[next]?.key === "'")) next += 1;
                return tokens[next++]?.key === word;
            });
            if (matches) return next;
        }
        return undefined;
    }
}

/** Finds personal data in a sentence. */
import { REDACTION_CLASSES, type RedactionClass, RedactionError, type Span } from "./classes";
import { findAddresses } from "./find/address";
import { findBirthDates } from "./find/birth";
import { Contacts } from "./find/contacts";
import { findEmails } from "./find/email";
import type { Finding } from "./find/finding";
import { findNames } from "./find/names";
import { findDigits, findNumbers } from "./find/numbers";
import { OwnPatterns } from "./find/own-patterns";
import { type Reading, readingsOf } from "./readings";
import { markToken, type Sentence, sentenceOf, type Token, tokensOf } from "./tokens";
import { type Vocabulary, vocabularyOf, WORD } from "./words/vocabulary";

/** Longer texts are no sentences, and are refused. */
export const MAX_TEXT_CHARACTERS = 20_000;

export interface DetectorOptions {
    /** "en", "de", "fr", "es"; with another, the words are taken for English. */
    readonly language: string;
    /** All when not given. */
    readonly classes?: readonly RedactionClass[];
    /** Names that are found wherever they are said. */
    readonly contacts?: readonly string[];
    /** See `OwnPatterns`. */
    readonly patterns?: readonly string[];
}

export class Detector {
    readonly #vocabulary: Vocabulary;
    readonly #classes: ReadonlySet<RedactionClass>;
    readonly #contacts: Contacts;
    readonly #patterns: OwnPatterns;

    /** @throws RedactionError "bad-pattern" */
    constructor({ language, classes = REDACTION_CLASSES, contacts = [], patterns = [] }: DetectorOptions) {
        this.#vocabulary = vocabularyOf(language);
        this.#classes = new Set(classes);
        this.#contacts = new Contacts(contacts, this.#vocabulary);
        this.#patterns = new OwnPatterns(patterns);
    }

    /**
     * In the order of the text; spans don't overlap. What an earlier redaction left in place of something is never found.
     * @throws RedactionError "too-long"
     */
    find(text: string): readonly Span[] {
        if (text.length > MAX_TEXT_CHARACTERS) {
            throw new RedactionError(
                "too-long",
                `A text of ${text.length} characters is too long to be redacted: ${MAX_TEXT_CHARACTERS} at most.`,
            );
        }
        const spans: Span[] = [];
        let tokens: readonly Token[] = tokensOf(text, this.#vocabulary);
        // What is found can change what its surroundings mean: it is looked again until the redacted text has nothing more.
        for (;;) {
            const sentence = sentenceOf(text, tokens, this.#vocabulary);
            const findings = this.#findings(sentence);
            if (findings.length === 0) break;
            spans.push(...findings.map((finding) => spanOf(sentence, finding)));
            tokens = withoutFound(tokens, findings);
        }
        return spans.filter(({ class: found }) => this.#classes.has(found)).sort((a, b) => a.start - b.start);
    }

    /** In the order of the text. */
    #findings(sentence: Sentence): readonly Finding[] {
        const taken = new Uint8Array(sentence.tokens.length);
        const findings: Finding[] = [];
        const take = (found: readonly Finding[]) => {
            for (const finding of found) {
                if (taken.subarray(finding.from, finding.to).includes(1)) continue;
                taken.fill(1, finding.from, finding.to);
                findings.push(finding);
            }
        };
        const hasNumbers = sentence.hasDigits || (sentence.has & WORD.numeral) !== 0;
        const readings: readonly Reading[] = hasNumbers ? readingsOf(sentence) : [];
        take(this.#patterns.find(sentence, readings));
        take(findEmails(sentence));
        take(findBirthDates(sentence));
        if (hasNumbers) {
            take(findNumbers(sentence, readings));
            take(findAddresses(sentence));
            take(findDigits(sentence, readings, ({ from, to }) => !taken.subarray(from, to).includes(1)));
        }
        // After the addresses: a street may be named like somebody.
        take(this.#contacts.find(sentence));
        take(findNames(sentence));
        return findings.sort((a, b) => a.from - b.from);
    }
}

function spanOf({ tokens }: Sentence, { class: found, from, to, value }: Finding): Span {
    const start = tokens[from]?.start ?? 0;
    const end = tokens[to - 1]?.end ?? start;
    const words = tokens.slice(from, to).filter(({ kind }) => kind !== "sign");
    return { class: found, start, end, value: value ?? words.map(({ key }) => key).join(" ") };
}

function withoutFound(tokens: readonly Token[], findings: readonly Finding[]): Token[] {
    const left: Token[] = [];
    let next = 0;
    for (const { from, to } of findings) {
        left.push(...tokens.slice(next, from));
        left.push(markToken(tokens[from]?.start ?? 0, tokens[to - 1]?.end ?? 0));
        next = to;
    }
    left.push(...tokens.slice(next));
    return left;
}

/** Puts something else in the place of what a detector found, in texts and transcripts. */
import type { Transcript, TranscriptWord } from "../speech";
import { countsOf, largerCounts, type RedactionCounts, RedactionError, type Span, type TextMode } from "./classes";
import { Detector, type DetectorOptions } from "./detector";
import { Pseudonyms } from "./pseudonyms";

export interface RedactorOptions extends DetectorOptions {
    readonly mode: TextMode;
    /** 32 bytes, needed for pseudonyms. */
    readonly key?: Uint8Array;
}

export interface RedactedText {
    readonly text: string;
    /** Where it was found, in the original. */
    readonly spans: readonly Span[];
    readonly counts: RedactionCounts;
}

/** A span with the words it touches: `words[firstWord]` to `words[lastWord]`. */
export interface WordSpan extends Span {
    readonly firstWord: number;
    readonly lastWord: number;
}

export interface RedactedTranscript {
    readonly transcript: Transcript;
    readonly spans: readonly WordSpan[];
    readonly counts: RedactionCounts;
}

export class Redactor {
    readonly #detector: Detector;
    readonly #mode: TextMode;
    readonly #pseudonyms: Pseudonyms | undefined;

    /** @throws RedactionError "bad-pattern"; "bad-key" for pseudonyms without a key */
    constructor({ mode, key, ...options }: RedactorOptions) {
        this.#detector = new Detector(options);
        this.#mode = mode;
        if (mode === "pseudonym" && !key) throw new RedactionError("bad-key", "Pseudonyms need a key.");
        this.#pseudonyms = key ? new Pseudonyms(key) : undefined;
    }

    /** @throws RedactionError "too-long" */
    redact(text: string): RedactedText {
        const spans = this.#detector.find(text);
        return { text: this.#replaced(text, spans), spans, counts: countsOf(spans) };
    }

    /**
     * The text and the words of a transcript; what stands for several words has the time from the first to the last.
     * @throws RedactionError "too-long"
     */
    redactTranscript(transcript: Transcript): RedactedTranscript {
        const { text, words } = transcript;
        // A text whose words can be found in it is searched once. Otherwise words and text each are, so that neither keeps anything.
        const inText = rangesIn(text, words);
        const spoken = inText ? text : words.map((word) => word.text).join(" ");
        const ranges = inText ?? rangesIn(spoken, words) ?? [];
        const ofWords = this.redact(spoken);
        const ofText = inText ? ofWords : this.redact(text);
        const spans = ofWords.spans.flatMap((span) => withWords(span, ranges));
        const redacted = {
            ...transcript,
            text: ofText.text,
            words: this.#redactedWords(words, spans, ofWords.spans, ranges, spoken),
        };
        return {
            transcript: redacted,
            spans,
            counts: inText ? ofWords.counts : largerCounts(ofWords.counts, ofText.counts),
        };
    }

    #replaced(text: string, spans: readonly Span[]): string {
        let redacted = "";
        let next = 0;
        for (const span of spans) {
            redacted += text.slice(next, span.start) + this.#inPlaceOf(span);
            next = span.end;
        }
        return redacted + text.slice(next);
    }

    #inPlaceOf({ class: found, value }: Span): string {
        if (this.#mode === "remove") return "…";
        const pseudonym = this.#mode === "pseudonym" && this.#pseudonyms?.of(found, value);
        return pseudonym ? `[${found}-${pseudonym}]` : `[${found}]`;
    }

    /** Words that share a span, or that spans chain together, become one. */
    #redactedWords(
        words: readonly TranscriptWord[],
        wordSpans: readonly WordSpan[],
        spans: readonly Span[],
        ranges: readonly Range[],
        text: string,
    ): readonly TranscriptWord[] {
        const redacted: TranscriptWord[] = [];
        for (let first = 0; first < words.length; ) {
            let last = first;
            for (const span of wordSpans) {
                if (span.firstWord <= last && span.lastWord > last) last = span.lastWord;
            }
            const group = words.slice(first, last + 1);
            const from = ranges[first]?.start ?? 0;
            const to = ranges[last]?.end ?? from;
            const within = spans.filter(({ start, end }) => start < to && end > from);
            const moved = within.map((span) => ({
                ...span,
                start: Math.max(0, span.start - from),
                end: Math.min(to, span.end) - from,
            }));
            redacted.push(
                ...(within.length === 0 ? group : [joined(group, this.#replaced(text.slice(from, to), moved))]),
            );
            first = last + 1;
        }
        return redacted;
    }
}

function joined(words: readonly TranscriptWord[], text: string): TranscriptWord {
    return {
        text,
        startMs: Math.min(...words.map(({ startMs }) => startMs)),
        endMs: Math.max(...words.map(({ endMs }) => endMs)),
        confidence: Math.min(...words.map(({ confidence }) => confidence)),
    };
}

interface Range {
    readonly start: number;
    readonly end: number;
}

/** Where each word stands in the text, when they all do, in order, with nothing that is said between them. */
function rangesIn(text: string, words: readonly TranscriptWord[]): readonly Range[] | undefined {
    const ranges: Range[] = [];
    let next = 0;
    for (const { text: written } of words) {
        const word = written.trim();
        const start = text.indexOf(word, next);
        if (start < 0 || /[\p{L}\p{N}]/u.test(text.slice(next, start))) return undefined;
        next = start + word.length;
        ranges.push({ start, end: next });
    }
    return /[\p{L}\p{N}]/u.test(text.slice(next)) ? undefined : ranges;
}

function withWords(span: Span, ranges: readonly Range[]): WordSpan[] {
    const touches = ({ start, end }: Range) => start < span.end && end > span.start;
    const firstWord = ranges.findIndex(touches);
    const lastWord = ranges.findLastIndex(touches);
    return firstWord < 0 ? [] : [{ ...span, firstWord, lastWord }];
}

/**
 * How sure the recogniser can be. Its score says how much worse the words fit the sound than the best sounds of the model
 * at each moment would: near 0 for words that were said, clearly negative for words forced onto something else.
 */
import type { RecognisedWord } from "./builtin/recogniser";
import type { TranscriptWord } from "./transcriber";

/** Score per frame at which words are as likely right as wrong, and how fast that changes. */
const EVEN_SCORE = -0.004;
const SLOPE = 2_000;

/** 0 to 1, over all words weighted by their length; 0 for no words. */
export function confidenceOf(words: readonly RecognisedWord[]): number {
    let total = 0;
    let lengthMs = 0;
    for (const { startMs, endMs, scorePerFrame } of words) {
        total += scorePerFrame * (endMs - startMs);
        lengthMs += endMs - startMs;
    }
    return lengthMs === 0 ? 0 : likelihood(total / lengthMs);
}

export function transcriptWords(words: readonly RecognisedWord[]): TranscriptWord[] {
    return words.map(({ text, startMs, endMs, scorePerFrame }) => ({
        text,
        startMs,
        endMs,
        confidence: likelihood(scorePerFrame),
    }));
}

function likelihood(scorePerFrame: number): number {
    return Math.round(1000 / (1 + Math.exp(-SLOPE * (scorePerFrame - EVEN_SCORE)))) / 1000;
}

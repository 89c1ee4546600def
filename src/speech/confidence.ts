/**
 * How sure the recogniser can be. Its score says how much worse the words fit the sound than the best sounds of the model
 * at each moment would: near 0 for words that were said, clearly negative for words forced onto something else.
 *
 * The curves are logistic regressions over 169 orders of coffee that were recognised right (clean, 15 dB and 6 dB of kitchen
 * noise) and 264 utterances forced onto sentences that were not said: the same orders with a home's grammar, single words with
 * either. A confidence of 0.5 for the utterance lets 98 % of the right ones and 1.5 % of the forced ones pass (area under the
 * curve 0.999). Single words are much less certain than the whole.
 */
import type { RecognisedWord } from "./builtin/recogniser";
import type { TranscriptWord } from "./transcriber";

interface Curve {
    /** Score per frame at which being right is as likely as not. */
    readonly evenScore: number;
    readonly slope: number;
}

const UTTERANCE: Curve = { evenScore: -0.0044, slope: 5_000 };
const WORD: Curve = { evenScore: -0.0046, slope: 800 };

/** 0 to 1, over all words weighted by their length; 0 for no words. */
export function confidenceOf(words: readonly RecognisedWord[]): number {
    let total = 0;
    let lengthMs = 0;
    for (const { startMs, endMs, scorePerFrame } of words) {
        total += scorePerFrame * (endMs - startMs);
        lengthMs += endMs - startMs;
    }
    return lengthMs === 0 ? 0 : likelihood(total / lengthMs, UTTERANCE);
}

export function transcriptWords(words: readonly RecognisedWord[]): TranscriptWord[] {
    return words.map(({ text, startMs, endMs, scorePerFrame }) => ({
        text,
        startMs,
        endMs,
        confidence: likelihood(scorePerFrame, WORD),
    }));
}

function likelihood(scorePerFrame: number, { evenScore, slope }: Curve): number {
    return Math.round(1000 / (1 + Math.exp(-slope * (scorePerFrame - evenScore)))) / 1000;
}

/** A transcript as a person corrected it: what was left as it was keeps its time, so that it can still be found in the sound. */
import type { Transcript, TranscriptWord } from "./transcriber";

/** Longer texts are compared at their beginning and end only. */
const MAX_COMPARED = 400;

/**
 * @param text what was said; the words between two that were left as they were share the time between them
 * @returns a transcript with as many words as `text` has
 */
export function corrected(transcript: Transcript, text: string): Transcript {
    const heard = transcript.words;
    const said = text.split(/\s+/u).filter((word) => word !== "");
    const words: TranscriptWord[] = [];
    let [nextHeard, nextSaid] = [0, 0];
    for (const [left, right] of [...matches(heard, said), [heard.length, said.length] as const]) {
        words.push(...spread(said.slice(nextSaid, right), spanOf(transcript, nextHeard, left)));
        const same = heard[left];
        if (same) words.push({ ...same, text: said[right] ?? same.text });
        [nextHeard, nextSaid] = [left + 1, right + 1];
    }
    return { ...transcript, text: said.join(" "), words };
}

/** The words with these numbers, or where they would be: between the one before and the one after. */
function spanOf({ words, speechEndMs, durationMs }: Transcript, from: number, to: number) {
    const replaced = words.slice(from, to);
    const startMs = replaced[0]?.startMs ?? words[from - 1]?.endMs ?? 0;
    const endMs = replaced.at(-1)?.endMs ?? words[to]?.startMs ?? Math.max(speechEndMs, durationMs);
    return { startMs, endMs: Math.max(startMs, endMs) };
}

/** A person is sure of what they write. */
function spread(texts: readonly string[], { startMs, endMs }: Pick<TranscriptWord, "startMs" | "endMs">) {
    const eachMs = (endMs - startMs) / texts.length;
    return texts.map((text, index) => ({
        text,
        startMs: Math.round(startMs + index * eachMs),
        endMs: Math.round(startMs + (index + 1) * eachMs),
        confidence: 1,
    }));
}

/** Numbers of words that are the same in both, in order: a longest common subsequence. */
function matches(heard: readonly TranscriptWord[], said: readonly string[]): (readonly [number, number])[] {
    const one = heard.map(({ text }) => folded(text));
    const other = said.map(folded);
    let start = 0;
    while (start < one.length && start < other.length && one[start] === other[start]) start++;
    let end = 0;
    const isSameFromEnd = () => one[one.length - 1 - end] === other[other.length - 1 - end];
    while (end < Math.min(one.length, other.length) - start && isSameFromEnd()) end++;
    const [left, right] = [one.slice(start, one.length - end), other.slice(start, other.length - end)];
    const between =
        left.length > MAX_COMPARED || right.length > MAX_COMPARED
            ? []
            : common(left, right).map(([a, b]) => [a + start, b + start] as const);
    const from = (length: number) => Array.from({ length }, (_, index) => index);
    return [
        ...from(start).map((index) => [index, index] as const),
        ...between,
        ...from(end).map((index) => [one.length - end + index, other.length - end + index] as const),
    ];
}

function common(one: readonly string[], other: readonly string[]): [number, number][] {
    const width = other.length + 1;
    const lengths = new Uint16Array((one.length + 1) * width);
    const at = (left: number, right: number) => lengths[left * width + right] ?? 0;
    for (let left = one.length - 1; left >= 0; left--) {
        for (let right = other.length - 1; right >= 0; right--) {
            lengths[left * width + right] =
                one[left] === other[right]
                    ? at(left + 1, right + 1) + 1
                    : Math.max(at(left + 1, right), at(left, right + 1));
        }
    }
    const found: [number, number][] = [];
    for (let left = 0, right = 0; left < one.length && right < other.length; ) {
        if (one[left] === other[right]) found.push([left++, right++]);
        else if (at(left + 1, right) >= at(left, right + 1)) left++;
        else right++;
    }
    return found;
}

function folded(word: string): string {
    return word.toLocaleLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

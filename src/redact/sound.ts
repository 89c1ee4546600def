/** Covers what was found in the sound of an utterance, by the times of its words. */
import { SAMPLE_RATE } from "../audio";
import type { Samples, TranscriptWord } from "../speech";
import { RedactionError } from "./classes";
import type { RedactedTranscript } from "./redactor";

/** What is heard instead: nothing, a tone, or the sound of the place, backwards and scrambled. */
export const SOUND_COVERS = ["silence", "bleep", "noise"] as const;

export type SoundCover = (typeof SOUND_COVERS)[number];

/** Milliseconds from the start of the utterance. */
export interface TimeRange {
    readonly startMs: number;
    readonly endMs: number;
}

/** Recognisers put the edges of words some frames off; what a margin takes of the neighbours is less than what it saves. */
const MARGIN_MS = 80;
/** Long enough not to click. It lies outside the range: within it nothing of the original is left. */
const FADE_MS = 10;
const BLEEP_HZ = 1_000;
const BLEEP_LEVEL = 0.1;
/** Shorter than any speech sound that could be understood, even backwards. */
const NOISE_GRAIN_MS = 12;

/**
 * The times of the words that were found, with margins, those that touch joined.
 * @param words of the transcript as it was before it was redacted
 * @throws RedactionError "no-times" when a word has none: nobody knows then what to cover
 */
export function timesOf(
    { spans, counts }: Pick<RedactedTranscript, "spans" | "counts">,
    words: readonly TranscriptWord[],
): readonly TimeRange[] {
    const found = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (spans.length < found) throw noTimes();
    const ranges = spans.map(({ firstWord, lastWord }) => {
        const said = words.slice(firstWord, lastWord + 1);
        const startMs = Math.min(...said.map((word) => word.startMs)) - MARGIN_MS;
        const endMs = Math.max(...said.map((word) => word.endMs)) + MARGIN_MS;
        if (!Number.isFinite(startMs) || !Number.isFinite(endMs) || endMs <= startMs + 2 * MARGIN_MS) {
            throw noTimes();
        }
        return { startMs: Math.max(0, startMs), endMs };
    });
    return joinedRanges(ranges);
}

function noTimes(): RedactionError {
    return new RedactionError("no-times", "The transcript has no times for its words, so the sound can't be redacted.");
}

/** A copy in which the ranges are covered; `samples` stay as they are, whoever else has them. */
export function covered(
    samples: Samples,
    ranges: readonly TimeRange[],
    cover: SoundCover,
    sampleRate = SAMPLE_RATE,
): Samples {
    const copy = samples.slice();
    const at = (ms: number) => Math.max(0, Math.min(samples.length, Math.round((ms / 1000) * sampleRate)));
    for (const { startMs, endMs } of joinedRanges(ranges)) {
        const from = at(startMs);
        const to = at(endMs);
        const fade = at(FADE_MS);
        fadeOut(copy, Math.max(0, from - fade), from);
        fadeIn(copy, to, Math.min(copy.length, to + fade));
        const inside = copy.subarray(from, to);
        if (cover === "noise") scramble(inside, sampleRate);
        else if (cover === "bleep") bleep(inside, fade, sampleRate);
        else inside.fill(0);
    }
    return copy;
}

function joinedRanges(ranges: readonly TimeRange[]): readonly TimeRange[] {
    const joined: TimeRange[] = [];
    for (const range of [...ranges].sort((a, b) => a.startMs - b.startMs)) {
        const last = joined.at(-1);
        if (last && range.startMs <= last.endMs)
            joined[joined.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, range.endMs) };
        else joined.push(range);
    }
    return joined;
}

function fadeOut(samples: Samples, from: number, to: number): void {
    for (let at = from; at < to; at++) samples[at] = ((samples[at] ?? 0) * (to - at)) / (to - from);
}

function fadeIn(samples: Samples, from: number, to: number): void {
    for (let at = from; at < to; at++) samples[at] = ((samples[at] ?? 0) * (at - from)) / (to - from);
}

function bleep(inside: Samples, fade: number, sampleRate: number): void {
    for (let at = 0; at < inside.length; at++) {
        const edge = Math.min(1, at / fade, (inside.length - 1 - at) / fade);
        inside[at] = BLEEP_LEVEL * edge * Math.sin((2 * Math.PI * BLEEP_HZ * at) / sampleRate);
    }
}

/**
 * Noise as loud as what was there, and no more of it than how loud it was, backwards: turned sound alone could be turned
 * again, so each grain keeps only its energy and gets samples of its own.
 */
function scramble(inside: Samples, sampleRate: number): void {
    const grain = Math.round((NOISE_GRAIN_MS / 1000) * sampleRate);
    const levels: number[] = [];
    for (let from = 0; from < inside.length; from += grain) {
        const part = inside.subarray(from, from + grain);
        levels.push(Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length));
    }
    levels.reverse();
    for (let at = 0; at < inside.length; at++) {
        const position = at / grain;
        const [left = 0, right = left] = levels.slice(Math.floor(position), Math.floor(position) + 2);
        const level = left + (right - left) * (position % 1);
        // Uniform noise between -√3 and √3 has an energy of one.
        inside[at] = Math.max(-1, Math.min(1, level * Math.sqrt(3) * (2 * Math.random() - 1)));
    }
}

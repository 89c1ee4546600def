/** What the program that is killed does, and how the one that kills it can tell what came of it. */
import type { Keepsake, RecordingContent } from "../../src/vault";

/** Said before, with what is meant to happen, and again when it is done. */
export interface Act {
    readonly what: "keep" | "purge" | "sweep" | "replace" | "rotate";
    readonly done: boolean;
    /** Ids of recordings, each with the number of what it holds now. */
    readonly kept?: readonly (readonly [id: string, number: number])[];
    readonly purged?: readonly string[];
}

const LENGTH = 40_000;
/** Two for each sample; and a magic, a salt and a tag for each chunk. */
export const SEALED_BYTES = 2 * LENGTH + 72;

export function numbered(number: number): Required<Pick<Keepsake, "samples" | "transcript">> & Keepsake {
    return {
        session: `n${number}`,
        site: number % 2 === 0 ? "kitchen" : "hall",
        startedAt: 1_790_000_000_000 + number,
        samples: soundOf(number),
        transcript: {
            text: `number ${number}`,
            confidence: 1,
            words: [],
            engine: "bench",
            durationMs: 2_500,
            latencyMs: 0,
            speechEndMs: 2_500,
        },
    };
}

/** @param number undefined: that of its session */
export function isWhole({ recording, samples, transcript }: RecordingContent, number: number | undefined): boolean {
    const expected = number ?? Number(recording.session.slice(1));
    if (samples?.length !== LENGTH || transcript?.text !== `number ${expected}`) return false;
    const sound = soundOf(expected);
    return samples.every((sample, index) => Math.abs(sample - (sound[index] ?? 9)) < 2 ** -15);
}

function soundOf(number: number): Float32Array {
    return Float32Array.from({ length: LENGTH }, (_, index) => (((number * 97 + index) % 2_000) - 1_000) / 1_000);
}

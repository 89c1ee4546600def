import type { Samples } from "../speech";

export interface WakeWord {
    /** The phrase, as configured. */
    readonly word: string;
    /** 0 to 1, above the threshold that the sensitivity sets. */
    readonly score: number;
    /** Samples from the start of the stream to the first sample after the phrase. */
    readonly endSample: number;
}

export interface WakeOptions {
    readonly phrases: readonly string[];
    /** 0 (hardly ever wakes by mistake) to 1 (hardly ever misses). */
    readonly sensitivity: number;
    /** Silence of the detector after a detection, in milliseconds of sound. */
    readonly cooldownMs: number;
    readonly onWake: (wake: WakeWord) => void;
}

/** One stream that is being watched for wake words. */
export interface WakeWatch {
    write(samples: Samples): void;
    close(): void;
}

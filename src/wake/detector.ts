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
    /** Language of the phrases, as the folders under `locales/` are called. */
    readonly language: string;
    readonly phrases: readonly string[];
    /** 0 (hardly ever wakes by mistake) to 1 (hardly ever misses). */
    readonly sensitivity: number;
    /** Silence of the detector after a detection, in milliseconds of sound. */
    readonly cooldownMs: number;
    readonly onWake: (wake: WakeWord) => void;
    /** The detector stopped for a reason of its own; `error.message` is a sentence for people. */
    readonly onFailed?: (error: Error) => void;
    /** Called as sound has been listened to, with the number of samples; an unpaced source waits for it. */
    readonly onConsumed?: (samples: number) => void;
}

/** One stream that is being watched for wake words. */
export interface WakeWatch {
    write(samples: Samples): void;
    /** No more sound will come; resolves when all of it has been listened to, and closes. */
    end(): Promise<void>;
    /** Forgets the stream at once. */
    close(): void;
}

/** Watches streams for wake words, out of Node-RED's thread. */
export interface WakeDetector {
    watch(options: WakeOptions): WakeWatch;
}

import type { RecogniserGrammar } from "../language";

/** Sound everywhere in the library: mono, 16,000 samples a second, 32-bit floats from -1 to 1. */
export type Samples = Float32Array;

export interface TranscriptWord {
    readonly text: string;
    /** Milliseconds from the start of the utterance. */
    readonly startMs: number;
    readonly endMs: number;
    /** 0 to 1. */
    readonly confidence: number;
}

export interface Transcript {
    /** Empty when nothing was said that the engine could put into words. */
    readonly text: string;
    /** 0 to 1. */
    readonly confidence: number;
    readonly words: readonly TranscriptWord[];
    /** "builtin", "whisper", … */
    readonly engine: string;
    /** Length of the utterance in milliseconds of sound, silence that ended it included. */
    readonly durationMs: number;
    /** From the sample that ended the utterance arriving to the transcript being ready, in milliseconds. */
    readonly latencyMs: number;
    /** Where the last word ended, in milliseconds from the start of the utterance. */
    readonly speechEndMs: number;
}

export interface TranscriptionOptions {
    /** What can be said; engines with an open vocabulary take it as a bias. */
    readonly grammar: RecogniserGrammar;
    /** The utterance is cut here whatever happens, in milliseconds of sound. */
    readonly maxMs: number;
    /** Silence after speech that ends the utterance, in milliseconds. */
    readonly silenceMs: number;
    /** Called with the words so far, now and then. */
    readonly onPartial?: (text: string) => void;
    /** Called as sound has been dealt with, with the number of samples; an unpaced source waits for it. */
    readonly onConsumed?: (samples: number) => void;
}

/** One utterance on its way to becoming text. */
export interface Transcription {
    /** Sound as it arrives; ignored once the utterance has ended. */
    write(samples: Samples): void;
    /** No more sound will come. */
    end(): void;
    /** Forgets the utterance; `result` rejects with a `TranscriptionError`. */
    cancel(): void;
    /** Settles when the utterance ends by silence, by `end()` or at the limit; rejects with a `TranscriptionError`. */
    readonly result: Promise<Transcript>;
}

export type TranscriptionErrorCode = "cancelled" | "not-supported" | "engine";

/** An utterance that did not become a transcript; `message` is a sentence for people. */
export class TranscriptionError extends Error {
    override readonly name = "TranscriptionError";

    constructor(
        readonly code: TranscriptionErrorCode,
        message: string,
    ) {
        super(message);
    }
}

/** An engine that turns sound into text, out of Node-RED's thread. */
export interface Transcriber {
    open(options: TranscriptionOptions): Transcription;
}

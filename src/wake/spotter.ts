/** Listens for phrases in noise-reduced sound, in the recogniser's thread. */
import type { VoicedFrame } from "../audio";
import type { Recogniser } from "../speech/builtin/recogniser";
import type { WakeWord } from "./detector";

export interface SpotterOptions {
    readonly phrases: readonly string[];
    readonly sensitivity: number;
    readonly cooldownMs: number;
}

export class Spotter {
    constructor(
        readonly recogniser: Recogniser,
        readonly options: SpotterOptions,
        readonly onWake: (wake: WakeWord) => void,
    ) {}

    async take(_frame: VoicedFrame): Promise<void> {}
    async end(): Promise<void> {}
    close(): void {}
}

/** A WAV file of any kind, piece by piece, as the library's sound. */
import { createReadStream } from "node:fs";
import { decodeSound } from "../audio";
import type { Samples } from "../speech";

/** Files are of any length: what is heard of them is bounded by whoever listens. */
const ANY_LENGTH = { maxMs: Number.POSITIVE_INFINITY };

/** @throws AudioFormatError, or what the file system says */
export async function* soundOf(file: string): AsyncGenerator<Samples, void, undefined> {
    const decoder = decodeSound({ format: "wav" }, ANY_LENGTH);
    for await (const bytes of createReadStream(file)) yield decoder.write(bytes);
    yield decoder.end();
}

/** Sound handed to an engine that is not dealt with yet, in samples: enough to keep it busy, never all of a file. */
const MAX_AHEAD = 5 * 16_000;

/** Keeps a source from running ahead of an engine. */
export class Pace {
    #ahead = 0;
    #goOn: (() => void) | undefined;

    /** Told by the engine. */
    readonly consumed = (samples: number): void => {
        this.#ahead -= samples;
        if (this.#ahead <= MAX_AHEAD) this.release();
    };

    /** Nothing is to be waited for any more. */
    readonly release = (): void => {
        this.#goOn?.();
        this.#goOn = undefined;
    };

    /** Resolves when more may be written than the samples just written. */
    async written(samples: number): Promise<void> {
        this.#ahead += samples;
        if (this.#ahead <= MAX_AHEAD) return;
        await new Promise<void>((resolve) => {
            this.#goOn = resolve;
        });
    }
}

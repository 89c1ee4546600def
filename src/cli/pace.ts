/** Keeps a source that is faster than real time from running ahead of an engine. */

/** Sound handed to an engine that is not dealt with yet, in samples: enough to keep it busy, never all of a file. */
const MAX_AHEAD = 5 * 16_000;

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

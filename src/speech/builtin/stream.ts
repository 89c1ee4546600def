/** One stream of sound in the recogniser's thread. */
import { failure } from "./failure";
import type { FromEngine } from "./protocol";

/** Sound that may wait for a recogniser, in samples: a minute. */
const MAX_WAITING = 60 * 16_000;

/** What becomes of a stream's sound; one message after the other. */
export interface Consumer {
    take(samples: Float32Array): Promise<void>;
    end(): Promise<void>;
    close(): void;
}

/** Everything asked of one stream happens in order, one thing after the other. */
export class Stream {
    readonly #number: number;
    readonly #consumer: Promise<Consumer>;
    readonly #tell: (message: FromEngine) => void;
    readonly #onGone: () => void;
    #last: Promise<void>;
    #isGone = false;
    #waitingSamples = 0;

    /** @param onGone called when nothing more becomes of the stream */
    constructor(stream: number, consumer: Promise<Consumer>, tell: (message: FromEngine) => void, onGone: () => void) {
        this.#number = stream;
        this.#consumer = consumer;
        this.#tell = tell;
        this.#onGone = onGone;
        this.#last = consumer.then(
            () => {},
            (error) => this.#fail(error),
        );
    }

    sound(samples: Float32Array): void {
        if (this.#waitingSamples > MAX_WAITING) {
            this.#tell({ type: "consumed", stream: this.#number, samples: samples.length });
            return;
        }
        this.#waitingSamples += samples.length;
        this.#next(async (consumer) => {
            await consumer.take(samples);
            samples.fill(0);
            this.#waitingSamples -= samples.length;
            this.#tell({ type: "consumed", stream: this.#number, samples: samples.length });
        });
    }

    end(): void {
        this.#next(async (consumer) => {
            await consumer.end();
            this.#goes();
            this.#tell({ type: "ended", stream: this.#number });
        });
    }

    close(): void {
        this.#goes();
        this.#next(async (consumer) => consumer.close());
    }

    #goes(): void {
        this.#isGone = true;
        this.#onGone();
    }

    #next(work: (consumer: Consumer) => Promise<void>): void {
        this.#last = this.#last
            .then(() => this.#consumer)
            .then(work)
            .catch((error) => this.#fail(error));
    }

    #fail(error: unknown): void {
        if (this.#isGone) return;
        this.#goes();
        this.#tell({ type: "failed", stream: this.#number, ...failure(error) });
        this.#consumer.then(
            (consumer) => consumer.close(),
            () => {},
        );
    }
}

/** A stream that is watched for wake words. */
import type { NoiseReduction } from "../../audio";
import { SPOTTING_SEARCH, Spotter } from "../../wake/spotter";
import { Recogniser } from "./recogniser";
import type { Consumer } from "./stream";
import type { Ask, Workshop } from "./workshop";

export class WatchStream implements Consumer {
    readonly #spotter: Spotter;
    readonly #reduction: NoiseReduction;
    readonly #recogniser: Recogniser;
    #over = false;

    private constructor(spotter: Spotter, noiseReduction: NoiseReduction, recogniser: Recogniser) {
        this.#spotter = spotter;
        this.#reduction = noiseReduction;
        this.#recogniser = recogniser;
    }

    static async open({ tell, reduction }: Workshop, ask: Ask<"watch">): Promise<WatchStream> {
        const recogniser = await Recogniser.load(ask.language, SPOTTING_SEARCH);
        const spotter = new Spotter(recogniser, ask, (wake) => tell({ type: "woken", stream: ask.stream, wake }));
        return new WatchStream(spotter, (await reduction)(), recogniser);
    }

    async take(samples: Float32Array): Promise<void> {
        for (const frame of this.#reduction.process(samples)) await this.#spotter.take(frame);
    }

    async end(): Promise<void> {
        await this.#spotter.end();
        this.close();
    }

    close(): void {
        if (this.#over) return;
        this.#over = true;
        this.#spotter.close();
        this.#reduction.close();
        this.#recogniser.close();
    }
}

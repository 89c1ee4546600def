/** A stream in which one utterance is transcribed. */
import type { NoiseReduction } from "../../audio";
import type { Recogniser } from "./recogniser";
import type { Consumer } from "./stream";
import { Utterance } from "./utterance";
import type { Ask, Workshop } from "./workshop";

export class TranscribeStream implements Consumer {
    readonly #workshop: Workshop;
    readonly #ask: Ask<"transcribe">;
    readonly #recogniser: Recogniser;
    readonly #reduction: NoiseReduction;
    readonly #utterance: Utterance;
    #over = false;

    private constructor(
        workshop: Workshop,
        ask: Ask<"transcribe">,
        recogniser: Recogniser,
        noiseReduction: NoiseReduction,
    ) {
        this.#workshop = workshop;
        this.#ask = ask;
        this.#recogniser = recogniser;
        this.#reduction = noiseReduction;
        const tellPartial = (text: string) => workshop.tell({ type: "partial", stream: ask.stream, text });
        this.#utterance = new Utterance(recogniser, ask.endpointing, ask.partials ? tellPartial : undefined);
    }

    static async open(workshop: Workshop, ask: Ask<"transcribe">): Promise<TranscribeStream> {
        const recogniser = await workshop.recognisers.acquire(ask.grammar.language);
        try {
            recogniser.setGrammar(ask.grammar);
            return new TranscribeStream(workshop, ask, recogniser, (await workshop.reduction)());
        } catch (error) {
            workshop.recognisers.release(recogniser);
            throw error;
        }
    }

    async take(samples: Float32Array): Promise<void> {
        if (this.#over) return;
        for (const frame of this.#reduction.process(samples)) {
            const heard = await this.#utterance.take(frame);
            if (!heard) continue;
            this.#workshop.tell({ type: "heard", stream: this.#ask.stream, ...heard });
            this.close();
            return;
        }
    }

    async end(): Promise<void> {
        if (this.#over) return;
        this.#workshop.tell({ type: "heard", stream: this.#ask.stream, ...(await this.#utterance.finish()) });
        this.close();
    }

    close(): void {
        if (this.#over) return;
        this.#over = true;
        this.#reduction.close();
        try {
            this.#utterance.cancel();
            this.#workshop.recognisers.release(this.#recogniser);
        } catch {
            this.#workshop.recognisers.discard(this.#recogniser);
        }
    }
}

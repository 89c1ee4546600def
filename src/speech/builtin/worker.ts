/** The recogniser's thread: noise reduction, wake word spotting and transcription for all streams of one hub. */
import { parentPort } from "node:worker_threads";
import { loadNoiseReduction, type NoiseReduction } from "../../audio";
import { SPOTTING_SEARCH, Spotter } from "../../wake/spotter";
import type { TranscriptionErrorCode } from "../transcriber";
import type { FromEngine, ToEngine } from "./protocol";
import { LanguageNotSupported, NothingToSay, Recogniser } from "./recogniser";
import { RecogniserPool } from "./recogniser-pool";
import { Utterance } from "./utterance";

/** Utterances decoded at the same time; further ones wait, and their sound with them. */
const MAX_RECOGNISERS = 4;
/** Sound that may wait for a recogniser, per stream, in samples: a minute. */
const MAX_WAITING = 60 * 16_000;

type Ask<T extends ToEngine["type"]> = Extract<ToEngine, { type: T }>;

/** What becomes of a stream's sound; one message after the other. */
interface Consumer {
    take(samples: Float32Array): Promise<void>;
    end(): Promise<void>;
    close(): void;
}

const port = parentPort;
if (!port) throw new Error("This file is the recogniser's thread and is started by the engine.");
const tell = (message: FromEngine): void => port.postMessage(message);

const reduction = loadNoiseReduction();
const recognisers = new RecogniserPool(MAX_RECOGNISERS);

class TranscribeStream implements Consumer {
    readonly #ask: Ask<"transcribe">;
    readonly #recogniser: Recogniser;
    readonly #reduction: NoiseReduction;
    readonly #utterance: Utterance;
    #over = false;

    private constructor(ask: Ask<"transcribe">, recogniser: Recogniser, noiseReduction: NoiseReduction) {
        this.#ask = ask;
        this.#recogniser = recogniser;
        this.#reduction = noiseReduction;
        const tellPartial = (text: string) => tell({ type: "partial", stream: ask.stream, text });
        this.#utterance = new Utterance(recogniser, ask.endpointing, ask.partials ? tellPartial : undefined);
    }

    static async open(ask: Ask<"transcribe">): Promise<TranscribeStream> {
        const recogniser = await recognisers.acquire(ask.grammar.language);
        try {
            recogniser.setGrammar(ask.grammar);
            return new TranscribeStream(ask, recogniser, (await reduction)());
        } catch (error) {
            recognisers.release(recogniser);
            throw error;
        }
    }

    async take(samples: Float32Array): Promise<void> {
        if (this.#over) return;
        for (const frame of this.#reduction.process(samples)) {
            const heard = await this.#utterance.take(frame);
            if (!heard) continue;
            tell({ type: "heard", stream: this.#ask.stream, ...heard });
            this.close();
            return;
        }
    }

    async end(): Promise<void> {
        if (this.#over) return;
        tell({ type: "heard", stream: this.#ask.stream, ...(await this.#utterance.finish()) });
        this.close();
    }

    close(): void {
        if (this.#over) return;
        this.#over = true;
        this.#reduction.close();
        try {
            this.#utterance.cancel();
            recognisers.release(this.#recogniser);
        } catch {
            recognisers.discard(this.#recogniser);
        }
    }
}

class WatchStream implements Consumer {
    readonly #spotter: Spotter;
    readonly #reduction: NoiseReduction;
    readonly #recogniser: Recogniser;
    #over = false;

    private constructor(spotter: Spotter, noiseReduction: NoiseReduction, recogniser: Recogniser) {
        this.#spotter = spotter;
        this.#reduction = noiseReduction;
        this.#recogniser = recogniser;
    }

    static async open(ask: Ask<"watch">): Promise<WatchStream> {
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

/** Everything asked of one stream happens in order, one thing after the other. */
class Stream {
    readonly #number: number;
    readonly #consumer: Promise<Consumer>;
    #last: Promise<void>;
    #waitingSamples = 0;

    constructor(stream: number, consumer: Promise<Consumer>) {
        this.#number = stream;
        this.#consumer = consumer;
        this.#last = consumer.then(
            () => {},
            (error) => this.#fail(error),
        );
    }

    sound(samples: Float32Array): void {
        if (this.#waitingSamples > MAX_WAITING) {
            tell({ type: "consumed", stream: this.#number, samples: samples.length });
            return;
        }
        this.#waitingSamples += samples.length;
        this.#next(async (consumer) => {
            await consumer.take(samples);
            samples.fill(0);
            this.#waitingSamples -= samples.length;
            tell({ type: "consumed", stream: this.#number, samples: samples.length });
        });
    }

    end(): void {
        this.#next(async (consumer) => {
            await consumer.end();
            streams.delete(this.#number);
            tell({ type: "ended", stream: this.#number });
        });
    }

    close(): void {
        streams.delete(this.#number);
        this.#next(async (consumer) => consumer.close());
    }

    #next(work: (consumer: Consumer) => Promise<void>): void {
        this.#last = this.#last
            .then(() => this.#consumer)
            .then(work)
            .catch((error) => this.#fail(error));
    }

    #fail(error: unknown): void {
        if (streams.get(this.#number) !== this) return;
        streams.delete(this.#number);
        tell({ type: "failed", stream: this.#number, ...failure(error) });
        this.#consumer.then(
            (consumer) => consumer.close(),
            () => {},
        );
    }
}

const streams = new Map<number, Stream>();

port.on("message", (ask: ToEngine) => {
    switch (ask.type) {
        case "prepare":
            void prepare(ask);
            return;
        case "transcribe":
            streams.set(ask.stream, new Stream(ask.stream, TranscribeStream.open(ask)));
            return;
        case "watch":
            streams.set(ask.stream, new Stream(ask.stream, WatchStream.open(ask)));
            return;
        case "sound":
            streams.get(ask.stream)?.sound(ask.samples);
            return;
        case "end":
            streams.get(ask.stream)?.end();
            return;
        case "close":
            streams.get(ask.stream)?.close();
            return;
    }
});

/** Loads what the first utterance will need, so that it need not wait. */
async function prepare({ stream, grammar }: Ask<"prepare">): Promise<void> {
    try {
        const recogniser = await recognisers.acquire(grammar.language);
        try {
            // A home without devices is no fault yet: there may be some by the time that somebody speaks.
            if (grammar.jsgf !== "") recogniser.setGrammar(grammar);
        } finally {
            recognisers.release(recogniser);
        }
        await reduction;
        tell({ type: "ready", stream });
    } catch (error) {
        tell({ type: "failed", stream, ...failure(error) });
    }
}

function failure(error: unknown): { code: TranscriptionErrorCode; message: string } {
    const isAboutTheAsk = error instanceof LanguageNotSupported || error instanceof NothingToSay;
    const code = isAboutTheAsk ? "not-supported" : "engine";
    return { code, message: error instanceof Error ? error.message : String(error) };
}

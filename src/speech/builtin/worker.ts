/** The recogniser's thread: noise reduction, wake word spotting and transcription for all streams of one hub. */
import { parentPort } from "node:worker_threads";
import { loadNoiseReduction } from "../../audio";
import { failure } from "./failure";
import type { FromEngine, ToEngine } from "./protocol";
import { RecogniserPool } from "./recogniser-pool";
import { type Consumer, Stream } from "./stream";
import { TranscribeStream } from "./transcribe-stream";
import { WatchStream } from "./watch-stream";
import type { Ask, Workshop } from "./workshop";

/** Utterances decoded at the same time; further ones wait, and their sound with them. */
const MAX_RECOGNISERS = 4;

const port = parentPort;
if (!port) throw new Error("This file is the recogniser's thread and is started by the engine.");
const tell = (message: FromEngine): void => port.postMessage(message);

const reduction = loadNoiseReduction();
const recognisers = new RecogniserPool(MAX_RECOGNISERS);
const workshop: Workshop = { tell, reduction, recognisers };
const streams = new Map<number, Stream>();

port.on("message", (ask: ToEngine) => {
    switch (ask.type) {
        case "prepare":
            void prepare(ask);
            return;
        case "transcribe":
            open(ask.stream, TranscribeStream.open(workshop, ask));
            return;
        case "watch":
            open(ask.stream, WatchStream.open(workshop, ask));
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

function open(number: number, consumer: Promise<Consumer>): void {
    streams.set(number, new Stream(number, consumer, tell, () => streams.delete(number)));
}

/** Loads what the first utterance will need, so that it need not wait. */
async function prepare({ stream, grammar }: Ask<"prepare">): Promise<void> {
    try {
        const recogniser = await recognisers.acquire(grammar.language);
        try {
            // A home without devices is no fault yet: there may be some by the time that somebody speaks.
            if (grammar.network.states > 0) recogniser.setGrammar(grammar);
        } finally {
            recognisers.release(recogniser);
        }
        await reduction;
        tell({ type: "ready", stream });
    } catch (error) {
        tell({ type: "failed", stream, ...failure(error) });
    }
}

/** The built-in recogniser, seen from Node-RED's thread: owns the thread that does the work and starts it again when it dies. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { RecogniserGrammar } from "../../language";
import type { WakeDetector, WakeOptions, WakeWatch } from "../../wake";
import { confidenceOf, transcriptWords } from "../confidence";
import {
    type Samples,
    type Transcriber,
    type Transcript,
    type Transcription,
    TranscriptionError,
    type TranscriptionOptions,
} from "../transcriber";
import type { FromEngine, ToEngine } from "./protocol";

/** With no speech at all an utterance that silence may end does so after this many milliseconds. */
const NO_SPEECH_MS = 6_000;
const START_TIMEOUT_MS = 30_000;
/** Memory of the thread's own JavaScript, in MiB; the model is outside of it. */
const MAX_HEAP_MB = 128;
/** What was written is timed in pieces no older than this many writes. */
const TIMED_WRITES = 64;

/** Receives what the thread says about one stream. */
interface Stream {
    readonly receive: (message: FromEngine) => void;
    readonly fail: (error: TranscriptionError) => void;
}

export class BuiltinEngine implements Transcriber, WakeDetector {
    readonly #streams = new Map<number, Stream>();
    #worker: Worker | undefined;
    #nextStream = 1;

    /**
     * Loads the model, so that the first utterance need not wait for it.
     * @throws TranscriptionError when there is no model for the grammar's language or it cannot be loaded
     */
    async prepare(grammar: RecogniserGrammar): Promise<void> {
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        const port = this.#openStream({
            fail: reject,
            receive: (message) => {
                if (message.type === "ready") resolve();
            },
        });
        const late = new TranscriptionError("engine", "The recogniser did not start within 30 seconds.");
        const timer = setTimeout(() => reject(late), START_TIMEOUT_MS);
        port.post({ type: "prepare", grammar });
        try {
            await promise;
        } finally {
            clearTimeout(timer);
            port.forget();
        }
    }

    /** Ends the thread and everything under way in it. */
    async stop(): Promise<void> {
        const worker = this.#worker;
        this.#worker = undefined;
        this.#failAll(new TranscriptionError("cancelled", "The recogniser was stopped."));
        await worker?.terminate();
    }

    open(options: TranscriptionOptions): Transcription {
        return new BuiltinTranscription(options, (stream) => this.#openStream(stream));
    }

    watch(options: WakeOptions): WakeWatch {
        return new BuiltinWatch(options, (stream) => this.#openStream(stream));
    }

    #openStream(stream: Stream): StreamPort {
        const number = this.#nextStream++;
        this.#streams.set(number, stream);
        // The program runs on for as long as there is something to listen to, not for the idle thread's sake.
        this.#worker?.ref();
        return {
            post: (message) => this.#post({ ...message, stream: number } as ToEngine),
            forget: () => {
                if (!this.#streams.delete(number)) return;
                this.#worker?.postMessage({ type: "close", stream: number } satisfies ToEngine);
                if (this.#streams.size === 0) this.#worker?.unref();
            },
        };
    }

    #post(message: ToEngine): void {
        this.#worker ??= this.#startWorker();
        this.#worker.postMessage(message, message.type === "sound" ? [message.samples.buffer as ArrayBuffer] : []);
    }

    #startWorker(): Worker {
        const worker = new Worker(join(__dirname, "worker.js"), {
            resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
            stdout: true,
            stderr: true,
        });
        const died = (reason: string) => {
            if (this.#worker !== worker) return;
            this.#worker = undefined;
            this.#failAll(
                new TranscriptionError("engine", `The recogniser stopped (${reason}); it starts again by itself.`),
            );
        };
        worker.on("message", (message: FromEngine) => this.#receive(message));
        worker.on("error", (error) => died(error instanceof Error ? error.message : String(error)));
        worker.on("exit", (code) => died(`exit code ${code}`));
        return worker;
    }

    #receive(message: FromEngine): void {
        const stream = this.#streams.get(message.stream);
        if (message.type === "failed") stream?.fail(new TranscriptionError(message.code, message.message));
        else stream?.receive(message);
    }

    #failAll(error: TranscriptionError): void {
        for (const stream of [...this.#streams.values()]) stream.fail(error);
        this.#streams.clear();
    }
}

type StreamMessage = ToEngine extends infer Message
    ? Message extends { stream: number }
        ? Omit<Message, "stream">
        : never
    : never;

interface StreamPort {
    readonly post: (message: StreamMessage) => void;
    readonly forget: () => void;
}

class BuiltinTranscription implements Transcription {
    readonly result: Promise<Transcript>;
    readonly #port: StreamPort;
    readonly #writes: { readonly upTo: number; readonly at: number }[] = [];
    #written = 0;
    #over = false;
    readonly #fail: (error: TranscriptionError) => void;

    constructor(options: TranscriptionOptions, openStream: (stream: Stream) => StreamPort) {
        const { grammar, silenceMs, maxMs, onPartial, onConsumed } = options;
        const { promise, resolve, reject } = Promise.withResolvers<Transcript>();
        this.result = promise;
        const settle = (act: () => void) => {
            if (this.#over) return;
            this.#over = true;
            this.#port.forget();
            act();
        };
        this.#fail = (error) => settle(() => reject(error));
        this.#port = openStream({
            fail: this.#fail,
            receive: (message) => {
                if (message.type === "consumed") onConsumed?.(message.samples);
                if (message.type === "partial") onPartial?.(message.text);
                if (message.type === "heard") settle(() => resolve(this.#transcript(message)));
            },
        });
        this.#port.post({
            type: "transcribe",
            grammar,
            endpointing: {
                silenceMs,
                maxMs,
                noSpeechMs: silenceMs === Number.POSITIVE_INFINITY ? silenceMs : NO_SPEECH_MS,
            },
            partials: onPartial !== undefined,
        });
    }

    write(samples: Samples): void {
        if (this.#over) return;
        this.#written += samples.length;
        this.#writes.push({ upTo: this.#written, at: performance.now() });
        if (this.#writes.length > TIMED_WRITES) this.#writes.shift();
        this.#port.post({ type: "sound", samples: samples.slice() });
    }

    end(): void {
        if (!this.#over) this.#port.post({ type: "end" });
    }

    cancel(): void {
        this.#fail(new TranscriptionError("cancelled", "The utterance was forgotten before it became text."));
    }

    #transcript(heard: Extract<FromEngine, { type: "heard" }>): Transcript {
        const words = transcriptWords(heard.words);
        const lastSample = heard.durationMs * 16;
        const arrival = this.#writes.find(({ upTo }) => upTo >= lastSample) ?? this.#writes.at(-1);
        return {
            text: words.map(({ text }) => text).join(" "),
            confidence: confidenceOf(heard.words),
            words,
            engine: "builtin",
            durationMs: heard.durationMs,
            latencyMs: arrival ? performance.now() - arrival.at : 0,
            speechEndMs: words.at(-1)?.endMs ?? 0,
        };
    }
}

class BuiltinWatch implements WakeWatch {
    readonly #port: StreamPort;
    readonly #ended = Promise.withResolvers<void>();
    #over = false;

    constructor(options: WakeOptions, openStream: (stream: Stream) => StreamPort) {
        const { language, phrases, sensitivity, cooldownMs, onWake, onConsumed, onFailed } = options;
        this.#port = openStream({
            fail: (error) => {
                if (this.#over) return;
                this.close();
                onFailed?.(error);
            },
            receive: (message) => {
                if (message.type === "consumed") onConsumed?.(message.samples);
                if (message.type === "woken") onWake(message.wake);
                if (message.type === "ended") this.close();
            },
        });
        this.#port.post({ type: "watch", language, phrases, sensitivity, cooldownMs });
    }

    write(samples: Samples): void {
        if (!this.#over) this.#port.post({ type: "sound", samples: samples.slice() });
    }

    end(): Promise<void> {
        if (!this.#over) this.#port.post({ type: "end" });
        return this.#ended.promise;
    }

    close(): void {
        this.#over = true;
        this.#port.forget();
        this.#ended.resolve();
    }
}

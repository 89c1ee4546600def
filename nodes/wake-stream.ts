/** One stream of live sound that is watched for wake words, and the utterances that began in it. */
import type { Hub, Session, VoiceHandle } from "../src/hub";
import type { WakeOptions } from "../src/wake";

/** Utterances of one stream that may go on at a time: a flow without `transcribe` ends none of them. */
const MAX_UTTERANCES = 4;

export type Watching = Omit<WakeOptions, "language" | "onConsumed">;

export class WakeStream {
    readonly session: Session;
    readonly #hub: Hub;
    readonly #utterances: Session[] = [];
    #stop: () => void = () => undefined;

    constructor(hub: Hub, session: Session) {
        this.#hub = hub;
        this.session = session;
    }

    /** `onEnded` is called when no more sound comes; wake words in what came before can still be found then. */
    watch({ onFailed, ...options }: Watching, onEnded: () => void): void {
        const watch = this.#hub.wakeDetector.watch({
            ...options,
            language: this.#hub.language.code,
            onConsumed: (samples) => listening.consumed(samples),
            onFailed: (error) => {
                // A detector that is no more must not keep the source waiting.
                listening.stop();
                onEnded();
                onFailed?.(error);
            },
        });
        const listening = this.session.listen({
            reports: true,
            sound: (samples) => watch.write(samples),
            ended: () => {
                void watch.end();
                onEnded();
            },
        });
        this.#stop = () => {
            listening.stop();
            watch.close();
        };
    }

    /** At once, with nothing more to be found. */
    stop(): void {
        this.#stop();
    }

    /** What is said from this sample of the stream on. */
    utteranceFrom(sample: number): VoiceHandle {
        const utterance = this.#hub.sessions.branch(this.session, sample);
        this.#utterances.push(utterance);
        if (this.#utterances.length > MAX_UTTERANCES) this.#utterances.shift()?.end();
        return utterance.handle;
    }
}

/** One stream of live sound that is watched for wake words, and the utterances that began in it. */
import type { Hub, Session, VoiceHandle } from "../src/hub";
import type { WakeOptions } from "../src/wake";

/** Utterances of one stream that may go on at a time: a flow without `transcribe` ends none of them. */
const MAX_UTTERANCES = 4;

export class WakeStream {
    readonly session: Session;
    readonly #hub: Hub;
    readonly #utterances: Session[] = [];
    #stop: (() => void) | undefined;

    constructor(hub: Hub, session: Session) {
        this.#hub = hub;
        this.session = session;
    }

    /** `onEnded` is called once, when the stream ends or the watch is stopped. */
    watch(options: WakeOptions, onEnded: () => void): void {
        const watch = this.#hub.wakeDetector.watch(options);
        const end = () => {
            if (!this.#stop) return;
            this.#stop = undefined;
            watch.close();
            onEnded();
        };
        this.#stop = end;
        const listening = this.session.listen({ sound: (samples) => watch.write(samples), ended: end });
        if (!this.#stop) return;
        this.#stop = () => {
            listening.stop();
            end();
        };
    }

    stop(): void {
        this.#stop?.();
    }

    /** What is said from this sample of the stream on. */
    utteranceFrom(sample: number): VoiceHandle {
        const utterance = this.#hub.sessions.branch(this.session, sample);
        this.#utterances.push(utterance);
        if (this.#utterances.length > MAX_UTTERANCES) this.#utterances.shift()?.end();
        return utterance.handle;
    }
}

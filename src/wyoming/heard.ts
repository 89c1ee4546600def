/** Sound of a peer on its way to an engine, through a session of the hub: muted there, it is silence here. */

import type { Session } from "../hub";
import { SoundFeed } from "../hub";
import { WyomingError } from "./error";
import type { WyomingData } from "./event";
import type { Serving } from "./host";
import { soundFormatOf } from "./sound-format";

export interface Heard {
    /** Settles when there is room for more. */
    write(bytes: Uint8Array): Promise<void>;
    /** No more comes; settles when the engine is through. */
    end(): Promise<void>;
    /** Forgets what was heard. */
    close(): void;
}

export interface Answering {
    readonly serving: Serving;
    readonly peer: string;
    readonly send: (type: string, data?: WyomingData) => void;
    /** Aborted when the peer is gone. */
    readonly signal: AbortSignal;
}

/** No utterance is longer, in milliseconds of sound. */
const MAX_UTTERANCE_MS = 60_000;
/** Silence of the detector after a detection, in milliseconds of sound. */
const COOLDOWN_MS = 2_000;

/** One utterance; the peer gets its transcript. @throws WyomingError */
export function transcribed(format: WyomingData, answering: Answering): Heard {
    const { serving, peer, send } = answering;
    const { host, site } = serving;
    let consumed: (samples: number) => void = () => undefined;
    let utterance: Session | undefined;
    const transcription = host.transcriber.open({
        grammar: host.recogniserGrammar({ site }),
        maxMs: MAX_UTTERANCE_MS,
        // Where it ends is for the peer to say.
        silenceMs: Number.POSITIVE_INFINITY,
        onConsumed: (samples) => consumed(samples),
    });
    // Told where it is waited for.
    transcription.result.catch(() => undefined);
    const sound = soundInto(format, answering, (session) => {
        const branch = host.sessions.branch(session, 0);
        utterance = branch;
        const listening = branch.listen({
            reports: true,
            sound: (samples) => transcription.write(samples),
            ended: () => transcription.end(),
        });
        consumed = (samples) => listening.consumed(samples);
        return () => branch.close();
    });
    return {
        write: (bytes) => sound.write(bytes),
        async end() {
            await sound.end();
            if (!utterance) transcription.end();
            const transcript = await transcription.result;
            const told = utterance ? host.told(transcript, utterance) : { transcript };
            const { text } = told.transcript;
            send("transcript", { text, language: host.language.code });
            serving.onServed({ service: "transcribe", peer, text, ...told });
            sound.close();
        },
        close() {
            transcription.cancel();
            sound.close();
        },
    };
}

/** A stream that is watched; the peer is told of each wake word. @throws WyomingError */
export function watched(format: WyomingData, names: readonly string[], answering: Answering): Heard {
    const { serving, peer, send } = answering;
    const { host, phrases, sensitivity } = serving;
    const unknown = names.find((name) => !phrases.includes(name));
    if (unknown !== undefined) {
        throw new WyomingError("not-supported", `"${unknown}" isn't listened for here: ${phrases.join(", ")}.`);
    }
    let isDetected = false;
    let consumed: (samples: number) => void = () => undefined;
    const watch = host.wakeDetector.watch({
        language: host.language.code,
        phrases: names.length > 0 ? names : phrases,
        sensitivity,
        cooldownMs: COOLDOWN_MS,
        onWake: ({ word, endSample }) => {
            isDetected = true;
            send("detection", { name: word, timestamp: Math.round(endSample / 16) });
            serving.onServed({ service: "wake", peer, text: word });
        },
        onFailed: (error) => send("error", { text: error.message, code: "wake" }),
        onConsumed: (samples) => consumed(samples),
    });
    const sound = soundInto(format, answering, (session) => {
        const listening = session.listen({
            reports: true,
            sound: (samples) => watch.write(samples),
            ended: () => undefined,
        });
        consumed = (samples) => listening.consumed(samples);
        return () => watch.close();
    });
    return {
        write: (bytes) => sound.write(bytes),
        async end() {
            await sound.end();
            await watch.end();
            if (!isDetected) send("not-detected");
            sound.close();
        },
        close() {
            watch.close();
            sound.close();
        },
    };
}

/** @param onOpened takes the sound; returns what forgets it */
function soundInto(
    format: WyomingData,
    { serving, signal }: Answering,
    onOpened: (session: Session) => () => void,
): Heard {
    const { host, site } = serving;
    const feed = new SoundFeed({
        sessions: host.sessions,
        site,
        format: soundFormatOf(format),
        paced: false,
        continues: false,
        signal,
    });
    const forget: (() => void)[] = [];
    return {
        write: (bytes) =>
            feed.write(bytes, (session) => {
                forget.push(onOpened(session), () => session.close());
            }),
        end: () => feed.end(),
        close() {
            feed.close();
            for (const each of forget) each();
        },
    };
}

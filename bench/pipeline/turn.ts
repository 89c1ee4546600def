/** One sentence through a hub, as the nodes of a flow pass it on: the sound in real time, piece by piece. */
import { setTimeout as sleep } from "node:timers/promises";
import { SAMPLE_RATE } from "../../src/audio";
import type { Hub } from "../../src/hub";
import type { Samples } from "../../src/speech";
import { SITE } from "./live-home";

/** As the transcribe node's settings are. */
export const SILENCE_MS = 700;
const MAX_MS = 10_000;
/** Of sound, written at once. */
const PIECE_MS = 20;

/** Milliseconds. */
export interface TurnTimes {
    /** From the end of the last word, as the recogniser heard it, to the transcript. */
    readonly endOfSpeechToTranscript: number;
    /** From the sound that made the silence long enough to the transcript. */
    readonly endOfSilenceToTranscript: number;
    /** From the transcript to the accessory's state, read back. */
    readonly transcriptToAccessory: number;
    readonly total: number;
}

/** Undefined when the sentence was not heard, or the accessory did not do as told. */
export async function turn(hub: Hub, sound: Samples, text: string): Promise<TurnTimes | undefined> {
    const session = hub.sessions.open({ site: SITE });
    const transcription = hub.transcriber.open({
        grammar: hub.recogniserGrammar(),
        maxMs: MAX_MS,
        silenceMs: SILENCE_MS,
        onConsumed: (samples) => listening.consumed(samples),
    });
    const listening = session.listen({
        reports: true,
        sound: (samples) => transcription.write(samples),
        ended: () => transcription.end(),
    });
    const startedAt = performance.now();
    const isOver = new AbortController();
    void play(sound, startedAt, (piece) => session.write(piece), isOver.signal);
    try {
        const transcript = await transcription.result;
        const transcribedAt = performance.now();
        const [intent] = hub.understand(transcript.text, { site: SITE }).intents;
        if (transcript.text !== text || !intent) return undefined;
        const { devices } = await hub.dispatch(intent, { site: SITE });
        const switchedAt = performance.now();
        if (devices.length === 0 || !devices.every(({ ok }) => ok)) return undefined;
        const speechEndAt = startedAt + transcript.speechEndMs;
        return {
            endOfSpeechToTranscript: transcribedAt - speechEndAt,
            endOfSilenceToTranscript: transcript.latencyMs,
            transcriptToAccessory: switchedAt - transcribedAt,
            total: switchedAt - speechEndAt,
        };
    } finally {
        isOver.abort();
        listening.stop();
        session.close();
    }
}

/** Each piece when its last sample would have been spoken. */
async function play(sound: Samples, startedAt: number, write: (piece: Samples) => void, isOver: AbortSignal) {
    const length = (PIECE_MS * SAMPLE_RATE) / 1_000;
    for (let at = 0; at < sound.length && !isOver.aborted; at += length) {
        const dueAt = startedAt + ((at + length) * 1_000) / SAMPLE_RATE;
        await sleep(Math.max(0, dueAt - performance.now()));
        write(sound.subarray(at, at + length));
    }
}

/** Speaks to a spotter: text is said, noise is reduced, and what woke is collected. */
import { spokenAt16k, type Voice } from "../../dist/scripts/voice";
import { loadNoiseReduction, SAMPLE_RATE } from "../../dist/src/audio";
import type { Samples } from "../../dist/src/speech";
import { Recogniser } from "../../dist/src/speech/builtin/recogniser";
import { SPOTTING_SEARCH, Spotter } from "../../dist/src/wake/spotter";

export interface Watching {
    readonly phrases: readonly string[];
    readonly sensitivity?: number;
    readonly cooldownMs?: number;
    /** Samples handed on at a time, in turn. */
    readonly chunks?: readonly number[];
}

/** A detection, and how much sound had come by then. */
export interface Woken {
    readonly word: string;
    readonly score: number;
    readonly endSample: number;
    readonly atSample: number;
}

const PAUSE = SAMPLE_RATE / 2;

/** Texts said one after the other, with half a second of silence before and after each. */
export async function said(texts: readonly string[], voice: Voice = "slt"): Promise<Samples> {
    const spoken = await Promise.all(texts.map((text) => spokenAt16k(text, { voice })));
    const length = spoken.reduce((sum, samples) => sum + samples.length + PAUSE, PAUSE);
    const whole = new Float32Array(length);
    let at = PAUSE;
    for (const samples of spoken) {
        whole.set(samples, at);
        at += samples.length + PAUSE;
    }
    return whole;
}

let loading: Promise<Recogniser> | undefined;

export async function wakesIn(sound: Samples, watching: Watching): Promise<Woken[]> {
    const { phrases, sensitivity = 0.5, cooldownMs = 1000, chunks = [1600] } = watching;
    loading ??= Recogniser.load("en", SPOTTING_SEARCH);
    const reduction = (await loadNoiseReduction())();
    const woken: Woken[] = [];
    let taken = 0;
    const spotter = new Spotter(await loading, { phrases, sensitivity, cooldownMs }, (wake) =>
        woken.push({ ...wake, atSample: taken }),
    );
    try {
        for (let turn = 0; taken < sound.length; turn++) {
            const chunk = sound.subarray(taken, taken + (chunks[turn % chunks.length] ?? 1));
            taken += chunk.length;
            for (const frame of reduction.process(chunk)) await spotter.take(frame);
        }
        await spotter.end();
    } finally {
        spotter.close();
        reduction.close();
    }
    return woken;
}

/** Even noise from a seed, of the given amplitude. */
export function noise(seconds: number, amplitude: number): Samples {
    let state = 12345;
    return Float32Array.from({ length: seconds * SAMPLE_RATE }, () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return (state / 2 ** 31 - 1) * amplitude;
    });
}

/** What is played through the flow: a sentence spoken at run time, or somebody's own recording. */
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { AudioFormatError, decodeWav, encodeWav } from "../../src/audio";
import type { Samples } from "../../src/speech";
import { speak } from "../voice";
import { RecordingError } from "./options";

/** To be written as a WAV file. */
export interface Sentence {
    /** How to call it in front of people. */
    readonly title: string;
    readonly wav: Uint8Array;
    readonly durationMs: number;
    /** Where the last word ends; unknown in a recording, where it may end in noise. */
    readonly speechEndMs: number | undefined;
}

const TEXT = "Alexa, turn on the kitchen light.";
const VOICE = "slt";
/** A microphone is open before somebody speaks. */
const LEAD_IN_MS = 300;
/** It also stays open: long enough for the end of the sentence to be found and its transcript to be made. */
const TAIL_MS = 1_000;
/** 40 dB below the loudest: the softest consonants are louder. */
const QUIET = 0.01;
const MAX_FILE_BYTES = 32 * 1024 * 1024;
const MAX_SECONDS = 60;

/** @throws VoiceError */
export async function spokenSentence(silenceMs: number): Promise<Sentence> {
    const { samples, sampleRate } = await speak(TEXT, { voice: VOICE });
    const sentence = asHeard(`"${TEXT}"`, samples, sampleRate, silenceMs);
    return { ...sentence, speechEndMs: LEAD_IN_MS + endOfSound(samples, sampleRate) };
}

/** @throws RecordingError when the file can't be read or is no WAV file of a sensible length */
export async function recordedSentence(path: string, silenceMs: number): Promise<Sentence> {
    try {
        const { samples, format } = decodeWav(await readBounded(path));
        const seconds = samples.length / format.sampleRate;
        if (seconds > MAX_SECONDS) {
            throw new RecordingError(
                `${path} is ${Math.round(seconds)} seconds long; at most ${MAX_SECONDS} are played.`,
            );
        }
        return asHeard(basename(path), samples, format.sampleRate, silenceMs);
    } catch (error) {
        if (error instanceof AudioFormatError) throw new RecordingError(`${path}: ${error.message}`);
        throw error;
    }
}

function asHeard(title: string, speech: Samples, sampleRate: number, silenceMs: number): Sentence {
    const before = Math.round((LEAD_IN_MS / 1000) * sampleRate);
    const after = Math.round(((silenceMs + TAIL_MS) / 1000) * sampleRate);
    const samples = new Float32Array(before + speech.length + after);
    samples.set(speech, before);
    const durationMs = (samples.length / sampleRate) * 1000;
    return { title, wav: encodeWav(samples, sampleRate), durationMs, speechEndMs: undefined };
}

/** Milliseconds to the end of the last 10 ms that are not far below the loudest. Only for sound without noise. */
function endOfSound(samples: Samples, sampleRate: number): number {
    const step = sampleRate / 100;
    const peaks = Array.from({ length: Math.ceil(samples.length / step) }, (_, index) =>
        samples
            .subarray(index * step, (index + 1) * step)
            .reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0),
    );
    const threshold = Math.max(...peaks) * QUIET;
    return (peaks.findLastIndex((peak) => peak > threshold) + 1) * 10;
}

async function readBounded(path: string): Promise<Uint8Array> {
    try {
        await using file = await open(path);
        const { size } = await file.stat();
        if (size > MAX_FILE_BYTES) {
            throw new RecordingError(`${path} has ${size} bytes; at most ${MAX_FILE_BYTES} are read.`);
        }
        return await file.readFile();
    } catch (error) {
        if (error instanceof RecordingError) throw error;
        throw new RecordingError(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`);
    }
}

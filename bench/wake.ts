/**
 * Wake words in recordings of many people: all of them one after the other as one long stream through the engine, as live
 * sound goes. What is said in the recordings of another word, in the orders of coffee and in the kitchen must not wake.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeWav, SAMPLE_RATE } from "../src/audio";
import { Pace } from "../src/cli/pace";
import { BuiltinEngine } from "../src/speech";
import type { WakeWord } from "../src/wake";
import { corpus } from "./corpora";
import { percentile, type Report, rounded } from "./report";

const PHRASES: readonly string[] = ["alexa", "computer"];
const SENSITIVITY = 0.5;
const COOLDOWN_MS = 1000;
/** Of what holds no phrase, every second recording keeps the run under five minutes on one core. */
const KEPT_OF_OTHERS = 2;
const NOISE_SECONDS = 60;
/** Silence between recordings. */
const PAUSE_SECONDS = 0.3;
/** A phrase at the very end of a recording may seem to end in the pause. */
const SLACK = 0.2 * SAMPLE_RATE;
/** Sound written at a time: what the delay is measured to. */
const CHUNK = 0.02 * SAMPLE_RATE;

interface Recording {
    /** Folder that it comes from, which is the word said where it is a wake word's. */
    readonly from: string;
    readonly start: number;
    readonly end: number;
}

interface Detection extends WakeWord {
    /** Samples that had been listened to when it came. */
    readonly at: number;
}

export async function run(report: Report): Promise<void> {
    const files = recordings();
    const whole = process.env.EARSHOT_BENCH_WHOLE !== undefined;
    report.note(
        whole
            ? "All recordings."
            : `All recordings of ${PHRASES.join(" and ")}, every second of the others; EARSHOT_BENCH_WHOLE=1 takes all.`,
    );
    const kept = files.filter(({ from }, index) => whole || PHRASES.includes(from) || index % KEPT_OF_OTHERS === 0);
    const engine = new BuiltinEngine();
    const cpuBefore = process.cpuUsage();
    const { heard, detections, length } = await listen(engine, kept);
    const { user, system } = process.cpuUsage(cpuBefore);
    await engine.stop();

    const condition = (phrase: string) => `${phrase},sensitivity${SENSITIVITY}`;
    for (const phrase of PHRASES) {
        const spoken = heard.filter(({ from }) => from === phrase);
        const own = detections.filter(({ word }) => word === phrase);
        const isFound = (recording: Recording) => own.some((detection) => isIn(detection, recording));
        report.add("found", rounded(spoken.filter(isFound).length / spoken.length, 4), "ratio", condition(phrase));
        const mistakes = own.filter((detection) => !spoken.some((recording) => isIn(detection, recording)));
        const spokenSamples = spoken.reduce((sum, { start, end }) => sum + end - start, 0);
        const hours = (length - spokenSamples) / SAMPLE_RATE / 3600;
        report.add("falseAlarmsPerHour", rounded(mistakes.length / hours, 2), "1/h", condition(phrase));
        report.note(`${phrase}: ${spoken.length} recordings, ${mistakes.length} false alarms in ${hours.toFixed(2)} h`);
    }
    const delays = detections.map(({ at, endSample }) => ((at - endSample) / SAMPLE_RATE) * 1000);
    report.add("detectionDelay", rounded(percentile(delays, 0.5), 0), "ms", "p50");
    report.add("detectionDelay", rounded(percentile(delays, 0.95), 0), "ms", "p95");
    report.add("realTimeFactor", rounded((user + system) / 1e6 / (length / SAMPLE_RATE), 4), "ratio");
}

/** Files with the folder they are from, in an order that is the same on every machine. */
function recordings(): { from: string; file: string }[] {
    const words = corpus("speech", "wake-words");
    const folders = readdirSync(words)
        .sort()
        .map((word) => ({ from: word, folder: join(words, word) }));
    folders.push({ from: "orders", folder: corpus("speech", "commands", "clean") });
    const spoken = folders.flatMap(({ from, folder }) =>
        readdirSync(folder)
            .filter((name) => name.endsWith(".wav"))
            .sort()
            .map((name) => ({ from, file: join(folder, name) })),
    );
    return [...spoken, { from: "noise", file: corpus("speech", "commands", "kitchen-noise.wav") }];
}

async function listen(engine: BuiltinEngine, files: readonly { from: string; file: string }[]) {
    const pace = new Pace();
    const detections: Detection[] = [];
    const heard: Recording[] = [];
    let listened = 0;
    let failure: Error | undefined;
    const watch = engine.watch({
        language: "en",
        phrases: PHRASES,
        sensitivity: SENSITIVITY,
        cooldownMs: COOLDOWN_MS,
        // The chunk that is being listened to has come as a whole.
        onWake: (wake) => detections.push({ ...wake, at: listened + CHUNK }),
        onConsumed: (samples) => {
            listened += samples;
            pace.consumed(samples);
        },
        onFailed: (error) => {
            failure = error;
            pace.release();
        },
    });
    const silence = new Float32Array(PAUSE_SECONDS * SAMPLE_RATE);
    let length = 0;
    for (const { from, file } of files) {
        const { samples } = decodeWav(readFileSync(file));
        const taken = from === "noise" ? samples.subarray(0, NOISE_SECONDS * SAMPLE_RATE) : samples;
        heard.push({ from, start: length, end: length + taken.length });
        for (const sound of [taken, silence]) {
            for (let at = 0; at < sound.length && !failure; at += CHUNK) {
                const chunk = sound.subarray(at, at + CHUNK);
                watch.write(chunk);
                length += chunk.length;
                await pace.written(chunk.length);
            }
        }
    }
    await watch.end();
    if (failure) throw failure;
    return { heard, detections, length };
}

function isIn({ endSample }: Detection, { start, end }: Recording): boolean {
    return endSample > start && endSample <= end + SLACK;
}

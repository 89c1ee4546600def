/** Sentences spoken to a hub whose devices are HomeKit accessories: how fast they switch, and what that costs Node-RED. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { spokenAt16k, type Voice } from "../scripts/voice";
import { SAMPLE_RATE } from "../src/audio";
import type { Samples } from "../src/speech";
import { LiveHome } from "./pipeline/live-home";
import { idleMemory, memoryAtWork } from "./pipeline/node-red-memory";
import { recogniserGrowth } from "./pipeline/recogniser-growth";
import { SILENCE_MS, type TurnTimes, turn } from "./pipeline/turn";
import { percentile, type Report, rounded } from "./report";

const TEXTS = [
    "turn on the reading light",
    "turn off the reading light",
    "set the reading light to forty percent",
    "turn on the coffee machine",
    "turn off the coffee machine",
    "switch on the reading light",
    "set the reading light to seventy percent",
    "switch the coffee machine on",
    "turn the reading light off",
    "switch off the coffee machine",
];
const VOICES: readonly Voice[] = ["slt", "rms"];
const LEAD_IN_MS = 300;
const TAIL_MS = SILENCE_MS + 1_300;

export async function run(report: Report): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "earshot-bench-"));
    try {
        await measureTurns(report, join(folder, "home"));
        await measureMemory(report, folder);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

async function measureTurns(report: Report, folder: string): Promise<void> {
    const spoken: { text: string; sound: Samples }[] = [];
    for (const voice of VOICES) {
        for (const text of TEXTS) spoken.push({ text, sound: await asHeard(text, voice) });
    }
    mkdirSync(folder);
    const home = new LiveHome(folder);
    try {
        await home.start();
        report.add("startToListening", rounded((await home.restart()) / 1_000, 3), "s");
        const [first] = spoken;
        if (first) await turn(home.hub, first.sound, first.text);

        const delay = monitorEventLoopDelay({ resolution: 1 });
        delay.enable();
        const times: TurnTimes[] = [];
        for (const { text, sound } of spoken) {
            const measured = await turn(home.hub, sound, text);
            if (measured) times.push(measured);
            else report.note(`Not done: "${text}"`);
        }
        delay.disable();
        report.add("done", rounded(times.length / spoken.length, 3), "ratio");
        report.add("eventLoopBlockedMax", rounded(delay.max / 1e6, 1), "ms");
        report.add("eventLoopBlocked", rounded(delay.percentile(99) / 1e6, 1), "ms", "p99");
        report.note(
            `The silence that ends a sentence, ${SILENCE_MS} ms, is part of endOfSpeechToTranscript and total.`,
        );
        const metrics = [
            "endOfSpeechToTranscript",
            "endOfSilenceToTranscript",
            "transcriptToAccessory",
            "total",
        ] as const;
        for (const metric of metrics) {
            const values = times.map((time) => time[metric]);
            report.add(metric, rounded(percentile(values, 0.5), 1), "ms", "p50");
            report.add(metric, rounded(percentile(values, 0.95), 1), "ms", "p95");
        }
    } finally {
        await home.stop();
    }
}

async function measureMemory(report: Report, folder: string): Promise<void> {
    const [idle, working] = ["idle", "working"].map((name) => join(folder, name)) as [string, string];
    mkdirSync(idle);
    mkdirSync(working);
    const without = await idleMemory(idle);
    const sentence = await asHeard("alexa, turn on the desk lamp", "slt");
    const { loaded, used } = await memoryAtWork(working, sentence);
    report.add("residentMemory", rounded(without, 1), "MB", "idle Node-RED");
    report.add("residentMemoryAdded", rounded(loaded - without, 1), "MB");
    report.add("residentMemoryAdded", rounded(used - without, 1), "MB", "after a wake word and a sentence");
    const growth = await recogniserGrowth(await asHeard("turn on the desk lamp", "slt"));
    report.add("residentGrowth", rounded(growth, 1), "MB", "100 sentences");
}

async function asHeard(text: string, voice: Voice): Promise<Samples> {
    const speech = await spokenAt16k(text, { voice });
    const [before, after] = [LEAD_IN_MS, TAIL_MS].map((ms) => (ms * SAMPLE_RATE) / 1_000) as [number, number];
    const sound = new Float32Array(before + speech.length + after);
    sound.set(speech, before);
    return sound;
}

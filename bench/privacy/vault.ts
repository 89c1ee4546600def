import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setImmediate as turn } from "node:timers/promises";
import type { Transcript } from "../../src/speech";
import { type Keepsake, type RecordingPage, Vault } from "../../src/vault";
import { percentile, type Report, rounded } from "../report";

const SEALED = 1_200;
const FOUR_SECONDS = 4 * 16_000;
/** A home of five, speaking 55 times a day, in a year. */
const UTTERANCES = 100_000;
/** Of those, in samples: their number is what counts, and the disk of whoever runs this. */
const SHORT = 1_600;
const AT_A_TIME = 512;
const MAX_WAITING = 256;
const PAGES = 20;

type IntervalHistogram = ReturnType<typeof monitorEventLoopDelay>;

const SITES = ["kitchen", "bedroom", "hall", "office", "bath"];
const SPEAKERS = ["ada", "grace", undefined];
const START = Date.UTC(2025, 0, 1);
const INTERVAL_MS = 300_000;
const THINGS = ["kitchen light", "bedroom lamp", "coffee machine", "heating", "garage door", "radio", "blinds"];
const VERBS = ["turn on the", "turn off the", "please switch on the", "what about the", "dim the"];
/** Said once in a thousand times. */
const RARE = "rhubarb";

export async function measureVault(report: Report, folder: string): Promise<void> {
    const vault = new Vault(join(folder, "vault"));
    const delay = monitorEventLoopDelay({ resolution: 1 });
    await vault.open();
    try {
        await measureSealing(report, vault, delay);
        report.note(`Filling the vault with ${UTTERANCES} utterances of ${SHORT / 16} ms each …`);
        await fill(vault);
        await measurePages(report, vault, delay);
        await measureOnePurge(report, vault);
        await measurePurge(report, vault, delay, join(folder, "vault"));
    } finally {
        await vault.close();
    }
}

async function measureSealing(report: Report, vault: Vault, delay: IntervalHistogram): Promise<void> {
    const recordings = Array.from({ length: 64 }, (_, index) => utterance(index, FOUR_SECONDS));
    await Promise.all(recordings.map((recording) => vault.keep(recording)));
    delay.enable();
    const before = performance.now();
    const waiting = new Set<Promise<unknown>>();
    for (let index = 0; index < SEALED; index++) {
        const kept = vault.keep(recordings[index % recordings.length] ?? utterance(index, FOUR_SECONDS));
        waiting.add(kept);
        void kept.finally(() => waiting.delete(kept));
        // As recordings come: not all in one turn of the event loop.
        if (index % 4 === 3) await turn();
        if (waiting.size === MAX_WAITING) await Promise.race(waiting);
    }
    await Promise.all(waiting);
    const elapsed = performance.now() - before;
    addBlocked(report, delay, "sealing");
    report.add("sealedPerSecond", rounded((SEALED / elapsed) * 1_000, 0), "1/s", "recordings of 4 s");
    const single: number[] = [];
    for (let index = 0; index < 50; index++) single.push(await timed(() => vault.keep(utterance(index, FOUR_SECONDS))));
    report.add("keepMs", rounded(percentile(single, 0.5), 1), "ms", "one at a time, p50");
    await vault.purge({ all: true });
}

async function fill(vault: Vault): Promise<void> {
    for (let at = 0; at < UTTERANCES; at += AT_A_TIME) {
        const count = Math.min(AT_A_TIME, UTTERANCES - at);
        await Promise.all(Array.from({ length: count }, (_, index) => vault.keep(utterance(at + index, SHORT))));
    }
}

async function measurePages(report: Report, vault: Vault, delay: IntervalHistogram): Promise<void> {
    const middle = START + (UTTERANCES / 2) * INTERVAL_MS;
    const day = { from: middle, to: middle + 86_400_000 };
    const [deep] = await vault.list({ ...day, limit: 1 });
    const pages: Readonly<Record<string, RecordingPage>> = {
        latest: {},
        "from the middle on": deep ? { before: deep.id } : {},
        "one site": { site: "bath" },
        "one speaker and site": { site: "hall", speaker: "grace" },
        "one day": day,
        "a frequent word": { words: "light" },
        "a rare word": { words: RARE },
        "a rare word at one site": { words: RARE, site: "office" },
        "a word nobody said": { words: "xylophone" },
        "one intent": { intent: "HassTurnOff" },
        "words and speaker on one day": { words: "turn on", speaker: "ada", ...day },
    };
    delay.enable();
    const slowest: number[] = [];
    for (const [condition, page] of Object.entries(pages)) {
        const times: number[] = [];
        for (let round = 0; round < PAGES; round++) times.push(await timed(() => vault.list(page)));
        slowest.push(percentile(times, 0.95));
        report.add("pageMs", rounded(percentile(times, 0.95), 1), "ms", `${condition}, p95`);
    }
    addBlocked(report, delay, "listing");
    report.add("pageMs", rounded(Math.max(...slowest), 1), "ms", "the slowest of these");
}

async function measureOnePurge(report: Report, vault: Vault): Promise<void> {
    const times: number[] = [];
    for (let round = 0; round < 10; round++) {
        const [latest] = await vault.list({ limit: 1 });
        if (latest) times.push(await timed(() => vault.purge({ ids: [latest.id] })));
    }
    report.add("purgeOneMs", rounded(percentile(times, 0.5), 1), "ms", `of ${UTTERANCES}, p50`);
}

async function measurePurge(report: Report, vault: Vault, delay: IntervalHistogram, folder: string): Promise<void> {
    const { recordings } = await vault.status();
    const keyFile = join(folder, "store.key");
    const { ino } = statSync(keyFile);
    let unreadableAt = Number.NaN;
    delay.enable();
    const before = performance.now();
    // Once another store key is in the place of the one before, nothing on the disk opens what was purged.
    const watch = setInterval(() => {
        if (Number.isNaN(unreadableAt) && statSync(keyFile).ino !== ino) unreadableAt = performance.now();
    }, 10);
    const elapsed = await timed(() => vault.purge({ all: true }));
    clearInterval(watch);
    addBlocked(report, delay, "purging");
    const left = readdirSync(join(folder, "sound")).length;
    if (left > 0) throw new Error(`${left} files are left after a purge of everything.`);
    report.add("purgeAllUnreadableMs", rounded(unreadableAt - before, 0), "ms", `${recordings} utterances`);
    report.add("purgeAllMs", rounded(elapsed, 0), "ms", `${recordings} utterances`);
}

function addBlocked(report: Report, delay: IntervalHistogram, condition: string): void {
    delay.disable();
    report.add("eventLoopBlockedMax", rounded(delay.max / 1e6, 1), "ms", condition);
    delay.reset();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
    const before = performance.now();
    await work();
    return performance.now() - before;
}

function utterance(index: number, length: number): Keepsake {
    const speaker = SPEAKERS[index % SPEAKERS.length];
    const name = index % 2 === 0 ? "HassTurnOn" : "HassTurnOff";
    return {
        session: `session-${index % 5_000}`,
        site: SITES[index % SITES.length] ?? "kitchen",
        ...(speaker !== undefined && { speaker }),
        startedAt: START + index * INTERVAL_MS,
        samples: Float32Array.from({ length }, (_, at) => Math.sin((at + index) / 20) * 0.3),
        transcript: transcriptOf(
            `${VERBS[index % VERBS.length]} ${THINGS[index % THINGS.length]}${index % 1_000 === 0 ? ` and ${RARE}` : ""}`,
        ),
        derived: [
            { kind: "intent", value: { name, confidence: 1, slots: {}, targets: ["light.kitchen"] } },
            { kind: "reply", value: { say: "Done." } },
        ],
    };
}

function transcriptOf(text: string): Transcript {
    const words = text.split(" ").map((word, index) => ({
        text: word,
        startMs: index * 300,
        endMs: index * 300 + 250,
        confidence: 0.9,
    }));
    return { text, confidence: 0.95, words, engine: "builtin", durationMs: 4_000, latencyMs: 80, speechEndMs: 3_300 };
}

/**
 * Speaks sentences into a real Node-RED without a recording node, and tells what it left on the disk:
 * `node spoken-turns.js FOLDER TURNS` prints one JSON object.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exampleFlow } from "../../scripts/first-light/flow";
import { NodeRed } from "../../scripts/first-light/node-red";
import type { OwnedProcess } from "../../scripts/first-light/owned-process";
import { freePort } from "../../scripts/first-light/port";
import type { StageReport } from "../../scripts/first-light/reports";
import { spokenAt16k, type Voice } from "../../scripts/voice";
import { encodeWav } from "../../src/audio";

export interface SpokenTurns {
    readonly turns: number;
    /** Of these, how many switched a device. */
    readonly done: number;
    /** Files that came or changed from the first turn on, wherever the program can write. */
    readonly written: readonly string[];
}

const SENTENCES = [
    "alexa, turn on the desk lamp",
    "alexa, turn off the coffee machine",
    "alexa, set the heating to twenty one degrees",
    "alexa, turn off the desk lamp",
    "alexa, turn on the coffee machine",
];
const VOICES: readonly Voice[] = ["slt", "rms"];
const INJECT = "first-light-say";
const SOUND_FILE = "first-light.wav";
const PAUSE_SAMPLES = 16_000;
const START_MS = 60_000;
const TURN_MS = 20_000;

async function spokenTurns(folder: string, turns: number): Promise<SpokenTurns> {
    const sounds = join(folder, "sounds");
    mkdirSync(sounds);
    const processes: OwnedProcess[] = [];
    let ended = Promise.withResolvers<StageReport>();
    const nodeRed = await NodeRed.start({
        userDir: join(folder, "node-red"),
        soundFolder: sounds,
        port: await freePort(),
        onStage: (report) => {
            if (report.stage === "result" || report.stage === "not-understood") ended.resolve(report);
        },
        onError: (from, message) => ended.reject(new Error(`${from}: ${message}`)),
        onProcess: (process) => processes.push(process),
        signal: AbortSignal.timeout(START_MS + turns * TURN_MS),
    });
    try {
        // As fast as it can be heard.
        await nodeRed.deploy(exampleFlow().map((node) => ("paced" in node ? { ...node, paced: false } : node)));
        const before = filesIn(folder);
        let done = 0;
        for (let turn = 0; turn < turns; turn++) {
            ended = Promise.withResolvers();
            writeFileSync(join(sounds, SOUND_FILE), await sentence(turn));
            await nodeRed.inject(INJECT);
            const report = await nodeRed.process.whileAlive(ended.promise);
            if (report.stage === "result" && report.devices.every(({ ok }) => ok)) done++;
        }
        const written = [...filesIn(folder)].filter(([file, digest]) => before.get(file) !== digest);
        return { turns, done, written: written.map(([file]) => file) };
    } finally {
        await Promise.all(processes.map((process) => process.stop()));
    }
}

async function sentence(turn: number): Promise<Buffer> {
    const text = SENTENCES[turn % SENTENCES.length] ?? "";
    const speech = await spokenAt16k(text, { voice: VOICES[turn % VOICES.length] ?? "slt" });
    const sound = new Float32Array(speech.length + 2 * PAUSE_SAMPLES);
    sound.set(speech, PAUSE_SAMPLES);
    return encodeWav(sound, 16_000);
}

/** A digest of each file, but for the sound that is played and what is noted about the program from outside. */
function filesIn(folder: string): ReadonlyMap<string, string> {
    const files = ["node-red", "home", "tmp"].flatMap((name) => filesBelow(join(folder, name)));
    return new Map(files.map((file) => [file, createHash("sha256").update(readFileSync(file)).digest("hex")]));
}

/** Links are not followed: Node-RED has one to this package. */
function filesBelow(folder: string): readonly string[] {
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return filesBelow(path);
        return entry.isFile() ? [path] : [];
    });
}

const [, , folder = "", turns = "1"] = process.argv;
void spokenTurns(folder, Number(turns)).then((outcome) => process.stdout.write(`${JSON.stringify(outcome)}\n`));

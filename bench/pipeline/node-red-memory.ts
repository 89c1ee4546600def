/** How much memory Earshot adds to a Node-RED: that of two real ones, without it and with its recogniser at work. */
import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { exampleFlow } from "../../scripts/first-light/flow";
import { NodeRed } from "../../scripts/first-light/node-red";
import type { OwnedProcess } from "../../scripts/first-light/owned-process";
import { freePort } from "../../scripts/first-light/port";
import type { NodeRedReport, StageReport } from "../../scripts/first-light/reports";
import { encodeWav } from "../../src/audio";
import type { Samples } from "../../src/speech";

/** Garbage of the start is gone after that. */
const SETTLING_MS = 5_000;
const PATIENCE_MS = 60_000;
const INJECT = "first-light-say";
const SOUND_FILE = "first-light.wav";

/** Resident memory of a Node-RED without Earshot and without flows, in MB. @param folder is empty */
export async function idleMemory(folder: string): Promise<number> {
    const program = join(dirname(require.resolve("node-red/package.json")), "red.js");
    const settings = join(__dirname, "..", "..", "scripts", "node-red-settings.js");
    const args = ["--userDir", folder, "--settings", settings, "--port", `${await freePort()}`];
    const child = fork(program, args, { stdio: ["ignore", "ignore", "inherit", "ipc"], execArgv: [] });
    const ended = once(child, "close");
    try {
        const signal = AbortSignal.timeout(PATIENCE_MS);
        for (let report: NodeRedReport | undefined; report?.stage !== "flows-started"; ) {
            [report] = (await once(child, "message", { signal })) as [NodeRedReport];
        }
        return await residentMemory(child.pid);
    } finally {
        child.kill();
        await ended;
    }
}

/** The same with the package, the flow "First light" deployed and a sentence transcribed in it, in MB. @param folder is empty */
export async function memoryAtWork(folder: string, sentence: Samples): Promise<number> {
    const soundFolder = join(folder, "sounds");
    mkdirSync(soundFolder);
    writeFileSync(join(soundFolder, SOUND_FILE), encodeWav(sentence, 16_000));
    const processes: OwnedProcess[] = [];
    const transcribed = Promise.withResolvers<StageReport>();
    const nodeRed = await NodeRed.start({
        userDir: join(folder, "node-red"),
        soundFolder,
        port: await freePort(),
        onStage: (report) => {
            if (report.stage === "result") transcribed.resolve(report);
        },
        onError: (from, message) => transcribed.reject(new Error(`${from}: ${message}`)),
        onProcess: (process) => processes.push(process),
        signal: AbortSignal.timeout(PATIENCE_MS),
    });
    try {
        await nodeRed.deploy(exampleFlow());
        await nodeRed.inject(INJECT);
        await nodeRed.process.whileAlive(transcribed.promise);
        return await residentMemory(nodeRed.process.pid);
    } finally {
        await Promise.all(processes.map((process) => process.stop()));
    }
}

async function residentMemory(pid: number | undefined): Promise<number> {
    await sleep(SETTLING_MS);
    const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", `${pid}`]);
    return Number(stdout) / 1_024;
}

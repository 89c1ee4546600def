/**
 * A Node-RED in which one word is said, transcribed, understood, answered and kept, and then purged. Started by
 * canary.test.ts with a folder for heap snapshots; prints one JSON object: where the word was, before the purge and after it.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { getHeapSnapshot } from "node:v8";
import workerThreads from "node:worker_threads";
import { spokenAt16k } from "../../dist/scripts/voice.js";
import { encodeWav } from "../../dist/src/audio/index.js";

const [folder = ""] = process.argv.slice(2);
const sounds = join(folder, "sounds");
mkdirSync(sounds);

/** All threads that the package starts, so that their memory can be looked at too. */
const threads: workerThreads.Worker[] = [];
const { Worker } = workerThreads;
createRequire(import.meta.url)("node:worker_threads").Worker = class extends Worker {
    constructor(...parameters: ConstructorParameters<typeof Worker>) {
        super(...parameters);
        threads.push(this);
        this.once("exit", () => threads.splice(threads.indexOf(this), 1));
    }
};
// Only now: what they load makes workers.
const { default: RED } = await import("node-red");
const { startNodeRed } = await import("../runtime/runtime.ts");

const LOOKS = 5;
const LOOK_EVERY_MS = 200;
/** Put together, and kept apart, so that this program itself is not where the word is found. */
const LETTERS = [122, 97, 110, 122, 105, 98, 97, 114, 110, 116];
const canary = () => String.fromCharCode(...LETTERS);

const nodeRed = await startNodeRed({
    fileWorkingDirectory: sounds,
    logging: { console: { level: "trace", metrics: true, audit: true } },
});
const speech = await spokenAt16k("turn off the coffee machine", { voice: "slt" });
const sound = new Float32Array(speech.length + 32_000);
sound.set(speech, 16_000);
writeFileSync(join(sounds, "sentence.wav"), encodeWav(sound, 16_000));

const example = join(import.meta.dirname, "../../examples/02 - Keep, log and purge.json");
const node = (id: string, type: string, to: string, settings: object = {}) => ({
    id,
    z: "canary",
    type,
    hub: "example-hub",
    version: 1,
    wires: to ? [[to]] : [],
    ...settings,
});
const isConfiguration = ({ type }: { readonly type: string }) => ["earshot-hub", "earshot-home"].includes(type);
const sink = (id: string) => node(id, "debug", "", { active: false, console: false, tosidebar: false });
await nodeRed.deploy([
    { id: "canary", type: "tab" },
    node("say", "inject", "sound", { props: [{ p: "filename", v: "sentence.wav", vt: "str" }] }),
    node("sound", "earshot-sound", "transcribe", { site: "study", source: "file", format: "wav", paced: false }),
    node("transcribe", "earshot-transcribe", "keep", { engine: "builtin", maxSeconds: 10, silenceMs: 700 }),
    node("keep", "earshot-recording", "log", { keep: true, handOut: false }),
    node("log", "earshot-log", "understand"),
    node("understand", "earshot-understand", "dispatch", { minConfidence: 0.5, wires: [["dispatch"], ["done"]] }),
    node("dispatch", "earshot-dispatch", "done"),
    sink("done"),
    node("purge-now", "inject", "purge", { props: [] }),
    node("purge", "earshot-purge", "purged", { what: "all" }),
    sink("purged"),
    ...JSON.parse(readFileSync(example, "utf8")).filter(isConfiguration),
]);

/** What the recogniser hears is what is in its grammar; what is passed on from it is about something else. */
interface Sent {
    readonly source: { readonly node: { readonly type: string } };
    readonly msg: { payload?: unknown; transcript?: object };
}
RED.hooks.add("onSend.canary", (events: readonly Sent[]) => {
    for (const { source, msg } of events) {
        if (source.node.type !== "earshot-transcribe") continue;
        const text = `add ${canary()} to the shopping list`;
        const words = text.split(" ").map((word) => ({ text: word, startMs: 0, endMs: 100, confidence: 1 }));
        msg.transcript = { ...msg.transcript, text, words };
        msg.payload = text;
    }
});

async function pass(button: string, last: string): Promise<void> {
    const arrived = nodeRed.messageAt(last).then(() => undefined);
    await nodeRed.inject(button);
    await arrived;
}

async function inMemory(): Promise<readonly string[]> {
    const heaps = [getHeapSnapshot(), ...(await Promise.all(threads.map((thread) => thread.getHeapSnapshot())))];
    const found: string[] = [];
    for (const [index, heap] of heaps.entries()) {
        let rest = "";
        for await (const piece of heap) {
            const text = rest + String(piece);
            if (text.includes(canary())) found.push(index === 0 ? "main thread" : `thread ${index}`);
            rest = text.slice(-LETTERS.length);
        }
    }
    return [...new Set(found)];
}

/** Files of Node-RED and of Earshot, and what there is of the privacy log. */
function onDisk(): readonly string[] {
    const entries = readdirSync(nodeRed.userDir, { withFileTypes: true });
    const paths = entries.flatMap((entry) => {
        if (entry.name === "node_modules") return [];
        const path = join(nodeRed.userDir, entry.name);
        return entry.isDirectory()
            ? readdirSync(path, { recursive: true }).map((name) => join(path, String(name)))
            : path;
    });
    return paths.filter((path) => {
        const content = readableFile(path);
        return (
            content !== undefined &&
            ["latin1", "utf16le"].some((as) => content.includes(Buffer.from(canary(), as as "latin1")))
        );
    });
}

function readableFile(path: string): Buffer | undefined {
    try {
        return readFileSync(path);
    } catch {
        return undefined;
    }
}

await pass("say", "done");
/** What passes messages on lets go of them soon, but not at once. */
async function stillInMemory(): Promise<readonly string[]> {
    let found = await inMemory();
    for (let looks = 1; found.length > 0 && looks < LOOKS; looks++) {
        await sleep(LOOK_EVERY_MS);
        found = await inMemory();
    }
    return found;
}

await pass("say", "done");
const before = await inMemory();
await pass("purge-now", "purged");
const memory = await stillInMemory();
const disk = onDisk();
// The search itself finds what is there.
writeFileSync(join(nodeRed.userDir, "earshot", "control"), `…${canary()}…`);
const control = onDisk();
await nodeRed.stop();
process.stdout.write(`\n${JSON.stringify({ before, memory, disk, control: control.length })}\n`);
process.exit();

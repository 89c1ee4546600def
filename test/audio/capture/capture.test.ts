import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
    alsaDevices,
    Capture,
    type CaptureState,
    type CaptureTimings,
    findRecorders,
    listMicrophones,
    pipeWireDevices,
    pulseDevices,
} from "../../../dist/src/audio/capture";

const TIMINGS: CaptureTimings = { silentMs: 150, firstRetryMs: 10, lastRetryMs: 40, killMs: 200 };
const PATIENCE_MS = 10_000;

let folder: string;
let capture: Capture | undefined;
beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "earshot-capture-"));
});
afterEach(async () => {
    await capture?.close();
    capture = undefined;
    rmSync(folder, { recursive: true, force: true });
});

/** A program that takes the place of a recorder; `write` in its code sends bytes, as often as it is called. */
function program(name: string, code: string): void {
    const file = join(folder, name);
    const begin = `require("node:fs").appendFileSync(${JSON.stringify(join(folder, "started"))}, JSON.stringify([process.pid, ...process.argv.slice(2)]) + "\\n");`;
    writeFileSync(
        file,
        `#!${process.execPath}\n${begin}\nconst write = (...bytes) => process.stdout.write(Buffer.from(bytes));\n${code}\n`,
    );
    chmodSync(file, 0o755);
}

/** Process ids and arguments of the programs that were started. */
function started(): [pid: number, ...args: string[]][] {
    const file = join(folder, "started");
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line) as [number, ...string[]]);
}

function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}

/** Opens a capture with the programs of the folder; `until` resolves with the first state of a kind from then on. */
function opened(device = "") {
    const heard: number[] = [];
    const states: CaptureState[] = [];
    const opening = new Capture({
        device,
        path: folder,
        timings: TIMINGS,
        onSound: (bytes) => {
            heard.push(...bytes);
        },
    });
    capture = opening;
    opening.on("state", (state) => states.push(state));
    opening.open();
    const until = async <S extends CaptureState["state"]>(wanted: S) => {
        const found = Promise.withResolvers<Extract<CaptureState, { state: S }>>();
        const look = (state: CaptureState) => {
            if (state.state === wanted) found.resolve(state as Extract<CaptureState, { state: S }>);
        };
        opening.on("state", look);
        look(opening.state);
        const late = setTimeout(
            () => found.reject(new Error(`Never ${wanted}: ${JSON.stringify(states)}`)),
            PATIENCE_MS,
        );
        return await found.promise.finally(() => clearTimeout(late));
    };
    return { capture: opening, heard, states, until };
}

describe("a capture", () => {
    it("brings what the microphone hears, from the device that was chosen, until it is closed", async () => {
        program("parec", "setInterval(() => write(1, 2, 3, 4), 5);");
        const { capture, heard, until } = opened("kitchen");
        expect(await until("recording")).toEqual({ state: "recording", program: "parec" });
        const [[pid, ...args] = [0]] = started();
        expect(args).toContain("--device=kitchen");
        expect(args).toContain("--rate=16000");
        await capture.close();
        expect(heard.slice(0, 4)).toEqual([1, 2, 3, 4]);
        expect(isRunning(pid)).toBe(false);
        expect(capture.state).toEqual({ state: "closed" });
        const length = heard.length;
        capture.open();
        await until("recording");
        expect(started()).toHaveLength(2);
        await capture.close();
        expect(heard.length).toBeGreaterThanOrEqual(length);
    });

    it("ends a program that doesn't want to", async () => {
        program("parec", 'process.on("SIGTERM", () => {}); setInterval(() => write(1), 5);');
        const { capture, until } = opened();
        await until("recording");
        await capture.close();
        expect(isRunning(started()[0]?.[0] ?? 0)).toBe(false);
    });

    it("says why a program ended, and starts it again when it had worked", async () => {
        program(
            "parec",
            'write(1, 1); process.stderr.write("the cable was pulled"); setTimeout(() => process.exit(1), 50);',
        );
        program("arecord", "setInterval(() => write(1), 5);");
        const { until, states } = opened();
        const failed = await until("failed");
        expect(failed).toEqual({ state: "failed", program: "parec", reason: "the cable was pulled", retryMs: 10 });
        await until("starting");
        expect(states.filter(({ state }) => state === "starting")).not.toContainEqual({
            state: "starting",
            program: "arecord",
        });
    });

    it("turns to the next program where one is installed but can't record", async () => {
        program("parec", 'process.stderr.write("Connection refused"); process.exit(1);');
        program("arecord", "setInterval(() => write(7), 5);");
        const { until, states } = opened();
        expect(await until("recording")).toEqual({ state: "recording", program: "arecord" });
        expect(states).toContainEqual({ state: "failed", program: "parec", reason: "Connection refused", retryMs: 10 });
    });

    it("waits longer from time to time, up to a limit", async () => {
        program("rec", "process.exit(1);");
        const { until, states } = opened();
        const waits = () => states.flatMap((state) => (state.state === "failed" ? state.retryMs : []));
        while (waits().length < 5) {
            await until("failed");
            await new Promise((resolve) => capture?.once("state", resolve));
        }
        expect(waits().slice(0, 5)).toEqual([10, 20, 40, 40, 40]);
    });

    it("says that nothing comes, or nothing but zeros, and when there is sound again", async () => {
        program("parec", "setInterval(() => {}, 1000);");
        const nothing = opened();
        expect(await nothing.until("silent")).toEqual({ state: "silent", program: "parec", comes: "nothing" });
        await nothing.capture.close();
        program("parec", "let sent = 0; setInterval(() => write(0, 0, (sent += 1) > 60 ? 9 : 0, 0), 5);");
        const zeros = opened();
        expect(await zeros.until("silent")).toEqual({ state: "silent", program: "parec", comes: "zeros" });
        await zeros.until("recording");
    });

    it("says that no program is there, and finds one that is installed later", async () => {
        const { until } = opened();
        await until("missing");
        program("arecord", "setInterval(() => write(1), 5);");
        expect(await until("recording")).toEqual({ state: "recording", program: "arecord" });
    });
});

describe("the programs that record", () => {
    it("are found in the order in which they are tried; PipeWire's only where it can write bare samples", async () => {
        program("arecord", "");
        program("ffmpeg", "");
        program("pw-record", 'console.log("  -q  --quality  Resampler quality");');
        expect((await findRecorders(folder)).map((recorder) => recorder.program)).toEqual(["arecord", "ffmpeg"]);
        program("pw-record", 'console.log("  -a, --raw  RAW mode");');
        const [first] = await findRecorders(folder);
        expect(first?.program).toBe("pw-record");
        expect(first?.arguments("desk").slice(-2)).toEqual(["--target=desk", "-"]);
    });

    it("are asked which microphones there are; without an answer there are none", async () => {
        program("parec", "");
        expect(await listMicrophones(folder)).toEqual([]);
        program("pactl", 'console.log(JSON.stringify([{ name: "desk", description: "Desk microphone" }]));');
        expect(await listMicrophones(folder)).toEqual([{ id: "desk", name: "Desk microphone" }]);
    });

    it("list microphones before what loudspeakers play", () => {
        const sources = [{ name: "tv.monitor", description: "Monitor of TV" }, { name: "desk" }, { index: 3 }, null];
        expect(pulseDevices(JSON.stringify(sources))).toEqual([
            { id: "desk", name: "desk" },
            { id: "tv.monitor", name: "Monitor of TV" },
        ]);
        const node = (kind: string) => ({
            info: { props: { "node.name": "mic", "node.description": "A microphone", "media.class": kind } },
        });
        const dump = JSON.stringify([node("Audio/Source"), node("Audio/Sink"), { info: null }, {}]);
        expect(pipeWireDevices(dump)).toEqual([{ id: "mic", name: "A microphone" }]);
        expect(
            alsaDevices("null\n    Discard all samples\nplughw:CARD=Mic,DEV=0\n    USB Mic, USB Audio\ndefault\n"),
        ).toEqual([
            { id: "plughw:CARD=Mic,DEV=0", name: "USB Mic, USB Audio" },
            { id: "default", name: "default" },
        ]);
        for (const list of [pulseDevices, pipeWireDevices]) expect(list("no JSON")).toEqual([]);
    });
});

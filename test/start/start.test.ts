import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeWav } from "../../dist/src/audio";
import { isRunning, type RunningStart, start } from "./start-process";

const PIN = /\d{3}-\d{2}-\d{3}/;

let folder: string;
let running: RunningStart[];

beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "earshot-test-start-"));
    running = [];
});

afterEach(() => {
    for (const one of running) one.kill();
    rmSync(folder, { recursive: true, force: true });
});

/** What it keeps, for itself or for the next start, goes to the test's own folder. */
function begin(args: readonly string[], environment: NodeJS.ProcessEnv = {}): RunningStart {
    const temporary = { TMPDIR: folder, TMP: folder, TEMP: folder };
    const one = start(args, { ...temporary, EARSHOT_FOLDER: join(folder, "kept"), PORT: "", ...environment });
    running.push(one);
    return one;
}

async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return port;
}

async function until(condition: () => boolean, limitMs = 10_000): Promise<void> {
    const end = performance.now() + limitMs;
    while (!condition()) {
        if (performance.now() > end) throw new Error(`It did not come about: ${condition}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

describe("npm start -- --once --json", () => {
    it("switches the lamp by a spoken sentence, tells so in one line of JSON, and leaves nothing behind", async () => {
        const { code, stdout, stderr, left } = await begin(["--once", "--json"], {
            PORT: String(await freePort()),
        }).ended();
        expect(stderr).toContain("Kitchen Light: on false → true");
        expect(stdout.trim().split("\n")).toHaveLength(1);
        expect(JSON.parse(stdout)).toEqual({
            heard: "alexa",
            transcript: "turn on the kitchen light",
            intent: "HassTurnOn",
            device: "Kitchen Light",
            state: expect.objectContaining({ on: true }),
            latencyMs: {
                endOfSpeechToTranscript: expect.any(Number),
                transcriptToAccessory: expect.any(Number),
                total: expect.any(Number),
            },
        });
        expect(code).toBe(0);
        expect(left).toEqual([]);
        expect(readdirSync(folder)).toEqual([]);
        expect(stdout + stderr).not.toMatch(PIN);
    }, 60_000);

    it("ends with 1 and says what is missing when nobody says the wake word", async () => {
        const silence = join(folder, "silence.wav");
        writeFileSync(silence, encodeWav(new Float32Array(16_000), 16_000));
        const { code, stdout, stderr, left } = await begin(["--once", "--json", "--say", silence]).ended();
        expect(stderr).toContain("The wake word was not heard.");
        expect(JSON.parse(stdout)).toMatchObject({ heard: null, transcript: null, device: null, state: null });
        expect(code).toBe(1);
        expect(left).toEqual([]);
    }, 60_000);

    it("ends with 130 when it is interrupted before the sentence is through", async () => {
        const once = begin(["--once"]);
        await once.printed(/Node-RED +http/);
        once.signal("SIGINT");
        const { code, left } = await once.ended();
        expect(code).toBe(130);
        expect(left).toEqual([]);
        expect(readdirSync(folder)).toEqual([]);
    }, 60_000);
});

describe("npm start", () => {
    it("stays up until Ctrl-C, which may come twice, and stops everything it started", async () => {
        const up = begin([]);
        const printed = await up.printed(/Ctrl-C stops everything/);
        const [, editor = ""] = /The editor: (\S+)/.exec(printed) ?? [];
        expect(await (await fetch(editor)).text()).toContain("<title>Earshot</title>");
        expect(printed).not.toMatch(PIN);
        up.signal("SIGINT");
        up.signal("SIGINT");
        const { code, stderr, left } = await up.ended();
        expect(stderr).toBe("");
        expect(code).toBe(0);
        expect(left).toEqual([]);
        expect(readdirSync(folder)).toEqual(["kept"]);
    }, 60_000);

    it("keeps flow and pairing for the next start, and what was edited in between", async () => {
        const first = begin([]);
        const [, editor = ""] = /The editor: (\S+)/.exec(await first.printed(/Ctrl-C/)) ?? [];
        const headers = { "Node-RED-API-Version": "v2", "Content-Type": "application/json" };
        const { flows } = (await (await fetch(`${editor}flows`, { headers })).json()) as { flows: { id: string }[] };
        const edited = flows.map((node) => (node.id === "first-light-about" ? { ...node, name: "Mine" } : node));
        const body = JSON.stringify({ flows: [...edited, { id: "own", type: "tab", label: "My own" }] });
        expect((await fetch(`${editor}flows`, { method: "POST", headers, body })).ok).toBe(true);
        first.signal("SIGTERM");
        await first.ended();

        const second = begin([]);
        const printed = await second.printed(/Ctrl-C/);
        expect(printed).toMatch(/Paired +since an earlier start/);
        expect(printed).toContain("Kitchen Light: on false → true");
        const [, again = ""] = /The editor: (\S+)/.exec(printed) ?? [];
        const names = await (await fetch(`${again}flows`, { headers })).text();
        expect(names).toContain('"Mine"');
        expect(names).toContain('"My own"');
        second.signal("SIGINT");
        expect((await second.ended()).code).toBe(0);
    }, 90_000);

    it("does not disturb a second one that runs at the same time", async () => {
        const both = [begin([]), begin([])];
        const printed = await Promise.all(both.map((one) => one.printed(/Ctrl-C/, 60_000)));
        for (const text of printed) expect(text).toContain("Kitchen Light: on false → true");
        const editors = printed.map((text) => /The editor: (\S+)/.exec(text)?.[1]);
        expect(new Set(editors).size).toBe(2);
        for (const one of both) one.signal("SIGINT");
        for (const one of both) expect(await one.ended()).toMatchObject({ code: 0, left: [] });
    }, 120_000);

    it("ends, and says what happened, when a part of it dies", async () => {
        const up = begin([]);
        await up.printed(/Ctrl-C/);
        const [part] = up.descendants;
        if (part === undefined) throw new Error("It has started nothing.");
        process.kill(part, "SIGKILL");
        const { code, stdout, left } = await up.ended();
        expect(stdout).toMatch(/(The simulated home|Node-RED) ended by SIGKILL/);
        expect(code).toBe(1);
        expect(left).toEqual([]);
    }, 60_000);

    it("takes everything it started along when it is killed", async () => {
        const up = begin([]);
        await up.printed(/Found by mDNS/);
        await until(() => up.descendants.size >= 2);
        up.signal("SIGKILL");
        await until(() => ![...up.descendants].some(isRunning));
    }, 60_000);

    it("says so when the port that PORT asks for is taken", async () => {
        const server = createServer().listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        const { code, stdout, left } = await begin([], { PORT: String(port) }).ended();
        server.close();
        expect(stdout).toContain(`Port ${port}, which PORT asks for, is taken by another program.`);
        expect(code).toBe(1);
        expect(left).toEqual([]);
    });
});

describe("a command line that can't be obeyed", () => {
    it.each([
        { args: ["--loud"], environment: {}, says: "Unknown option '--loud'" },
        { args: ["now"], environment: {}, says: "Unexpected argument 'now'" },
        { args: ["--say"], environment: {}, says: "--say" },
        { args: [], environment: { PORT: "http" }, says: 'PORT is "http", which is not a port' },
        { args: [], environment: { PORT: "70000" }, says: 'PORT is "70000", which is not a port' },
    ])("$args with $environment brings the usage on stderr and exit code 2", async ({ args, environment, says }) => {
        const { code, stdout, stderr } = await begin(args, environment).ended();
        expect(stderr).toContain(says);
        expect(stderr).toContain("Usage: npm start");
        expect(stdout).toBe("");
        expect(code).toBe(2);
    });

    it("says what is wrong with a recording, before anything is started", async () => {
        const noSound = join(folder, "text.wav");
        writeFileSync(noSound, "This is no sound.");
        for (const [file, wrong] of [
            [join(folder, "nowhere.wav"), "can't be read: ENOENT"],
            [folder, "can't be read: EISDIR"],
            [noSound, 'expected "RIFF"'],
        ] as const) {
            const { code, stdout, stderr } = await begin(["--once", "--say", file]).ended();
            expect(stderr).toContain(file);
            expect(stderr).toContain(wrong);
            expect(stdout).toBe("");
            expect(code).toBe(2);
        }
    });

    it("asks for help with --help", async () => {
        const { code, stdout } = await begin(["--help"]).ended();
        expect(stdout).toContain("endOfSpeechToTranscript");
        expect(code).toBe(0);
        expect(existsSync(join(folder, "kept"))).toBe(false);
    });
});

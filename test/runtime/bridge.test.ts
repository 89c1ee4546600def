/** A flow as a device in a real Node-RED: looked at with our own HomeKit controller, and spoken to. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HapClient, type Pairing, pairSetup, CharacteristicType as Type } from "../../dist/src/hap";
import { found, until, WAIT_MS } from "../bridge/shown-bridge";
import { type FlowNode, PACKAGE, type RunningNodeRed, startNodeRed } from "./runtime";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const HUB: readonly FlowNode[] = [
    { id: "hub", type: "earshot-hub", version: 1, language: "en", sites: [], folder: "earshot", home: "home" },
    { id: "home", type: "earshot-home", version: 1, floors: [], areas: [], devices: [] },
    { id: "tab", type: "tab" },
];
const BRIDGE = bridge(0);
const DEVICES: readonly FlowNode[] = [
    node("lamp", "earshot-device", [["switched"]], { name: "Garden light", kind: "light-dimmed", bridge: "bridge" }),
    node("door", "earshot-device", [["asked"]], {
        name: "Cellar door",
        kind: "lock",
        bridge: "bridge",
        done: "reported",
        withinSeconds: 1,
    }),
    node("switched", "debug", [], { active: false }),
    node("asked", "debug", [], { active: false }),
    node("bright", "inject", [["lamp"]], json({ on: true, brightnessPercent: 70 })),
    node("off", "inject", [["understand"]], text("turn off the garden light")),
    node("understand", "earshot-understand", [["dispatch"], ["dispatch"]]),
    node("dispatch", "earshot-dispatch", [["reply"]]),
    node("reply", "debug", [], { active: false }),
];
const FLOW = [...HUB, BRIDGE, ...DEVICES];

function bridge(port: number): FlowNode {
    return {
        id: "bridge",
        type: "earshot-bridge",
        version: 1,
        name: "Flow bridge",
        hub: "hub",
        port,
        host: "127.0.0.1",
    };
}
function node(id: string, type: string, wires: string[][], more: object = {}): FlowNode {
    return { id, type, z: "tab", x: 0, y: 0, version: 1, hub: "hub", wires, ...more };
}
function text(payload: string): object {
    return { props: [{ p: "payload", v: payload, vt: "str" }] };
}
function json(payload: object): object {
    return { props: [{ p: "payload", v: JSON.stringify(payload), vt: "json" }] };
}

interface Status {
    readonly state: string;
    readonly port?: number;
    readonly problem?: string;
}

async function statusAt(url: string): Promise<Status> {
    return (await (await fetch(`${url}/earshot/bridges?bridge=bridge`)).json()) as Status;
}

async function ask(url: string, action: string, body: unknown = { bridge: "bridge" }) {
    const answer = await fetch(`${url}/earshot/bridges/${action}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

async function pairAt(url: string): Promise<Pairing> {
    const { body } = await ask(url, "open");
    const { port = 0 } = await statusAt(url);
    return await pairSetup({ endpoints: [{ host: "127.0.0.1", port }], pin: body.setupCode ?? "" });
}

describe("a flow as a device", () => {
    let nodeRed: RunningNodeRed;
    let client: HapClient;
    let port = 0;

    beforeAll(async () => {
        nodeRed = await startNodeRed();
        await nodeRed.deploy(FLOW);
        await until("the bridge is there", async () => (await statusAt(nodeRed.url)).state === "off");
        const pairing = await pairAt(nodeRed.url);
        port = (await statusAt(nodeRed.url)).port ?? 0;
        client = new HapClient({ pairing, locate: () => [{ host: "127.0.0.1", port }] });
    });
    afterAll(async () => {
        client.stop();
        await nodeRed.stop();
    });

    const characteristic = async (name: string, type: string) => found(await client.accessories(), name, type);
    const bridges = () => join(nodeRed.userDir, "earshot", "bridges");
    const isUp = () => until("it is up", async () => (await statusAt(nodeRed.url)).state === "paired");

    it("is switched from Apple Home: a message with the wish leaves the node", async () => {
        const { aid, iid } = await characteristic("Garden light", Type.On);
        const switched = nodeRed.messageAt("switched");
        await client.write([{ aid, iid, value: true }]);
        expect(await switched).toMatchObject({
            payload: { on: true },
            topic: "Garden light",
            device: { id: "flow:lamp", from: "homekit" },
        });
    });

    it("tells Apple Home what the flow reports", async () => {
        const { aid, iid } = await characteristic("Garden light", Type.Brightness);
        await client.subscribe([{ aid, iid }]);
        const told = once(client, "values", { signal: AbortSignal.timeout(WAIT_MS) });
        await nodeRed.inject("bright");
        expect((await told)[0]).toMatchObject([{ aid, iid, value: 70 }]);
    });

    it("hears the voice, and its reply tells what the flow has become", async () => {
        const replied = nodeRed.messageAt("reply");
        const switched = nodeRed.messageAt("switched");
        await nodeRed.inject("off");
        expect(await switched).toMatchObject({ payload: { on: false }, device: { from: "voice" } });
        expect(await replied).toMatchObject({
            result: { devices: [{ id: "flow:lamp", ok: true, state: { on: false, brightnessPercent: 70 } }] },
        });
    });

    it("fails in Apple Home when its flow never reports that it was done", async () => {
        const { aid, iid } = await characteristic("Cellar door", Type.LockTargetState);
        const asked = nodeRed.messageAt("asked");
        await expect(client.write([{ aid, iid, value: 1 }], { timed: true })).rejects.toMatchObject({
            code: "timeout",
        });
        expect(await asked).toMatchObject({ payload: { locked: true } });
    });

    it("shows the hub: muted from Apple Home, all that is heard is silence, also after a deploy", async () => {
        const { aid, iid } = await characteristic("Microphones muted", Type.On);
        await client.write([{ aid, iid, value: true }]);
        await nodeRed.deploy([...FLOW, node("more", "debug", [])]);
        await isUp();
        expect(await client.read([{ aid, iid }])).toMatchObject([{ value: 1 }]);
        await client.write([{ aid, iid, value: false }]);
        const files = () => readdirSync(join(nodeRed.userDir, "earshot"));
        await until("that is forgotten", () => !files().includes("muted"));
    });

    it("is the same after fifty deploys under load: port, pairing and accessories", async () => {
        const ids = async () => (await client.accessories()).map(({ aid, services }) => [aid, services.length]);
        const before = await ids();
        const complaints = nodeRed.complaints.length;
        const { aid, iid } = await characteristic("Garden light", Type.On);
        let isDone = false;
        let done = 0;
        const load = (async () => {
            while (!isDone) {
                await nodeRed.inject("off").catch(() => {});
                await client.write([{ aid, iid, value: true }]).then(
                    () => {
                        done += 1;
                    },
                    () => {},
                );
            }
        })();
        for (let count = 0; count < 50; count += 1) {
            // By turns everything, one device and the bridge are made anew.
            const changed = { redeployed: count };
            await nodeRed.deploy(
                FLOW.map((one) =>
                    count % 3 === 0 || one.id === ["", "lamp", "bridge"][count % 3] ? { ...one, ...changed } : one,
                ),
            );
        }
        isDone = true;
        await load;
        await isUp();
        expect(done).toBeGreaterThan(0);
        expect(await statusAt(nodeRed.url)).toEqual({ state: "paired", port });
        expect(await ids()).toEqual(before);
        await client.write([{ aid, iid, value: true }]);
        expect(nodeRed.complaints.slice(complaints)).toEqual([]);
        expect(readdirSync(bridges())).toHaveLength(1);
    }, 60_000);

    it("gives the code to nobody who may not pair, in no status and in no file", async () => {
        expect((await ask(nodeRed.url, "open")).body).toMatchObject({ code: "already-paired" });
        expect((await ask(nodeRed.url, "open", ["bridge"])).status).toBe(404);
        const form = await fetch(`${nodeRed.url}/earshot/bridges/forget`, {
            method: "POST",
            body: new URLSearchParams({ bridge: "bridge" }),
        });
        expect(form.status).toBe(404);
        const flows = await (await nodeRed.get("flows")).text();
        expect(flows).not.toMatch(/\d{3}-\d{2}-\d{3}/);
    });

    it("says that its port is in use, and Node-RED goes on", async () => {
        const other = createServer().listen(0, "127.0.0.1");
        await once(other, "listening");
        const taken = (other.address() as { port: number }).port;
        await nodeRed.deploy([...HUB, bridge(taken), ...DEVICES]);
        await until("it failed", async () => (await statusAt(nodeRed.url)).problem === "port-in-use");
        other.close();
        await nodeRed.deploy(FLOW);
        await isUp();
    });

    it("is kept while its bridge is switched off, and forgotten with its bridge", async () => {
        await nodeRed.deploy(FLOW.map((one) => (one.id === "bridge" ? { ...one, d: true } : one)));
        expect(readdirSync(bridges())).toHaveLength(1);
        await nodeRed.deploy(FLOW);
        await isUp();
        await nodeRed.deploy(HUB);
        await until("it is forgotten", () => readdirSync(bridges()).length === 0);
    });
});

it("people who may only read see how a bridge stands, and can't open it", async () => {
    const nodeRed = await startNodeRed({
        adminAuth: { type: "credentials", users: [], default: { permissions: "read" } },
    });
    try {
        expect((await nodeRed.get("earshot/bridges?bridge=none")).status).toBe(404);
        for (const action of ["open", "close", "forget"]) {
            const answer = await fetch(`${nodeRed.url}/earshot/bridges/${action}`, { method: "POST" });
            expect(answer.status).toBe(401);
        }
    } finally {
        await nodeRed.stop();
    }
});

describe("two Node-REDs with the same flow", () => {
    let first: RunningNodeRed;
    let second: { readonly url: string; readonly process: ChildProcess; readonly userDir: string };

    beforeAll(async () => {
        first = await startNodeRed();
        await first.deploy(FLOW);
        second = await spawnNodeRed(FLOW);
    });
    afterAll(async () => {
        const ended = once(second.process, "exit");
        second.process.kill();
        await ended;
        rmSync(second.userDir, { recursive: true, force: true });
        await first.stop();
    });

    it("are two bridges side by side", async () => {
        await until("both are there", async () => (await statusAt(second.url)).state === "off");
        const [one, other] = [await pairAt(first.url), await pairAt(second.url)];
        expect(one.accessoryId).not.toBe(other.accessoryId);
        const [at, otherAt] = [await statusAt(first.url), await statusAt(second.url)];
        expect([at.state, otherAt.state]).toEqual(["paired", "paired"]);
        expect(at.port).not.toBe(otherAt.port);
    });
});

/** As a user starts it, in a process of its own. */
async function spawnNodeRed(flow: readonly FlowNode[]) {
    const userDir = mkdtempSync(join(tmpdir(), "earshot-second-"));
    const installed = join(userDir, "node_modules", PACKAGE);
    mkdirSync(dirname(installed), { recursive: true });
    symlinkSync(ROOT, installed, "dir");
    const probe = createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    const { port } = probe.address() as { port: number };
    probe.close();
    await once(probe, "close");
    writeFileSync(join(userDir, "flows.json"), JSON.stringify(flow));
    writeFileSync(
        join(userDir, "settings.js"),
        `module.exports = { uiHost: "127.0.0.1", uiPort: ${port}, flowFile: "flows.json", telemetry: { enabled: false }, editorTheme: { tours: false, palette: { catalogues: [] } } };`,
    );
    const child = spawn(process.execPath, [join(ROOT, "node_modules/node-red/red.js"), "--userDir", userDir], {
        stdio: "ignore",
    });
    const url = `http://127.0.0.1:${port}`;
    await until("the second Node-RED answers", () =>
        fetch(`${url}/earshot/bridges?bridge=bridge`).then(
            ({ status }) => status === 200,
            () => false,
        ),
    );
    return { url, process: child, userDir };
}

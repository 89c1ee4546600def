import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeWav } from "../../dist/src/audio";
import { SimulatedHome } from "../hap/simulated-home";
import { type FlowNode, type RunningNodeRed, startNodeRed } from "./runtime";

/** A compression pointer to itself: other mDNS libraries follow it for ever. */
const SELF_POINTER = Buffer.from("000000000001000000000000c00c000c0001", "hex");

const HUB = { id: "hub", type: "earshot-hub", version: 1, language: "en", sites: [], folder: "earshot", home: "home" };
const HOME = { id: "home", type: "earshot-home", version: 1, floors: [], areas: [], devices: [] };
const node = (id: string, type: string, more: object = {}): FlowNode => ({
    id,
    type,
    z: "tab",
    x: 0,
    y: 0,
    version: 1,
    hub: "hub",
    wires: [],
    ...more,
});

describe("Node-RED with Earshot in it", () => {
    let nodeRed: RunningNodeRed;
    let folder: string;

    beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), "earshot-hostile-"));
        nodeRed = await startNodeRed({ fileWorkingDirectory: folder });
    });
    afterAll(async () => {
        await nodeRed.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    const complaint = async (matches: RegExp, since: number) => {
        for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(20)) {
            const found = nodeRed.complaints.slice(since).find((said) => matches.test(said));
            if (found) return found;
        }
        throw new Error(`Nobody said ${matches}, but: ${nodeRed.complaints.slice(since).join("; ")}`);
    };
    const answers = async () => (await nodeRed.get("settings")).status;

    it("goes on after the packet that stops other mDNS libraries, and still finds accessories", async () => {
        await nodeRed.deploy([HUB, HOME, { id: "tab", type: "tab" }, node("discover", "earshot-discover")]);
        const socket = createSocket({ type: "udp4", reuseAddr: true });
        await new Promise<void>((resolve) => socket.bind(5353, resolve));
        socket.setMulticastInterface("127.0.0.1");
        const send = (packet: Buffer) =>
            new Promise<void>((resolve, reject) =>
                socket.send(packet, 5353, "224.0.0.251", (error) => (error ? reject(error) : resolve())),
            );
        try {
            for (let count = 0; count < 20; count += 1) await send(SELF_POINTER);
            expect(await answers()).toBe(200);
            const home = await SimulatedHome.start(join(folder, "home"), "--bridge", "After The Packet");
            try {
                let found = false;
                for (const deadline = Date.now() + 10_000; !found && Date.now() < deadline; await sleep(50)) {
                    const listed = (await (await nodeRed.get("earshot/accessories?hub=hub")).json()) as {
                        id: string;
                    }[];
                    found = listed.some(({ id }) => id === home.ready.id);
                }
                expect(found).toBe(true);
            } finally {
                await home.end();
            }
        } finally {
            socket.close();
        }
    });

    it.each<[string, Buffer, RegExp]>([
        ["nothing of a WAV in it", Buffer.from("this is no sound"), /RIFF|WAV/],
        ["a header that is cut off", encodeWav(new Float32Array(100), 16_000).subarray(0, 30), /byte|header|ends/i],
        ["no channels", withByte(encodeWav(new Float32Array(100), 16_000), 22, 0), /channel/i],
        ["a rate of nothing", withBytes(encodeWav(new Float32Array(100), 16_000), 24, [0, 0, 0, 0]), /rate/i],
        [
            "sound that is cut off",
            encodeWav(new Float32Array(1_000), 16_000).subarray(0, 500),
            /byte|cut|ends|missing/i,
        ],
    ])("says what is wrong with a file that has %s", async (_what, bytes, words) => {
        writeFileSync(join(folder, "broken.wav"), bytes);
        await nodeRed.deploy([
            HUB,
            HOME,
            { id: "tab", type: "tab" },
            node("say", "inject", { props: [{ p: "filename", v: "broken.wav", vt: "str" }], wires: [["sound"]] }),
            node("sound", "earshot-sound", { source: "file", wires: [[]] }),
        ]);
        const since = nodeRed.complaints.length;
        await nodeRed.inject("say");
        expect(await complaint(words, since)).toMatch(words);
        expect(await answers()).toBe(200);
    });

    it.each<[string, readonly object[], RegExp]>([
        ["a language nobody speaks here", [{ ...HUB, language: "tlh" }, HOME], /tlh|language/i],
        ["settings of the wrong type", [{ ...HUB, sites: "everywhere" }, HOME], /sites/],
        ["a home that is none", [HUB, { ...HOME, devices: [{ id: 7 }] }], /devices/],
        [
            "a device that can't be simulated",
            [HUB, { ...HOME, devices: [{ id: "x", name: "X", type: "valve", driver: "simulated" }] }],
            /valve|type/,
        ],
    ])("says what is wrong with a flow that has %s", async (_what, config, words) => {
        const since = nodeRed.complaints.length;
        await nodeRed.deploy([
            ...config,
            { id: "tab", type: "tab" },
            node("discover", "earshot-discover"),
        ] as FlowNode[]);
        expect(await complaint(words, since)).toMatch(words);
        expect(await answers()).toBe(200);
    });

    it("says that a PIN is none", async () => {
        const home = await SimulatedHome.start(join(folder, "pin"), "--bridge", "Pin Home");
        try {
            const since = nodeRed.complaints.length;
            await nodeRed.deploy(
                [
                    HUB,
                    HOME,
                    { id: "tab", type: "tab" },
                    node("discover", "earshot-discover", { accessory: home.ready.id }),
                ] as FlowNode[],
                { discover: { pin: "12-34" } },
            );
            expect(await complaint(/PIN|code/i, since)).toMatch(/XXX-XX-XXX|digits/i);
            expect(await answers()).toBe(200);
        } finally {
            await home.end();
        }
    });
});

function withByte(bytes: Buffer, at: number, value: number): Buffer {
    return withBytes(bytes, at, [value, 0]);
}

function withBytes(bytes: Buffer, at: number, values: readonly number[]): Buffer {
    const changed = Buffer.from(bytes);
    changed.set(values, at);
    return changed;
}

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { spokenAt16k } from "../../dist/scripts/voice";
import { encodePcm, Resampler, SAMPLE_RATE } from "../../dist/src/audio";
import { Hub } from "../../dist/src/hub";
import type { Samples } from "../../dist/src/speech";
import { type Served, type WyomingHost, WyomingServer, type WyomingServerOptions } from "../../dist/src/wyoming";
import { Peer } from "./peer";

const CHUNK = { rate: SAMPLE_RATE, width: 2, channels: 1 };
/** Silence before and after what is said. */
const PAUSE = SAMPLE_RATE / 2;

let folder: string;
let hub: Hub;
const servers: WyomingServer[] = [];
const peers: Peer[] = [];

beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "earshot-wyoming-"));
    const device = { id: "lamp", name: "Desk Lamp", type: "light", driver: "simulated" } as const;
    const home = { floors: [], areas: [{ id: "study", name: "Study" }], devices: [{ ...device, area: "study" }] };
    const sites = [{ id: "study", name: "Study", area: "study" }];
    hub = new Hub({ id: "hub", language: "en", sites, folder, home });
    await hub.start();
});
afterEach(async () => {
    for (const { socket } of peers.splice(0)) socket.destroy();
    await Promise.all(servers.splice(0).map((server) => server.stop()));
});
afterAll(async () => {
    await hub.stop();
    rmSync(folder, { recursive: true, force: true });
});

interface Offered {
    readonly port: number;
    readonly served: readonly Served[];
    readonly problems: readonly string[];
    readonly server: WyomingServer;
}

async function offered(options: Partial<WyomingServerOptions> = {}): Promise<Offered> {
    const served: Served[] = [];
    const problems: string[] = [];
    const server = new WyomingServer({
        host: hub,
        site: "study",
        phrases: ["computer"],
        sensitivity: 0.5,
        version: "1.2.3",
        port: 0,
        peers: [],
        onServed: (each) => served.push(each),
        ...options,
    });
    server.on("problem", ({ message }) => problems.push(message));
    servers.push(server);
    return { port: await server.start(), served, problems, server };
}

async function connected(port: number): Promise<Peer> {
    const peer = await Peer.at(port);
    peers.push(peer);
    return peer;
}

async function said(text: string): Promise<Samples> {
    const spoken = await spokenAt16k(text, { voice: "slt" });
    const whole = new Float32Array(spoken.length + 2 * PAUSE);
    whole.set(spoken, PAUSE);
    return whole;
}

function pcm(samples: Samples, channels = 1): Buffer {
    return encodePcm(samples, "s16", channels);
}

describe("a Wyoming server", () => {
    it("says what it offers, and that it is there", async () => {
        const peer = await connected((await offered()).port);
        peer.send("describe");
        const info = await peer.next();
        expect(info.type).toBe("info");
        const { asr, handle, intent, wake } = info.data as Record<string, { models: object[]; version: string }[]>;
        for (const [program] of [asr ?? [], handle ?? [], intent ?? []]) {
            expect(program).toMatchObject({ installed: true, version: "1.2.3", models: [{ languages: ["en"] }] });
        }
        expect(wake?.[0]?.models).toMatchObject([{ name: "computer", phrase: "computer", installed: true }]);
        peer.send("ping", { text: "still there?" });
        expect(await peer.next()).toMatchObject({ type: "pong", data: { text: "still there?" } });
    });

    it("transcribes an utterance, of any rate and number of channels", async () => {
        const { port, served } = await offered();
        const sound = await said("turn on the desk lamp");
        const at44k = new Resampler(SAMPLE_RATE, 44_100).process(sound);
        for (const [bytes, format] of [
            [pcm(sound), { rate: SAMPLE_RATE, channels: 1 }],
            [pcm(at44k, 2), { rate: 44_100, channels: 2 }],
        ] as const) {
            const peer = await connected(port);
            peer.send("transcribe", { language: "en" });
            peer.speak(bytes, format);
            peer.socket.end();
            expect(await peer.next()).toMatchObject({ type: "transcript", data: { text: "turn on the desk lamp" } });
            await peer.closed();
        }
        const each = { service: "transcribe", text: "turn on the desk lamp" };
        expect(served).toMatchObject([
            { ...each, transcript: { engine: "builtin" } },
            { ...each, transcript: { engine: "builtin" } },
        ]);
    });

    it("passes on of a transcript what the hub tells of it, and no more", async () => {
        const { language, sessions, transcriber, wakeDetector } = hub;
        const host: WyomingHost = {
            ...{ language, sessions, transcriber, wakeDetector },
            recogniserGrammar: () => hub.recogniserGrammar(),
            understand: (...asked) => hub.understand(...asked),
            dispatch: (...asked) => hub.dispatch(...asked),
            notUnderstood: () => hub.notUnderstood(),
            told: (transcript) => ({ transcript: { ...transcript, text: "turn on the [name]" } }),
        };
        const { port, served } = await offered({ host });
        const peer = await connected(port);
        peer.speak(pcm(await said("turn on the desk lamp")), { rate: SAMPLE_RATE, channels: 1 });
        expect(await peer.next()).toMatchObject({ type: "transcript", data: { text: "turn on the [name]" } });
        expect(served).toMatchObject([{ text: "turn on the [name]" }]);
    });

    it("hears nothing while the microphones are muted", async () => {
        const peer = await connected((await offered()).port);
        const sound = pcm(await said("turn on the desk lamp"));
        hub.mute(true);
        try {
            peer.speak(sound, { rate: SAMPLE_RATE, channels: 1 });
            expect(await peer.next()).toMatchObject({ type: "transcript", data: { text: "" } });
        } finally {
            hub.mute(false);
        }
    });

    it("tells of its wake word when it is said, and when it wasn't", async () => {
        const peer = await connected((await offered()).port);
        peer.send("detect", { names: ["computer"] });
        peer.speak(pcm(await said("computer turn on the light")), { rate: SAMPLE_RATE, channels: 1 });
        const { type, data } = await peer.next();
        expect([type, data.name]).toEqual(["detection", "computer"]);
        expect(data.timestamp).toBeGreaterThan(800);
        expect(data.timestamp).toBeLessThan(1_400);
        peer.speak(pcm(await said("close the blinds")), { rate: SAMPLE_RATE, channels: 1 });
        expect((await peer.next()).type).toBe("not-detected");
        peer.send("detect", { names: ["jarvis"] });
        peer.send("audio-start", CHUNK);
        expect(await peer.next()).toMatchObject({ type: "error", data: { code: "not-supported" } });
    });

    it("does what a sentence asks, and answers in words with the context it was given", async () => {
        const peer = await connected((await offered()).port);
        const context = { conversation_id: "7" };
        const lampIsOn = () => hub.home.status("lamp")?.state.on;
        peer.send("transcript", { text: "turn on the desk lamp", language: "en", context });
        const done = await peer.next();
        expect(done).toMatchObject({ type: "handled", data: { context } });
        expect(done.data.text).toContain("desk lamp");
        expect(lampIsOn()).toBe(true);
        peer.send("transcript", { text: "turn off the light" });
        expect((await peer.next()).type).toBe("handled");
        expect(lampIsOn()).toBe(false);
        peer.send("transcript", { text: "the weather was nice", context });
        expect(await peer.next()).toMatchObject({ type: "not-handled", data: { context } });
    });

    it("says what a sentence asks without doing it", async () => {
        const peer = await connected((await offered()).port);
        peer.send("recognize", { text: "turn on the desk lamp" });
        expect(await peer.next()).toMatchObject({
            type: "intent",
            data: { name: "HassTurnOn", entities: [{ name: "name", value: "Desk Lamp" }] },
        });
        expect(hub.home.status("lamp")?.state.on).toBe(false);
        peer.send("recognize", { text: "turn on the desk lamp and set the desk lamp to 20 percent" });
        const types = [];
        for (let count = 0; count < 4; count += 1) types.push((await peer.next()).type);
        expect(types).toEqual(["intents-start", "intent", "intent", "intents-stop"]);
        peer.send("recognize", { text: "the weather was nice" });
        expect((await peer.next()).type).toBe("not-recognized");
    });

    it("tells what it can't do, and goes on with the next event", async () => {
        const peer = await connected((await offered()).port);
        const fails = async (type: string, data?: object) => {
            peer.send(type, data);
            const answer = await peer.next();
            expect(answer.type, type).toBe("error");
            return answer.data.text;
        };
        expect(await fails("audio-start", { ...CHUNK, width: 7 })).toContain('"width":7');
        expect(await fails("audio-start", { ...CHUNK, rate: 1e9 })).toContain("samples a second");
        expect(await fails("audio-stop")).toContain("no sound");
        expect(await fails("transcript", { text: 5 })).toContain("text");
        expect(await fails("recognize", { text: "x".repeat(3_000) })).toContain("2000");
        expect(await fails("detect", { names: "computer" })).toContain("names");
        peer.send("a-later-version", { of: "the protocol" });
        peer.send("ping");
        expect((await peer.next()).type).toBe("pong");
    });

    it("breaks off with who breaks the protocol, says why, and serves the others on", async () => {
        const { port, problems } = await offered();
        const good = await connected(port);
        good.send("audio-start", CHUNK);
        for (const bytes of [
            '{"type":"audio-chunk","payload_length":4294967296}\n',
            "GET / HTTP/1.1\r\n\r\n",
            "x".repeat(100_000),
            '{"type":"x","data_length":4}\nnull',
        ]) {
            const bad = await connected(port);
            bad.socket.write(bytes);
            expect((await bad.next()).type).toBe("error");
            await bad.closed();
        }
        await expect.poll(() => problems).toHaveLength(4);
        good.send("audio-stop");
        expect(await good.next()).toMatchObject({ type: "transcript", data: { text: "" } });
    });

    it("doesn't wait for ever for the rest of an event, or for anything at all", async () => {
        const slow = await offered({ timings: { eventMs: 200, idleMs: 60_000 } });
        const halfway = await connected(slow.port);
        halfway.socket.write('{"type":"describe"');
        await halfway.closed();
        await expect.poll(() => slow.problems).toEqual([expect.stringContaining("took too long over an event")]);
        const idle = await offered({ timings: { eventMs: 60_000, idleMs: 200 } });
        const silent = await connected(idle.port);
        await silent.closed();
        await expect.poll(() => idle.problems).toEqual([expect.stringContaining("for 0.2 s")]);
    });

    it("breaks off with a peer that doesn't read", async () => {
        const { port, problems } = await offered();
        const deaf = await connected(port);
        deaf.socket.pause();
        for (let count = 0; count < 20_000; count += 1) deaf.send("describe");
        await expect.poll(() => problems, { timeout: 20_000 }).toEqual([expect.stringContaining("reads too slowly")]);
    });

    it("lets at most 32 in at a time, and the next when one has gone", async () => {
        const { port, server } = await offered();
        const inside = [];
        for (let count = 0; count < 32; count += 1) inside.push(await connected(port));
        const outside = await connected(port);
        await outside.closed();
        const gone = once(server, "connections");
        inside[0]?.socket.destroy();
        await gone;
        const next = await connected(port);
        next.send("ping");
        expect((await next.next()).type).toBe("pong");
    });

    it.each(["192.168.1", "192.168.1.0/33", "fe80::/129", "10.0.0.1/", "me"])("refuses the peer %s", (peer) => {
        const options = {
            host: hub,
            site: "",
            phrases: [],
            sensitivity: 0.5,
            version: "",
            port: 0,
            onServed: () => {},
        };
        expect(() => new WyomingServer({ ...options, peers: [peer] })).toThrow(`"${peer}" is no address`);
    });
});

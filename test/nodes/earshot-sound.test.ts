import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HubNode } from "../../dist/nodes/hub-node";
import type { Session } from "../../dist/src/hub";
import { type Flow, hubIn, type NodeMessage, runFlow, useFlows } from "./flow";
import { rawOf, wavOf } from "./sounds";

const at = useFlows();
const OUT = { id: "out", type: "helper" };

async function soundFlow(settings: object = {}): Promise<Flow> {
    const sound = { id: "sound", type: "earshot-sound", hub: "hub", wires: [["out"]], ...settings };
    return await runFlow([sound, OUT, ...hubIn(at.folder)]);
}

async function sessionOf(flow: Flow, { voice }: NodeMessage): Promise<Session> {
    const hub = await (flow.node("hub") as HubNode).running;
    if (!hub) throw new Error("The hub is not running.");
    return hub.sessions.require(voice);
}

describe("the sound node", () => {
    it("opens one session for a WAV, and sends its handle on instead of the sound", async () => {
        const flow = await soundFlow();
        await flow.give("sound", { payload: wavOf(0.5), topic: "mine" });
        const sent = await flow.next("out");
        expect(sent).not.toHaveProperty("payload");
        expect(sent).toMatchObject({
            topic: "mine",
            voice: { site: "study", format: { sampleRate: 16_000, channels: 1 }, session: expect.any(String) },
        });
        const session = await sessionOf(flow, sent);
        expect(session).toMatchObject({ length: 8_000, ended: true });
        expect(flow.waiting("out")).toBe(0);
    });

    it("brings any sample rate to 16 kHz, and the sound to the chosen place", async () => {
        const flow = await soundFlow({ site: "kitchen" });
        await flow.give("sound", { payload: wavOf(1, 44_100) });
        const sent = await flow.next("out");
        expect(sent).toMatchObject({ voice: { site: "kitchen" } });
        expect((await sessionOf(flow, sent)).length).toBeGreaterThan(15_900);
        expect((await sessionOf(flow, sent)).length).toBeLessThan(16_100);
    });

    it("takes raw samples of the format it is set to", async () => {
        const flow = await soundFlow({ format: "raw", encoding: "s16", sampleRate: "8000", channels: "2" });
        await flow.give("sound", { payload: rawOf(1, 16_000), complete: true });
        const session = await sessionOf(flow, await flow.next("out"));
        expect(Math.abs(session.length - 16_000)).toBeLessThan(50);
    });

    it("takes a stream of pieces cut anywhere as one session, until the last of msg.parts", async () => {
        const flow = await soundFlow();
        const wav = wavOf(0.5);
        const pieces = [wav.subarray(0, 20), wav.subarray(20, 5001), wav.subarray(5001)];
        for (const [index, payload] of pieces.entries()) {
            await flow.give("sound", { payload, parts: { id: "stream", index, count: 3 } });
        }
        const sent = await flow.next("out");
        expect(sent).not.toHaveProperty("parts");
        expect(await sessionOf(flow, sent)).toMatchObject({ length: 8_000, ended: true });
        expect(flow.waiting("out")).toBe(0);
    });

    it("ends a stream with msg.complete, with or without sound in it", async () => {
        const flow = await soundFlow({ format: "raw" });
        await flow.give("sound", { payload: rawOf(0.1) });
        const session = await sessionOf(flow, await flow.next("out"));
        expect(session.ended).toBe(false);
        await flow.give("sound", { payload: rawOf(0.1) });
        await flow.give("sound", { complete: true });
        expect(session).toMatchObject({ ended: true, length: 3_200 });
    });

    it("ends a stream from which nothing came for two seconds", async () => {
        const flow = await soundFlow({ format: "raw" });
        await flow.give("sound", { payload: rawOf(0.1) });
        const session = await sessionOf(flow, await flow.next("out"));
        await flow.shows("sound", "status.heard");
        expect(session.ended).toBe(true);
    });

    it("begins another session when an utterance of a stream was heard to its end", async () => {
        const flow = await soundFlow({ format: "raw" });
        await flow.give("sound", { payload: rawOf(0.1) });
        const first = await sessionOf(flow, await flow.next("out"));
        first.end();
        await flow.give("sound", { payload: rawOf(0.2), topic: "next" });
        const sent = await flow.next("out");
        expect(sent.topic).toBe("next");
        expect((await sessionOf(flow, sent)).length).toBe(3_200);
    });

    it("plays a file, from the settings or from the message", async () => {
        writeFileSync(join(at.folder, "hello.wav"), wavOf(0.25));
        const flow = await soundFlow({ source: "file", file: join(at.folder, "hello.wav") });
        await flow.give("sound", { payload: "now" });
        expect((await sessionOf(flow, await flow.next("out"))).length).toBe(4_000);
        writeFileSync(join(at.folder, "other.wav"), wavOf(0.5));
        await flow.give("sound", { filename: join(at.folder, "other.wav") });
        expect((await sessionOf(flow, await flow.next("out"))).length).toBe(8_000);
    });

    it("plays recordings one after the other, not over each other", async () => {
        const flow = await soundFlow({ paced: true });
        const given = [flow.give("sound", { payload: wavOf(0.2) }), flow.give("sound", { payload: wavOf(0.2) })];
        const first = await sessionOf(flow, await flow.next("out"));
        expect(flow.waiting("out")).toBe(0);
        await Promise.all(given);
        const second = await sessionOf(flow, await flow.next("out"));
        expect(second.startedAt - first.startedAt).toBeGreaterThanOrEqual(140);
    });

    it("takes as long as speech does when it is paced", async () => {
        const flow = await soundFlow({ paced: true });
        const started = performance.now();
        await flow.give("sound", { payload: wavOf(0.5) });
        const took = performance.now() - started;
        expect(took).toBeGreaterThan(430);
        expect(took).toBeLessThan(900);
    });

    it("stops at once when it is closed in the middle of paced sound", async () => {
        const flow = await soundFlow({ paced: true });
        const given = flow.give("sound", { payload: wavOf(20) });
        const session = await sessionOf(flow, await flow.next("out"));
        await flow.unload();
        await given;
        expect(session.ended).toBe(true);
        expect(flow.errors).toEqual([]);
    });
});

describe("the sound node refuses", () => {
    it("what is no WAV, and names the byte", async () => {
        const flow = await soundFlow();
        await expect(flow.give("sound", { payload: Buffer.alloc(100, 7), complete: true })).rejects.toThrow(/byte 0/);
        await flow.shows("sound", "status.failed");
        expect(flow.waiting("out")).toBe(0);
    });

    it("a WAV that is cut short, and says so", async () => {
        const flow = await soundFlow();
        const cut = wavOf(0.5).subarray(0, 9_000);
        await expect(flow.give("sound", { payload: cut, complete: true })).rejects.toThrow(/byte 9000|9,?000/);
        expect(await sessionOf(flow, await flow.next("out"))).toMatchObject({ ended: true });
    });

    it("a message without sound, and a file that is not there", async () => {
        const flow = await soundFlow();
        await expect(flow.give("sound", { payload: 42 })).rejects.toThrow("error.noSound");
        await expect(flow.give("sound", { filename: join(at.folder, "none.wav") })).rejects.toThrow("none.wav");
        await flow.give("sound", { payload: wavOf(0.1) });
        expect(await flow.next("out")).toHaveProperty("voice");
    });

    it("more messages than it can deal with", async () => {
        const flow = await soundFlow({ format: "raw", paced: true });
        const given = Array.from({ length: 300 }, () =>
            flow.give("sound", { payload: rawOf(0.1) }).catch((error: Error) => error),
        );
        const refused = await Promise.race(given.slice(256));
        expect(refused).toMatchObject({ code: "too-many-waiting" });
        await flow.unload();
        await Promise.all(given.slice(256));
    });
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HubNode } from "../../dist/nodes/hub-node";
import { decodeWav } from "../../dist/src/audio";
import type { Hub } from "../../dist/src/hub";
import { type Flow, hubIn, type NodeMessage, runFlow, useFlows } from "./flow";
import { wavOf } from "./sounds";

const at = useFlows();

interface Kept extends NodeMessage {
    readonly voice: { readonly recording?: string; readonly session: string };
}

async function privacyFlow(): Promise<Flow & { readonly hub: Hub }> {
    const node = (id: string, type: string, to: string, settings: object = {}) => ({
        id,
        type: `earshot-${type}`,
        hub: "hub",
        wires: [[to]],
        ...settings,
    });
    const flow = await runFlow([
        node("sound", "sound", "heard"),
        node("keep", "recording", "kept"),
        node("hand-out", "recording", "handed-out", { keep: false, handOut: true }),
        node("log", "log", "logged"),
        node("purge-message", "purge", "purged"),
        node("purge-site", "purge", "purged", { what: "site" }),
        node("purge-older", "purge", "purged", { what: "older", olderThanHours: 1 }),
        node("purge-all", "purge", "purged", { what: "all" }),
        ...["heard", "kept", "handed-out", "logged", "purged"].map((id) => ({ id, type: "helper" })),
        ...hubIn(at.folder),
    ]);
    const hub = await (flow.node("hub") as HubNode).running;
    if (!hub) throw new Error("The hub is not running.");
    return { ...flow, hub };
}

async function heard(flow: Flow): Promise<NodeMessage> {
    await flow.give("sound", { payload: wavOf(0.5) });
    return await flow.next("heard");
}

async function kept(flow: Flow, transcript?: object): Promise<Kept> {
    await flow.give("keep", { ...(await heard(flow)), ...(transcript && { transcript }) });
    return (await flow.next("kept")) as Kept;
}

/** Every byte that lies in the hub's folder. */
function onDisk(): string {
    const files = readdirSync(at.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return files.map((file) => readFileSync(join(file.parentPath, file.name), "latin1")).join("\n");
}

describe("the recording node", () => {
    it("keeps the utterance and what was said, and the message carries only an id", async () => {
        const flow = await privacyFlow();
        const transcript = {
            text: "turn on the lamp",
            confidence: 1,
            words: [],
            engine: "builtin",
            durationMs: 500,
            latencyMs: 1,
            speechEndMs: 400,
        };
        const sent = await kept(flow, transcript);
        expect(sent).not.toHaveProperty("payload");
        const content = await flow.hub.vault.read(sent.voice.recording ?? "");
        expect(content.samples).toHaveLength(8_000);
        expect(content.transcript).toEqual(transcript);
        expect(content.recording).toMatchObject({ site: "study", session: sent.voice.session, durationMs: 500 });
        expect(onDisk()).not.toContain("turn on the lamp");
        expect(onDisk()).toContain("recording-kept");
    });

    it("keeps nothing unless it is set to", async () => {
        const flow = await privacyFlow();
        await flow.give("hand-out", await heard(flow));
        const sent = await flow.next("handed-out");
        expect((sent as Kept).voice.recording).toBeUndefined();
        expect(await flow.hub.vault.list()).toEqual([]);
    });

    it("hands out a WAV on purpose, after a line in the privacy log", async () => {
        const flow = await privacyFlow();
        await flow.give("hand-out", await heard(flow));
        const { payload } = await flow.next("handed-out");
        const wav = decodeWav(payload as Buffer);
        expect(wav.samples).toHaveLength(8_000);
        expect(Math.max(...wav.samples)).toBeCloseTo(0.25, 2);
        expect(onDisk()).toMatch(/"what":"recording-handed-out","node":"hand-out","site":"study","durationMs":500/);
    });

    it("refuses a message whose sound is no longer there", async () => {
        const flow = await privacyFlow();
        await expect(flow.give("keep", { payload: "text" })).rejects.toMatchObject({ code: "no-handle" });
        const gone = { voice: { session: "gone", site: "study" } };
        await expect(flow.give("keep", gone)).rejects.toMatchObject({ code: "unknown-session" });
    });
});

describe("the log node", () => {
    it("writes when, where and how long, and passes the message on as it was", async () => {
        const flow = await privacyFlow();
        const { voice } = await heard(flow);
        await flow.give("log", { voice, payload: "a secret sentence" });
        expect(await flow.next("logged")).toMatchObject({ voice, payload: "a secret sentence" });
        expect(onDisk()).toMatch(/"what":"note","node":"log","site":"study","durationMs":500/);
        expect(onDisk()).not.toContain("a secret sentence");
    });
});

describe("the purge node", () => {
    it("destroys the recording of a message, and only that", async () => {
        const flow = await privacyFlow();
        const first = await kept(flow);
        const second = await kept(flow);
        await flow.give("purge-message", first);
        expect((await flow.next("purged")).payload).toMatchObject({ purged: 1 });
        await expect(flow.hub.vault.read(first.voice.recording ?? "")).rejects.toThrow();
        await expect(flow.hub.vault.read(second.voice.recording ?? "")).resolves.toBeDefined();
        expect(onDisk()).toMatch(/"what":"purged","node":"purge-message","count":1/);
    });

    it("purges a place, what is old, or everything", async () => {
        const flow = await privacyFlow();
        await kept(flow);
        await kept(flow);
        await flow.give("purge-site", { site: "kitchen" });
        await flow.give("purge-older", {});
        expect([(await flow.next("purged")).payload, (await flow.next("purged")).payload]).toEqual([
            { purged: 0 },
            { purged: 0 },
        ]);
        await flow.give("purge-site", { site: "study" });
        expect((await flow.next("purged")).payload).toMatchObject({ purged: 2 });
        await kept(flow);
        await flow.give("purge-all", {});
        expect((await flow.next("purged")).payload).toMatchObject({ purged: 1 });
        expect(await flow.hub.vault.list()).toEqual([]);
    });

    it("refuses a message that does not say what to purge", async () => {
        const flow = await privacyFlow();
        await expect(flow.give("purge-message", { payload: "that one" })).rejects.toThrow("error.noRecording");
        await expect(flow.give("purge-site", {})).rejects.toThrow("error.noSite");
    });
});

it("nothing that is said is on disk in a flow without these nodes", async () => {
    const flow = await privacyFlow();
    await heard(flow);
    expect(await flow.hub.vault.list()).toEqual([]);
    expect(onDisk()).not.toMatch(/RIFF|recording/);
});

import { describe, expect, it } from "vitest";
import type { HubNode } from "../../dist/nodes/hub-node";
import { decodeWav, encodeWav } from "../../dist/src/audio";
import { hubIn, type NodeMessage, runFlow, useFlows } from "./flow";

const at = useFlows();
const said = "my pin is four seven one one".split(" ");
const transcript = {
    text: said.join(" "),
    confidence: 1,
    words: said.map((text, index) => ({ text, startMs: index * 100, endMs: index * 100 + 90, confidence: 1 })),
    engine: "builtin",
    durationMs: 1_000,
    latencyMs: 1,
    speechEndMs: 690,
};

async function redactFlow(settings: object = {}) {
    const flow = await runFlow([
        { id: "redact", type: "earshot-redact", hub: "hub", wires: [["redacted"]], ...settings },
        { id: "redacted", type: "helper" },
        ...hubIn(at.folder),
    ]);
    const hub = await (flow.node("hub") as HubNode).running;
    if (!hub) throw new Error("The hub is not running.");
    return { ...flow, hub };
}

describe("the redact node", () => {
    it("redacts everything that says what was said, and counts what it found", async () => {
        const flow = await redactFlow();
        const intent = {
            name: "X",
            targets: [],
            slots: { item: "four seven one one call anna" },
            text: transcript.text,
        };
        await flow.give("redact", { payload: transcript.text, transcript, intent } as NodeMessage);
        const sent = await flow.next("redacted");
        expect(sent).toMatchObject({
            payload: "my pin is [digits]",
            transcript: { text: "my pin is [digits]" },
            intent: { name: "X", text: "my pin is [digits]" },
            redaction: { digits: 1 },
        });
        expect(JSON.stringify(sent)).not.toMatch(/four|seven|anna/);
        await flow.shows("redact", "status.redacted");
        await flow.give("redact", { payload: "set the heating to 21 degrees" });
        expect(await flow.next("redacted")).toMatchObject({ payload: "set the heating to 21 degrees", redaction: {} });
    });

    it("puts a redacted copy in the place of the kept recording", async () => {
        const flow = await redactFlow({ sound: "silence" });
        const samples = new Float32Array(16_000).fill(0.25);
        const session = { session: "s", site: "study", startedAt: Date.now() };
        const derived = [{ kind: "intent", value: { name: "X", text: transcript.text } }];
        const { id } = await flow.hub.vault.keep({ ...session, samples, transcript, derived });
        await flow.give("redact", { payload: transcript.text, voice: { ...session, recording: id } } as NodeMessage);
        await flow.next("redacted");
        const kept = await flow.hub.vault.read(id);
        expect(kept.samples?.slice(4_800, 11_000).every((sample) => sample === 0)).toBe(true);
        expect(kept.samples?.[1_000]).toBeCloseTo(0.25, 3);
        expect(JSON.stringify([kept.transcript, kept.derived])).not.toMatch(/four|seven/);
    });

    it("covers a recording in the message, and leaves the buffer that others have as it is", async () => {
        const flow = await redactFlow({ sound: "bleep" });
        const wav = encodeWav(new Float32Array(16_000).fill(0.25), 16_000);
        const before = Buffer.from(wav);
        await flow.give("redact", { payload: wav, transcript } as NodeMessage);
        const { payload } = await flow.next("redacted");
        expect(wav.equals(before)).toBe(true);
        expect(decodeWav(payload as Buffer).samples[8_000]).not.toBeCloseTo(0.25, 2);
        await expect(flow.give("redact", { payload: wav })).rejects.toMatchObject({ code: "no-times" });
        expect(flow.waiting("redacted")).toBe(0);
    });

    it("lets nothing pass with settings that can't be carried out", async () => {
        const flow = await redactFlow({ patterns: [{ pattern: "*" }] });
        await expect(flow.give("redact", { payload: "my pin is 4711" })).rejects.toMatchObject({ code: "bad-pattern" });
        expect(flow.waiting("redacted")).toBe(0);
    });
});

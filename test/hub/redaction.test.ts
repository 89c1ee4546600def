import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Hub } from "../../dist/src/hub";

const WORDS = "call eve at four seven one one please".split(" ");
/** A word each half second. */
const TRANSCRIPT = {
    text: WORDS.join(" "),
    confidence: 1,
    words: WORDS.map((text, index) => ({ text, startMs: index * 500 + 100, endMs: index * 500 + 400, confidence: 1 })),
    engine: "whisper",
    durationMs: 4_000,
    latencyMs: 1,
    speechEndMs: 3_900,
};

describe("a hub that redacts", () => {
    let folder: string;
    let hub: Hub;
    beforeAll(async () => {
        folder = await mkdtemp(join(tmpdir(), "earshot-redaction-"));
        hub = new Hub({
            id: "hub",
            language: "en",
            folder,
            sites: [{ id: "study", name: "Study" }],
            home: { floors: [], areas: [], devices: [] },
            redaction: { mode: "pseudonym", cover: "silence", contacts: ["Eve"] },
        });
        await hub.start();
    });
    afterAll(async () => {
        await hub.stop();
        await rm(folder, { recursive: true, force: true });
    });
    const spoken = (seconds = 4.5) => {
        const session = hub.sessions.open({ site: "study" });
        for (let at = 0; at < seconds; at += 0.25) session.write(new Float32Array(4_000).fill(0.5));
        return session;
    };
    const loudAt = (samples: Float32Array, seconds: number) => samples[seconds * 16_000] === 0.5;

    it("tells of what was heard without personal data, and the sound in memory holds none either", () => {
        const session = spoken();
        const { transcript, counts } = hub.told(TRANSCRIPT, session);
        expect(transcript.text).toMatch(/^call \[name-\w+\] at \[digits-\w+\] please$/);
        expect(JSON.stringify(transcript)).not.toMatch(/eve|four|seven/);
        expect(counts).toEqual({ name: 1, digits: 1 });
        const samples = session.samples();
        // call, eve, at, 4711, please; then what came after the transcript.
        expect([0.25, 0.75, 1.25, 1.75, 2.75, 3.25, 3.75, 4.25].map((at) => loudAt(samples, at))).toEqual([
            true,
            false,
            true,
            false,
            false,
            false,
            true,
            false,
        ]);
        session.end();
    });

    it("leaves what has nothing personal in it as it was", () => {
        const session = spoken(4);
        const transcript = { ...TRANSCRIPT, text: "lights on", words: TRANSCRIPT.words.slice(0, 0) };
        expect(hub.told(transcript, session)).toEqual({ transcript, counts: {} });
        expect(session.samples().every((sample) => sample === 0.5)).toBe(true);
        session.end();
    });

    it("tells nothing when nobody knows where in the sound it is", () => {
        const session = spoken();
        expect(() => hub.told({ ...TRANSCRIPT, words: [] }, session)).toThrow("no times");
        session.end();
    });
});

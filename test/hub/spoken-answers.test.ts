/** Answers in sound: what the built-in recogniser hears after a question, and only then. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { spokenAt16k } from "../../dist/scripts/voice";
import { type RightsSettings, SAFE_RIGHTS } from "../../dist/src/home";
import { Hub } from "../../dist/src/hub";

const DOOR = { id: "door", name: "Front door", type: "lock", driver: "simulated" } as const;
const LAMP = { id: "lamp", name: "Desk lamp", type: "light", driver: "simulated" } as const;
const SURE = 0.5;
const KITCHEN = { site: "kitchen" };
const HALL = { site: "hall" };

describe("an answer that is spoken", () => {
    const folder = mkdtempSync(join(tmpdir(), "earshot-answers-"));
    let hub: Hub | undefined;
    const start = async (rights: Partial<RightsSettings> = {}) => {
        const home = { floors: [], areas: [], devices: [DOOR, LAMP] };
        const sites = [{ id: "kitchen", name: "Kitchen" }];
        hub = new Hub({ id: "hub", language: "en", sites, folder, home, rights: { ...SAFE_RIGHTS, ...rights } });
        await hub.home.start();
        const running = hub;
        const say = async (text: string, spoken = KITCHEN) => {
            const speech = await spokenAt16k(text, { voice: "slt" });
            const grammar = running.recogniserGrammar(spoken);
            const transcription = running.transcriber.open({ grammar, silenceMs: 700, maxMs: 10_000 });
            for (const sound of [new Float32Array(8_000), speech, new Float32Array(16_000)]) transcription.write(sound);
            transcription.end();
            const { text: heard, confidence } = await transcription.result;
            // As the understand node does it.
            if (confidence < SURE) return { heard: "", said: "" };
            const { intents } = running.understand(heard, spoken);
            const replies: string[] = [];
            for (const intent of intents) replies.push((await running.dispatch(intent, spoken)).say);
            return { heard, said: replies.join(" ") };
        };
        return { say, isLocked: async () => (await running.home.read("door")).locked };
    };
    beforeEach(async () => {
        await hub?.stop();
    });
    afterAll(async () => {
        await hub?.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    it("is a yes, where something was asked and nowhere else", async () => {
        const { say, isLocked } = await start();
        expect((await say("unlock the front door")).said).toMatch(/Shall I/);
        expect((await say("yes", HALL)).said).toBe("");
        expect(await isLocked()).toBe(true);
        expect(await say("yes")).toEqual({ heard: "yes", said: "The front door is unlocked." });
        expect(await isLocked()).toBe(false);
    });

    it("is a no, or another order", async () => {
        const { say, isLocked } = await start();
        await say("unlock the front door");
        expect((await say("no")).said).toBe("All right.");
        await say("unlock the front door");
        expect((await say("turn on the desk lamp")).said).toBe("The desk lamp is on.");
        expect(await isLocked()).toBe(true);
    });

    it("is no yes that was said about something else", async () => {
        const { say, isLocked } = await start();
        await say("unlock the front door");
        const talk = ["my sister came home from school", "yesterday it was raining", "who knows", "essentially"];
        for (const sentence of talk) expect((await say(sentence)).said, sentence).not.toMatch(/unlocked/);
        expect(await isLocked()).toBe(true);
    });

    it("is a PIN, digit by digit", async () => {
        const { say, isLocked } = await start({ critical: "pin", pin: "0417" });
        expect((await say("unlock the front door")).said).toMatch(/Please say the PIN/);
        expect(await say("four one seven zero")).toEqual({
            heard: "four one seven zero",
            said: "That is not the PIN.",
        });
        expect((await say("yes")).said).toBe("Please say the PIN.");
        expect(await isLocked()).toBe(true);
        expect((await say("zero four one seven")).said).toBe("The front door is unlocked.");
    });
});

import { describe, expect, it } from "vitest";
import { type Flow, hubIn, runFlow, useFlows } from "./flow";

const at = useFlows();

async function understandFlow(): Promise<Flow> {
    return await runFlow([
        { id: "understand", type: "earshot-understand", hub: "hub", wires: [["dispatch", "understood"], ["not"]] },
        { id: "dispatch", type: "earshot-dispatch", hub: "hub", wires: [["done"]] },
        ...["understood", "not", "done"].map((id) => ({ id, type: "helper" })),
        ...hubIn(at.folder),
    ]);
}

describe("the understand node", () => {
    it("sends what a sentence asks for", async () => {
        const flow = await understandFlow();
        await flow.give("understand", { payload: "turn on the desk lamp", topic: "typed" });
        expect(await flow.next("understood")).toMatchObject({
            payload: "turn on the desk lamp",
            topic: "typed",
            intent: { name: "HassTurnOn", targets: ["lamp"] },
            parts: { index: 0, count: 1 },
        });
        expect(flow.waiting("not")).toBe(0);
        await flow.shows("understand", "status.understood");
    });

    it("means the place where it was said", async () => {
        const flow = await understandFlow();
        await flow.give("understand", { payload: "turn on the light", voice: { site: "study" } });
        expect(await flow.next("understood")).toMatchObject({ intent: { targets: ["lamp"] } });
        await flow.give("understand", { payload: "turn on the light", site: "study" });
        expect(await flow.next("understood")).toMatchObject({ intent: { targets: ["lamp"] } });
    });

    it("sends a message for each command of a sentence, numbered as the split node does", async () => {
        const flow = await understandFlow();
        await flow.give("understand", { payload: "turn on the desk lamp and the kettle", site: "study" });
        const [first, second] = [await flow.next("understood"), await flow.next("understood")];
        expect(first).toMatchObject({ intent: { targets: ["lamp"] }, parts: { index: 0, count: 2 }, site: "study" });
        expect(second).toMatchObject({ intent: { targets: ["kettle"] }, parts: { index: 1, count: 2 } });
        await flow.give("understand", { payload: "turn on the desk lamp and fly to the moon" });
        expect(await flow.next("not")).toMatchObject({ result: { devices: [], handled: false } });
        expect(flow.waiting("understood")).toBe(0);
    });

    it("goes on from what was said at the same place by the same speaker, and from nothing else", async () => {
        const flow = await understandFlow();
        const say = (payload: string, from: object) => flow.give("understand", { payload, ...from });
        const study = { voice: { site: "study", session: "s1" } };
        await say("turn on the desk lamp", study);
        await flow.next("understood");
        for (const from of [{}, { site: "kitchen" }, { ...study, speaker: "anna" }]) {
            await say("turn it off", from);
            expect((await flow.next("not")).payload).toBe("turn it off");
        }
        await say("turn it off", { site: "study" });
        expect(await flow.next("understood")).toMatchObject({ intent: { name: "HassTurnOff", targets: ["lamp"] } });
    });

    it("does not go on from what it was not sure of", async () => {
        const flow = await understandFlow();
        const doubtful = { transcript: { text: "turn on the kettle", confidence: 0.1, words: [], engine: "builtin" } };
        await flow.give("understand", { payload: "turn on the desk lamp", site: "study" });
        await flow.give("understand", { payload: "turn on the kettle", site: "study", ...doubtful });
        await flow.next("not");
        await flow.next("understood");
        await flow.give("understand", { payload: "turn it off", site: "study" });
        expect(await flow.next("understood")).toMatchObject({ intent: { targets: ["lamp"] } });
    });

    it("sends what it did not understand to its second output, with suggestions and something to say", async () => {
        const flow = await understandFlow();
        await flow.give("understand", { payload: "paint the desk lamp with stripes" });
        const sent = await flow.next("not");
        expect(sent.payload).toBe("paint the desk lamp with stripes");
        expect(sent.suggestions).toBeInstanceOf(Array);
        expect(sent.result).toEqual({ devices: [], handled: false, say: expect.stringMatching(/\w/) });
        expect(flow.waiting("understood")).toBe(0);
        await flow.shows("understand", "status.notUnderstood");
    });

    it("does not act on what the recogniser is not sure of, and suggests it", async () => {
        const flow = await understandFlow();
        const heard = (confidence: number) => ({
            payload: "turn on the desk lamp",
            transcript: { text: "turn on the desk lamp", confidence, words: [], engine: "builtin" },
        });
        await flow.give("understand", heard(0.49));
        expect((await flow.next("not")).suggestions).toEqual(["turn on the desk lamp"]);
        expect(flow.waiting("understood")).toBe(0);
        await flow.shows("understand", "status.unsure");
        await flow.give("understand", heard(0.5));
        expect(await flow.next("understood")).toMatchObject({ intent: { name: "HassTurnOn" } });
        await flow.give("understand", { ...heard(0.1), payload: "turn off the desk lamp" });
        expect(await flow.next("understood")).toMatchObject({ intent: { name: "HassTurnOff" } });
    });

    it("refuses what is no text", async () => {
        const flow = await understandFlow();
        await expect(flow.give("understand", { payload: Buffer.from("turn on") })).rejects.toThrow("error.noText");
    });
});

describe("the dispatch node", () => {
    it("switches the device and tells what the device says of itself", async () => {
        const flow = await understandFlow();
        await flow.give("understand", { payload: "turn on the kettle" });
        const sent = await flow.next("done");
        expect(sent.result).toMatchObject({
            devices: [{ id: "kettle", name: "Kettle", ok: true, state: { on: true } }],
            say: expect.stringMatching(/kettle/i),
        });
        expect(sent.payload).toBe((sent.result as { say: string }).say);
        await flow.shows("dispatch", "status.done");
    });

    it("changes by steps what the device says it is, in the room of the speaker", async () => {
        const flow = await understandFlow();
        for (const [payload, state] of [
            ["turn on the light", { on: true, brightnessPercent: 100 }],
            ["a bit darker", { brightnessPercent: 90 }],
            ["more", { brightnessPercent: 80 }],
            ["two degrees warmer", { targetTemperatureCelsius: 22 }],
        ] as const) {
            await flow.give("understand", { payload, site: "study" });
            const { result } = await flow.next("done");
            expect(result).toMatchObject({ devices: [{ ok: true, state }], handled: true });
        }
    });

    it("answers what can be answered, and passes on the rest honestly", async () => {
        const flow = await understandFlow();
        const ask = async (payload: string) => {
            await flow.give("understand", { payload, site: "study" });
            return (await flow.next("done")).result;
        };
        expect(await ask("repeat that")).toMatchObject({
            devices: [],
            handled: true,
            say: expect.stringMatching(/not said/),
        });
        expect(await ask("help")).toMatchObject({
            devices: [],
            handled: true,
            say: expect.stringMatching(/you can say/i),
        });
        expect(await ask("turn on the desk lamp")).toMatchObject({ handled: true });
        expect(await ask("repeat that")).toMatchObject({ handled: true, say: "The desk lamp is on." });
        expect(await ask("set a timer for five minutes")).toMatchObject({
            devices: [],
            handled: false,
            say: expect.stringMatching(/can't do it/),
        });
        await flow.shows("dispatch", "status.passedOn");
    });

    it("takes an intent that was put together by hand", async () => {
        const flow = await understandFlow();
        await flow.give("dispatch", { intent: { name: "HassTurnOn", targets: ["lamp"] } });
        expect(await flow.next("done")).toMatchObject({ result: { devices: [{ id: "lamp", ok: true }] } });
    });

    it("lets the message go on when a device fails, and says so", async () => {
        const flow = await understandFlow();
        await flow.give("dispatch", { intent: { name: "HassTurnOn", targets: ["toaster"] } });
        expect(await flow.next("done")).toMatchObject({
            result: { devices: [{ id: "toaster", ok: false, error: expect.any(String) }] },
        });
        expect(await flow.shows("dispatch", "status.refused")).toMatchObject({ fill: "red" });
    });

    it("refuses a message without an intent", async () => {
        const flow = await understandFlow();
        await expect(flow.give("dispatch", { payload: "turn on" })).rejects.toThrow("error.noIntent");
        await expect(flow.give("dispatch", { intent: { name: 7 } })).rejects.toThrow("error.noIntent");
    });
});

import { describe, expect, it } from "vitest";
import type { HubNode } from "../../dist/nodes/hub-node";
import { type Flow, hubIn, runFlow, useFlows } from "./flow";
import { rawOf } from "./sounds";

const at = useFlows();

/** Two microphones, one wake word: what the button does needs no recogniser. */
async function wakeFlow(): Promise<Flow> {
    const sound = { type: "earshot-sound", hub: "hub", format: "raw", wires: [["wake"]] };
    return await runFlow([
        { ...sound, id: "study", site: "study" },
        { ...sound, id: "kitchen", site: "kitchen" },
        { id: "wake", type: "earshot-wake-word", hub: "hub", phrases: ["computer"], wires: [["woken"], ["pressed"]] },
        { id: "woken", type: "helper" },
        { id: "pressed", type: "helper" },
        ...hubIn(at.folder),
    ]);
}

describe("the button of the wake word node", () => {
    it("begins an utterance with what is said from then on", async () => {
        const flow = await wakeFlow();
        await flow.give("study", { payload: rawOf(0.5) });
        await flow.shows("wake", "status.listening");
        await flow.give("wake", { payload: true, topic: "wall switch" });
        const { voice, topic } = await flow.next("pressed");
        expect(topic).toBe("wall switch");
        expect(voice).toMatchObject({ site: "study" });
        await flow.give("study", { payload: rawOf(0.25) });
        const hub = await (flow.node("hub") as HubNode).running;
        expect(hub?.sessions.require(voice).samples()).toHaveLength(4_000);
        expect(flow.waiting("woken")).toBe(0);
    });

    it("asks which place is meant when there are several, and takes msg.site", async () => {
        const flow = await wakeFlow();
        await flow.give("study", { payload: rawOf(0.1) });
        await flow.give("kitchen", { payload: rawOf(0.1) });
        await expect(flow.give("wake", { payload: true })).rejects.toThrow("error.whichSite");
        await flow.give("wake", { payload: true, site: "kitchen" });
        expect(await flow.next("pressed")).toMatchObject({ voice: { site: "kitchen" } });
    });

    it("needs sound to listen to", async () => {
        const flow = await wakeFlow();
        await expect(flow.give("wake", { payload: true })).rejects.toThrow("error.nobodyListens");
        await flow.give("study", { payload: rawOf(0.1), complete: true });
        await expect(flow.give("wake", { payload: true })).rejects.toThrow("error.nobodyListens");
    });

    it("ends the oldest utterance when nobody else ends any", async () => {
        const flow = await wakeFlow();
        await flow.give("study", { payload: rawOf(0.1) });
        const hub = await (flow.node("hub") as HubNode).running;
        const utterances = [];
        for (let count = 0; count < 6; count += 1) {
            await flow.give("wake", { payload: true });
            utterances.push(hub?.sessions.require((await flow.next("pressed")).voice));
        }
        expect(utterances.map((utterance) => utterance?.ended)).toEqual([true, true, false, false, false, false]);
    });
});

it("a wake word node refuses a message without a session", async () => {
    const flow = await wakeFlow();
    await expect(flow.give("wake", { payload: "hello" })).rejects.toMatchObject({ code: "no-handle" });
});

import { describe, expect, it } from "vitest";
import type { HubNode } from "../../dist/nodes/hub-node";
import type { Hub } from "../../dist/src/hub";
import { type Flow, hubIn, type NodeMessage, runFlow, useFlows } from "./flow";

const at = useFlows();

async function stateFlow(settings: object = {}): Promise<Flow> {
    const state = { id: "state", type: "earshot-state", hub: "hub", ...settings, wires: [["out"], ["availability"]] };
    const ears = ["out", "availability"].map((id) => ({ id, type: "helper" }));
    return await runFlow([state, ...ears, ...hubIn(at.folder)]);
}

async function hubOf(flow: Flow): Promise<Hub> {
    const hub = await (flow.node("hub") as HubNode).running;
    if (!hub) throw new Error("The hub is not running.");
    return hub;
}

const question = (about: Record<string, unknown>): NodeMessage => about;

const turn = (hub: Hub, name: "HassTurnOn" | "HassTurnOff", ...targets: readonly string[]) =>
    hub.dispatch({ name, confidence: 1, slots: {}, targets, text: "" });

describe("the state node", () => {
    it("tells each change of the devices it follows, with what was before and when, and nothing of others", async () => {
        const flow = await stateFlow({ area: "study", property: "on" });
        await flow.shows("state", "status.following");
        const hub = await hubOf(flow);
        const begun = Date.now();
        await turn(hub, "HassTurnOn", "kettle", "lamp");
        expect(await flow.next("out")).toMatchObject({
            topic: "Desk lamp",
            payload: true,
            before: { on: false },
            device: { id: "lamp", name: "Desk lamp", type: "light", area: "study" },
            state: { on: true, brightnessPercent: 100 },
            availability: "reachable",
        });
        await turn(hub, "HassTurnOff", "lamp");
        const { payload, asOf } = (await flow.next("out")) as { payload?: unknown; asOf?: number };
        expect(payload).toBe(false);
        expect(asOf).toBeGreaterThanOrEqual(begun);
        expect(flow.waiting("out")).toBe(0);
        expect(flow.waiting("availability")).toBe(0);
    });

    it("sends the first state only to those who want it", async () => {
        const flow = await stateFlow({ deviceType: "climate", initially: true });
        expect(await flow.next("out")).toMatchObject({ payload: { climateMode: "heat" }, topic: "Heating" });
        expect(flow.waiting("out")).toBe(0);
    });

    it("answers with one device or a list, from memory or from the device itself", async () => {
        const flow = await stateFlow({ ask: true });
        await flow.shows("state", "status.following");
        await flow.give("state", {});
        expect(await flow.next("out")).toMatchObject({
            payload: [
                { id: "lamp", availability: "reachable", asOf: expect.any(Number), state: { on: false } },
                { id: "kettle" },
                { id: "heating" },
            ],
        });
        await flow.give("state", question({ device: "desk LAMP", property: "brightnessPercent" }));
        expect(await flow.next("out")).toMatchObject({ payload: 100, device: { id: "lamp" } });
        await flow.give("state", question({ device: { id: "kettle" }, property: "locked" }));
        expect(await flow.next("out")).toMatchObject({ payload: null, topic: "Kettle" });
        await flow.give("state", question({ area: "Kitchen" }));
        expect(await flow.next("out")).toMatchObject({ payload: [{ id: "kettle" }] });
    });

    it("says of a device that nobody knows that it is gone, and has no state for it", async () => {
        const flow = await stateFlow({ device: "attic fan", property: "on" });
        expect(await flow.shows("state", "status.gone")).toMatchObject({ fill: "red" });
        await flow.give("state", {});
        expect(await flow.next("out")).toMatchObject({
            payload: null,
            availability: "gone",
            asOf: null,
            state: {},
            device: { id: "attic fan" },
        });
    });

    it("waits for a device of a kind that the home does not have", async () => {
        const flow = await stateFlow({ deviceType: "lock" });
        expect(await flow.shows("state", "status.noDevice")).toMatchObject({ fill: "yellow" });
        await flow.give("state", {});
        expect(await flow.next("out")).toMatchObject({ payload: [] });
    });
});

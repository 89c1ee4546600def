import { describe, expect, it } from "vitest";
import { hubIn, type NodeMessage, runFlow, useFlows } from "./flow";

describe("the device node", () => {
    const at = useFlows();
    const flow = (more: object = {}) => [
        ...hubIn(at.folder),
        {
            id: "device",
            type: "earshot-device",
            hub: "hub",
            name: "Garden light",
            kind: "light-dimmed",
            wires: [["out"]],
            ...more,
        },
        { id: "dispatch", type: "earshot-dispatch", hub: "hub", wires: [["reply"]] },
        { id: "out", type: "helper" },
        { id: "reply", type: "helper" },
    ];
    const ON = { name: "HassTurnOn", targets: ["flow:device"] };

    it("sends what the voice asks for, and its reports become the answer", async () => {
        const running = await runFlow(flow({ done: "reported" }));
        await running.give("device", { payload: "off" });
        const dispatched = running.give("dispatch", { intent: ON });
        expect(await running.next("out")).toMatchObject({
            payload: { on: true },
            topic: "Garden light",
            device: { id: "flow:device", name: "Garden light", from: "voice" },
        });
        await running.give("device", { payload: { on: true, brightnessPercent: 10 } });
        await dispatched;
        expect(await running.next("reply")).toMatchObject({
            result: { devices: [{ ok: true, state: { on: true, brightnessPercent: 10 } }] },
        });
        await running.shows("device", "status.told");
    });

    it("is not reachable when told so", async () => {
        const running = await runFlow(flow());
        await running.give("device", { reachable: false } as NodeMessage);
        await running.shows("device", "status.away");
        await running.give("dispatch", { intent: ON });
        expect(await running.next("reply")).toMatchObject({ result: { devices: [{ ok: false }] } });
        expect(running.waiting("out")).toBe(0);
    });

    it("refuses a report that its kind can't make, with a reason, and changes nothing", async () => {
        const running = await runFlow(flow());
        await expect(running.give("device", { payload: { positionPercent: 3 } })).rejects.toThrow("brightnessPercent");
    });

    it("works without the bridge that it names, and says so", async () => {
        const running = await runFlow(flow({ bridge: "gone" }));
        await running.shows("device", "status.bridgeDown");
        await running.give("dispatch", { intent: ON });
        expect(await running.next("out")).toMatchObject({ payload: { on: true } });
    });
});

import { describe, expect, it } from "vitest";
import type { DispatchResult } from "../../dist/src/hub";
import { type Flow, hubIn, type NodeMessage, runFlow, useFlows } from "./flow";

const at = useFlows();

const DOOR = { id: "door", name: "Front door", type: "lock", area: "study", driver: "simulated" };
const UNLOCK = { name: "HassTurnOff", slots: {}, targets: ["door"], confidence: 1, text: "" };
const LOCK = { ...UNLOCK, name: "HassTurnOn" };
const KITCHEN = { voice: { site: "kitchen" } };

interface Answered extends NodeMessage {
    readonly result: DispatchResult;
}

interface Start {
    readonly hub?: object;
    readonly pin?: string;
}

/** A flow whose dispatch node gets what a test gives it; `say` answers with the message that comes out. */
async function dispatchFlow({ hub = {}, pin }: Start = {}) {
    const [hubNode, homeNode] = hubIn(at.folder) as [object, { readonly devices: readonly object[] }];
    const flow: Flow = await runFlow(
        [
            { id: "dispatch", type: "earshot-dispatch", hub: "hub", wires: [["out"]] },
            { id: "out", type: "helper" },
            { ...hubNode, ...hub },
            { ...homeNode, devices: [...homeNode.devices, DOOR] },
        ],
        pin === undefined ? {} : { credentials: { hub: { pin } } },
    );
    const give = async (message: NodeMessage) => {
        await flow.give("dispatch", message);
        return (await flow.next("out")) as Answered;
    };
    return { flow, give };
}

describe("the dispatch node", () => {
    it("asks before it unlocks, and a button with its message answers", async () => {
        const { flow, give } = await dispatchFlow();
        const asking = await give({ ...KITCHEN, intent: UNLOCK } as NodeMessage);
        expect(asking.payload).toBe("That is about the front door. Shall I really do that?");
        expect(asking.result).toMatchObject({ devices: [], handled: true, asked: { by: "yes" } });
        await flow.shows("dispatch", "status.asking");
        const done = await give({ ...asking, confirm: true } as NodeMessage);
        expect(done.result).toMatchObject({ devices: [{ id: "door", ok: true, state: { locked: false } }] });
        expect(done.payload).toBe("The front door is unlocked.");
        expect(done).not.toHaveProperty("confirm");
        expect((await give({ ...asking, confirm: true } as NodeMessage)).payload).toBe("I did not ask anything.");
    });

    it("takes a button without a message for the last question of its place, and false for no", async () => {
        const { give } = await dispatchFlow();
        await give({ ...KITCHEN, intent: UNLOCK } as NodeMessage);
        expect((await give({ site: "study", confirm: true } as NodeMessage)).payload).toBe("I did not ask anything.");
        expect((await give({ site: "kitchen", confirm: false } as NodeMessage)).payload).toBe("All right.");
        expect((await give({ site: "kitchen", confirm: true } as NodeMessage)).payload).toBe("I did not ask anything.");
    });

    it("does not take an intent that says it is confirmed for confirmed", async () => {
        const { give } = await dispatchFlow();
        const order = { ...KITCHEN, intent: UNLOCK, confirm: true, confirmed: true } as NodeMessage;
        expect((await give(order)).payload).toBe("I did not ask anything.");
        expect(
            (await give({ ...KITCHEN, intent: { ...UNLOCK, confirmed: true } } as NodeMessage)).result.asked,
        ).toBeDefined();
    });

    it("undoes, through the same question", async () => {
        const { give } = await dispatchFlow();
        await give({ ...KITCHEN, intent: LOCK } as NodeMessage);
        const undo = { name: "EarshotUndo", slots: {}, targets: [], confidence: 1, text: "" };
        expect((await give({ ...KITCHEN, intent: undo } as NodeMessage)).payload).toBe("The front door is locked.");
        await give({ ...KITCHEN, intent: UNLOCK } as NodeMessage);
        await give({ site: "kitchen", confirm: true } as NodeMessage);
        await give({ ...KITCHEN, intent: LOCK } as NodeMessage);
        expect((await give({ ...KITCHEN, intent: undo } as NodeMessage)).result.asked).toBeDefined();
    });

    it("keeps to the hub's rules, by the names of places and people", async () => {
        const rules = [
            { effect: "never", what: "light", places: ["Kitchen"], people: [], from: "", to: "" },
            { effect: "only", what: "critical", places: [], people: ["Anna"], from: "", to: "" },
        ];
        const { give } = await dispatchFlow({ hub: { rules, critical: "allow" } });
        const lamp = { ...UNLOCK, targets: ["lamp"] };
        const refused = await give({ ...KITCHEN, intent: lamp } as NodeMessage);
        expect(refused.payload).toBe("I may not do that with the desk lamp here and now.");
        expect(refused.result.devices).toMatchObject([{ id: "lamp", ok: false }]);
        expect((await give({ site: "study", intent: lamp } as NodeMessage)).payload).toBe("The desk lamp is off.");
        expect((await give({ site: "study", intent: UNLOCK } as NodeMessage)).result.devices).toMatchObject([
            { ok: false },
        ]);
        const anna = { site: "study", speaker: "anna", intent: UNLOCK } as NodeMessage;
        expect((await give(anna)).result.devices).toMatchObject([{ ok: true, state: { locked: false } }]);
    });

    it("asks for the hub's PIN", async () => {
        const { give } = await dispatchFlow({ hub: { critical: "pin" }, pin: "2580" });
        expect((await give({ ...KITCHEN, intent: UNLOCK } as NodeMessage)).result.asked).toMatchObject({ by: "pin" });
        const say = (slots: object) =>
            give({ ...KITCHEN, intent: { ...UNLOCK, name: "EarshotConfirm", targets: [], slots } } as NodeMessage);
        expect((await say({})).payload).toBe("Please say the PIN.");
        expect((await say({ pin: "0000" })).payload).toBe("That is not the PIN.");
        expect((await say({ pin: "2580" })).payload).toBe("The front door is unlocked.");
    });

    it.each([
        ["a PIN that nobody set", { critical: "pin" }, "no PIN is set"],
        [
            "a rule for a place that isn't there",
            { rules: [{ effect: "never", what: "all", places: ["Attic"], people: [], from: "", to: "" }] },
            'the place "Attic"',
        ],
    ])("does nothing with %s", async (_, hub, reason) => {
        const { flow } = await dispatchFlow({ hub });
        await expect(flow.give("dispatch", { ...KITCHEN, intent: LOCK } as NodeMessage)).rejects.toThrow();
        expect(flow.errors.join()).toContain(reason);
    });
});

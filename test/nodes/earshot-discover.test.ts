import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HubNode } from "../../dist/nodes/hub-node";
import type { HomeKitAccessories, HomeKitAccessory } from "../../dist/src/hap";
import { SimulatedHome } from "../hap/simulated-home";
import { type Flow, hubIn, runFlow, useFlows } from "./flow";

const at = useFlows();

async function discoverFlow(accessory = "", pin?: string): Promise<Flow> {
    const discover = { id: "discover", type: "earshot-discover", hub: "hub", accessory, wires: [["out"]] };
    return await runFlow([discover, { id: "out", type: "helper" }, ...hubIn(at.folder)], {
        ...(pin && { credentials: { discover: { pin } } }),
    });
}

async function accessoriesOf(flow: Flow): Promise<HomeKitAccessories> {
    const hub = await (flow.node("hub") as HubNode).running;
    if (!hub) throw new Error("The hub is not running.");
    return hub.accessories;
}

describe("the discover node", () => {
    let home: SimulatedHome;
    let folder: string;

    beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), "earshot-discover-"));
        home = await SimulatedHome.start(folder, "--bridge", "Test Home");
    });
    afterAll(async () => {
        await home.end();
        rmSync(folder, { recursive: true, force: true });
    });

    it("pairs on its own as soon as the accessory is seen, lists it, and unpairs for good", async () => {
        const { id, pin } = home.ready;
        const flow = await discoverFlow(id.toLowerCase(), pin);
        expect(await flow.shows("discover", "status.paired")).toMatchObject({ fill: "green" });

        await flow.give("discover", { payload: Date.now() });
        const listed = (await flow.next("out")).payload as readonly HomeKitAccessory[];
        expect(listed).toContainEqual(expect.objectContaining({ id, pairedWithUs: true, reachable: true }));

        await flow.give("discover", { topic: "unpair" });
        expect((await flow.next("out")).payload).toMatchObject({ id, pairedWithUs: false });
        await flow.shows("discover", "status.notPaired");
        expect((await accessoriesOf(flow)).list()).toContainEqual(expect.objectContaining({ id, pairedWithUs: false }));
        expect(flow.errors).toEqual([]);
    });

    it("tries a wrong PIN once, and says so", async () => {
        const { id, pin } = home.ready;
        const flow = await discoverFlow(id, pin.startsWith("482") ? "593-71-826" : "482-15-937");
        await flow.shows("discover", "status.failed");
        expect(flow.errors).toHaveLength(1);
        (await accessoriesOf(flow)).emit("changed");
        expect(await flow.shows("discover", "status.notPaired")).toMatchObject({ fill: "yellow" });
        expect(flow.errors).toHaveLength(1);
    });

    it("pairs when it is told to", async () => {
        const { id, pin } = home.ready;
        const flow = await discoverFlow("", pin);
        const accessories = await accessoriesOf(flow);
        while (!accessories.list().some((accessory) => accessory.id === id)) {
            await new Promise((resolve) => accessories.once("changed", () => resolve(undefined)));
        }
        await flow.give("discover", { payload: "pair", accessory: id });
        expect((await flow.next("out")).payload).toMatchObject({ id, pairedWithUs: true });
        await flow.give("discover", { payload: "unpair", accessory: id });
    });
});

describe("the discover node without what it needs", () => {
    it("asks for an accessory, and for a PIN", async () => {
        const flow = await discoverFlow();
        await expect(flow.give("discover", { payload: "pair" })).rejects.toThrow("error.noAccessory");
        await expect(flow.give("discover", { payload: "unpair" })).rejects.toThrow("error.noAccessory");
        const accessory = "AA:BB:CC:DD:EE:FF";
        await expect(flow.give("discover", { payload: "pair", accessory })).rejects.toThrow("error.noPin");
        await expect(flow.give("discover", { payload: "unpair", accessory })).rejects.toMatchObject({
            code: "not-paired",
        });
    });

    it("waits for an accessory that is not there", async () => {
        const flow = await discoverFlow("AA:BB:CC:DD:EE:FF", "482-15-937");
        expect(await flow.shows("discover", "status.looking")).toMatchObject({ fill: "yellow", shape: "ring" });
        expect(flow.errors).toEqual([]);
    });
});

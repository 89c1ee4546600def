import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SimulatedHome } from "../hap/simulated-home";
import { type FlowNode, type RunningNodeRed, startNodeRed } from "./runtime";

const FLOW = (accessory: string): readonly FlowNode[] => [
    { id: "hub", type: "earshot-hub", version: 1, language: "en", sites: [], folder: "earshot", home: "home" },
    { id: "home", type: "earshot-home", version: 1, floors: [], areas: [], devices: [] },
    { id: "tab", type: "tab" },
    node("discover", "earshot-discover", [[]], { accessory }),
    node("on", "inject", [["understand"]], text("turn on the kitchen light")),
    node("off", "inject", [["understand"]], text("turn off the kitchen light")),
    node("understand", "earshot-understand", [["dispatch"], ["dispatch"]]),
    node("dispatch", "earshot-dispatch", [["reply"]]),
    node("reply", "debug", [], { active: false }),
];

function node(id: string, type: string, wires: string[][], more: object = {}): FlowNode {
    return { id, type, z: "tab", x: 0, y: 0, version: 1, hub: "hub", wires, ...more };
}
function text(payload: string): object {
    return { props: [{ p: "payload", v: payload, vt: "str" }] };
}

describe("a HomeKit accessory in a flow", () => {
    let nodeRed: RunningNodeRed;
    let folder: string;
    let home: SimulatedHome;

    beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), "earshot-homekit-"));
        home = await SimulatedHome.start(folder, "--bridge", "Flow Home");
        nodeRed = await startNodeRed();
    });
    afterAll(async () => {
        await nodeRed.stop();
        await home.end();
        rmSync(folder, { recursive: true, force: true });
    });

    const reply = async (inject: string) => {
        const replied = nodeRed.messageAt("reply");
        await nodeRed.inject(inject);
        return await replied;
    };
    const paired = async () => {
        for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(50)) {
            const devices = await (await nodeRed.get("earshot/devices?home=home")).text();
            if (devices.includes("Kitchen Light")) return;
        }
        throw new Error("The accessory was not paired in 10 seconds.");
    };

    it("is paired by the discover node, and switched and read back by a sentence", async () => {
        await nodeRed.deploy(FLOW(home.ready.id), { discover: { pin: home.ready.pin } });
        await paired();
        expect(await reply("on")).toMatchObject({
            result: { devices: [{ name: "Kitchen Light", ok: true, state: { on: true } }] },
        });
        expect(home.told).toContainEqual(
            expect.objectContaining({
                event: "changed",
                accessory: "Kitchen Light",
                characteristic: "On",
                value: true,
            }),
        );
    });

    it("is reached again after it was killed and came back, without a deploy", async () => {
        await home.end("SIGKILL");
        home = await SimulatedHome.start(folder, "--bridge", "Flow Home");
        expect(await reply("off")).toMatchObject({
            result: { devices: [{ name: "Kitchen Light", ok: true, state: { on: false } }] },
        });
    });

    it("is said not to be reached while it is gone, and nothing hangs", async () => {
        await home.end("SIGKILL");
        const gone = await reply("on");
        expect(gone).toMatchObject({ result: { devices: [{ name: "Kitchen Light", ok: false }] } });
        expect(gone.payload).toMatch(/kitchen light/i);
        home = await SimulatedHome.start(folder, "--bridge", "Flow Home");
        expect(await reply("on")).toMatchObject({ result: { devices: [{ ok: true, state: { on: true } }] } });
    });
});

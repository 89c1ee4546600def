import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HubNode } from "../../dist/nodes/hub-node";
import type { Hub } from "../../dist/src/hub";
import { type Flow, hubIn, runFlow, useFlows } from "./flow";

const at = useFlows();
const { PATH } = process.env;
beforeEach(() => {
    mkdirSync(join(at.folder, "programs"));
    process.env.PATH = join(at.folder, "programs");
});
afterEach(() => {
    process.env.PATH = PATH;
});

/** A recorder whose sound is samples of a quarter of full scale. */
function microphone(code = "setInterval(() => process.stdout.write(Buffer.from([0, 0x20, 0, 0x20])), 5);"): void {
    const file = join(at.folder, "programs", "parec");
    const note = `require("node:fs").writeFileSync(${JSON.stringify(pidFile())}, String(process.pid));`;
    writeFileSync(file, `#!${process.execPath}\n${note}\n${code}\n`);
    chmodSync(file, 0o755);
}

function pidFile(): string {
    return join(at.folder, "recorder");
}

/** Open handles of the recording program: none where it doesn't run. */
function isRecording(): boolean {
    if (!existsSync(pidFile())) return false;
    return existsSync(join("/proc", readFileSync(pidFile(), "utf8"), "fd"));
}

async function microphoneFlow(): Promise<Flow & { readonly hub: Hub }> {
    const flow = await runFlow([
        { id: "microphone", type: "earshot-microphone", hub: "hub", site: "kitchen", wires: [["heard"]] },
        { id: "heard", type: "helper" },
        ...hubIn(at.folder),
    ]);
    const hub = await (flow.node("hub") as HubNode).running;
    if (!hub) throw new Error("The hub is not running.");
    return { ...flow, hub };
}

describe("the microphone node", () => {
    it("brings in live sound of its place, and lets go of the microphone with the flow", async () => {
        microphone();
        const flow = await microphoneFlow();
        const { voice } = await flow.next("heard");
        expect(voice).toMatchObject({ site: "kitchen" });
        const session = flow.hub.sessions.require(voice);
        const loudest = await new Promise<number>((resolve) => {
            session.listen({ sound: (samples) => resolve(Math.max(...samples)), ended: () => {} });
        });
        expect(loudest).toBe(0.25);
        expect(isRecording()).toBe(true);
        await flow.unload();
        expect(isRecording()).toBe(false);
        expect(session.ended).toBe(true);
    });

    it("has no program running while the hub is muted, and begins anew afterwards", async () => {
        microphone();
        const flow = await microphoneFlow();
        const first = flow.hub.sessions.require((await flow.next("heard")).voice);
        flow.hub.mute(true);
        await flow.shows("microphone", "status.muted");
        expect(isRecording()).toBe(false);
        expect(first.ended).toBe(true);
        flow.hub.mute(false);
        const second = flow.hub.sessions.require((await flow.next("heard")).voice);
        expect(second.id).not.toBe(first.id);
    });

    it("says once that no program records, or why one doesn't", async () => {
        const flow = await microphoneFlow();
        await flow.shows("microphone", "status.noProgram");
        expect(flow.errors).toEqual([expect.stringContaining("error.noProgram")]);
        microphone('process.stderr.write("Connection refused"); process.exit(1);');
        await flow.shows("microphone", "status.ended");
        expect(flow.errors).toEqual([expect.anything(), expect.stringContaining("error.ended")]);
    });
});

import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FlowNode, type RunningNodeRed, startNodeRed } from "./runtime";

const PATIENCE = { timeout: 10_000 };
const SAID = "turn on the desk lamp";
const WAV = Buffer.concat([Buffer.from("RIFF"), Buffer.alloc(4), Buffer.from("WAVE"), Buffer.alloc(20)]);

describe("on the way out of Node-RED", () => {
    let nodeRed: RunningNodeRed;
    let server: Server;
    let url: string;
    const bodies: string[] = [];

    beforeAll(async () => {
        server = createServer(async (request: IncomingMessage, response) => {
            const parts: Buffer[] = [];
            for await (const part of request) parts.push(part as Buffer);
            bodies.push(Buffer.concat(parts).toString("latin1"));
            response.end("thanks");
        });
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
        nodeRed = await startNodeRed();
    });
    afterAll(async () => {
        await nodeRed.stop();
        server.close();
    });
    beforeEach(() => {
        bodies.length = 0;
    });

    /** inject → understand → `between` → http request → answered */
    async function deploy(between: readonly FlowNode[], hub: object = {}): Promise<void> {
        const chain: readonly FlowNode[] = [
            {
                id: "say",
                type: "inject",
                props: [
                    { p: "payload", v: SAID, vt: "str" },
                    { p: "site", v: "study", vt: "str" },
                ],
                repeat: "",
                crontab: "",
                once: false,
            },
            { id: "understand", type: "earshot-understand", hub: "hub" },
            ...between,
            { id: "send", type: "http request", method: "POST", ret: "txt", paytoqs: "ignore", url },
            { id: "answered", type: "function", func: "return null;" },
        ];
        const wired = chain.map((node, index) => {
            const next = chain[index + 1]?.id;
            return { x: 0, y: 0, z: "tab", ...node, wires: next ? [[next], []] : [[]] };
        });
        await nodeRed.deploy([
            { id: "tab", type: "tab" },
            ...wired,
            {
                id: "hub",
                type: "earshot-hub",
                version: 1,
                language: "en",
                folder: "earshot",
                home: "home",
                sites: [{ id: "study", name: "Study", area: "study" }],
                ...hub,
            },
            {
                id: "home",
                type: "earshot-home",
                version: 1,
                floors: [],
                areas: [{ id: "study", name: "Study" }],
                devices: [{ id: "lamp", name: "Desk lamp", type: "light", area: "study", driver: "simulated" }],
            },
        ]);
    }
    const said = async () => {
        const answered = nodeRed.messageAt("answered");
        await nodeRed.inject("say");
        return await answered;
    };
    const logged = (): readonly Record<string, unknown>[] => {
        const file = join(nodeRed.userDir, "earshot", "privacy.log");
        if (!existsSync(file)) return [];
        return readFileSync(file, "utf8")
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as Record<string, unknown>);
    };
    const gate = (...grants: readonly string[]) => ({
        id: "gate",
        type: "earshot-gate",
        hub: "hub",
        destination: "weather.example.org",
        grants,
    });
    const made = { id: "made", type: "function", func: "return { payload: { note: msg.payload } };" };
    const warnings = (from: number) => nodeRed.complaints.slice(from).filter((text) => text.includes("gate"));

    it("a gate lets on what is granted, and the log tells who got what, but not what it was", async () => {
        const before = nodeRed.complaints.length;
        await deploy([gate("text")]);
        expect(await said()).toMatchObject({
            gate: { destination: "weather.example.org", withheld: ["slots", "location"] },
            intent: { name: "[withheld]", text: SAID },
            site: "[withheld]",
        });
        expect(bodies).toEqual([SAID]);
        const [disclosed, withheld] = logged().slice(-2);
        expect(disclosed).toMatchObject({
            what: "disclosed",
            node: "gate",
            to: "weather.example.org",
            fields: ["text"],
        });
        expect(withheld).toMatchObject({ what: "withheld", to: "weather.example.org", fields: ["slots", "location"] });
        expect(JSON.stringify(logged())).not.toContain("lamp");
        expect(warnings(before)).toEqual([]);
    });

    it("what is made of a message behind a gate is nobody's leak", async () => {
        const before = nodeRed.complaints.length;
        await deploy([gate(), made], { outflow: "block" });
        await said();
        expect(bodies).toEqual(['{"note":"[withheld]"}']);
        expect(warnings(before)).toEqual([]);
    });

    it.each([
        ["as it is", []],
        ["made into another by a function", [made]],
    ])("a sentence without a gate gets out with one warning, and a line each time: %s", async (_, between) => {
        const before = nodeRed.complaints.length;
        const lines = logged().length;
        await deploy(between);
        await said();
        await said();
        expect(bodies).toHaveLength(2);
        expect(warnings(before)).toEqual(["This node sends out what was said, and there is no gate before it."]);
        await expect
            .poll(() => logged().slice(lines), PATIENCE)
            .toMatchObject([
                { what: "disclosed", node: "send", to: "http-request", fields: ["text"] },
                { what: "disclosed", node: "send", to: "http-request", fields: ["text"] },
            ]);
    });

    it.each([
        ["as it is", [], "text"],
        ["made into another by a function", [made], "text"],
        [
            "as sound",
            [
                {
                    id: "sound",
                    type: "function",
                    func: `msg.payload = Buffer.from("${WAV.toString("base64")}", "base64"); return msg;`,
                },
            ],
            "sound",
        ],
    ])("a sentence without a gate stays in, where the hub blocks it: %s", async (_, between, field) => {
        const before = nodeRed.complaints.length;
        const lines = logged().length;
        await deploy(between, { outflow: "block" });
        await nodeRed.inject("say");
        await expect
            .poll(() => logged().slice(lines), PATIENCE)
            .toMatchObject([{ what: "withheld", node: "send", fields: [field] }]);
        expect(warnings(before)).toHaveLength(1);
        expect(bodies).toEqual([]);
    });

    it("a reply, a redacted sentence and other people's messages pass", async () => {
        const before = nodeRed.complaints.length;
        await deploy([{ id: "dispatch", type: "earshot-dispatch", hub: "hub" }], { outflow: "block" });
        await said();
        await deploy([{ id: "redact", type: "earshot-redact", hub: "hub" }], { outflow: "block" });
        await said();
        expect(bodies).toEqual(["The desk lamp is on.", SAID]);
        expect(warnings(before)).toEqual([]);
    });

    it("nobody looks where the hub is told not to", async () => {
        const before = nodeRed.complaints.length;
        await deploy([], { outflow: "ignore" });
        await said();
        expect(warnings(before)).toEqual([]);
    });

    it("other nodes send things out too, if the hub is told which", async () => {
        const before = nodeRed.complaints.length;
        await deploy([made], { outflow: "block", sendingTypes: ["function"] });
        await nodeRed.inject("say");
        await expect.poll(() => warnings(before), PATIENCE).toHaveLength(1);
        expect(bodies).toEqual([]);
    });

    it("a gate without a destination lets nothing on", async () => {
        const before = nodeRed.complaints.length;
        await deploy([{ ...gate("text"), destination: "" }]);
        await nodeRed.inject("say");
        await expect.poll(() => warnings(before).length, PATIENCE).toBeGreaterThan(0);
        expect(bodies).toEqual([]);
    });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SimulatedHomeAssistant, TOKEN } from "../home-assistant/simulated-home-assistant";
import { type FlowNode, type RunningNodeRed, startNodeRed } from "./runtime";

const CONVERSATION = "a-token-for-talking-to-this-home";

const flow = (address: string): readonly FlowNode[] => [
    { id: "hub", type: "earshot-hub", version: 1, language: "en", sites: [], folder: "earshot", home: "home" },
    { id: "home", type: "earshot-home", version: 1, floors: [], areas: [], devices: [], homeAssistant: address },
    { id: "tab", type: "tab", label: "Test" },
    { id: "understand", type: "earshot-understand", z: "tab", x: 0, y: 0, version: 1, hub: "hub", wires: [[], []] },
];

describe("a home with Home Assistant, in Node-RED", () => {
    let simulated: SimulatedHomeAssistant;
    let nodeRed: RunningNodeRed;

    beforeAll(async () => {
        simulated = await SimulatedHomeAssistant.start();
        nodeRed = await startNodeRed();
        await nodeRed.deploy(flow(simulated.address), {
            home: { homeAssistantToken: TOKEN, conversationToken: CONVERSATION },
        });
    });
    afterAll(async () => {
        await nodeRed.stop();
        await simulated.stop();
    });

    const json = async (path: string, body?: object, headers: Record<string, string> = {}) => {
        const answer = await fetch(`${nodeRed.url}/${path}`, {
            headers: { "Content-Type": "application/json", ...headers },
            ...(body && { method: "POST", body: JSON.stringify(body) }),
        });
        return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const connected = async () => {
        const deadline = Date.now() + 10_000;
        for (;;) {
            const { body } = await json("earshot/home-assistant?home=home");
            if (body.state === "connected" || Date.now() > deadline) return body;
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
    };
    const ofOurs = () => nodeRed.complaints.filter((complaint) => complaint.includes("Home Assistant"));
    const say = (text: string, token = CONVERSATION) =>
        json("http/earshot/conversation/home", { text }, { Authorization: `Bearer ${token}` });

    it("tells its dialog how the connection is", async () => {
        expect(await connected()).toEqual({ state: "connected", version: "2026.8.1", devices: 9 });
        expect((await json("earshot/home-assistant/conversation")).body).toEqual({
            path: "/http/earshot/conversation/",
        });
    });

    it("is told by HTTP to switch a light that Home Assistant has", async () => {
        await connected();
        expect((await say("set the kitchen ceiling to 40 percent")).body).toMatchObject({
            response: {
                response_type: "action_done",
                data: { success: [{ type: "entity", id: "light.kitchen_ceiling" }], failed: [] },
            },
        });
        expect(simulated.calls.at(-1)).toMatchObject({ service: "turn_on", service_data: { brightness_pct: 40 } });
        expect((await say("turn off the lights in the kitchen")).body).toMatchObject({
            response: { data: { success: [{ id: "light.kitchen_ceiling" }] } },
        });
        expect(simulated.entity("light.kitchen_ceiling").state).toBe("off");
    });

    it("hears nobody without its token, and no home that is not there", async () => {
        expect((await say("turn on the kitchen ceiling", `${CONVERSATION}!`)).status).toBe(401);
        expect((await json("http/earshot/conversation/nowhere", { text: "hello" })).status).toBe(404);
        expect(simulated.entity("light.kitchen_ceiling").state).toBe("off");
    });

    it("looks for the dialog what is there, with the stored token only where it was meant for", async () => {
        const stored = { home: "home", token: "__PWRD__" };
        const seen = await json("earshot/home-assistant/look", { ...stored, address: simulated.address });
        expect(seen).toMatchObject({ status: 200, body: { name: "Home", version: "2026.8.1" } });
        expect(seen.body.home).toMatchObject({ floors: { length: 2 }, areas: { length: 3 }, devices: { length: 9 } });
        expect(JSON.stringify(seen.body)).not.toContain(TOKEN);

        const other = await SimulatedHomeAssistant.start();
        const elsewhere = await json("earshot/home-assistant/look", { ...stored, address: other.address });
        expect(elsewhere).toMatchObject({ status: 409, body: { code: "no-token" } });
        expect(other.tokens).toEqual([]);
        const wrong = await json("earshot/home-assistant/look", { home: "home", token: "x", address: other.address });
        expect(wrong).toMatchObject({ status: 409, body: { code: "auth-invalid" } });
        await other.stop();
    });

    it("keeps both tokens out of the flow file and the log", async () => {
        const file = readFileSync(join(nodeRed.userDir, "flows.json"), "utf8");
        expect(file).toContain(simulated.address);
        for (const secret of [TOKEN, CONVERSATION]) {
            expect(file).not.toContain(secret);
            expect(nodeRed.complaints.join()).not.toContain(secret);
        }
        expect(ofOurs()).toEqual([]);
    });

    it("says once, in the log, what to do about a wrong token", async () => {
        await nodeRed.deploy(flow(simulated.address), { home: { homeAssistantToken: "wrong", conversationToken: "" } });
        const deadline = Date.now() + 10_000;
        while (ofOurs().length === 0 && Date.now() < deadline) {
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        expect(ofOurs()).toEqual([expect.stringContaining("does not accept the access token")]);
        expect((await json("earshot/home-assistant?home=home")).body).toMatchObject({
            state: "refused",
            code: "auth-invalid",
        });
    });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HubNode } from "../../dist/nodes/hub-node";
import { hubIn, type NodeMessage, runFlow, useFlows } from "./flow";
import { wavOf } from "./sounds";

const at = useFlows();

async function historyFlow() {
    const [hubNode = {}, home = {}] = hubIn(at.folder);
    const node = (id: string, type: string, to: readonly string[], settings: object = {}) => ({
        id,
        type: `earshot-${type}`,
        hub: "hub",
        wires: to.map((each) => [each]),
        ...settings,
    });
    const flow = await runFlow([
        node("list", "history", ["told"]),
        node("words", "history", ["told"], { words: true }),
        node("counts", "history", ["told"], { what: "counts" }),
        node("receivers", "history", ["told"], { what: "receivers" }),
        node("study", "sound", ["heard"], { site: "study" }),
        node("kitchen", "sound", ["heard"], { site: "kitchen" }),
        node("keep", "recording", ["kept"]),
        node("understand", "understand", ["dispatch"]),
        node("dispatch", "dispatch", ["replied"]),
        ...["told", "heard", "kept", "replied"].map((id) => ({ id, type: "helper" })),
        { ...hubNode, keep: "hours", keepAmount: 3 },
        home,
    ]);
    const hub = await (flow.node("hub") as HubNode).running;
    if (!hub) throw new Error("The hub is not running.");
    const tell = async (id: string, filter?: unknown) => {
        await flow.give(id, { ...(filter !== undefined && { filter }) } as NodeMessage);
        return (await flow.next("told")).payload;
    };
    /** Says something that the flow keeps. */
    const kept = async (text: string, site = "study", speaker?: string) => {
        await flow.give(site, { payload: wavOf(0.5) });
        const transcript = {
            text,
            confidence: 1,
            words: [],
            engine: "x",
            durationMs: 500,
            latencyMs: 1,
            speechEndMs: 1,
        };
        await flow.give("keep", { ...(await flow.next("heard")), payload: text, transcript, speaker } as NodeMessage);
        return await flow.next("kept");
    };
    /** Says something that the flow keeps and understands. */
    const say = async (text: string) => {
        await flow.give("understand", await kept(text));
        return (await flow.next("replied")).payload;
    };
    return { ...flow, hub, tell, kept, say };
}

describe("the history node", () => {
    it("lists what is kept, with how long it will be, and without a word of it", async () => {
        const flow = await historyFlow();
        await flow.kept("a secret", "study", "ada");
        await flow.kept("another", "kitchen");
        const [latest, first] = (await flow.tell("list")) as Record<string, unknown>[];
        expect(first).toMatchObject({ site: "study", speaker: "ada", durationMs: 500, hasTranscript: true });
        expect(first?.keptUntil).toBe(Number(first?.keptAt) + 3 * 3_600_000);
        expect(JSON.stringify([latest, first])).not.toMatch(/secret|another/);
        expect(await flow.tell("list", { site: "kitchen" })).toMatchObject([{ id: latest?.id }]);
        expect(await flow.tell("list", { limit: 1, before: latest?.id })).toMatchObject([{ id: first?.id }]);
        expect(await flow.tell("list", { from: "2001-01-01", to: "2002-01-01T00:00:00Z" })).toEqual([]);
    });

    it("tells what was said where it is set to, after a line in the log", async () => {
        const flow = await historyFlow();
        await flow.kept("a secret");
        expect(await flow.tell("words", { words: "secret" })).toMatchObject([{ text: "a secret" }]);
        const log = readFileSync(join(at.folder, "privacy.log"), "utf8");
        expect(log).toMatch(/"what":"recording-read","node":"words","count":1/);
    });

    it("counts by place and speaker", async () => {
        const flow = await historyFlow();
        expect(await flow.tell("counts")).toEqual({ recordings: 0, durationMs: 0, sites: {}, speakers: {} });
        await flow.kept("one", "study", "ada");
        await flow.kept("two", "study");
        await flow.kept("three", "kitchen");
        expect(await flow.tell("counts")).toEqual({
            recordings: 3,
            durationMs: 1_500,
            sites: { study: 2, kitchen: 1 },
            speakers: { ada: 1 },
        });
        expect(await flow.tell("counts", { speaker: "ada" })).toMatchObject({ recordings: 1 });
    });

    it("tells who got what, and how often", async () => {
        const flow = await historyFlow();
        expect(await flow.tell("receivers")).toEqual([]);
        const { log } = flow.hub;
        await log.append({ what: "disclosed", to: "weather", fields: ["slots", "location"] });
        await log.append({ what: "withheld", to: "weather", fields: ["text"] });
        await log.append({ what: "disclosed", to: "weather", fields: ["slots"] });
        expect(await flow.tell("receivers")).toMatchObject([
            { to: "weather", got: 2, withheld: 1, fields: { slots: 2, location: 1 } },
        ]);
    });

    it.each(["all", { places: "study" }, { site: 3 }, { from: "yesterday-ish" }, { limit: "many" }])(
        "tells nothing when the filter is none: %j",
        async (filter) => {
            const flow = await historyFlow();
            await expect(flow.tell("list", filter)).rejects.toThrow("error.badFilter");
            await expect(flow.tell("list", { limit: 5_000 })).rejects.toMatchObject({ code: "bad-request" });
        },
    );
});

describe("a flow that keeps what it understands", () => {
    it("keeps what came of it under the same id: what was meant can be looked for, and goes with it", async () => {
        const flow = await historyFlow();
        await flow.say("turn on the desk lamp");
        await flow.say("turn off the kettle");
        await expect.poll(() => flow.tell("list", { intent: "HassTurnOff" }), { timeout: 10_000 }).toHaveLength(1);
        const [kept] = (await flow.tell("list", { intent: "HassTurnOn" })) as { id: string }[];
        const { derived } = await flow.hub.vault.read(kept?.id ?? "");
        expect(derived).toMatchObject([
            { kind: "intent", value: { name: "HassTurnOn", targets: ["lamp"] } },
            { kind: "reply", value: { say: "The desk lamp is on." } },
        ]);
        await flow.hub.erasure.purge([{ intent: "HassTurnOn" }]);
        expect(await flow.tell("list", { intent: "HassTurnOn" })).toEqual([]);
        expect(flow.hub.conversations.before({ site: "study" })).toBeUndefined();
    });

    it("does not repeat what it read out once that is deleted", async () => {
        const flow = await historyFlow();
        await flow.kept("the canary sings");
        expect(await flow.say("what did you hear")).toBe("I heard: the canary sings.");
        expect(await flow.say("repeat that")).toBe("I heard: the canary sings.");
        await flow.hub.erasure.purge([{ words: "canary" }]);
        expect(await flow.say("repeat that")).toBe("I have not said anything yet.");
    });

    it("deletes by voice what it kept, with the order itself", async () => {
        const flow = await historyFlow();
        await flow.say("turn on the desk lamp");
        await flow.say("turn off the desk lamp");
        expect(await flow.say("delete what i just said")).toBe("1 recording is deleted.");
        expect(await flow.tell("words")).toMatchObject([{ text: "turn on the desk lamp" }]);
        await flow.say("turn on the kettle");
        expect(await flow.say("delete everything")).toBe("Those are 2 recordings. Shall I really delete them?");
        await flow.shows("dispatch", "status.asking");
        expect(await flow.say("yes")).toBe("2 recordings are deleted.");
        expect(await flow.tell("counts")).toMatchObject({ recordings: 0 });
    });
});

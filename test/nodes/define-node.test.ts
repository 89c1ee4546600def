import { getEventListeners, once } from "node:events";
import type { NodeAPI, NodeDef } from "node-red";
import { describe, expect, it } from "vitest";
import { type Desk, defineNode, type Extras, type Work } from "../../dist/nodes/define-node";
import type { HubNode } from "../../dist/nodes/hub-node";
import { number, type Settings } from "../../dist/nodes/settings";
import type { Hub } from "../../dist/src/hub";
import { hubIn, runFlow, useFlows } from "./flow";

const at = useFlows();

/** A type of the test's own, beside the hub's. */
function nodeThat<S extends Settings>(work: (desk: Desk<S>) => Work, settings = {} as S, extras: Extras = {}) {
    return (RED: NodeAPI) => defineNode(RED, "trial", settings, work, extras);
}

/** A hub that comes up when `running` says so. */
function hubThat(running: Promise<Hub>) {
    return (RED: NodeAPI) =>
        RED.nodes.registerType("earshot-hub", function (this: HubNode, definition: NodeDef) {
            RED.nodes.createNode(this, definition);
            this.running = running;
        });
}

const TRIAL = { id: "trial", type: "trial", hub: "hub", wires: [["out"]] };
const OUT = { id: "out", type: "helper" };

describe("a node", () => {
    it("does its work once the hub is up, for messages that came before as well", async () => {
        const more = [nodeThat(({ hub }) => ({ input: (msg, send) => send({ ...msg, payload: hub.sites.length }) }))];
        const flow = await runFlow([TRIAL, OUT, ...hubIn(at.folder)], { more });
        await flow.give("trial", { payload: 0 });
        expect((await flow.next("out")).payload).toBe(2);
    });

    it("keeps the order of messages that came before the hub was up", async () => {
        const more = [nodeThat(() => ({ input: (msg, send) => send(msg) }))];
        const flow = await runFlow([TRIAL, OUT, ...hubIn(at.folder)], { more });
        await Promise.all([1, 2, 3].map((payload) => flow.give("trial", { payload })));
        expect([await flow.next("out"), await flow.next("out"), await flow.next("out")]).toMatchObject([
            { payload: 1 },
            { payload: 2 },
            { payload: 3 },
        ]);
    });

    it("ends in the message's error when its work rejects, throws, or throws what is no error", async () => {
        const more = [
            nodeThat(() => ({
                async input({ payload }) {
                    if (payload === "rejects") await Promise.reject(new Error("no such lamp"));
                    throw payload === "throws" ? new Error("not today") : "a mere string";
                },
            })),
        ];
        const flow = await runFlow([TRIAL, OUT, ...hubIn(at.folder)], { more });
        await expect(flow.give("trial", { payload: "rejects" })).rejects.toThrow("no such lamp");
        await expect(flow.give("trial", { payload: "throws" })).rejects.toThrow("not today");
        await expect(flow.give("trial", {})).rejects.toThrow("a mere string");
        expect(await flow.shows("trial", "status.failed")).toMatchObject({ fill: "red", shape: "ring" });
    });

    it("reports what a callback of the library throws, instead of ending Node-RED", async () => {
        let callback: (word: string) => void = () => undefined;
        const more = [
            nodeThat(({ safely }) => {
                callback = safely((word: string) => {
                    throw new Error(`cannot ${word}`);
                });
                return {};
            }),
        ];
        const flow = await runFlow([TRIAL, OUT, ...hubIn(at.folder)], { more });
        await flow.give("trial", {});
        callback("listen");
        expect(flow.errors).toContain("cannot listen");
    });

    it("that cannot start says why, once and for each message", async () => {
        const more = [
            nodeThat(() => ({ start: () => Promise.reject(new Error("no engine")), input: () => undefined })),
        ];
        const flow = await runFlow([TRIAL, OUT, ...hubIn(at.folder)], { more });
        await expect(flow.give("trial", {})).rejects.toThrow("no engine");
        expect(flow.errors).toEqual(["no engine", "no engine"]);
    });

    it.each([
        ["none is chosen", { ...TRIAL, hub: "" }],
        ["it is not there", { ...TRIAL, hub: "gone" }],
        ["what is chosen is something else", { ...TRIAL, hub: "home" }],
    ])("asks for a hub when %s", async (_case, trial) => {
        const flow = await runFlow([trial, OUT, ...hubIn(at.folder)], { more: [nodeThat(() => ({}))] });
        await flow.shows("trial", "status.noHub");
        await expect(flow.give("trial", {})).rejects.toThrow("error.noHub");
    });

    it("names a setting that is wrong", async () => {
        const more = [nodeThat(() => ({}), { seconds: number(1, { from: 0, to: 9 }) })];
        const flow = await runFlow([{ ...TRIAL, seconds: "many" }, OUT, ...hubIn(at.folder)], { more });
        await expect(flow.give("trial", {})).rejects.toThrow('"seconds" must be a number from 0 to 9');
    });

    it("brings old settings up to date before it reads them", async () => {
        const migrations = [
            ({ minutes, ...others }: Record<string, unknown>) => ({ ...others, seconds: Number(minutes) * 60 }),
        ];
        const more = [
            nodeThat(
                ({ config }) => ({ input: (_msg, send) => send({ payload: config.seconds }) }),
                { seconds: number(1, { from: 0, to: 900 }) },
                { migrations },
            ),
        ];
        const flow = await runFlow([{ ...TRIAL, version: 1, minutes: 2 }, OUT, ...hubIn(at.folder)], { more });
        await flow.give("trial", {});
        expect((await flow.next("out")).payload).toBe(120);
    });

    it("has the credentials that were entered, and none that were not", async () => {
        const extras: Extras = { credentials: { pin: { type: "password" } } };
        const work = ({ credentials }: Desk<Settings>): Work => ({
            input: (_msg, send) => send({ payload: credentials.pin ?? "none" }),
        });
        const more = [nodeThat(work, {}, extras)];
        const nodes = [TRIAL, { ...TRIAL, id: "other" }, OUT, ...hubIn(at.folder)];
        const flow = await runFlow(nodes, { more, credentials: { trial: { pin: "secret" } } });
        await flow.give("trial", {});
        await flow.give("other", {});
        expect([(await flow.next("out")).payload, (await flow.next("out")).payload]).toEqual(["secret", "none"]);
    });
});

describe("a node that is closed", () => {
    it("stops its work, and what fails because of that is nobody's error", async () => {
        const stops: string[] = [];
        const more = [
            nodeThat(({ closing, status }) => ({
                stop: () => void stops.push("stopped"),
                async input() {
                    status.busy("working");
                    await once(closing, "abort");
                    throw new Error("cut short");
                },
            })),
        ];
        const flow = await runFlow([TRIAL, OUT, ...hubIn(at.folder)], { more });
        const given = flow.give("trial", {});
        await flow.shows("trial", "status.working");
        await flow.unload();
        await given;
        expect(stops).toEqual(["stopped"]);
        expect(flow.errors).toEqual([]);
    });

    it("before it could start never starts", async () => {
        const begun: string[] = [];
        const { promise, resolve } = Promise.withResolvers<Hub>();
        const trial = nodeThat(() => ({ start: () => void begun.push("started") }));
        const more = [trial, hubThat(promise)];
        const flow = await runFlow([TRIAL, OUT, { id: "hub", type: "earshot-hub" }], {
            more,
            without: ["earshot-hub"],
        });
        await flow.shows("trial", "status.starting");
        await flow.unload();
        resolve({} as Hub);
        await new Promise((next) => setImmediate(next));
        expect(begun).toEqual([]);
    });

    it("while it starts does not wait for it, and what fails then is nobody's error", async () => {
        const { promise, reject } = Promise.withResolvers<void>();
        const stops: string[] = [];
        const more = [
            nodeThat(({ status }) => ({
                start() {
                    status.busy("loading");
                    return promise;
                },
                stop: () => void stops.push("stopped"),
            })),
        ];
        const flow = await runFlow([TRIAL, OUT, ...hubIn(at.folder)], { more });
        await flow.shows("trial", "status.loading");
        await flow.unload();
        expect(stops).toEqual(["stopped"]);
        reject(new Error("too late"));
        await new Promise((next) => setImmediate(next));
        expect(flow.errors).toEqual([]);
    });

    it("closes even when stopping fails", async () => {
        const more = [nodeThat(() => ({ stop: () => Promise.reject(new Error("stuck")), input: () => undefined }))];
        const flow = await runFlow([TRIAL, OUT, ...hubIn(at.folder)], { more });
        await flow.give("trial", {});
        await flow.unload();
        expect(flow.errors).toEqual(["stuck"]);
    });

    it("leaves no listener behind", async () => {
        let signal: AbortSignal | undefined;
        const more = [
            nodeThat(({ closing }) => {
                signal = closing;
                return { input: () => undefined };
            }),
        ];
        const flow = await runFlow([TRIAL, OUT, ...hubIn(at.folder)], { more });
        for (let count = 0; count < 20; count += 1) await flow.give("trial", {});
        expect(getEventListeners(signal ?? new EventTarget(), "abort").length).toBeLessThan(3);
    });
});

describe("the hub", () => {
    it("that cannot start tells so once, and its nodes point to it", async () => {
        const hub = hubIn("/dev/null/earshot");
        const flow = await runFlow([TRIAL, OUT, ...hub], { more: [nodeThat(() => ({}))] });
        await flow.shows("trial", "status.hubDown");
        await expect(flow.give("trial", {})).rejects.toThrow("error.hubDown");
        expect(flow.errors.filter((error) => error !== "error.hubDown")).toHaveLength(1);
    });

    it("with settings that are wrong is down", async () => {
        const [hub, ...others] = hubIn(at.folder);
        const flow = await runFlow([TRIAL, OUT, { ...hub, language: "tlh" }, ...others], {
            more: [nodeThat(() => ({}))],
        });
        await flow.shows("trial", "status.hubDown");
        expect(flow.errors).toContainEqual(
            expect.stringContaining('"language" must be one of en, de, es, fr, but it is "tlh"'),
        );
    });
});

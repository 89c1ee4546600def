/** Flows of the package's nodes, run by node-red-node-test-helper: with real hubs, but without editor and catalogs. */
import { EventEmitter, on, once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hooks } from "@node-red/util";
import type { Node, NodeAPI, NodeMessage } from "node-red";
import helper from "node-red-node-test-helper";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { nodeModule } from "./package-nodes";

export type { NodeMessage } from "node-red";

export interface StatusShown {
    readonly fill?: string;
    readonly shape?: string;
    readonly text?: string;
}

/** A flow of one test. Nodes are named by their ids; errors and messages are kept from the start. */
export interface Flow {
    /** The next message that arrives at a `helper` node, in order. */
    next(id: string): Promise<NodeMessage>;
    /** How many messages have arrived at a `helper` node that nobody has asked for yet. */
    waiting(id: string): number;
    /** Gives a node a message and resolves when it is done with it; rejects with the error it is done with. */
    give(id: string, message: NodeMessage): Promise<void>;
    /** Resolves when the node shows this status. */
    shows(id: string, text: string): Promise<StatusShown>;
    /** What nodes logged as errors, outside of messages too. */
    readonly errors: readonly string[];
    node(id: string): Node;
    /** As a deploy without these nodes does. */
    unload(): Promise<void>;
}

const WAIT_MS = 10_000;
const TAB = { id: "tab", type: "tab", label: "Test" };
const CONFIGURATION = new Set(["earshot-bridge", "earshot-hub", "earshot-home"]);

/** What Node-RED calls when a handler is done with a message. */
interface Completing {
    _complete(msg: NodeMessage, failure?: Error): void;
}

/** A folder for the hub of each test; call once in a test file. */
export function useFlows(): { readonly folder: string } {
    const at = { folder: "" };
    beforeAll(() => helper.startServer());
    afterAll(() => helper.stopServer());
    beforeEach(() => {
        at.folder = mkdtempSync(join(tmpdir(), "earshot-nodes-"));
    });
    afterEach(async () => {
        await helper.unload();
        rmSync(at.folder, { recursive: true, force: true });
    });
    return at;
}

/** The hub of the tests, with two places and three simulated devices, in `folder`. */
export function hubIn(folder: string): readonly object[] {
    return [
        {
            id: "hub",
            type: "earshot-hub",
            name: "",
            version: 1,
            language: "en",
            folder,
            home: "home",
            sites: [
                { id: "study", name: "Study", area: "study" },
                { id: "kitchen", name: "Kitchen", area: "kitchen" },
            ],
        },
        {
            id: "home",
            type: "earshot-home",
            name: "",
            version: 1,
            floors: [],
            areas: [
                { id: "study", name: "Study" },
                { id: "kitchen", name: "Kitchen" },
            ],
            devices: [
                { id: "lamp", name: "Desk lamp", type: "light", area: "study", driver: "simulated" },
                { id: "kettle", name: "Kettle", type: "switch", area: "kitchen", driver: "simulated" },
                { id: "heating", name: "Heating", type: "climate", area: "study", driver: "simulated" },
            ],
        },
    ];
}

export interface FlowOptions {
    readonly credentials?: Readonly<Record<string, object>>;
    /** Types of the test's own. */
    readonly more?: readonly ((RED: NodeAPI) => unknown)[];
    /** Types of the package that `more` stands in for. */
    readonly without?: readonly string[];
}

export async function runFlow(
    nodes: readonly object[],
    { credentials = {}, more = [], without = [] }: FlowOptions = {},
): Promise<Flow> {
    const types = new Set(nodes.map((node) => (node as { type: string }).type));
    const own = [...types].filter((type) => type.startsWith("earshot-") && !without.includes(type));
    const errors: string[] = [];
    const statuses = new EventEmitter().setMaxListeners(0);
    const shown = new Map<string, StatusShown>();
    const completions = new EventEmitter().setMaxListeners(0);
    const modules: ((RED: NodeAPI) => unknown)[] = [
        (RED) => {
            // The helper leaves out Node-RED's message hooks.
            Object.assign(RED, { hooks });
            // What nodes say from their constructors on, before a test could ask them.
            const createNode = RED.nodes.createNode;
            RED.nodes.createNode = (node, definition) => {
                createNode.call(RED.nodes, node, definition);
                const { status, error } = node;
                const completing = node as Node & Completing;
                const complete = completing._complete;
                completing._complete = (msg, failure) => {
                    complete.call(node, msg, failure);
                    completions.emit(`${node.id} ${msg._msgid}`, failure);
                };
                node.status = (now) => {
                    shown.set(node.id, now as StatusShown);
                    statuses.emit("status", node.id, now);
                    status.call(node, now);
                };
                node.error = (what, msg) => {
                    errors.push(what instanceof Error ? what.message : String(what));
                    error.call(node, what, msg);
                };
            };
        },
        ...own.map(nodeModule),
        ...more,
    ];
    const placed = nodes.map((node) =>
        CONFIGURATION.has((node as { type: string }).type) ? node : { z: TAB.id, x: 0, y: 0, wires: [], ...node },
    );
    await helper.load(modules, [TAB, ...placed], credentials);

    let gifts = 0;
    const arrived = new Map<string, NodeMessage[]>();
    const arrivals = new EventEmitter().setMaxListeners(0);
    for (const { id, type } of nodes as { id: string; type: string }[]) {
        if (type !== "helper") continue;
        arrived.set(id, []);
        helper.getNode(id).on("input", (msg) => {
            arrived.get(id)?.push(msg);
            arrivals.emit(id);
        });
    }
    return {
        async next(id) {
            const queue = arrived.get(id) ?? [];
            if (queue.length === 0) await once(arrivals, id, { signal: AbortSignal.timeout(WAIT_MS) });
            return queue.shift() ?? {};
        },
        waiting: (id) => arrived.get(id)?.length ?? 0,
        async give(id, message) {
            gifts += 1;
            const given = { ...message, _msgid: `given-${gifts}` };
            const done = once(completions, `${id} ${given._msgid}`, { signal: AbortSignal.timeout(WAIT_MS) });
            helper.getNode(id).receive(given);
            const [failure] = await done;
            if (failure) throw failure;
        },
        async shows(id, text) {
            const now = shown.get(id);
            if (now?.text === text) return now;
            for await (const [node, status] of on(statuses, "status", { signal: AbortSignal.timeout(WAIT_MS) })) {
                if (node === id && (status as StatusShown).text === text) return status as StatusShown;
            }
            throw new Error(`${id} never showed ${text}.`);
        },
        errors,
        node: (id) => helper.getNode(id),
        unload: () => helper.unload(),
    };
}

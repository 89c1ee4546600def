import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { catalog, LANGUAGES, TYPES } from "../nodes/package-nodes";
import { type FlowNode, type NodeSet, PACKAGE, type RunningNodeRed, startNodeRed } from "./runtime";

const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));
const files = readdirSync(EXAMPLES).filter((file) => file.endsWith(".json"));

function example(file: string): readonly FlowNode[] {
    return JSON.parse(readFileSync(join(EXAMPLES, file), "utf8")) as FlowNode[];
}

describe("the package in Node-RED", () => {
    let nodeRed: RunningNodeRed;

    beforeAll(async () => {
        nodeRed = await startNodeRed();
    });
    afterEach(() => nodeRed.deploy([]));
    afterAll(() => nodeRed.stop());

    it("loads every node, each as a set of its own, without an error", async () => {
        const sets = (await (await nodeRed.get("nodes", { Accept: "application/json" })).json()) as (NodeSet & {
            module: string;
        })[];
        const ours = sets.filter(({ module }) => module === PACKAGE);
        expect(ours.flatMap(({ err }) => err ?? [])).toEqual([]);
        expect(new Set(ours.map(({ id }) => id))).toEqual(new Set(TYPES.map((type) => `${PACKAGE}/${type}`)));
        expect(new Set(ours.flatMap(({ types, enabled }) => (enabled ? types : [])))).toEqual(new Set(TYPES));
    });

    it.each(LANGUAGES)("serves the catalogs, with what every node says in each (%s)", async (language) => {
        const served = (await (await nodeRed.get(`nodes/messages?lng=${language}`)).json()) as Record<string, Catalog>;
        for (const type of TYPES) {
            const ours = served[`${PACKAGE}/${type}`];
            expect(ours?.palette?.label?.earshot).toBe("Earshot");
            expect(ours?.status?.noHub).toBe(catalog(language, "every-node").get("status.noHub"));
            expect(ours?.node?.label).toBe(catalog(language, type).get("node.label"));
        }
    });

    it("serves the help in the language of the reader", async () => {
        const read = async (language: string) =>
            await (await nodeRed.get("nodes", { Accept: "text/html", "Accept-Language": language })).text();
        const [english, german] = [await read("en-US"), await read("de-DE")];
        for (const type of TYPES) {
            expect(english.split(`data-help-name="${type}"`)).toHaveLength(2);
            expect(german.split(`data-help-name="${type}"`)).toHaveLength(2);
        }
        expect(english).toContain("Listens for a wake word.");
        expect(german).toContain("Wartet auf ein Weckwort.");
    });

    it("serves an icon for each node of the palette", async () => {
        for (const file of readdirSync(new URL("../../nodes/icons", import.meta.url))) {
            const answer = await nodeRed.get(`icons/${PACKAGE}/${file}`);
            expect(answer.headers.get("content-type")).toContain("svg");
            expect(await answer.text()).toContain("<svg");
        }
    });

    it.each(files)("deploys the example %s without unknown nodes or complaints", async (file) => {
        const before = nodeRed.complaints.length;
        await nodeRed.deploy(example(file));
        expect(nodeRed.complaints.slice(before)).toEqual([]);
    });

    it("takes the same flow again and again", async () => {
        const [first = ""] = files;
        const before = nodeRed.complaints.length;
        for (let count = 0; count < 3; count += 1) {
            await nodeRed.deploy(example(first).map((node) => ({ ...node, redeployed: count })));
        }
        expect(nodeRed.complaints.slice(before)).toEqual([]);
    });

    it("understands typed text in an example, end to end", async () => {
        const [typed = ""] = files.filter((file) => file.startsWith("04"));
        await nodeRed.deploy(example(typed));
        const replied = nodeRed.messageAt("typed-text-reply");
        await nodeRed.inject("typed-text-lamp");
        expect(await replied).toMatchObject({
            result: { devices: [{ id: "desk_lamp", ok: true, state: { on: true } }] },
            payload: expect.stringMatching(/desk lamp/i),
        });
    });
});

describe("the examples", () => {
    it("use every node, and nothing that has to be installed", () => {
        const types = new Set(files.flatMap((file) => example(file).map(({ type }) => type)));
        const core = ["tab", "comment", "inject", "debug"];
        expect(types).toEqual(new Set([...TYPES, ...core]));
    });

    it.each(files)("%s has a comment, stays small, and shares its hub with the others", (file) => {
        const flow = example(file);
        expect(flow.filter(({ type }) => type === "comment")).toHaveLength(1);
        expect(flow.length).toBeLessThan(20);
        const shared = (nodes: readonly FlowNode[]) => nodes.filter(({ id }) => id.startsWith("example-"));
        expect(shared(flow)).toEqual(shared(example(files[0] ?? "")));
        const ids = new Set(flow.map(({ id }) => id));
        const wired = flow.flatMap(({ wires }) => (Array.isArray(wires) ? (wires as string[][]).flat() : []));
        expect(wired.filter((id) => !ids.has(id))).toEqual([]);
    });
});

interface Catalog {
    readonly palette?: { readonly label?: Record<string, string> };
    readonly status?: Record<string, string>;
    readonly node?: Record<string, string>;
}

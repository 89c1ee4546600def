import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { useStarts } from "./starts";

const PIN = /\d{3}-\d{2}-\d{3}/;
const at = useStarts();

describe("npm start", () => {
    it("stays up until Ctrl-C, which may come twice, and stops everything it started", async () => {
        const up = at.begin([]);
        const printed = await up.printed(/Ctrl-C stops everything/);
        const [, editor = ""] = /The editor: (\S+)/.exec(printed) ?? [];
        expect(await (await fetch(editor)).text()).toContain("<title>Earshot</title>");
        expect(printed).not.toMatch(PIN);
        up.signal("SIGINT");
        up.signal("SIGINT");
        const { code, stderr, left } = await up.ended();
        expect(stderr).toBe("");
        expect(code).toBe(0);
        expect(left).toEqual([]);
        expect(readdirSync(at.folder)).toEqual(["kept"]);
    }, 60_000);

    it("keeps flow and pairing for the next start, and what was edited in between", async () => {
        const first = at.begin([]);
        const [, editor = ""] = /The editor: (\S+)/.exec(await first.printed(/Ctrl-C/)) ?? [];
        const headers = { "Node-RED-API-Version": "v2", "Content-Type": "application/json" };
        const { flows } = (await (await fetch(`${editor}flows`, { headers })).json()) as { flows: { id: string }[] };
        const edited = flows.map((node) => (node.id === "first-light-about" ? { ...node, name: "Mine" } : node));
        const body = JSON.stringify({ flows: [...edited, { id: "own", type: "tab", label: "My own" }] });
        expect((await fetch(`${editor}flows`, { method: "POST", headers, body })).ok).toBe(true);
        first.signal("SIGTERM");
        await first.ended();

        const second = at.begin([]);
        const printed = await second.printed(/Ctrl-C/);
        expect(printed).toMatch(/Paired +since an earlier start/);
        expect(printed).toContain("Kitchen Light: on false → true");
        const [, again = ""] = /The editor: (\S+)/.exec(printed) ?? [];
        const names = await (await fetch(`${again}flows`, { headers })).text();
        expect(names).toContain('"Mine"');
        expect(names).toContain('"My own"');
        second.signal("SIGINT");
        expect((await second.ended()).code).toBe(0);
    }, 90_000);
});

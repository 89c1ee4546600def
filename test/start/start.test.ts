import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { useStarts } from "./starts";

const PIN = /\d{3}-\d{2}-\d{3}/;
const at = useStarts();

describe("npm start", () => {
    it("stays up until Ctrl-C, and keeps flow, pairing and what was edited for the next start", async () => {
        const first = at.begin([]);
        const greeting = await first.printed(/Ctrl-C stops everything/);
        expect(greeting).not.toMatch(PIN);
        const [, editor = ""] = /The editor: (\S+)/.exec(greeting) ?? [];
        expect(await (await fetch(editor)).text()).toContain("<title>Earshot</title>");
        const headers = { "Node-RED-API-Version": "v2", "Content-Type": "application/json" };
        const { flows } = (await (await fetch(`${editor}flows`, { headers })).json()) as { flows: { id: string }[] };
        const edited = flows.map((node) => (node.id === "first-light-about" ? { ...node, name: "Mine" } : node));
        const body = JSON.stringify({ flows: [...edited, { id: "own", type: "tab", label: "My own" }] });
        expect((await fetch(`${editor}flows`, { method: "POST", headers, body })).ok).toBe(true);
        first.signal("SIGINT");
        first.signal("SIGINT");
        expect(await first.ended()).toMatchObject({ code: 0, stderr: "", left: [] });
        expect(readdirSync(at.folder)).toEqual(["kept"]);

        const second = at.begin([]);
        const printed = await second.printed(/Ctrl-C/);
        expect(printed).toMatch(/Paired +since an earlier start/);
        expect(printed).toContain("Kitchen Light: on false → true");
        const [, again = ""] = /The editor: (\S+)/.exec(printed) ?? [];
        const names = await (await fetch(`${again}flows`, { headers })).text();
        expect(names).toContain('"Mine"');
        expect(names).toContain('"My own"');
        second.signal("SIGTERM");
        expect((await second.ended()).code).toBe(0);
    }, 90_000);
});

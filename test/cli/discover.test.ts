import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SimulatedHome } from "../hap/simulated-home";
import { earshot } from "./earshot";

describe("earshot discover", () => {
    let folder: string;
    let home: SimulatedHome;

    beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), "earshot-discover-"));
        home = await SimulatedHome.start(folder, "--bridge", "Listed Home");
    });
    afterAll(async () => {
        await home.end();
        rmSync(folder, { recursive: true, force: true });
    });

    it("lists what announces itself on the network, and tells no PIN", async () => {
        const { code, lines, stdout, stderr } = await earshot(["discover", "--seconds", "3", "--explain"]);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        expect(lines).toContainEqual({
            id: home.ready.id,
            name: expect.stringMatching(/^Listed Home/),
            model: expect.any(String),
            category: "Bridge",
            host: "127.0.0.1",
            port: home.ready.port,
            paired: false,
        });
        expect(stdout).not.toContain(home.ready.pin);
        expect(lines.at(-1)).toEqual({ finding: "found", message: expect.stringContaining("discovery works") });
    });

    it("takes only an address as the host that is missed", async () => {
        const { code, stderr } = await earshot(["discover", "--explain", "--host", "lamp.local"]);
        expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("--host takes an IPv4 address") });
    });
});

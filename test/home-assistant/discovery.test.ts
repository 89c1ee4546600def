import { afterEach, describe, expect, it } from "vitest";
import { findHomeAssistants } from "../../dist/src/home-assistant";
import { announced } from "./announcement";

describe("Home Assistants in the network", () => {
    const ends: (() => void)[] = [];
    afterEach(() => {
        for (const end of ends.splice(0)) end();
    });
    const announce = (...about: Parameters<typeof announced>) => {
        const socket = announced(...about);
        ends.push(() => socket.close());
    };

    it("are found with the name and the address that they announce", async () => {
        announce({ location_name: "Lake house", internal_url: "https://lake.example:8123", version: "2026.8.1" });
        expect(await findHomeAssistants()).toEqual([{ name: "Lake house", address: "https://lake.example:8123" }]);
    });

    it.each([
        ["nothing", {}],
        ["another program's address", { internal_url: "javascript:alert(1)" }],
        ["a name and password in it", { internal_url: "http://a:b@evil.example" }],
        ["no address at all", { internal_url: "", base_url: "http://" }],
    ])("are found where they run when they announce %s", async (_, txt) => {
        announce(txt, { name: "Cabin", port: 8_124 });
        expect(await findHomeAssistants()).toEqual([{ name: "Cabin", address: "http://127.0.0.1:8124" }]);
    });

    it("are looked for no longer than asked", async () => {
        expect(await findHomeAssistants(50)).toEqual([]);
    });
});

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { NodeAPI } from "node-red";
import { afterEach, describe, expect, it } from "vitest";
import { exposureOf, warnIfExposed } from "../../dist/nodes/exposure";

/** As Node-RED's settings may have them. */
const LETS_READ = (): Promise<object> => Promise.resolve({ permissions: ["*.read"] });
const KNOWS_NOBODY = (): Promise<null> => Promise.resolve(null);

describe("who can look without having logged in", () => {
    const servers: Server[] = [];
    const warned: string[] = [];
    afterEach(() => {
        for (const server of servers.splice(0)) server.close();
        warned.length = 0;
    });

    const nodeRed = (settings: object) => {
        const server = createServer();
        servers.push(server);
        const RED = { settings, server, log: { warn: (text: string) => warned.push(text) }, _: (key: string) => key };
        return RED as unknown as NodeAPI & { server: Server };
    };
    const users = { type: "credentials", users: [] };

    it.each([
        ["everyone", "no login, any address", { uiHost: "0.0.0.0" }],
        ["everyone", "no login, Node-RED's own default", {}],
        ["everyone", "no login, IPv6", { uiHost: "::" }],
        ["everyone", "no login, an address of the network", { uiHost: "192.168.1.5" }],
        [undefined, "no login, this machine only", { uiHost: "127.0.0.1" }],
        [undefined, "no login, this machine only, IPv6", { uiHost: "::1" }],
        [undefined, "no login, no editor", { httpAdminRoot: false }],
        [undefined, "a login", { adminAuth: users }],
        ["readers", "a login, and strangers may read", { adminAuth: { ...users, default: { permissions: "read" } } }],
        ["readers", "a login, and strangers may do all", { adminAuth: { ...users, default: { permissions: ["*"] } } }],
        [
            "readers",
            "a login, and a function that lets strangers read",
            { adminAuth: { ...users, default: LETS_READ } },
        ],
        [
            undefined,
            "a login, and strangers may see flows",
            { adminAuth: { ...users, default: { permissions: ["flows.read"] } } },
        ],
        [undefined, "a login, and a function that knows nobody", { adminAuth: { ...users, default: KNOWS_NOBODY } }],
    ] as const)("%s: %s", async (exposure, _why, settings) => {
        expect(await exposureOf(nodeRed(settings))).toBe(exposure);
    });

    it("is told by where it really listens, once it does", async () => {
        const RED = nodeRed({ uiHost: "0.0.0.0" });
        warnIfExposed(RED);
        RED.server.listen(0, "127.0.0.1");
        await once(RED.server, "listening");
        expect(await exposureOf(RED)).toBeUndefined();
        expect(warned).toEqual([]);
    });

    it("is in Node-RED's log, once", async () => {
        const RED = nodeRed({ uiHost: "0.0.0.0" });
        warnIfExposed(RED);
        expect(warned).toEqual([]);
        RED.server.emit("listening");
        RED.server.emit("listening");
        await exposureOf(RED);
        expect(warned).toEqual(["exposed.everyone"]);
    });
});

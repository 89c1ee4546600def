/** What anyone on the network can send to a bridge, without a pairing. */
import { readFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import * as hap from "@homebridge/hap-nodejs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HomeKitBridge } from "../../dist/src/bridge";
import { assertKnown, GUARD_LIMITS } from "../../dist/src/bridge/guard";
import { type HapClient, type Pairing, CharacteristicType as Type } from "../../dist/src/hap";
import { answerTo, BridgeBench, found, pairWith, until } from "./shown-bridge";

const LAMP = { id: "lamp", name: "Lamp", kind: "light" } as const;
const JUNK = Buffer.from(Array.from({ length: 2_000 }, (_, index) => (index * 151 + 7) % 256));

describe("a bridge among strangers", () => {
    const bench = new BridgeBench();
    let bridge: HomeKitBridge;
    let port = 0;
    let pairing: Pairing;
    let client: HapClient;

    beforeAll(async () => {
        bridge = await bench.bridge([LAMP]);
        pairing = await pairWith(bridge);
        port = bridge.status.port ?? 0;
        client = bench.controller(pairing, () => port);
        await client.accessories();
    });
    afterAll(() => bench.end());

    const get = (path: string) => answerTo(port, `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    const post = (path: string, body: string, length: number = body.length) =>
        answerTo(port, `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n${body}`);

    it.each(["//%%%", "//", "http://[", "/%", "*"])("survives GET %s", async (path) => {
        expect(await get(path)).toMatch(/^HTTP\/1.1 (400|404) /);
        expect(await client.accessories()).toHaveLength(2);
    });

    it("answers paths that need a pairing with 470, and others with 404", async () => {
        for (const path of ["/accessories", "/characteristics?id=2.9"]) expect(await get(path)).toMatch(/ 470 /);
        expect(await get("/nothing")).toMatch(/ 404 /);
    });

    it("reads no more of a body than a request of HomeKit can have, said beforehand or not", async () => {
        expect(await post("/pair-verify", "", 300_000_000)).toMatch(/ 413 /);
        const chunk = `${(60_000).toString(16)}\r\n${"x".repeat(60_000)}\r\n`;
        const chunked = `POST /pair-verify HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(6)}0\r\n\r\n`;
        expect(await answerTo(port, chunked)).toBe("");
        expect(await client.accessories()).toHaveLength(2);
    });

    it("survives junk, on the wire and in pairing", async () => {
        await answerTo(port, JUNK, 100);
        for (const path of ["/pair-setup", "/pair-verify", "/pairings", "/prepare"]) {
            await answerTo(
                port,
                Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n`), JUNK]),
                100,
            );
        }
        expect(await client.accessories()).toHaveLength(2);
    });

    it("has room for those who are paired while a stranger opens hundreds of connections", async () => {
        const sockets: Socket[] = [];
        let closed = 0;
        for (let count = 0; count < 100; count += 1) {
            const socket = createConnection({ host: "127.0.0.1", port }).on("error", () => {});
            socket.on("close", () => {
                closed += 1;
            });
            socket.resume();
            sockets.push(socket);
        }
        // One of the sixteen is the controller's.
        await until("most are closed", () => closed > 100 - GUARD_LIMITS.connectionsPerAddress);
        const { aid, iid } = found(await client.accessories(), "Lamp", Type.On);
        expect(await client.read([{ aid, iid }])).toHaveLength(1);
        for (const socket of sockets) socket.destroy();
    });
});

describe("pairing", () => {
    const bench = new BridgeBench();
    afterAll(() => bench.end());

    it("can be begun so often in a window, and then no more", async () => {
        const bridge = await bench.bridge([LAMP]);
        await bridge.openPairing();
        const { port = 0 } = bridge.status;
        // "M9" is no step of a pairing: nothing is worked out for it, but it counts.
        const request = "POST /pair-setup HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n\x06\x01\x09";
        const answers = (await answerTo(port, Buffer.from(request.repeat(61), "latin1"))).split("HTTP/1.1 ").slice(1);
        expect(answers).toHaveLength(61);
        expect(answers[59]).toMatch(/^400/);
        expect(answers[60]).toMatch(/^200/);
        expect(answers[60]).toContain("\x06\x01\x02\x07\x01\x06");
        await bridge.closePairing();
    });
});

describe("the library that is guarded", () => {
    it("is the very version that the guard was made for", () => {
        const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));
        const { dependencies } = read("package.json") as { dependencies: Record<string, string> };
        expect(dependencies["@homebridge/hap-nodejs"]).toBe("2.2.3");
        expect(hap.HAPLibraryVersion()).toBe("2.2.3");
    });

    it("has everything where the guard touches it", () => {
        expect(() => assertKnown(hap)).not.toThrow();
    });

    it("is not used once something has moved", () => {
        const without = { ...hap, HAPConnection: class {} } as unknown as typeof hap;
        expect(() => assertKnown(without)).toThrow(/HAPConnection.isAuthenticated/);
    });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SpokenTurns } from "../../dist/bench/privacy/spoken-turns";
import { type WatchedRun, watched } from "../../dist/bench/privacy/watched";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const START = join(DIST, "scripts/start.js");
const SPOKEN_TURNS = join(DIST, "bench/privacy/spoken-turns.js");
/** This machine; and the groups of multicast DNS (RFC 6762), which routers don't pass on. */
const AT_HOME = /^(127\.0\.0\.1:\d+|\[::1\]:\d+|localhost|224\.0\.0\.251:5353|\[ff02::fb(%\w+)?\]:5353)$/;
/** Nobody has these addresses (RFC 5737, RFC 3849), nor this name (RFC 6761). */
const STRAY = `
    const ignored = () => {};
    require("node:net").connect(80, "192.0.2.1").on("error", ignored);
    require("node:net").connect(80, "2001:db8::1").on("error", ignored);
    fetch("http://phone.home.invalid/").catch(ignored);
    const { Worker } = require("node:worker_threads");
    new Worker('require("node:net").connect(80, "192.0.2.2").on("error", () => {})', { eval: true });
    const socket = require("node:dgram").createSocket("udp4");
    socket.send("sound", 9, "192.0.2.3", () => socket.close());
`;

let folder: string;

beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "earshot-egress-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]): Promise<WatchedRun> =>
    watched([process.execPath, ...args], { folder, timeoutMs: 90_000 });

describe("the whole chain, with nowhere to send anything", () => {
    it("hears a sentence and switches a HomeKit accessory, and tries to reach nobody outside", async () => {
        const { stdout, destinations, attempts = 0 } = await run(START, "--once", "--json");
        expect(JSON.parse(stdout)).toMatchObject({ transcript: "turn on the kitchen light", state: { on: true } });
        expect(destinations).toContain("224.0.0.251:5353");
        expect(destinations.filter((destination) => !AT_HOME.test(destination))).toEqual([]);
        expect(attempts).toBe(0);
    }, 100_000);

    it("leaves no file that came of what was said, when no node keeps it", async () => {
        const { stdout, destinations, attempts = 0 } = await run(SPOKEN_TURNS, folder, "3");
        expect(JSON.parse(stdout)).toEqual({ turns: 3, done: 3, written: [] } satisfies SpokenTurns);
        expect(destinations.filter((destination) => !AT_HOME.test(destination))).toEqual([]);
        expect(attempts).toBe(0);
    }, 100_000);

    it("would have shown it: connections, datagrams and look-ups of a program that does otherwise are seen", async () => {
        const { destinations, attempts = 5 } = await run("-e", STRAY);
        const strays = destinations.filter((destination) => !AT_HOME.test(destination));
        for (const address of ["192.0.2.1:80", "192.0.2.2:80", "192.0.2.3:9", "[2001:db8::1]:80"]) {
            expect(strays).toContain(address);
        }
        expect(strays.length).toBeGreaterThanOrEqual(5);
        expect(attempts).toBeGreaterThanOrEqual(5);
    });
});

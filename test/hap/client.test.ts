import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { HapClient, HapError, type HapTimeouts } from "../../dist/src/hap";
import { event, http, type Script, ScriptedAccessory } from "./scripted-accessory";

const WAIT_MS = 5000;
const ends: (() => unknown)[] = [];

afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
});

async function accessory(script: Script): Promise<ScriptedAccessory> {
    const started = await ScriptedAccessory.start(script);
    ends.push(() => started.stop());
    return started;
}

function clientOf(peer: ScriptedAccessory, timeouts: Partial<HapTimeouts> = {}): HapClient {
    const client = new HapClient({ pairing: peer.pairing, locate: () => [peer.endpoint], timeouts });
    ends.push(() => client.stop());
    return client;
}

const on = { aid: 1n, iid: 9n };
const value = (reading: unknown) => JSON.stringify({ characteristics: [{ aid: 1, iid: 9, value: reading }] });
const within = (ms = WAIT_MS) => ({ signal: AbortSignal.timeout(ms) });

describe("commands", () => {
    it("makes one connection for ten commands at once, and answers each with its own", async () => {
        const peer = await accessory(({ path }) => {
            const iids =
                path
                    .split("=")[1]
                    ?.split(",")
                    .map((id) => Number(id.split(".")[1])) ?? [];
            return JSON.stringify({ characteristics: iids.map((iid) => ({ aid: 1, iid, value: iid * 10 })) });
        });
        const client = clientOf(peer);
        const ids = Array.from({ length: 10 }, (_, index) => ({ aid: 1n, iid: BigInt(index + 1) }));
        const results = await Promise.all(ids.map((id) => client.read([id])));
        expect(results.flat()).toEqual(ids.map((id) => ({ ...id, value: Number(id.iid) * 10 })));
        expect(peer.connections).toBe(1);
    });

    it("carries ids and values of 64 bits without rounding them", async () => {
        const aid = 18446744073709551615n;
        const iid = 9007199254740993n;
        const peer = await accessory(({ path, method }) => {
            if (method === "PUT") return 204;
            if (path === "/accessories") {
                return `{"accessories":[{"aid":${aid},"services":[{"iid":${iid},"type":"43","characteristics":[
                    {"iid":2,"type":"25","perms":["pr"],"format":"uint64","value":9007199254740995}]}]}]}`;
            }
            return `{"characteristics":[{"aid":${aid},"iid":${iid},"value":9007199254740993}]}`;
        });
        const client = clientOf(peer);
        const [found] = await client.accessories();
        expect(found?.aid).toBe(aid);
        expect(found?.services[0]?.iid).toBe(iid);
        expect(found?.services[0]?.characteristics[0]?.value).toBe(9007199254740995n);
        await expect(client.read([{ aid, iid }])).resolves.toEqual([{ aid, iid, value: iid }]);
        expect(peer.requests.at(-1)?.path).toBe(`/characteristics?id=${aid}.${iid}`);
        await client.write([{ aid, iid, value: iid }]);
        expect(peer.requests.at(-1)?.body).toBe(`{"characteristics":[{"aid":${aid},"iid":${iid},"value":${iid}}]}`);
    });

    it("announces a timed write before it, with the same number", async () => {
        const peer = await accessory(({ path }) => (path === "/prepare" ? '{"status":0}' : 204));
        await clientOf(peer).write([{ ...on, value: true }], { timed: true });
        const [prepare, write] = peer.requests.map(({ path, body }) => ({ path, ...JSON.parse(body) }));
        expect(prepare).toMatchObject({ path: "/prepare", ttl: expect.any(Number) });
        expect(write).toMatchObject({ path: "/characteristics", pid: prepare.pid });
        expect(prepare.pid).toBeGreaterThan(0);
    });

    it("does not write what the accessory refused to prepare for", async () => {
        const peer = await accessory(() => '{"status":-70403}');
        const write = clientOf(peer).write([{ ...on, value: true }], { timed: true });
        await expect(write).rejects.toMatchObject({ code: "busy" });
        expect(peer.requests).toHaveLength(1);
    });

    it("reads more than forty characteristics in several requests", async () => {
        const peer = await accessory(({ path }) => {
            const ids = path.split("=")[1]?.split(",") ?? [];
            expect(ids.length).toBeLessThanOrEqual(40);
            return JSON.stringify({
                characteristics: ids.map((id) => ({ aid: 1, iid: Number(id.split(".")[1]), value: true })),
            });
        });
        const ids = Array.from({ length: 100 }, (_, index) => ({ aid: 1n, iid: BigInt(index + 1) }));
        await expect(clientOf(peer).read(ids)).resolves.toHaveLength(100);
        expect(peer.requests).toHaveLength(3);
    });

    it.each([
        [-70402, "unreachable"],
        [-70403, "busy"],
        [-70404, "refused"],
        [-70408, "timeout"],
        [-70410, "refused"],
        [-1, "protocol"],
    ])("says in words what status %i means", async (status, code) => {
        const peer = await accessory(({ send }) => {
            send(http(207, JSON.stringify({ characteristics: [{ aid: 1, iid: 9, status }] })));
            return undefined;
        });
        const client = clientOf(peer);
        await expect(client.write([{ ...on, value: 1 }])).rejects.toMatchObject({ name: "HapError", code });
        await expect(client.read([on])).resolves.toMatchObject([{ ...on, error: { code } }]);
        expect(peer.connections).toBe(1);
    });

    it("tells a characteristic that is missing in the answer from one that was read", async () => {
        const peer = await accessory(() => '{"characteristics":[]}');
        await expect(clientOf(peer).read([on])).resolves.toMatchObject([{ ...on, error: { code: "protocol" } }]);
    });

    it("reports HTTP errors, and refused values that come without details", async () => {
        const peer = await accessory(({ method }) => (method === "PUT" ? 400 : 503));
        const client = clientOf(peer);
        await expect(client.accessories()).rejects.toMatchObject({ code: "refused", message: /503/ });
        await expect(client.write([{ ...on, value: 1 }])).rejects.toMatchObject({ code: "refused" });
    });

    it.each([
        ["no JSON", "{"],
        ["no list", "{}"],
        ["an id that is no integer", '{"accessories":[{"aid":"1","services":[]}]}'],
        ["a type that is no UUID", '{"accessories":[{"aid":1,"services":[{"iid":1,"type":3,"characteristics":[]}]}]}'],
    ])("reports a database with %s", async (_, body) => {
        const peer = await accessory(() => body);
        await expect(clientOf(peer).accessories()).rejects.toMatchObject({ code: "protocol" });
    });

    it("refuses the 257th command that would wait, and a command that is too large", async () => {
        const peer = await accessory(() => undefined);
        const client = clientOf(peer, { databaseMs: 300 });
        const waiting = Array.from({ length: 256 }, () => client.accessories());
        const settled = Promise.allSettled(waiting);
        await expect(client.read([on])).rejects.toMatchObject({ code: "busy" });
        await settled;
        const writes = Array.from({ length: 30_000 }, (_, index) => ({
            aid: 1n,
            iid: BigInt(index + 1),
            value: "x".repeat(40),
        }));
        await expect(clientOf(peer).write(writes)).rejects.toMatchObject({ code: "refused" });
    });
});

describe("commands that wait", () => {
    /** An accessory that answers the first request only when `release` is called, so that the others have to wait. */
    async function busy() {
        const held: (() => void)[] = [];
        const peer = await accessory(({ method, send }) => {
            const answer = method === "PUT" ? "HTTP/1.1 204 X\r\n\r\n" : http(200, value(1));
            if (peer.requests.length > 1) send(Buffer.from(answer));
            else held.push(() => send(Buffer.from(answer)));
            return undefined;
        });
        const client = clientOf(peer);
        const first = client.write([{ ...on, value: 0 }]);
        await vi.waitFor(() => expect(held).toHaveLength(1));
        const written = () => peer.requests.slice(1).map(({ body }) => JSON.parse(body).characteristics);
        return { peer, client, first, release: () => held[0]?.(), written };
    }
    const brightness = { aid: 1n, iid: 10n };

    it("sends only the newest of a slider's values, and tells all who set one that it is done", async () => {
        const { client, first, release, written } = await busy();
        const slider = Array.from({ length: 20 }, (_, index) => client.write([{ ...brightness, value: index }]));
        release();
        await Promise.all([first, ...slider]);
        expect(written()).toEqual([[{ aid: 1, iid: 10, value: 19 }]]);
    });

    it("sends what waits together, but loses no pulse and none of a door's commands", async () => {
        const { client, first, release, peer } = await busy();
        const both = (number: number) => [
            { ...on, value: number },
            { ...brightness, value: number },
        ];
        const writes = [
            client.write(both(1)),
            client.write([{ ...on, value: 2 }]),
            client.write(both(3)),
            client.write([{ ...on, value: 4 }], { timed: true }),
            client.write([{ ...on, value: 5 }], { timed: true }),
            client.write([{ ...on, value: 6 }]),
            client.write([{ ...on, value: true }]),
            client.write([
                { ...on, value: true },
                { ...brightness, value: 7 },
            ]),
            client.write([{ ...on, value: false }]),
        ];
        release();
        await Promise.all([first, ...writes]);
        const values = peer.requests
            .slice(1)
            .filter(({ path }) => path !== "/prepare")
            .map(({ body }) => JSON.parse(body).characteristics.map((entry: { value: number }) => entry.value));
        expect(values).toEqual([[3, 3], [4], [5], [6], [true, 7], [false]]);
    });

    it("asks once for what several want to read, but anew after a write", async () => {
        const { client, first, release, peer } = await busy();
        const commands = [
            client.read([on]),
            client.read([on]),
            client.write([{ ...on, value: 1 }]),
            client.read([on]),
            client.read([on]),
        ];
        release();
        await Promise.all([first, ...commands]);
        expect(peer.requests.slice(1).map(({ method }) => method)).toEqual(["GET", "PUT", "GET"]);
    });

    const lamps = Array.from({ length: 50 }, (_, index) => ({ aid: BigInt(index + 2), iid: 9n }));
    type Entry = { readonly aid: number; readonly iid: number };

    it("switches and reads fifty lamps behind a bridge with four requests", async () => {
        const { client, first, release, peer } = await busy();
        const writes = lamps.map((lamp) => client.write([{ ...lamp, value: true }]));
        const reads = lamps.map((lamp) => client.read([lamp]));
        peer.script = ({ method, path }) => {
            if (method === "PUT") return 204;
            const ids =
                path
                    .split("=")[1]
                    ?.split(",")
                    .map((id) => id.split(".").map(Number)) ?? [];
            return JSON.stringify({ characteristics: ids.map(([aid, iid]) => ({ aid, iid, value: aid })) });
        };
        release();
        await Promise.all([first, ...writes]);
        const values = (await Promise.all(reads)).flat();
        expect(values).toEqual(lamps.map((lamp) => ({ ...lamp, value: Number(lamp.aid) })));
        expect(peer.requests.slice(1).map(({ method }) => method)).toEqual(["PUT", "PUT", "GET", "GET"]);
    });

    it("tells the one whose value was refused, and the others that theirs was taken", async () => {
        const { client, first, release, peer } = await busy();
        const writes = lamps.slice(0, 5).map((lamp) => client.write([{ ...lamp, value: true }]));
        peer.script = ({ body, send }) => {
            const entries: Entry[] = JSON.parse(body).characteristics;
            const told = entries.map(({ aid, iid }) => ({ aid, iid, status: aid === 4 ? -70402 : 0 }));
            send(http(207, JSON.stringify({ characteristics: told })));
            return undefined;
        };
        release();
        await first;
        const results = await Promise.allSettled(writes);
        expect(results.map((result) => (result.status === "rejected" ? result.reason.code : "set"))).toEqual([
            "set",
            "set",
            "unreachable",
            "set",
            "set",
        ]);
        expect(peer.requests).toHaveLength(2);
    });

    it("asks one by one when all were refused without saying which", async () => {
        const { client, first, release, peer } = await busy();
        const writes = lamps.slice(0, 3).map((lamp) => client.write([{ ...lamp, value: true }]));
        const reads = lamps.slice(0, 3).map((lamp) => client.read([lamp]));
        peer.script = ({ method, body, path }) => {
            const isOfBad = method === "PUT" ? body.includes('"aid":3,') : path.includes("3.9");
            if (isOfBad) return 400;
            return method === "PUT"
                ? 204
                : `{"characteristics":[{"aid":${path.split("=")[1]?.[0]},"iid":9,"value":1}]}`;
        };
        release();
        await first;
        const outcomes = async (commands: readonly Promise<unknown>[]) =>
            (await Promise.allSettled(commands)).map((result) =>
                result.status === "rejected" ? result.reason.code : "done",
            );
        await expect(outcomes(writes)).resolves.toEqual(["done", "refused", "done"]);
        await expect(outcomes(reads)).resolves.toEqual(["done", "refused", "done"]);
    });

    it("are given up behind a slow database without costing the connection", async () => {
        const peer = await accessory(({ path }) => (path === "/accessories" ? undefined : value(1)));
        const client = clientOf(peer, { commandMs: 150, requestMs: 150, databaseMs: 5000 });
        await client.read([on]);
        const database = client.accessories();
        const commands = [client.read([on]), client.write([{ ...on, value: 1 }])];
        await vi.waitFor(() => expect(peer.requests).toHaveLength(2));
        setTimeout(() => peer.requests[1]?.send(http(200, '{"accessories":[]}')), 400);
        await expect(database).resolves.toEqual([]);
        for (const command of await Promise.allSettled(commands)) {
            expect(command).toMatchObject({ status: "rejected", reason: { code: "timeout" } });
        }
        await expect(client.read([on])).resolves.toHaveLength(1);
        expect(peer.connections).toBe(1);
    });

    it("gives up when the caller's own time is over", async () => {
        const peer = await accessory(() => undefined);
        const client = clientOf(peer);
        await expect(client.read([on], { withinMs: 150 })).rejects.toMatchObject({ code: "timeout" });
        await expect(client.write([{ ...on, value: 1 }], { withinMs: 150 })).rejects.toMatchObject({ code: "timeout" });
    });
});

describe("sessions that are taken up again", () => {
    async function reconnecting(resuming: ScriptedAccessory["resuming"], rounds: number) {
        const peer = await accessory(() => value(1));
        peer.resuming = resuming;
        const client = clientOf(peer);
        for (let round = 0; round < rounds; round++) {
            await expect(client.read([on])).resolves.toEqual([{ ...on, value: 1 }]);
            const lost = once(client, "disconnected", within());
            peer.reset();
            await lost;
        }
        return peer;
    }

    it("needs no pair-verify where the accessory remembers the session", async () => {
        const peer = await reconnecting("resumes", 4);
        expect(peer.verifiedBy).toEqual(["verify", "resume", "resume", "resume"]);
    });

    it("verifies where the accessory doesn't know of it, and stops asking", async () => {
        const peer = await reconnecting("verifies", 5);
        expect(peer.verifiedBy).toEqual(["verify", "verify", "verify", "verify", "verify"]);
        expect(peer.connections).toBe(5);
    });

    it.each(["stumbles", "forges"] as const)(
        "verifies on a new connection where the accessory %s",
        async (resuming) => {
            const peer = await reconnecting(resuming, 2);
            expect(peer.verifiedBy).toEqual(["verify", "verify"]);
            expect(peer.connections).toBe(3);
        },
    );
});

describe("events", () => {
    it("takes the first of several changes of one characteristic, as it is the newest", async () => {
        const peer = await accessory(() => 204);
        const client = clientOf(peer);
        await client.subscribe([on]);
        expect(JSON.parse(peer.requests[0]?.body ?? "")).toEqual({ characteristics: [{ aid: 1, iid: 9, ev: true }] });
        const values = once(client, "values", within());
        peer.requests[0]?.send(
            event(
                '{"characteristics":[{"aid":1,"iid":9,"value":1},{"aid":1,"iid":9,"value":0},{"aid":1,"iid":7,"value":3}]}',
            ),
        );
        await expect(values).resolves.toEqual([
            [
                { ...on, value: 1 },
                { aid: 1n, iid: 7n, value: 3 },
            ],
        ]);
    });

    it("drops an event that can't be read, and goes on", async () => {
        const peer = await accessory(() => 204);
        const client = clientOf(peer);
        await client.subscribe([on]);
        const values = once(client, "values", within());
        peer.requests[0]?.send(Buffer.concat([event("no JSON"), event("{}"), event(value(true))]));
        await expect(values).resolves.toEqual([[{ ...on, value: true }]]);
    });

    it("tells an event that comes between a request and its answer", async () => {
        const peer = await accessory(({ method, send }) => {
            if (method === "PUT") return 204;
            send(Buffer.concat([event(value(5)), http(200, value(6))]));
            return undefined;
        });
        const client = clientOf(peer);
        const values = once(client, "values", within());
        await expect(client.read([on])).resolves.toEqual([{ ...on, value: 6 }]);
        await expect(values).resolves.toEqual([[{ ...on, value: 5 }]]);
    });

    it("asks once for what is subscribed twice, and ends what is unsubscribed", async () => {
        const peer = await accessory(() => 204);
        const client = clientOf(peer);
        await client.subscribe([on]);
        await client.subscribe([on]);
        await client.unsubscribe([on]);
        await client.unsubscribe([on]);
        const flags = peer.requests.map(({ body }) => JSON.parse(body).characteristics[0].ev);
        expect(flags).toEqual([true, false]);
    });

    it("subscribes again after each reconnect, which it makes by itself", async () => {
        const peer = await accessory(({ method }) => (method === "PUT" ? 204 : value(true)));
        const client = clientOf(peer, { firstReconnectMs: 10 });
        const connected = once(client, "connected", within());
        client.start();
        client.start();
        await connected;
        await client.subscribe([on]);
        for (let round = 1; round <= 3; round++) {
            const again = once(client, "connected", within());
            peer.reset();
            await again;
            expect(peer.requests).toHaveLength(1 + round);
            expect(peer.requests.at(-1)?.body).toContain('"ev":true');
        }
        expect(client.isConnected).toBe(true);
    });

    it("asks a silent accessory for a sign of life, and reconnects when there is none", async () => {
        const peer = await accessory(({ method }) => (method === "PUT" ? 204 : value(true)));
        const { script } = peer;
        const client = clientOf(peer, { keepAliveMs: 30, requestMs: 50, firstReconnectMs: 10 });
        client.start();
        await client.subscribe([on]);
        await vi.waitFor(() => expect(peer.requests.some(({ method }) => method === "GET")).toBe(true));
        const lost = once(client, "disconnected", within());
        peer.script = () => undefined;
        await expect(lost).resolves.toMatchObject([{ code: "timeout" }]);
        const back = once(client, "connected", within());
        peer.script = script;
        client.reconnectNow();
        await back;
    });
});

describe("accessories that fail", () => {
    it("repeats a command once when the connection turns out to be dead", async () => {
        let failures = 1;
        const peer = await accessory(({ socket }) => {
            if (failures-- <= 0) return value(true);
            socket.resetAndDestroy();
            return undefined;
        });
        const client = clientOf(peer);
        await expect(client.read([on])).resolves.toEqual([{ ...on, value: true }]);
        failures = 2;
        await expect(client.read([on])).rejects.toMatchObject({ code: "disconnected" });
        await expect(client.read([on])).resolves.toEqual([{ ...on, value: true }]);
    });

    it("does not repeat a timed write, for a door may have begun to move", async () => {
        const peer = await accessory(({ path, socket }) => {
            if (path === "/prepare") return '{"status":0}';
            socket.resetAndDestroy();
            return undefined;
        });
        const write = clientOf(peer).write([{ ...on, value: 1 }], { timed: true });
        await expect(write).rejects.toMatchObject({ code: "disconnected" });
        expect(peer.requests).toHaveLength(2);
    });

    it("asks for a sign of life with what was read last where nothing is subscribed", async () => {
        const peer = await accessory(() => value(true));
        const client = clientOf(peer, { keepAliveMs: 30 });
        client.start();
        await client.read([on]);
        await vi.waitFor(() => expect(peer.requests.length).toBeGreaterThan(2));
        expect(new Set(peer.requests.map(({ path }) => path))).toEqual(new Set(["/characteristics?id=1.9"]));
    });

    it("gives up on a silent accessory in time, also for the commands behind, and works again after", async () => {
        const peer = await accessory(() => undefined);
        const client = clientOf(peer, { commandMs: 400, requestMs: 250, databaseMs: 250 });
        const commands = await Promise.allSettled([1, 2, 3, 4].map(() => client.accessories()));
        for (const command of commands)
            expect(command).toMatchObject({ status: "rejected", reason: { code: "timeout" } });
        peer.script = () => value(1);
        await expect(client.read([on])).resolves.toEqual([{ ...on, value: 1 }]);
    });

    it("repeats on a new connection what an idle one never answered", async () => {
        const peer = await accessory(() => value(1));
        const client = clientOf(peer, { requestMs: 200 });
        await client.read([on]);
        const first = peer.requests[0]?.socket;
        peer.script = ({ socket }) => (socket === first ? undefined : value(2));
        await expect(client.read([on])).resolves.toEqual([{ ...on, value: 2 }]);
    });

    it("gives up on something that accepts connections and never speaks", async () => {
        const mute = createServer(() => {}).listen(0, "127.0.0.1");
        await once(mute, "listening");
        ends.push(() => mute.close());
        const peer = await accessory(() => 204);
        const { port } = mute.address() as AddressInfo;
        const locate = () => [{ host: "127.0.0.1", port }];
        const client = new HapClient({ pairing: peer.pairing, locate, timeouts: { connectMs: 200 } });
        ends.push(() => client.stop());
        await expect(client.read([on])).rejects.toMatchObject({ code: "timeout" });
    });

    it("ends the session over one corrupted byte, without a loop, and makes a new one", async () => {
        const peer = await accessory(({ send, socket }) => {
            const { write } = socket;
            socket.write = ((bytes: Buffer) => {
                socket.write = write;
                const corrupted = Buffer.from(bytes);
                corrupted[20] = (corrupted[20] ?? 0) ^ 1;
                return socket.write(corrupted);
            }) as typeof socket.write;
            send(http(200, value(1)));
            return undefined;
        });
        const client = clientOf(peer);
        await expect(client.read([on])).rejects.toMatchObject({ code: "protocol" });
        peer.script = () => value(1);
        await expect(client.read([on])).resolves.toEqual([{ ...on, value: 1 }]);
        expect(peer.connections).toBe(2);
    });

    it("ends the session over a frame that is too long", async () => {
        const peer = await accessory(({ sendRaw }) => {
            sendRaw(Buffer.concat([Buffer.of(0xff, 0xff), Buffer.alloc(40)]));
            return undefined;
        });
        await expect(clientOf(peer).read([on])).rejects.toMatchObject({ code: "protocol" });
    });

    it.each([
        ["an answer that nobody asked for", Buffer.concat([http(200, value(1)), http(200, value(1))])],
        ["something that is not HTTP", Buffer.from("SSH-2.0-OpenSSH\r\n")],
        ["an endless body", Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n`)],
    ])("ends the session over %s", async (_, bytes) => {
        const peer = await accessory(({ send }) => {
            send(bytes);
            return undefined;
        });
        const client = clientOf(peer);
        const lost = once(client, "disconnected", within());
        await client.read([on]).catch(() => {});
        await expect(lost).resolves.toMatchObject([{ code: "protocol" }]);
    });

    it("drops a session that the accessory no longer accepts", async () => {
        const peer = await accessory(() => 470);
        const client = clientOf(peer);
        await expect(client.read([on])).rejects.toMatchObject({ code: "authentication", message: /pair it again/ });
        expect(client.isConnected).toBe(false);
    });

    it("says when the accessory refuses this hub", async () => {
        const peer = await accessory(() => 204);
        peer.verifyAs = { ...peer.verifyAs, accepts: false };
        await expect(clientOf(peer).read([on])).rejects.toMatchObject({ code: "authentication" });
    });

    it("says when the accessory has other keys than when it was paired", async () => {
        const peer = await accessory(() => 204);
        const { pairing } = peer;
        const stranger = await accessory(() => 204);
        const client = new HapClient({ pairing, locate: () => [stranger.endpoint] });
        ends.push(() => client.stop());
        await expect(client.read([on])).rejects.toMatchObject({ code: "authentication", message: /other keys/ });
    });

    it("passes by another accessory that answers where this one was, and finds it at the next address", async () => {
        const impostor = await accessory(() => 204);
        impostor.verifyAs = { ...impostor.verifyAs, accessoryId: "11:22:33:44:55:66" };
        const peer = await accessory(() => value(1));
        const closed = { host: "127.0.0.1", port: 1 };
        const locate = () => [closed, impostor.endpoint, peer.endpoint];
        const client = new HapClient({ pairing: peer.pairing, locate });
        ends.push(() => client.stop());
        await expect(client.read([on])).resolves.toEqual([{ ...on, value: 1 }]);
    });

    it("waits a moment for an accessory that is just restarting, elsewhere maybe", async () => {
        const peer = await accessory(() => value(1));
        let endpoint = { host: "127.0.0.1", port: 1 };
        const client = new HapClient({ pairing: peer.pairing, locate: () => [endpoint] });
        ends.push(() => client.stop());
        const read = client.read([on]);
        setTimeout(() => {
            endpoint = peer.endpoint;
        }, 400);
        await expect(read).resolves.toEqual([{ ...on, value: 1 }]);
    });

    it("says that an accessory is nowhere to be found", async () => {
        const peer = await accessory(() => 204);
        const client = new HapClient({ pairing: peer.pairing, locate: () => [], timeouts: { restartMs: 100 } });
        ends.push(() => client.stop());
        const read = client.read([on]);
        await expect(read).rejects.toThrow(HapError);
        await expect(read).rejects.toMatchObject({ code: "unreachable" });
    });

    it("tries again less and less often while an accessory is gone, and at once when it was seen", async () => {
        const peer = await accessory(() => value(1));
        const endpoints: { host: string; port: number }[] = [];
        const timeouts = { restartMs: 0, firstReconnectMs: 100, lastReconnectMs: 60_000 };
        const client = new HapClient({ pairing: peer.pairing, locate: () => endpoints, timeouts });
        ends.push(() => client.stop());
        client.start();
        for (let round = 0; round < 4; round++) await once(client, "failed", within());
        endpoints.push(peer.endpoint);
        const connected = once(client, "connected", within(500));
        client.reconnectNow();
        await connected;
    });

    it("asks at the new address at once when the accessory is seen while the old one is still tried", async () => {
        const peer = await accessory(() => value(1));
        const mute = createServer(() => {}).listen(0, "127.0.0.1");
        await once(mute, "listening");
        ends.push(() => mute.close());
        let place = { host: "127.0.0.1", port: (mute.address() as AddressInfo).port };
        const timeouts = { connectMs: 300, firstReconnectMs: 60_000, lastReconnectMs: 60_000 };
        const client = new HapClient({ pairing: peer.pairing, locate: () => [place], timeouts });
        ends.push(() => client.stop());
        const trying = once(mute, "connection", within());
        const connected = once(client, "connected", within());
        client.start();
        await trying;
        place = peer.endpoint;
        for (let round = 0; round < 300; round++) client.reconnectNow();
        await connected;
        expect(peer.connections).toBe(1);
    });

    it("does not wait for a connection that is being made when it is stopped", async () => {
        const peer = await accessory(() => 204);
        const mute = createServer(() => {}).listen(0, "127.0.0.1");
        await once(mute, "listening");
        ends.push(() => mute.close());
        const { port } = mute.address() as AddressInfo;
        const locate = () => [{ host: "127.0.0.1", port }];
        const patient = { commandMs: 60_000, connectMs: 60_000, requestMs: 60_000 };
        const client = new HapClient({ pairing: peer.pairing, locate, timeouts: patient });
        const connection = once(mute, "connection", within());
        const commands = Promise.allSettled([client.read([on]), client.listPairings()]);
        const [socket] = (await connection) as [Socket];
        client.stop();
        client.stop();
        for (const command of await commands) {
            expect(command).toMatchObject({ status: "rejected", reason: { code: "closed" } });
        }
        socket.destroy();
    });

    it("refuses commands after it was stopped, and ends those that wait", async () => {
        const peer = await accessory(() => undefined);
        const client = clientOf(peer);
        const read = client.read([on]);
        await vi.waitFor(() => expect(peer.requests).toHaveLength(1));
        client.stop();
        await expect(read).rejects.toMatchObject({ code: "closed" });
        await expect(client.read([on])).rejects.toMatchObject({ code: "closed" });
        client.start();
        expect(client.isConnected).toBe(false);
    });
});

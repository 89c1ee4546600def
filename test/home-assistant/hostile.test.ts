import { EventEmitter, once } from "node:events";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { HomeAssistant } from "../../dist/src/home-assistant";
import {
    readAreas,
    readConfig,
    readDevices,
    readEntityChanges,
    readEntityEntries,
    readExposedEntities,
    readFloors,
    readServerMessage,
} from "../../dist/src/home-assistant/messages";
import { SimulatedHomeAssistant, TOKEN } from "./simulated-home-assistant";

const WORDS = [
    "type",
    "id",
    "result",
    "event",
    "success",
    "error",
    "a",
    "c",
    "r",
    "+",
    "-",
    "s",
    "light.x",
    "__proto__",
];
const RUNS = { seed: 20_260_802, numRuns: 300 };
const json = fc.letrec((tie) => ({
    value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, false, 0, -1, 1e308, "", "light.x", "auth_ok", "result", "event", "on\u0000off"),
        fc.string(),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.constantFrom(...WORDS), fc.string()), tie("value"), { maxKeys: 5 }),
    ),
})).value;

describe("whatever comes over the wire", () => {
    it.each([readConfig, readFloors, readAreas, readDevices, readEntityEntries, readExposedEntities])(
        "is read or refused with a reason: $name",
        (read) => {
            fc.assert(
                fc.property(json, (value) => {
                    try {
                        read(value);
                    } catch (error) {
                        expect(error).toMatchObject({ name: "HomeAssistantError", code: "protocol" });
                    }
                }),
                RUNS,
            );
        },
    );

    it("is dropped where nothing was asked for", () => {
        fc.assert(
            fc.property(json, (value) => {
                const message = readServerMessage(value);
                if (message && "id" in message) expect(Number.isSafeInteger(message.id)).toBe(true);
                const changes = readEntityChanges(value);
                for (const [id, state] of changes?.added ?? []) {
                    expect(id).toMatch(/^[a-z0-9_]+\.[a-z0-9_]+$/);
                    expect(state.state).toMatch(/^[^\p{Cc}]{1,200}$/u);
                }
            }),
            RUNS,
        );
    });

    it("is kept in bounded size", () => {
        const endless = "x".repeat(100_000);
        const attributes = { friendly_name: endless, source_list: Array(10_000).fill(endless), whatever: endless };
        const changes = readEntityChanges({ a: { "light.x": { s: endless, a: attributes }, [endless]: { s: "on" } } });
        expect(changes?.added.size).toBe(1);
        expect(JSON.stringify(changes?.added.get("light.x")).length).toBeLessThan(25_000);
    });
});

describe("a server that means no good", () => {
    let simulated: SimulatedHomeAssistant;
    let client: HomeAssistant;
    beforeAll(async () => {
        simulated = await SimulatedHomeAssistant.start();
    });
    afterEach(() => client.stop());
    afterAll(() => simulated.stop());

    const news = new EventEmitter<{ told: [] }>();
    const until = async (is: () => boolean) => {
        const giveUp = AbortSignal.timeout(10_000);
        while (!is()) await once(news, "told", { signal: giveUp });
    };
    const connect = async (address = simulated.address) => {
        client = new HomeAssistant({ address, token: TOKEN, timings: { firstRetryMs: 10, longestRetryMs: 20 } });
        const tell = () => news.emit("told");
        client.on("status", tell).on("house", tell).on("states", tell);
        client.start();
        if (address === simulated.address) await until(() => client.status.state === "connected");
    };

    it("changes nothing with a thousand messages of noise in the middle of a connection", async () => {
        await connect();
        const before = client.house;
        const noise = fc.sample(json, { numRuns: 1_000, seed: RUNS.seed });
        for (const peer of simulated.clients) for (const one of noise) peer.sendRaw(JSON.stringify(one));
        simulated.change("light.kitchen_ceiling", "on");
        await until(() => client.state("light.kitchen_ceiling")?.state === "on");
        expect(client.house).toBe(before);
        simulated.change("light.kitchen_ceiling", "off");
    });

    it.each([
        ["no JSON", "{"],
        ["a message without end", `"${"x".repeat(17 * 1024 * 1024)}"`],
    ])("is left, and tried again later, after it sent %s", async (_, text) => {
        await connect();
        const seen: string[] = [];
        client.on("status", ({ state }) => seen.push(state));
        for (const peer of simulated.clients) peer.sendRaw(text);
        await until(() => seen.includes("waiting") && client.status.state === "connected");
    });

    it.each<[string, (socket: WebSocket) => void, string]>([
        [
            "asks for the token again and again",
            (socket) => setImmediate(() => socket.send('{"type":"auth_required"}')),
            "not-home-assistant",
        ],
        ["speaks another protocol", (socket) => socket.send("220 smtp ready"), "not-home-assistant"],
        ["hangs up", (socket) => socket.close(), "disconnected"],
    ])("gets no connection when it %s", async (_, behave, code) => {
        const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
        server.on("connection", (socket) => {
            if (code === "not-home-assistant") socket.send('{"type":"auth_required"}');
            behave(socket);
        });
        await once(server, "listening");
        const { port } = server.address() as { port: number };
        await connect(`http://127.0.0.1:${port}`);
        await until(() => client.status.state === "waiting");
        expect(client.status).toMatchObject({ error: { code } });
        await client.stop();
        server.close();
    });
});

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { IntentError } from "../../dist/src/home";
import { ConversationEndpoint, type Converser, HOME_ASSISTANT_SITE } from "../../dist/src/home-assistant";
import { compile, loadLanguage, respond, sentence } from "../../dist/src/language";

const TOKEN = "4ec2b8f1a6d07c3957e1f0aa4ec2b8f1";

const LAMP = { id: "homeassistant:light.desk", name: "Desk lamp", type: "light" };
const FAN = { id: "homekit:AA:1", name: "Fan", type: "fan" };
const HEATER = { id: "heater", name: "Heater", type: "switch" };
const language = loadLanguage("en");
const grammar = compile(language, { floors: [], areas: [], devices: [LAMP, FAN, HEATER] });

/** Where what was said last was said. */
let where: Parameters<Converser["dispatch"]>[1] = {};

/** A home whose fan is broken, and that asks back before it switches the heater. */
const converser: Converser = {
    language,
    understand: (text) => grammar.understand(text),
    notUnderstood: () => sentence(language, "not_understood"),
    async dispatch(intent, at) {
        where = at;
        if (intent.targets.includes(HEATER.id)) return { devices: [], say: "Shall I?", asked: {} };
        if (intent.name === "HassLightSet") throw new IntentError("bad-slot", intent.name, "That is no colour.");
        const devices = [LAMP, FAN].filter(({ id }) => intent.targets.includes(id));
        const outcomes = devices.map((device) => ({ device, ok: device === LAMP, state: { on: device === LAMP } }));
        return {
            devices: outcomes.map(({ device: { id, name }, ok, state }) => ({ id, name, ok, state })),
            say: respond(language, intent, outcomes),
        };
    },
};

let server: Server;
let port: number;
let endpoint: ConversationEndpoint;

beforeAll(async () => {
    server = createServer((request, response) => {
        void endpoint.answer(request, response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
});
beforeEach(() => listen(async () => converser));
afterAll(() => {
    server.closeAllConnections();
    server.close();
});

function listen(answering: () => Promise<Converser>, token = TOKEN): void {
    endpoint = new ConversationEndpoint({ token, converser: answering });
}

async function post(body: unknown, headers: Record<string, string> = {}) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${TOKEN}`, ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
}

describe("what is said to a home over HTTP", () => {
    it("is done, and answered as Home Assistant's conversation answers", async () => {
        expect(await post({ text: "turn on the desk lamp", conversation_id: "c1" })).toMatchObject({
            status: 200,
            body: {
                conversation_id: "c1",
                response: {
                    response_type: "action_done",
                    language: "en",
                    data: {
                        targets: [],
                        success: [{ name: "Desk lamp", type: "entity", id: "light.desk" }],
                        failed: [],
                    },
                    speech: { plain: { speech: "The desk lamp is on.", extra_data: null } },
                },
                intents: [{ name: "HassTurnOn", targets: ["light.desk"] }],
                suggestions: [],
            },
        });
        expect((await post({ text: "is the desk lamp on" })).body).toMatchObject({
            response: { response_type: "query_answer", speech: { plain: { speech: "Yes, the desk lamp is on." } } },
        });
    });

    it.each([
        ["open the pod bay doors", "no_intent_match"],
        ["turn on the fan", "failed_to_handle"],
        ["set the desk lamp to red", "failed_to_handle"],
    ])("gets an error code when it can't be done: %s", async (text, code) => {
        const { status, body } = await post({ text });
        expect(status).toBe(200);
        expect(body).toMatchObject({ response: { response_type: "error", data: { code } } });
        const { response } = body as { response: { speech: { plain: { speech: string } } } };
        expect(response.speech.plain.speech).not.toBe("");
    });

    it("waits for an answer after a question, at the place of which it was said", async () => {
        const { body } = await post({ text: "turn on the heater" });
        expect(body).toMatchObject({
            continue_conversation: true,
            response: { response_type: "action_done", speech: { plain: { speech: "Shall I?" } } },
        });
        expect(where.site).toBe(HOME_ASSISTANT_SITE);
        const { body: answered } = await post({ text: "turn on the desk lamp and the heater", site: "kitchen" });
        expect(where.site).toBe("kitchen");
        expect(answered).toMatchObject({ continue_conversation: true });
        expect((await post({ text: "turn on the desk lamp" })).body).toMatchObject({ continue_conversation: false });
    });

    it("is only understood where nothing is to be done", async () => {
        expect((await post({ text: "turn on the fan", act: false })).body).toMatchObject({
            response: { response_type: "action_done", data: { success: [], failed: [] } },
            intents: [{ name: "HassTurnOn", targets: ["homekit:AA:1"] }],
        });
    });

    it("needs the token, and nobody is let in while there is none", async () => {
        for (const authorization of ["", `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Basic ${TOKEN}`, "Bearer"]) {
            const { status, headers, body } = await post(
                { text: "turn on the desk lamp" },
                { Authorization: authorization },
            );
            expect([status, body.code, headers.get("www-authenticate")]).toEqual([
                401,
                "wrong-token",
                'Bearer realm="Earshot"',
            ]);
        }
        for (const none of ["", "short"]) {
            listen(async () => converser, none);
            const { status, body } = await post({ text: "hello" }, { Authorization: `Bearer ${none}` });
            expect([status, body.code]).toEqual([403, "no-token"]);
            expect(body.message).toContain("token");
        }
    });

    it.each<[string, unknown, Record<string, string>, number, string]>([
        ["no JSON", "{", {}, 400, "not-json"],
        ["a list", [], {}, 400, "not-json"],
        ["no text", { text: " " }, {}, 400, "no-text"],
        ["another type of text", { text: { $gt: "" } }, {}, 400, "no-text"],
        ["an endless sentence", { text: "on ".repeat(400) }, {}, 413, "too-long"],
        ["an endless body", { text: "on", more: "x".repeat(100_000) }, {}, 413, "too-large"],
        ["a strange place", { text: "on", site: 7 }, {}, 400, "bad-id"],
        ["a strange wish", { text: "on", act: "yes" }, {}, 400, "bad-act"],
        ["a form", "text=on", { "Content-Type": "application/x-www-form-urlencoded" }, 415, "not-json"],
    ])("is refused with a reason when it is %s", async (_, body, headers, status, code) => {
        expect(await post(body, headers)).toMatchObject({ status, body: { code, message: expect.any(String) } });
    });

    it("is refused when it is not said but looked up", async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { Authorization: `Bearer ${TOKEN}` } });
        expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    });

    it("waits for no more than a few others", async () => {
        const held = Promise.withResolvers<Converser>();
        const full = Promise.withResolvers<void>();
        let heard = 0;
        listen(() => {
            heard += 1;
            if (heard === 8) full.resolve();
            return held.promise;
        });
        const answers = Array.from({ length: 8 }, () => post({ text: "turn on the desk lamp" }));
        await full.promise;
        expect(await post({ text: "turn on the desk lamp" })).toMatchObject({ status: 503, body: { code: "busy" } });
        held.resolve(converser);
        expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([200]));
    });

    it("is survived when it breaks off in the middle, and when the home is down", async () => {
        const socket = connect(port, "127.0.0.1");
        await once(socket, "connect");
        socket.write(
            `POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"te`,
        );
        socket.destroy();
        listen(() => Promise.reject(new Error("The hub is down.")));
        expect(await post({ text: "turn on the desk lamp" })).toMatchObject({
            status: 503,
            body: { message: "The hub is down." },
        });
    });
});

import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GRANTS, type Grant, gated, OutflowGuard } from "../../dist/src/privacy";

const MESSAGE = {
    _msgid: "1",
    topic: "home/orders",
    url: "https://example.org/say?q=turn+on%20the%20lamp",
    payload: "turn on the lamp",
    transcript: { text: "turn on the lamp", words: [{ text: "lamp", startMs: 1, endMs: 2 }] },
    intent: {
        name: "HassTurnOn",
        text: "turn on the lamp",
        slots: { name: "Lamp", area: "Kitchen" },
        targets: ["lamp"],
        confidence: 1,
    },
    voice: { session: "s-1", recording: "r-1", site: "kitchen", speaker: "ada", startedAt: 5, wake: { word: "alexa" } },
    result: { devices: [{ id: "lamp", ok: true, state: { on: true } }], handled: true, say: "The lamp is on." },
    speaker: "ada",
    site: "kitchen",
    copy: { of: ["the lamp was said"], level: 3, wav: new Uint8Array([1, 2, 3]) },
};

const passed = (message: object, ...grants: readonly Grant[]) => gated(message, new Set(grants));

describe("a gate", () => {
    it("withholds everything without a grant, and says what there was", () => {
        const { message, disclosed, withheld } = passed(MESSAGE);
        expect(disclosed).toEqual([]);
        expect(withheld).toEqual(GRANTS);
        expect(message).toMatchObject({
            _msgid: "1",
            topic: "home/orders",
            url: "[withheld]",
            payload: "[withheld]",
            transcript: "[withheld]",
            speaker: "[withheld]",
            site: "[withheld]",
            copy: { of: ["[withheld]"], level: "[withheld]", wav: "[withheld]" },
        });
        expect(JSON.stringify(message)).not.toMatch(/lamp|kitchen|ada|Hass|alexa|s-1|r-1/i);
    });

    it.each<[Grant, object]>([
        [
            "text",
            {
                payload: MESSAGE.payload,
                transcript: MESSAGE.transcript,
                url: MESSAGE.url,
                result: { say: "The lamp is on." },
            },
        ],
        ["slots", { intent: { name: "HassTurnOn", targets: ["lamp"], slots: { name: "Lamp", area: "[withheld]" } } }],
        ["location", { site: "kitchen", voice: { site: "kitchen", speaker: "[withheld]" }, payload: "[withheld]" }],
        ["speaker", { speaker: "ada", voice: { site: "[withheld]", speaker: "ada" } }],
        ["sound", { copy: { wav: MESSAGE.copy.wav, of: ["[withheld]"] }, voice: { session: "s-1", recording: "r-1" } }],
    ])("lets on what is granted, and no more: %s", (grant, expected) => {
        const { message, disclosed, withheld } = passed(MESSAGE, grant);
        expect(message).toMatchObject(expected);
        expect(disclosed).toEqual([grant]);
        expect(withheld).toEqual(GRANTS.filter((each) => each !== grant));
    });

    it("passes the area that was meant with both of its grants", () => {
        const { message } = passed({ intent: MESSAGE.intent }, "slots", "location");
        expect(message).toMatchObject({ intent: { slots: { name: "Lamp", area: "Kitchen" }, text: "[withheld]" } });
    });

    it("leaves the message of other branches as it was", () => {
        const before = structuredClone(MESSAGE);
        passed(MESSAGE);
        expect(MESSAGE).toEqual(before);
    });

    it("does not follow what is no data, such as a request, and keeps what answers it", () => {
        class Request {
            readonly body = "secret";
            readonly socket = { server: this };
        }
        const res = new Request();
        const { message } = passed(
            { payload: 1, req: new Request(), res, headers: { x: new Request() } },
            "text",
            "slots",
        );
        expect(message).toEqual({ payload: 1, req: "[withheld]", res, headers: { x: "[withheld]" } });
        const ofFunctionNode = runInNewContext("({ payload: { say: 'hello', wav: new Uint8Array(3) } })") as object;
        expect(passed(ofFunctionNode, "text").message).toEqual({ payload: { say: "hello", wav: "[withheld]" } });
    });

    it("has an end with what has none", () => {
        const loop: Record<string, unknown> = { text: "secret" };
        loop.again = loop;
        expect(passed({ payload: loop }).message).toEqual({ payload: { text: "[withheld]", again: "[withheld]" } });
    });

    it("lets no words and no sound through, wherever a flow has put them", () => {
        const secret = "canary words";
        const anywhere = fc.object({
            values: [fc.constant(secret), fc.constant(`a ${secret} b`), fc.constant(Buffer.from(secret)), fc.integer()],
            maxDepth: 4,
        });
        fc.assert(
            fc.property(
                anywhere,
                fc.constantFrom("payload", "voice", "intent", "result", "headers", "mine"),
                (value, at) => {
                    const { message } = passed({ payload: secret, [at]: value }, "slots", "location", "speaker");
                    const text = JSON.stringify(message);
                    // Names of properties are the flow's, not a speaker's.
                    expect(text).not.toContain(`"${secret}"`);
                    expect(text).not.toContain(`a ${secret} b`);
                    expect(text).not.toContain('"Buffer"');
                },
            ),
            { numRuns: 300 },
        );
    });
});

describe("the guard", () => {
    const wav = Buffer.concat([Buffer.from("RIFF"), Buffer.alloc(4), Buffer.from("WAVE"), Buffer.alloc(20)]);
    const said = { _msgid: "1", payload: "my secret", transcript: { text: "my secret" } };

    it.each<[string, object, string | undefined]>([
        ["a transcript", said, "text"],
        ["a transcript in an object", { ...said, payload: { q: "my secret" } }, "text"],
        ["an intent and its text", { payload: "turn it on", intent: { name: "HassTurnOn" } }, "text"],
        ["a WAV", { payload: wav }, "sound"],
        ["sound that a function node has made", { ...said, payload: runInNewContext("new Uint8Array(8)") }, "sound"],
        ["sound with a transcript", { ...said, payload: Buffer.alloc(8) }, "sound"],
        ["what a gate let on", { ...said, gate: { destination: "weather", withheld: [] } }, undefined],
        ["what was redacted", { ...said, redaction: {} }, undefined],
        ["sound that is said to be redacted", { ...said, payload: wav, redaction: {} }, "sound"],
        ["a reply", { ...said, payload: "Done.", result: { say: "Done." } }, undefined],
        ["a number", { ...said, payload: 21 }, undefined],
        ["other people's text", { payload: "hello" }, undefined],
        ["other bytes", { payload: Buffer.alloc(100) }, undefined],
    ])("of %s", (_, message, leak) => {
        expect(new OutflowGuard().leak(message as Record<string, unknown>)).toBe(leak);
    });

    it("knows a message again of which a function has made another", () => {
        const guard = new OutflowGuard();
        guard.sent(said);
        expect(guard.leak({ _msgid: "1", payload: { note: "my secret" } })).toBe("text");
        expect(guard.leak({ _msgid: "2", payload: "hello" })).toBeUndefined();
        guard.sent({ _msgid: "3", payload: "ok", gate: { destination: "weather" }, transcript: { text: "x" } });
        expect(guard.leak({ _msgid: "3", payload: "made of what the gate let on" })).toBeUndefined();
    });

    it("looks at the whole message where the node sends all of it", () => {
        const replied = { ...said, payload: "Done.", result: { say: "Done." } };
        expect(new OutflowGuard().leak(replied, true)).toBe("text");
    });

    it("costs next to nothing: under 10 µs of the processor's time a message", () => {
        const guard = new OutflowGuard();
        const count = 100_000;
        const before = process.cpuUsage();
        for (let index = 0; index < count; index++) {
            const message = { ...said, _msgid: String(index) };
            guard.sent(message);
            guard.leak(message);
        }
        const { user, system } = process.cpuUsage(before);
        expect((user + system) / count).toBeLessThan(10);
    });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventReader, encodeEvent, WyomingError, type WyomingEvent } from "../../dist/src/wyoming";

const plain = ({ type, data, payload }: WyomingEvent) => ({ type, data, payload: [...payload] });
const bytesOf = (...lines: (string | Uint8Array)[]) => Buffer.concat(lines.map((line) => Buffer.from(line)));
const read = (bytes: Uint8Array) => [...new EventReader().read(bytes)].map(plain);

/** What the reader makes of bytes: events, or the code of what is wrong with them. */
function outcomeOf(bytes: Uint8Array): string {
    try {
        return `${read(bytes).length} events`;
    } catch (error) {
        return error instanceof WyomingError ? error.code : String(error);
    }
}

describe("events of the Wyoming protocol", () => {
    it("come back as they were written, however the bytes are cut", () => {
        const events = fc.array(
            fc.record({
                type: fc.string({ minLength: 1 }),
                data: fc.dictionary(
                    fc.string().filter((key) => key !== "__proto__"),
                    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string())),
                ),
                payload: fc.uint8Array({ maxLength: 300 }),
            }),
            { maxLength: 4 },
        );
        fc.assert(
            fc.property(events, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (written, cuts) => {
                const bytes = Buffer.concat(written.map(({ type, data, payload }) => encodeEvent(type, data, payload)));
                const reader = new EventReader();
                const found: ReturnType<typeof plain>[] = [];
                for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
                    const cut = cuts[turn % cuts.length] ?? 1;
                    for (const event of reader.read(bytes.subarray(at, at + cut))) found.push(plain(event));
                    at += cut;
                }
                expect(found).toEqual(written.map(plain));
                expect(reader.isInside).toBe(false);
            }),
            { numRuns: 200 },
        );
    });

    it("may hold their data in the line, in a block, or in both, where the block counts", () => {
        const bytes = bytesOf(
            '{"type":"transcript","data":{"text":"old","language":"en"},"data_length":14,"payload_length":null}\n',
            '{"text":"new"}',
        );
        expect(read(bytes)).toEqual([{ type: "transcript", data: { text: "new", language: "en" }, payload: [] }]);
    });

    it.each([
        ["no JSON", "hello\n", "malformed"],
        ["no object", "[1]\n", "malformed"],
        ["no type", '{"data":{}}\n', "malformed"],
        ["a length below zero", '{"type":"x","payload_length":-1}\n', "malformed"],
        ["half a byte", '{"type":"x","payload_length":1.5}\n', "malformed"],
        ["a length in words", '{"type":"x","data_length":"9"}\n', "malformed"],
        ["four gigabytes of sound", '{"type":"audio-chunk","payload_length":4294967296}\n', "too-large"],
        ["four gigabytes of data", '{"type":"info","data_length":4294967296}\n', "too-large"],
        ["a line without end", `{"type":"${"x".repeat(40_000)}`, "too-large"],
        ["a block that is no JSON", '{"type":"x","data_length":3}\nabc', "malformed"],
        ["no UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a]), "malformed"],
    ])("are refused with %s", (_, bytes, code) => {
        expect(outcomeOf(bytesOf(bytes))).toBe(code);
    });

    it("that were damaged on the way give events or an error of the protocol, and nothing else", () => {
        const whole = bytesOf(
            encodeEvent("transcribe", { language: "en" }),
            encodeEvent("audio-chunk", { rate: 16_000, width: 2, channels: 1 }, new Uint8Array(64)),
            encodeEvent("audio-stop"),
        );
        const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
        fc.assert(
            fc.property(damage, (changes) => {
                const bytes = Buffer.from(whole);
                for (const [at, value] of changes) bytes[at] = value;
                expect(outcomeOf(bytes)).toMatch(/^(\d events|malformed|too-large)$/);
            }),
            { numRuns: 10_000 },
        );
    });
});

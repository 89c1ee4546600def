import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FRAME_KEY, goodMessages, mutated, random } from "../../dist/bench/home/mutations";
import { HapError, isTrivialSetupCode, parseSetupCode } from "../../dist/src/hap";
import { generateRawKeyPair, namedNonce, seal, unseal, verifyEd25519 } from "../../dist/src/hap/crypto";
import { parseDatabase, parseEntries } from "../../dist/src/hap/database";
import { shortType } from "../../dist/src/hap/definitions";
import { FrameDecoder, FrameEncoder } from "../../dist/src/hap/frames";
import { HapMessageParser } from "../../dist/src/hap/http-parser";
import { parseJson, writeJson } from "../../dist/src/hap/json";
import { decodeTlv, decodeTlvList, encodeTlv, required } from "../../dist/src/hap/tlv";
import { event, http } from "./scripted-accessory";

const runs = { seed: 2026, numRuns: 500 };
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

/** The value or the HapError; anything else that is thrown fails the test. */
function outcome<T>(work: () => T): T | HapError {
    try {
        return work();
    } catch (error) {
        if (error instanceof HapError) return error;
        throw error;
    }
}

describe("setup codes", () => {
    it.each(["482-15-937", "48215937", "  482-15-937 "])("takes %s", (text) => {
        expect(parseSetupCode(text)).toBe("482-15-937");
    });

    it.each([
        "",
        "1234567",
        "123456789",
        "abc",
        "482-159-37",
        "4821-5937",
        "482 15 937",
        "４８２１５９３７",
        "482-15-937\n1",
    ])("refuses %j with a sentence that says what a code looks like", (text) => {
        expect(() => parseSetupCode(text)).toThrow(/eight digits, written 123-45-678/);
    });

    it.each(["00000000", "111-11-111", "999-99-999", "123-45-678", "87654321"])("refuses the trivial %s", (text) => {
        expect(() => parseSetupCode(text)).toThrow(/does not allow/);
        expect(isTrivialSetupCode(text.replaceAll("-", ""))).toBe(true);
    });
});

describe("TLV8", () => {
    it("gives back what was put in, whatever its length", () => {
        fc.assert(
            fc.property(
                fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 254 }), bytes(800)), {
                    selector: ([type]) => type,
                    minLength: 1,
                }),
                (items) => {
                    expect([...decodeTlv(encodeTlv(items))]).toEqual(items);
                },
            ),
            runs,
        );
    });

    it("reads records apart at separators", () => {
        const list = decodeTlvList(Buffer.from("0101aaff000101bb", "hex"));
        expect(list.map((record) => record.get(1)?.toString("hex"))).toEqual(["aa", "bb"]);
        expect(() => decodeTlv(Buffer.from("0101aaff000101bb", "hex"))).toThrow(/one record/);
    });

    it.each([
        ["an item without a length", "01"],
        ["an item that is cut off", "0105aa"],
        ["a type that stands twice", "0101aa0101bb"],
        ["a type that comes back later", "0101aa0201bb0101cc"],
    ])("refuses %s", (_, hex) => {
        expect(() => decodeTlv(Buffer.from(hex, "hex"))).toThrow(HapError);
    });

    it("never fails in another way, whatever it is given", () => {
        fc.assert(
            fc.property(bytes(600), (data) => {
                outcome(() => decodeTlvList(data));
            }),
            { ...runs, numRuns: 3000 },
        );
    });

    it("says which value is missing or too long", () => {
        const tlv = decodeTlv(encodeTlv([[1, Buffer.alloc(40)]]));
        expect(() => required(tlv, 2, "salt")).toThrow("The accessory's answer has no salt.");
        expect(() => required(tlv, 1, "key", 32)).toThrow("40 bytes");
    });
});

describe("frames", () => {
    const key = Buffer.alloc(32, 7);

    it("gives back what was put in, however it is cut on the way", () => {
        fc.assert(
            fc.property(
                fc.array(bytes(3000), { minLength: 1, maxLength: 4 }),
                fc.integer({ min: 1, max: 700 }),
                (messages, size) => {
                    const encoder = new FrameEncoder(key);
                    const wire = Buffer.concat(messages.map((message) => encoder.encode(message)));
                    const decoder = new FrameDecoder(key);
                    const parts: Buffer[] = [];
                    for (let at = 0; at < wire.length; at += size)
                        parts.push(decoder.decode(wire.subarray(at, at + size)));
                    expect(Buffer.concat(parts).equals(Buffer.concat(messages))).toBe(true);
                },
            ),
            { ...runs, numRuns: 60 },
        );
    });

    it("notices every changed bit", () => {
        const wire = new FrameEncoder(key).encode(Buffer.from("switch on the light"));
        for (let bit = 0; bit < wire.length * 8; bit++) {
            const changed = Buffer.from(wire);
            changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
            const result = outcome(() => new FrameDecoder(key).decode(changed));
            // A longer length is waited for; nothing is ever let through.
            expect(result instanceof HapError || result.length === 0).toBe(true);
        }
    });

    it("notices a frame that comes twice or is left out", () => {
        const encoder = new FrameEncoder(key);
        const [first, second] = [encoder.encode(Buffer.from("a")), encoder.encode(Buffer.from("b"))];
        expect(() => new FrameDecoder(key).decode(Buffer.concat([first, first]))).toThrow(HapError);
        expect(() => new FrameDecoder(key).decode(second)).toThrow(HapError);
    });

    it("does not open what is too short to be sealed", () => {
        expect(unseal(key, namedNonce("PV-Msg02"), Buffer.alloc(15))).toBeUndefined();
        const sealed = seal(key, namedNonce("PV-Msg02"), Buffer.from("x"));
        expect(unseal(key, namedNonce("PV-Msg03"), sealed)).toBeUndefined();
    });

    it("takes no signature by a key that is none", () => {
        const { publicKey } = generateRawKeyPair("Ed25519");
        expect(verifyEd25519(publicKey.subarray(1), Buffer.alloc(1), Buffer.alloc(64))).toBe(false);
        expect(verifyEd25519(publicKey, Buffer.alloc(1), Buffer.alloc(64))).toBe(false);
    });
});

describe("messages", () => {
    const chunked = Buffer.from(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=1\r\nabcd\r\n0A \r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n",
    );
    const stream = Buffer.concat([
        http(200, '{"a":1}'),
        event('{"b":2}'),
        Buffer.from("HTTP/1.1 204 No Content\r\nContent-Length: 12\r\n\r\n"),
        chunked,
        http(207, "x".repeat(5000)),
    ]);

    it("reads responses and events, however they are cut on the way", () => {
        for (const size of [1, 2, 3, 7, 100, 4096, stream.length]) {
            const parser = new HapMessageParser();
            const messages = [];
            for (let at = 0; at < stream.length; at += size)
                messages.push(...parser.push(stream.subarray(at, at + size)));
            expect(messages.map(({ kind, status, body }) => [kind, status, body.toString()])).toEqual([
                ["response", 200, '{"a":1}'],
                ["event", 200, '{"b":2}'],
                ["response", 204, ""],
                ["response", 200, "abcd0123456789"],
                ["response", 207, "x".repeat(5000)],
            ]);
        }
    });

    it.each([
        ["another protocol", "SSH-2.0-OpenSSH_9\r\n"],
        ["another version", "HTTP/3.0 200 OK\r\n\r\n"],
        ["a status that is no number", "HTTP/1.1 abc OK\r\n\r\n"],
        ["a header without a name", "HTTP/1.1 200 OK\r\n: x\r\n\r\n"],
        ["a length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"],
        ["a body beyond the limit", "HTTP/1.1 200 OK\r\nContent-Length: 4194305\r\n\r\n"],
        ["a head beyond the limit", `HTTP/1.1 200 OK\r\n${"x".repeat(17_000)}`],
        ["a head beyond the limit, complete", `HTTP/1.1 200 OK\r\nx:${"x".repeat(17_000)}\r\n\r\n`],
        ["a chunk without a size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"],
        ["a chunk size without an end", `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${"0".repeat(300)}`],
        ["a chunk longer than it says", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n"],
        ["chunks beyond the limit", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n"],
        [
            "a great many small chunks",
            `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${"1\r\na\r\n".repeat(20_000)}`,
        ],
        ["a trailer without an end", `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${"x".repeat(17_000)}`],
    ])("refuses %s", (_, text) => {
        expect(() => new HapMessageParser().push(Buffer.from(text))).toThrow(HapError);
    });

    it("never fails in another way, nor takes long, whatever has been changed", () => {
        const change = fc.tuple(fc.nat(stream.length - 1), fc.integer({ min: 0, max: 255 }));
        fc.assert(
            fc.property(
                fc.array(change, { minLength: 1, maxLength: 8 }),
                fc.integer({ min: 1, max: 900 }),
                (changes, size) => {
                    const changed = Buffer.from(stream);
                    for (const [at, value] of changes) changed[at] = value;
                    const parser = new HapMessageParser();
                    outcome(() => {
                        for (let at = 0; at < changed.length; at += size) parser.push(changed.subarray(at, at + size));
                    });
                },
            ),
            { ...runs, numRuns: 2000 },
        );
    });
});

describe("ten thousand frames that were tampered with", () => {
    it("are refused in words or taken for what they are, and nothing is let through a seal", () => {
        const next = random(2026);
        const messages = goodMessages();
        const unlike = { sealed: 0, plain: 0 };
        for (let round = 0; round < 10_000; round++) {
            const message = messages[round % messages.length];
            if (!message) throw new Error("there is no message");
            if (round % 2 === 0) {
                const changed = mutated(message.sealed, next);
                const result = outcome(() => new FrameDecoder(FRAME_KEY).decode(changed));
                const isWhole = changed.subarray(0, message.sealed.length).equals(message.sealed);
                if (result instanceof HapError) unlike.sealed++;
                else expect(result.length === 0 || isWhole).toBe(true);
                continue;
            }
            const parsed = outcome(() => new HapMessageParser().push(mutated(message.plain, next)));
            if (parsed instanceof HapError) {
                unlike.plain++;
                continue;
            }
            for (const { body } of parsed) {
                outcome(() => parseEntries(parseJson(body)));
                outcome(() => parseDatabase(parseJson(body)));
                outcome(() => decodeTlvList(body));
            }
        }
        expect(unlike.sealed).toBeGreaterThan(1000);
        expect(unlike.plain).toBeGreaterThan(1000);
    });
});

describe("JSON", () => {
    it("keeps integers beyond 2^53, and leaves fractions alone", () => {
        const parsed = parseJson(
            Buffer.from('{"a":9007199254740993,"b":1.2345678901234567,"c":"9007199254740993","d":-9007199254740993}'),
        );
        expect(parsed).toEqual({
            a: 9007199254740993n,
            b: 1.2345678901234567,
            c: "9007199254740993",
            d: -9007199254740993n,
        });
        expect(writeJson({ a: 9007199254740993n, b: [1n] })).toBe('{"a":9007199254740993,"b":[1]}');
    });

    it("refuses what is no JSON", () => {
        for (const text of ["", "{", '{"a":12345678901234567890', "[1,]"]) {
            expect(outcome(() => parseJson(Buffer.from(text)))).toMatchObject({ code: "protocol" });
        }
    });
});

describe("types", () => {
    it.each([
        ["00000043-0000-1000-8000-0026BB765291", "43"],
        ["0000003e-0000-1000-8000-0026bb765291", "3E"],
        ["8", "8"],
        ["000000CE", "CE"],
        ["e863f10a-079e-48ff-8f27-9c2605a29f52", "E863F10A-079E-48FF-8F27-9C2605A29F52"],
    ])("shortens %s to %s", (long, short) => {
        expect(shortType(long)).toBe(short);
    });
});

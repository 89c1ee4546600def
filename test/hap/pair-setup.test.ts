import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { SRP, SrpServer } from "fast-srp-hap";
import { afterEach, describe, expect, it, vi } from "vitest";
import { pairSetup } from "../../dist/src/hap";
import { generateRawKeyPair, hkdfSha512, namedNonce, seal, signEd25519 } from "../../dist/src/hap/crypto";
import { decodeTlv, encodeTlv, required, type Tlv, type TlvItem, TlvType } from "../../dist/src/hap/tlv";

const PIN = "482-15-937";
const ID = "AA:BB:CC:DD:EE:FF";
const ends: (() => unknown)[] = [];

afterEach(() => {
    for (const end of ends.splice(0)) end();
});

type Answer = readonly TlvItem[] | Buffer | undefined;

/** An accessory in pairing mode that answers each message as the test says; undefined is silence. */
async function endpoint(answer: (message: Tlv) => Answer) {
    const server = createServer((socket) => {
        socket.on("error", () => {});
        let waiting = Buffer.alloc(0);
        socket.on("data", (bytes) => {
            waiting = Buffer.concat([waiting, bytes]);
            const end = waiting.indexOf("\r\n\r\n");
            const length = Number(/content-length: (\d+)/i.exec(waiting.toString("latin1"))?.[1] ?? 0);
            if (end < 0 || waiting.length < end + 4 + length) return;
            const message = decodeTlv(waiting.subarray(end + 4, end + 4 + length));
            waiting = Buffer.alloc(0);
            const items = answer(message);
            if (!items) return;
            const body = Buffer.isBuffer(items) ? undefined : encodeTlv(items);
            const head = (size: number) => Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
            socket.write(body ? Buffer.concat([head(body.length), body]) : (items as Buffer));
        });
        ends.push(() => socket.destroy());
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    ends.push(() => server.close());
    return { host: "127.0.0.1", port: (server.address() as AddressInfo).port, server };
}

const state = (message: Tlv) => message.get(TlvType.State)?.[0] ?? 0;

async function pairing(
    answer: (message: Tlv) => Answer,
    options: { timeoutMs?: number; hasAppleAuthentication?: boolean } = {},
) {
    return await pairSetup({ endpoints: [await endpoint(answer)], pin: PIN, accessoryId: ID, ...options });
}

/** An accessory that does its part of the arithmetic, with lies where the test asks for them. */
function honest(lies: { proof?: Buffer; id?: string; signature?: Buffer; sealed?: Buffer } = {}) {
    const salt = randomBytes(16);
    const srp = new SrpServer(SRP.params.hap, salt, Buffer.from("Pair-Setup"), Buffer.from(PIN), randomBytes(32));
    const keys = generateRawKeyPair("Ed25519");
    return (message: Tlv): Answer => {
        if (state(message) === 1) {
            return [
                [TlvType.State, 2],
                [TlvType.PublicKey, srp.computeB()],
                [TlvType.Salt, salt],
            ];
        }
        if (state(message) === 3) {
            srp.setA(required(message, TlvType.PublicKey, "key"));
            srp.checkM1(required(message, TlvType.Proof, "proof"));
            return [
                [TlvType.State, 4],
                [TlvType.Proof, lies.proof ?? srp.computeM2()],
            ];
        }
        const id = Buffer.from(lies.id ?? ID);
        const signKey = hkdfSha512(srp.computeK(), "Pair-Setup-Accessory-Sign-Salt", "Pair-Setup-Accessory-Sign-Info");
        const signature = signEd25519(keys.privateKey, Buffer.concat([signKey, id, keys.publicKey]));
        const introduction = encodeTlv([
            [TlvType.Identifier, id],
            [TlvType.PublicKey, keys.publicKey],
            [TlvType.Signature, lies.signature ?? signature],
        ]);
        const key = hkdfSha512(srp.computeK(), "Pair-Setup-Encrypt-Salt", "Pair-Setup-Encrypt-Info");
        return [
            [TlvType.State, 6],
            [TlvType.EncryptedData, lies.sealed ?? seal(key, namedNonce("PS-Msg06"), introduction)],
        ];
    };
}

describe("pair-setup", () => {
    it("ends with keys of both sides, and asks for the method that the accessory announces", async () => {
        const methods: number[] = [];
        for (const hasAppleAuthentication of [false, true]) {
            const accessory = honest();
            const result = await pairing(
                (message) => {
                    if (state(message) === 1) methods.push(message.get(TlvType.Method)?.[0] ?? -1);
                    return accessory(message);
                },
                { hasAppleAuthentication },
            );
            expect(result).toMatchObject({ accessoryId: ID, controllerId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
            expect(
                [result.accessoryLtpk, result.controllerLtpk, result.controllerLtsk].map(({ length }) => length),
            ).toEqual([32, 32, 32]);
        }
        expect(methods).toEqual([0, 1]);
    });

    it.each([
        [2, "wrong-pin", /Check it/],
        [4, "max-peers", /as many controllers/],
        [5, "max-tries", /Switch it off and on/],
        [6, "already-paired", /Remove it there first/],
        [7, "busy", /someone else/],
        [99, "refused", /99/],
    ])("says in words what error %i means", async (code, expected, words) => {
        const refused = pairing(() => [
            [TlvType.State, 2],
            [TlvType.Error, code],
        ]);
        await expect(refused).rejects.toMatchObject({ code: expected, message: words });
    });

    it("fails a hundred times with a wrong code, and leaves no connection behind", async () => {
        let asked = 0;
        const place = await endpoint(() => {
            asked++;
            return [
                [TlvType.State, 2],
                [TlvType.Error, asked <= 100 ? 2 : 5],
            ];
        });
        const open = new Set<Socket>();
        place.server.on("connection", (socket) => {
            open.add(socket);
            socket.on("close", () => open.delete(socket));
        });
        const wrong = () => pairSetup({ endpoints: [place], pin: PIN, accessoryId: ID });
        for (let attempt = 1; attempt <= 100; attempt++) {
            await expect(wrong()).rejects.toMatchObject({ code: "wrong-pin" });
        }
        await expect(wrong()).rejects.toMatchObject({ code: "max-tries" });
        await vi.waitFor(() => expect(open.size).toBe(0));
    });

    it("says how long the accessory asks to wait", async () => {
        const refused = pairing(() => [
            [TlvType.State, 2],
            [TlvType.Error, 3],
            [TlvType.RetryDelay, Buffer.of(30, 0)],
        ]);
        await expect(refused).rejects.toMatchObject({ code: "busy", message: /wait 30 seconds/ });
    });

    it.each<[string, Answer]>([
        ["another state", [[TlvType.State, 4]]],
        [
            "no salt",
            [
                [TlvType.State, 2],
                [TlvType.PublicKey, Buffer.alloc(384, 1)],
            ],
        ],
        [
            "a public key that gives the secret away",
            [
                [TlvType.State, 2],
                [TlvType.Salt, Buffer.alloc(16)],
                [TlvType.PublicKey, Buffer.alloc(384)],
            ],
        ],
        ["an empty answer", Buffer.from("HTTP/1.1 500 Error\r\n\r\n")],
        ["half a TLV", Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\x06\x05")],
        ["another protocol", Buffer.from("220 smtp.example\r\n")],
    ])("stops at %s", async (_, answer) => {
        await expect(pairing(() => answer)).rejects.toMatchObject({ code: "protocol" });
    });

    it("does not pair with one that can't prove that it knows the code", async () => {
        await expect(pairing(honest({ proof: Buffer.alloc(64, 1) }))).rejects.toMatchObject({ code: "authentication" });
    });

    it("does not pair with another accessory than was chosen, nor with a forged introduction", async () => {
        await expect(pairing(honest({ id: "11:22:33:44:55:66" }))).rejects.toMatchObject({ code: "authentication" });
        await expect(pairing(honest({ signature: Buffer.alloc(64, 1) }))).rejects.toMatchObject({
            code: "authentication",
        });
        await expect(pairing(honest({ sealed: Buffer.alloc(80, 1) }))).rejects.toMatchObject({ code: "protocol" });
    });

    it("gives up in time on an accessory that falls silent, at whichever step", async () => {
        for (const silentState of [1, 3, 5]) {
            const accessory = honest();
            const silent = pairing((message) => (state(message) === silentState ? undefined : accessory(message)), {
                timeoutMs: 700,
            });
            await expect(silent).rejects.toMatchObject({ code: "timeout" });
        }
    });

    it("asks nobody when the code can't be one", async () => {
        const asked: Tlv[] = [];
        const nobody = await endpoint((message) => {
            asked.push(message);
            return undefined;
        });
        await expect(pairSetup({ endpoints: [nobody], pin: "000-00-000", accessoryId: ID })).rejects.toMatchObject({
            code: "invalid-pin",
        });
        expect(asked).toEqual([]);
    });

    it("says when nobody is there", async () => {
        const options = { endpoints: [{ host: "127.0.0.1", port: 1 }], pin: PIN, accessoryId: ID };
        await expect(pairSetup(options)).rejects.toMatchObject({
            code: "unreachable",
            message: "Nothing answers at 127.0.0.1 port 1.",
        });
    });
});

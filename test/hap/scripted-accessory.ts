/**
 * The accessory's side of a paired connection, for answers that no well-behaved accessory gives: a test says what is sent.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Endpoint, Pairing } from "../../dist/src/hap";
import {
    generateRawKeyPair,
    hkdfSha512,
    namedNonce,
    seal,
    sharedSecret,
    signEd25519,
    unseal,
    verifyEd25519,
} from "../../dist/src/hap/crypto";
import { FrameDecoder, FrameEncoder, sessionKeys } from "../../dist/src/hap/frames";
import { decodeTlv, encodeTlv, required, type Tlv, type TlvItem, TlvType } from "../../dist/src/hap/tlv";

export interface Request {
    readonly method: string;
    readonly path: string;
    readonly body: string;
    /** Sends plaintext through the session. */
    send(bytes: Buffer): void;
    /** Sends bytes as they are. */
    sendRaw(bytes: Buffer): void;
    readonly socket: Socket;
}

/** Text: a JSON body with status 200. Number: a status without a body. Undefined: no answer, or the script sent its own. */
export type Script = (request: Request) => string | number | undefined;

export const http = (status: number, body: string, type = "application/hap+json", start = "HTTP/1.1"): Buffer =>
    Buffer.from(
        `${start} ${status} X\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );

export const event = (body: string): Buffer => http(200, body, "application/hap+json", "EVENT/1.0");

export class ScriptedAccessory {
    readonly requests: Request[] = [];
    connections = 0;
    /** Replaces the accessory's own part of pair-verify: what it says it is, and whether it accepts the controller. */
    verifyAs = { accessoryId: "AA:BB:CC:DD:EE:FF", accepts: true };
    /** What it does when asked to resume a session: take it up, ask for pair-verify, or end the connection. */
    resuming: "resumes" | "verifies" | "stumbles" | "forges" = "verifies";
    /** How each connection was verified. */
    readonly verifiedBy: ("resume" | "verify")[] = [];
    readonly #sessions = new Map<string, Buffer>();
    readonly #server: Server;
    readonly #sockets = new Set<Socket>();
    readonly #ours = generateRawKeyPair("Ed25519");
    readonly #theirs = generateRawKeyPair("Ed25519");

    private constructor(public script: Script) {
        this.#server = createServer((socket) => this.#serve(socket));
    }

    static async start(script: Script): Promise<ScriptedAccessory> {
        const accessory = new ScriptedAccessory(script);
        accessory.#server.listen(0, "127.0.0.1");
        await once(accessory.#server, "listening");
        return accessory;
    }

    get endpoint(): Endpoint {
        return { host: "127.0.0.1", port: (this.#server.address() as AddressInfo).port };
    }

    /** As after pair-setup. */
    get pairing(): Pairing {
        return {
            accessoryId: "AA:BB:CC:DD:EE:FF",
            accessoryLtpk: this.#ours.publicKey,
            controllerId: "hub",
            controllerLtsk: this.#theirs.privateKey,
            controllerLtpk: this.#theirs.publicKey,
        };
    }

    /** Ends all connections without a word. */
    reset(): void {
        for (const socket of this.#sockets) socket.resetAndDestroy();
    }

    async stop(): Promise<void> {
        this.reset();
        this.#server.close();
        await once(this.#server, "close");
    }

    #serve(socket: Socket): void {
        this.connections++;
        this.#sockets.add(socket);
        socket.on("close", () => this.#sockets.delete(socket));
        socket.on("error", () => {});
        let waiting = Buffer.alloc(0);
        let encoder: FrameEncoder | undefined;
        let decoder: FrameDecoder | undefined;
        const session = generateRawKeyPair("X25519");
        let theirKey: Buffer = Buffer.alloc(0);
        let secret: Buffer = Buffer.alloc(0);
        const send = (bytes: Buffer) => socket.write(encoder ? encoder.encode(bytes) : bytes);
        const sendTlv = (items: readonly TlvItem[]) =>
            send(http(200, encodeTlv(items).toString("latin1"), "application/pairing+tlv8"));

        const verify = (body: Buffer): unknown => {
            const message = decodeTlv(body);
            if (message.get(TlvType.State)?.[0] === 1) {
                theirKey = required(message, TlvType.PublicKey, "key");
                if (message.has(TlvType.Method) && this.resuming !== "verifies") return resume(message);
                secret = sharedSecret(session.privateKey, theirKey);
                const id = Buffer.from(this.verifyAs.accessoryId);
                const proof = encodeTlv([
                    [TlvType.Identifier, id],
                    [
                        TlvType.Signature,
                        signEd25519(this.#ours.privateKey, Buffer.concat([session.publicKey, id, theirKey])),
                    ],
                ]);
                const key = hkdfSha512(secret, "Pair-Verify-Encrypt-Salt", "Pair-Verify-Encrypt-Info");
                return sendBinary([
                    [TlvType.State, 2],
                    [TlvType.PublicKey, session.publicKey],
                    [TlvType.EncryptedData, seal(key, namedNonce("PV-Msg02"), proof)],
                ]);
            }
            const key = hkdfSha512(secret, "Pair-Verify-Encrypt-Salt", "Pair-Verify-Encrypt-Info");
            const sealed = required(message, TlvType.EncryptedData, "proof");
            const proof = decodeTlv(unseal(key, namedNonce("PV-Msg03"), sealed) ?? Buffer.alloc(0));
            const id = required(proof, TlvType.Identifier, "id");
            const signed = Buffer.concat([theirKey, id, session.publicKey]);
            const isGenuine = verifyEd25519(
                this.#theirs.publicKey,
                signed,
                required(proof, TlvType.Signature, "signature"),
            );
            if (!isGenuine || !this.verifyAs.accepts)
                return sendTlv([
                    [TlvType.State, 4],
                    [TlvType.Error, 2],
                ]);
            sendTlv([[TlvType.State, 4]]);
            this.verifiedBy.push("verify");
            return encrypt();
        };
        const encrypt = () => {
            const keys = sessionKeys(secret);
            encoder = new FrameEncoder(keys.accessoryToController);
            decoder = new FrameDecoder(keys.controllerToAccessory);
            const info = "Pair-Verify-ResumeSessionID-Info";
            const sessionId = hkdfSha512(secret, "Pair-Verify-ResumeSessionID-Salt", info).subarray(0, 8);
            this.#sessions.set(sessionId.toString("hex"), secret);
        };
        const resume = (message: Tlv): unknown => {
            const asked = required(message, TlvType.SessionId, "session id");
            const known = this.#sessions.get(asked.toString("hex"));
            if (this.resuming === "stumbles" || !known) return socket.destroy();
            const proofKey = hkdfSha512(known, Buffer.concat([theirKey, asked]), "Pair-Resume-Request-Info");
            const proof = required(message, TlvType.EncryptedData, "proof");
            if (!unseal(proofKey, namedNonce("PR-Msg01"), proof)) return socket.destroy();
            const sessionId = randomBytes(8);
            const salt = Buffer.concat([theirKey, sessionId]);
            const isForged = this.resuming === "forges";
            const tagKey = isForged ? Buffer.alloc(32) : hkdfSha512(known, salt, "Pair-Resume-Response-Info");
            sendBinary([
                [TlvType.State, 2],
                [TlvType.Method, 6],
                [TlvType.SessionId, sessionId],
                [TlvType.EncryptedData, seal(tagKey, namedNonce("PR-Msg02"), Buffer.alloc(0))],
            ]);
            if (isForged) return undefined;
            secret = hkdfSha512(known, salt, "Pair-Resume-Shared-Secret-Info");
            this.verifiedBy.push("resume");
            encrypt();
            return this.#sessions.set(sessionId.toString("hex"), secret);
        };
        const sendBinary = (items: readonly TlvItem[]) => {
            const body = encodeTlv(items);
            send(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`), body]));
        };

        socket.on("data", (bytes) => {
            waiting = Buffer.concat([waiting, decoder ? decoder.decode(bytes) : bytes]);
            for (;;) {
                const end = waiting.indexOf("\r\n\r\n");
                if (end < 0) return;
                const head = waiting.toString("latin1", 0, end);
                const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
                if (waiting.length < end + 4 + length) return;
                const body = waiting.subarray(end + 4, end + 4 + length);
                waiting = waiting.subarray(end + 4 + length);
                const [method = "", path = ""] = head.split(" ");
                if (path === "/pair-verify") {
                    verify(body);
                    continue;
                }
                const sendRaw = (raw: Buffer) => socket.write(raw);
                const request = { method, path, body: body.toString("latin1"), send, sendRaw, socket };
                this.requests.push(request);
                const answer = this.script(request);
                if (typeof answer === "string") send(http(200, answer));
                else if (answer !== undefined) send(Buffer.from(`HTTP/1.1 ${answer} X\r\n\r\n`));
            }
        });
    }
}

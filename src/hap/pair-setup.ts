/** Pair-setup: makes this hub a controller of an accessory whose code is known (HAP R2 §5.6, SRP-6a of RFC 5054 with SHA-512). */
import { randomUUID } from "node:crypto";
import { type Endpoint, HapConnection, tryEach } from "./connection";
import {
    generateRawKeyPair,
    hkdfSha512,
    KEY_BYTES,
    namedNonce,
    seal,
    signEd25519,
    unseal,
    verifyEd25519,
} from "./crypto";
import { HapError } from "./error";
import { assertAnswer } from "./pairing-answer";
import { parseSetupCode } from "./setup-code";
import { isAccessoryProof, SRP_KEY_BYTES, srpProof } from "./srp";
import { decodeTlv, encodeTlv, required, TlvType } from "./tlv";

/** What both sides know of each other after pairing. Secret: whoever has it can command the accessory. */
export interface Pairing {
    /** The accessory's device id: "AA:BB:CC:DD:EE:FF". */
    readonly accessoryId: string;
    /** Its long-term public key, Ed25519. */
    readonly accessoryLtpk: Buffer;
    /** The name under which it knows this hub. */
    readonly controllerId: string;
    /** This hub's long-term secret key for it, the seed of an Ed25519 key, and the public key. */
    readonly controllerLtsk: Buffer;
    readonly controllerLtpk: Buffer;
}

export interface PairSetupOptions {
    readonly endpoints: readonly Endpoint[];
    /** As it stands on the accessory. */
    readonly pin: string;
    /** The id it was discovered under: another one answering there is an error. Left out when only the place is known. */
    readonly accessoryId?: string;
    /** Whether it announces Apple's authentication coprocessor (feature flag bit 0). */
    readonly hasAppleAuthentication?: boolean;
    /** For all of it; some accessories need several seconds for the arithmetic. */
    readonly timeoutMs?: number;
}

const Method = { PairSetup: 0, PairSetupWithAuth: 1 } as const;

/**
 * @throws {HapError} `invalid-pin`, `wrong-pin`, `already-paired`, `max-tries`, `busy`, `unreachable`, `timeout`, `protocol`, …
 */
export async function pairSetup(options: PairSetupOptions): Promise<Pairing> {
    const pin = parseSetupCode(options.pin);
    const deadline = performance.now() + (options.timeoutMs ?? 15_000);
    const timeLeft = () => Math.max(1, deadline - performance.now());
    const connection = await tryEach(options.endpoints, Math.min(timeLeft(), 5000), HapConnection.open);
    try {
        const exchange = async (state: number, items: Parameters<HapConnection["exchange"]>[1]) => {
            const answer = await connection.exchange("/pair-setup", [[TlvType.State, state], ...items], timeLeft());
            assertAnswer(answer, state + 1, "setup");
            return answer;
        };

        const method = options.hasAppleAuthentication ? Method.PairSetupWithAuth : Method.PairSetup;
        const m2 = await exchange(1, [[TlvType.Method, method]]);
        const salt = required(m2, TlvType.Salt, "salt", 16);
        const accessoryPublicKey = required(m2, TlvType.PublicKey, "public key", SRP_KEY_BYTES);
        const srp = await srpProof({ salt, accessoryPublicKey, pin }, timeLeft());

        const m4 = await exchange(3, [
            [TlvType.PublicKey, Buffer.from(srp.publicKey)],
            [TlvType.Proof, Buffer.from(srp.proof)],
        ]);
        if (!isAccessoryProof(required(m4, TlvType.Proof, "proof", 64), srp)) {
            throw new HapError("authentication", "The accessory could not prove that it knows its own code.");
        }

        const secret = Buffer.from(srp.secret);
        const sealingKey = hkdfSha512(secret, "Pair-Setup-Encrypt-Salt", "Pair-Setup-Encrypt-Info");
        const ours = generateRawKeyPair("Ed25519");
        const controllerId = randomUUID();
        const signKey = hkdfSha512(secret, "Pair-Setup-Controller-Sign-Salt", "Pair-Setup-Controller-Sign-Info");
        const signed = Buffer.concat([signKey, Buffer.from(controllerId), ours.publicKey]);
        const introduction = encodeTlv([
            [TlvType.Identifier, Buffer.from(controllerId)],
            [TlvType.PublicKey, ours.publicKey],
            [TlvType.Signature, signEd25519(ours.privateKey, signed)],
        ]);
        const m6 = await exchange(5, [[TlvType.EncryptedData, seal(sealingKey, namedNonce("PS-Msg05"), introduction)]]);

        const sealed = required(m6, TlvType.EncryptedData, "introduction");
        const opened = unseal(sealingKey, namedNonce("PS-Msg06"), sealed);
        if (!opened) throw new HapError("protocol", "The accessory's introduction does not match its seal.");
        const theirs = decodeTlv(opened);
        const accessoryId = required(theirs, TlvType.Identifier, "id", 64);
        const accessoryLtpk = required(theirs, TlvType.PublicKey, "long-term key", KEY_BYTES);
        const accessorySignKey = hkdfSha512(secret, "Pair-Setup-Accessory-Sign-Salt", "Pair-Setup-Accessory-Sign-Info");
        const expected = Buffer.concat([accessorySignKey, accessoryId, accessoryLtpk]);
        const isGenuine = verifyEd25519(accessoryLtpk, expected, required(theirs, TlvType.Signature, "signature", 64));
        const expectedId = options.accessoryId ?? accessoryId.toString();
        if (!isGenuine || accessoryId.toString().toUpperCase() !== expectedId.toUpperCase()) {
            throw new HapError("authentication", "The accessory that answered is not the one that was to be paired.");
        }
        return {
            accessoryId: accessoryId.toString(),
            accessoryLtpk: Buffer.from(accessoryLtpk),
            controllerId,
            controllerLtsk: ours.privateKey,
            controllerLtpk: ours.publicKey,
        };
    } finally {
        connection.close();
    }
}

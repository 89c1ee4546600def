/** Pair-verify: both sides prove who they are and agree on the keys of a session (HAP R2 §5.7). */
import type { HapConnection } from "./connection";
import {
    generateRawKeyPair,
    hkdfSha512,
    KEY_BYTES,
    namedNonce,
    seal,
    sharedSecret,
    signEd25519,
    unseal,
    verifyEd25519,
} from "./crypto";
import { HapError } from "./error";
import { type SessionKeys, sessionKeys } from "./frames";
import type { Pairing } from "./pair-setup";
import { assertAnswer } from "./pairing-answer";
import { type Resumption, resumed, resumeRequest, resumptionOf } from "./resumption";
import { decodeTlv, encodeTlv, required, TlvType } from "./tlv";

export interface VerifiedSession {
    readonly keys: SessionKeys;
    /** With which the session can be taken up again later. */
    readonly resumption: Resumption;
    /** Whether an earlier session was taken up again. */
    readonly isResumed: boolean;
}

/**
 * @param last an earlier session to take up again, if the accessory remembers it
 * @throws {HapError} `authentication` when the accessory doesn't accept us or can't prove its identity, `unreachable` when
 * another accessory answers at that address, `protocol`, `timeout`, `disconnected`.
 */
export async function pairVerify(
    connection: HapConnection,
    pairing: Pairing,
    timeLeftMs: () => number,
    last?: Resumption,
): Promise<VerifiedSession> {
    const ours = generateRawKeyPair("X25519");
    const m2 = await connection.exchange(
        "/pair-verify",
        [[TlvType.State, 1], [TlvType.PublicKey, ours.publicKey], ...(last ? resumeRequest(last, ours.publicKey) : [])],
        timeLeftMs(),
    );
    assertAnswer(m2, 2, "verify");
    const resumption = last && resumed(m2, last, ours.publicKey);
    if (resumption) return { keys: sessionKeys(resumption.secret), resumption, isResumed: true };

    const theirKey = required(m2, TlvType.PublicKey, "session key", KEY_BYTES);
    const secret = agree(ours.privateKey, theirKey);
    const sealingKey = hkdfSha512(secret, "Pair-Verify-Encrypt-Salt", "Pair-Verify-Encrypt-Info");

    const opened = unseal(sealingKey, namedNonce("PV-Msg02"), required(m2, TlvType.EncryptedData, "proof"));
    if (!opened) throw new HapError("protocol", "The accessory's proof does not match its seal.");
    const proof = decodeTlv(opened);
    const theirId = required(proof, TlvType.Identifier, "id", 64);
    if (theirId.toString().toUpperCase() !== pairing.accessoryId.toUpperCase()) {
        throw new HapError("unreachable", "Another accessory answers at the address where this one was last seen.");
    }
    const signed = Buffer.concat([theirKey, theirId, ours.publicKey]);
    if (!verifyEd25519(pairing.accessoryLtpk, signed, required(proof, TlvType.Signature, "signature", 64))) {
        throw new HapError(
            "authentication",
            "The accessory has other keys than when it was paired: it was reset. Remove it here and pair it again.",
        );
    }

    const id = Buffer.from(pairing.controllerId);
    const answer = encodeTlv([
        [TlvType.Identifier, id],
        [TlvType.Signature, signEd25519(pairing.controllerLtsk, Buffer.concat([ours.publicKey, id, theirKey]))],
    ]);
    const m4 = await connection.exchange(
        "/pair-verify",
        [
            [TlvType.State, 3],
            [TlvType.EncryptedData, seal(sealingKey, namedNonce("PV-Msg03"), answer)],
        ],
        timeLeftMs(),
    );
    assertAnswer(m4, 4, "verify");
    return { keys: sessionKeys(secret), resumption: resumptionOf(secret), isResumed: false };
}

function agree(privateKey: Buffer, publicKey: Buffer): Buffer {
    try {
        return sharedSecret(privateKey, publicKey);
    } catch (cause) {
        throw new HapError("protocol", "The accessory's session key is no key.", { cause });
    }
}

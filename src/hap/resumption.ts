/**
 * Pair-resume (HAP R2 §7.3.7): a session that both sides remember is taken up again with one message each way and without
 * signatures. Accessories need not know it; those answer as if pair-verify had been asked for.
 */
import { hkdfSha512, KEY_BYTES, namedNonce, seal, unseal } from "./crypto";
import { HapError } from "./error";
import { required, type Tlv, type TlvItem, TlvType } from "./tlv";

const PAIR_RESUME = 6;
const SESSION_ID_BYTES = 8;
const NOTHING = Buffer.alloc(0);
/** An accessory that was asked so often and never resumed is not asked any more. */
const MAX_MISSES = 2;

/** A session that can be taken up again. Secret: it proves who we are. */
export interface Resumption {
    readonly sessionId: Buffer;
    readonly secret: Buffer;
}

/** What a session agreed with `secret` can be resumed with. */
export function resumptionOf(secret: Buffer): Resumption {
    const id = hkdfSha512(secret, "Pair-Verify-ResumeSessionID-Salt", "Pair-Verify-ResumeSessionID-Info");
    return { sessionId: id.subarray(0, SESSION_ID_BYTES), secret };
}

/** What the first message of pair-verify has to hold besides our public key. */
export function resumeRequest({ sessionId, secret }: Resumption, publicKey: Buffer): readonly TlvItem[] {
    const key = hkdfSha512(secret, Buffer.concat([publicKey, sessionId]), "Pair-Resume-Request-Info");
    return [
        [TlvType.Method, PAIR_RESUME],
        [TlvType.SessionId, sessionId],
        [TlvType.EncryptedData, seal(key, namedNonce("PR-Msg01"), NOTHING)],
    ];
}

/**
 * What the session and the next one are resumed with; undefined when the accessory wants to verify instead.
 *
 * @throws {HapError} `protocol` when it can't prove that it remembers
 */
export function resumed(answer: Tlv, { secret }: Resumption, publicKey: Buffer): Resumption | undefined {
    if (answer.get(TlvType.Method)?.[0] !== PAIR_RESUME) return undefined;
    const sessionId = required(answer, TlvType.SessionId, "session id", KEY_BYTES);
    const salt = Buffer.concat([publicKey, sessionId]);
    const key = hkdfSha512(secret, salt, "Pair-Resume-Response-Info");
    const tag = required(answer, TlvType.EncryptedData, "proof", KEY_BYTES);
    if (!unseal(key, namedNonce("PR-Msg02"), tag)) {
        throw new HapError("protocol", "The accessory's proof that it remembers the session does not match its seal.");
    }
    return { sessionId, secret: hkdfSha512(secret, salt, "Pair-Resume-Shared-Secret-Info") };
}

/** What is remembered of an accessory's last session, and whether asking for it has ever been of use. */
export class ResumptionMemory {
    #last: Resumption | undefined;
    #misses = 0;
    #isOffered = false;

    /** Undefined when there is nothing to resume, or no sense in asking. */
    get last(): Resumption | undefined {
        return this.#isOffered || this.#misses < MAX_MISSES ? this.#last : undefined;
    }

    note({ resumption, isResumed }: { readonly resumption: Resumption; readonly isResumed: boolean }): void {
        if (isResumed) this.#isOffered = true;
        else if (this.#last) this.#misses++;
        this.#last = resumption;
    }

    /** Whatever went wrong, the next attempt goes the way that all accessories know. */
    noteFailure(): void {
        this.#last = undefined;
    }
}

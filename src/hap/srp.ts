/** SRP-6a as pair-setup uses it (RFC 5054 with its 3,072-bit group, SHA-512), off the event loop. */
import { createHash, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { SRP } from "fast-srp-hap";
import { HapError } from "./error";

/** The user name that both sides of pair-setup use. */
export const SRP_USER = "Pair-Setup";
export const SRP_KEY_BYTES = 384;

export interface SrpInput {
    readonly salt: Uint8Array;
    readonly accessoryPublicKey: Uint8Array;
    /** 123-45-678 */
    readonly pin: string;
}

export interface SrpResult {
    readonly publicKey: Uint8Array;
    /** M1: shows the accessory that we know the code. */
    readonly proof: Uint8Array;
    /** K: what both know and nobody else. */
    readonly secret: Uint8Array;
}

/** @throws {HapError} `protocol` for a public key that would fix the secret, `timeout` when it takes longer than `timeoutMs`. */
export function srpProof(input: SrpInput, timeoutMs: number): Promise<SrpResult> {
    const prime = BigInt(`0x${SRP.params.hap.N.toString(16)}`);
    // RFC 5054 §2.5.3
    if (BigInt(`0x${Buffer.from(input.accessoryPublicKey).toString("hex")}`) % prime === 0n) {
        return Promise.reject(new HapError("protocol", "The accessory's public key would give the secret away."));
    }
    return new Promise((resolve, reject) => {
        const worker = new Worker(join(__dirname, "srp-worker.js"), { workerData: input });
        const timer = setTimeout(() => {
            reject(new HapError("timeout", "The arithmetic of pairing took too long on this machine."));
            void worker.terminate();
        }, timeoutMs);
        worker.once("message", (result: SrpResult) => {
            clearTimeout(timer);
            resolve(result);
        });
        worker.once("error", (cause) => {
            clearTimeout(timer);
            reject(new HapError("protocol", "The arithmetic of pairing failed.", { cause }));
        });
    });
}

/** Whether `proof` (M2) is that of an accessory that knows its own code. */
export function isAccessoryProof(proof: Buffer, { publicKey, proof: ourProof, secret }: SrpResult): boolean {
    const expected = createHash("sha512").update(publicKey).update(ourProof).update(secret).digest();
    return proof.length === expected.length && timingSafeEqual(proof, expected);
}

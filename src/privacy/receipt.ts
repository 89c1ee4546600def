/** Receipts for deletions: signed, without content, checked by anybody who has the public key. */
import { open, readFile, stat } from "node:fs/promises";
import { PrivacyLogError } from "./error";
import { fullFiles } from "./log-file";
import { type PrivacyRecord, parseLine } from "./record";
import { isSignedBy, type PublicKeys, publicKeyFrom, type SigningKey } from "./signing";

export interface DeletionReceipt {
    readonly receipt: "earshot-deletion-1";
    /** When, in ISO 8601 and UTC. */
    readonly at: string;
    /** Recordings that were deleted, wholly or in part. */
    readonly count: number;
    /** SHA-256 over their ids, 16 bytes each, sorted, in hexadecimal digits: whoever has the ids can tell that they are meant. */
    readonly ids: string;
    /** The record in the privacy log that says so. */
    readonly record: { readonly seq: number; readonly hash: string };
    /** Public key, SubjectPublicKeyInfo in base64. */
    readonly key: string;
    /** Ed25519 over the receipt without this field, in base64url. */
    readonly sig: string;
}

export async function signedReceipt({ at, count = 0, digest = "", seq, hash }: PrivacyRecord, key: SigningKey) {
    const body: Omit<DeletionReceipt, "sig"> = {
        receipt: "earshot-deletion-1",
        at,
        count,
        ids: digest,
        record: { seq, hash },
        key: key.publicKey,
    };
    const receipt: DeletionReceipt = { ...body, sig: await key.sign(textOf(body)) };
    return receipt;
}

/**
 * - `not-a-receipt`: something else
 * - `bad-signature`: it was changed, or signed with another key
 * - `unknown-key`: it is as it was signed, but not with a key of this log
 * - `not-in-log`: the log has no such deletion
 */
export type ReceiptFault = "not-a-receipt" | "bad-signature" | "unknown-key" | "not-in-log";

export interface ReceiptVerification {
    readonly ok: boolean;
    readonly fault?: ReceiptFault;
    readonly receipt?: DeletionReceipt;
}

export interface ReceiptChecks {
    /** Keys that are trusted; without them the receipt's own is taken, which proves only that nobody changed it since. */
    readonly keys?: PublicKeys;
    /** The log that it should be in. */
    readonly log?: string;
}

/** @param receipt as read from JSON */
export async function verifyReceipt(receipt: unknown, { keys, log }: ReceiptChecks = {}): Promise<ReceiptVerification> {
    if (!isReceipt(receipt)) return { ok: false, fault: "not-a-receipt" };
    const { sig, ...body } = receipt;
    const found = publicKeyFrom(receipt.key);
    if (!found || !(await isSignedBy(found[1], textOf(body), sig))) return { ok: false, fault: "bad-signature" };
    if (keys && !keys.has(found[0])) return { ok: false, fault: "unknown-key", receipt };
    if (log !== undefined && !(await isInLog(receipt, log))) return { ok: false, fault: "not-in-log", receipt };
    return { ok: true, receipt };
}

const MAX_RECEIPT_BYTES = 8 * 1024;

/** @throws PrivacyLogError "not-found" when there is no such file; "damaged" when it is too long or no JSON */
export async function readReceipt(file: string): Promise<unknown> {
    const size = await stat(file).then(
        (stats) => stats.size,
        () => {
            throw new PrivacyLogError("not-found", `There is no receipt ${file}.`);
        },
    );
    if (size > MAX_RECEIPT_BYTES) throw new PrivacyLogError("damaged", `That is too long for a receipt: ${file}.`);
    try {
        return JSON.parse(await readFile(file, "utf8"));
    } catch {
        throw new PrivacyLogError("damaged", `That is no receipt: ${file} is not JSON.`);
    }
}

async function isInLog({ record, ids, count }: DeletionReceipt, path: string): Promise<boolean> {
    for (const file of [...(await fullFiles(path)), path]) {
        const handle = await open(file).catch(() => undefined);
        if (!handle) continue;
        for await (const line of handle.readLines()) {
            const logged = line.startsWith(`{"seq":${record.seq},`) ? parseLine(Buffer.from(line)) : undefined;
            if (logged === undefined || typeof logged === "string") continue;
            return logged.hash === record.hash && logged.digest === ids && logged.count === count;
        }
    }
    return false;
}

function textOf({ receipt, at, count, ids, record: { seq, hash }, key }: Omit<DeletionReceipt, "sig">): string {
    return `earshot deletion receipt\n${JSON.stringify({ receipt, at, count, ids, record: { seq, hash }, key })}`;
}

function isReceipt(value: unknown): value is DeletionReceipt {
    if (typeof value !== "object" || value === null) return false;
    const get = (key: string): unknown => Reflect.get(value, key);
    const record = get("record");
    return (
        get("receipt") === "earshot-deletion-1" &&
        ["at", "ids", "key", "sig"].every((key) => typeof get(key) === "string") &&
        Number.isSafeInteger(get("count")) &&
        typeof record === "object" &&
        record !== null &&
        Number.isSafeInteger(Reflect.get(record, "seq")) &&
        typeof Reflect.get(record, "hash") === "string"
    );
}

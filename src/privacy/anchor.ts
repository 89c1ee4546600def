/**
 * How far a log had come: kept apart from it, a cut at its end shows. The log keeps one beside itself; a copy of it that
 * lies elsewhere (on another disk, on paper) also shows what somebody did who can write in the log's folder.
 */
import { open, readFile, rename, writeFile } from "node:fs/promises";
import type { PrivacyRecord } from "./record";
import { isSignedBy, publicKeyFrom, type SigningKey } from "./signing";

/** The last record of a log, with the public key that it can be checked with. */
export interface LogAnchor {
    readonly seq: number;
    readonly hash: string;
    readonly at: string;
    /** Ed25519 over the hash, in base64url. */
    readonly sig: string;
    /** SubjectPublicKeyInfo in base64. */
    readonly key: string;
}

const MAX_BYTES = 4_096;

/** What is signed of a record. */
export function signedText(hash: string): string {
    return `earshot privacy log\n${hash}`;
}

export function anchorOf({ seq, hash, at, sig = "" }: PrivacyRecord, { publicKey }: SigningKey): LogAnchor {
    return { seq, hash, at, sig, key: publicKey };
}

/** Replaces the file as a whole. It need not outlast a power cut: an older one is as true. */
export async function writeAnchor(file: string, anchor: LogAnchor): Promise<void> {
    await writeFile(`${file}.new`, `${JSON.stringify(anchor)}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
}

/** @returns undefined when there is no such file, "damaged" when it is something else or was changed */
export async function readAnchor(file: string): Promise<LogAnchor | "damaged" | undefined> {
    try {
        const handle = await open(file, "r");
        const { size } = await handle.stat().finally(() => handle.close());
        const anchor: unknown = size <= MAX_BYTES ? JSON.parse(await readFile(file, "utf8")) : undefined;
        return isAnchor(anchor) && (await isGenuine(anchor)) ? anchor : "damaged";
    } catch (error) {
        if (error instanceof SyntaxError) return "damaged";
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
    }
}

async function isGenuine({ hash, sig, key }: LogAnchor): Promise<boolean> {
    const found = publicKeyFrom(key);
    return found !== undefined && (await isSignedBy(found[1], signedText(hash), sig));
}

function isAnchor(value: unknown): value is LogAnchor {
    if (typeof value !== "object" || value === null) return false;
    const texts = ["hash", "at", "sig", "key"].every((key) => typeof Reflect.get(value, key) === "string");
    return texts && Number.isSafeInteger(Reflect.get(value, "seq"));
}

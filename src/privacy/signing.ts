/** The key that signs the log and the receipts: Ed25519 (RFC 8032), its private half in a file of mode 0600. */
import {
    createHash,
    createPrivateKey,
    createPublicKey,
    generateKeyPairSync,
    type KeyObject,
    sign,
    verify,
} from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { PrivacyLogError } from "./error";

/** Both run in Node's thread pool, not on the event loop. */
const signAside = promisify(sign);
const verifyAside = promisify(verify);

const MAX_PEM_BYTES = 64 * 1024;

export interface SigningKey {
    /** What records name it by: the beginning of the SHA-256 of its public half. */
    readonly id: string;
    /** SubjectPublicKeyInfo (RFC 5280) in base64. */
    readonly publicKey: string;
    /** @returns the signature in base64url */
    sign(text: string): Promise<string>;
}

/** Public keys by their ids. */
export type PublicKeys = ReadonlyMap<string, KeyObject>;

/**
 * The key of the log at `path`: from PATH.key, made when it is missing. Its public half is added to PATH.pub, which keeps
 * those of lost keys: without them what they signed could not be checked.
 */
export async function signingKeyOf(path: string): Promise<SigningKey> {
    const pem = (await readOptional(`${path}.key`)) ?? (await newKeyFile(`${path}.key`));
    const key = privateKey(pem, `${path}.key`);
    const publicHalf = createPublicKey(key);
    const id = keyId(publicHalf);
    const known = (await readOptional(`${path}.pub`)) ?? "";
    if (!publicKeysIn(known, `${path}.pub`).has(id)) {
        const publicPem = publicHalf.export({ type: "spki", format: "pem" }).toString();
        await writeFile(`${path}.pub`, known + publicPem, { mode: 0o600 });
    }
    return {
        id,
        publicKey: publicHalf.export({ type: "spki", format: "der" }).toString("base64"),
        sign: async (text) => (await signAside(null, Buffer.from(text), key)).toString("base64url"),
    };
}

/** @throws PrivacyLogError "no-key" */
export async function readPublicKeys(file: string): Promise<PublicKeys> {
    const pem = await readOptional(file);
    if (pem === undefined) throw new PrivacyLogError("no-key", `The public key of the log is missing: ${file}.`);
    return publicKeysIn(pem, file);
}

/** @param publicKey as in `SigningKey` */
export function publicKeyFrom(publicKey: string): readonly [id: string, key: KeyObject] | undefined {
    try {
        const key = createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });
        return [keyId(key), key];
    } catch {
        return undefined;
    }
}

export async function isSignedBy(key: KeyObject, text: string, signature: string): Promise<boolean> {
    const bytes = Buffer.from(signature, "base64url");
    // Base64 has several spellings of the same bytes; a changed one is a change.
    return bytes.toString("base64url") === signature && (await verifyAside(null, Buffer.from(text), key, bytes));
}

function publicKeysIn(pem: string, file: string): PublicKeys {
    const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[^-]*-----END PUBLIC KEY-----/g) ?? [];
    try {
        const keys = blocks.map((block) => createPublicKey(block));
        return new Map(keys.filter((key) => key.asymmetricKeyType === "ed25519").map((key) => [keyId(key), key]));
    } catch {
        throw new PrivacyLogError("no-key", `There is something else than public keys in ${file}.`);
    }
}

function privateKey(pem: string, file: string): KeyObject {
    try {
        const key = createPrivateKey(pem);
        if (key.asymmetricKeyType === "ed25519") return key;
    } catch {
        // Said below.
    }
    throw new PrivacyLogError("no-key", `The key that signs the privacy log is damaged: ${file}.`);
}

async function newKeyFile(file: string): Promise<string> {
    const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    await writeFile(file, pem, { mode: 0o600, flag: "wx", flush: true });
    return pem;
}

async function readOptional(file: string): Promise<string | undefined> {
    try {
        const text = await readFile(file, "utf8");
        if (text.length > MAX_PEM_BYTES) throw new PrivacyLogError("no-key", `That is no key: ${file}.`);
        return text;
    } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
    }
}

function keyId(key: KeyObject): string {
    return createHash("sha256")
        .update(key.export({ type: "spki", format: "der" }))
        .digest("hex")
        .slice(0, 16);
}

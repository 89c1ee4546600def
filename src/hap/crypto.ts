/** The ciphers of HAP R2 §5 over node:crypto, with keys as the raw bytes that HomeKit sends. */
import {
    createCipheriv,
    createDecipheriv,
    createPrivateKey,
    createPublicKey,
    diffieHellman,
    generateKeyPairSync,
    hkdfSync,
    type KeyObject,
    sign,
    verify,
} from "node:crypto";

export const KEY_BYTES = 32;
export const TAG_BYTES = 16;
const CIPHER = "chacha20-poly1305";

type Curve = "Ed25519" | "X25519";

/** What stands before the 32 key bytes in RFC 8410's encodings. */
const PREFIXES = {
    Ed25519: { public: "302a300506032b6570032100", private: "302e020100300506032b657004220420" },
    X25519: { public: "302a300506032b656e032100", private: "302e020100300506032b656e04220420" },
} as const;

export interface RawKeyPair {
    readonly publicKey: Buffer;
    /** The 32-byte seed (Ed25519) or scalar (X25519). */
    readonly privateKey: Buffer;
}

export function generateRawKeyPair(curve: Curve): RawKeyPair {
    const { publicKey, privateKey } =
        curve === "Ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("x25519");
    return {
        publicKey: publicKey.export({ type: "spki", format: "der" }).subarray(-KEY_BYTES),
        privateKey: privateKey.export({ type: "pkcs8", format: "der" }).subarray(-KEY_BYTES),
    };
}

/** @throws when `publicKey` isn't 32 bytes or leads to the all-zero secret. */
export function sharedSecret(privateKey: Buffer, publicKey: Buffer): Buffer {
    return diffieHellman({
        privateKey: privateKeyObject("X25519", privateKey),
        publicKey: publicKeyObject("X25519", publicKey),
    });
}

export function signEd25519(privateKey: Buffer, message: Buffer): Buffer {
    return sign(null, message, privateKeyObject("Ed25519", privateKey));
}

/** The public key of a secret one, Ed25519. */
export function publicKeyOf(privateKey: Buffer): Buffer {
    const publicKey = createPublicKey(privateKeyObject("Ed25519", privateKey));
    return publicKey.export({ type: "spki", format: "der" }).subarray(-KEY_BYTES);
}

export function verifyEd25519(publicKey: Buffer, message: Buffer, signature: Buffer): boolean {
    if (publicKey.length !== KEY_BYTES) return false;
    return verify(null, message, publicKeyObject("Ed25519", publicKey), signature);
}

export function hkdfSha512(secret: Buffer, salt: string | Buffer, info: string): Buffer {
    return Buffer.from(hkdfSync("sha512", secret, salt, info, KEY_BYTES));
}

/** A pairing message's nonce: its name, right-aligned in twelve bytes. */
export function namedNonce(name: string): Buffer {
    const nonce = Buffer.alloc(12);
    nonce.write(name, 4, "latin1");
    return nonce;
}

/** A frame's nonce: the counter of its direction, little-endian. */
export function countedNonce(counter: bigint): Buffer {
    const nonce = Buffer.alloc(12);
    nonce.writeBigUInt64LE(counter, 4);
    return nonce;
}

/** Ciphertext followed by its tag. */
export function seal(key: Buffer, nonce: Buffer, plaintext: Buffer, additional?: Buffer): Buffer {
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    if (additional) cipher.setAAD(additional, { plaintextLength: plaintext.length });
    return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** The plaintext, or undefined when it was sealed with another key or changed on the way. */
export function unseal(key: Buffer, nonce: Buffer, sealed: Buffer, additional?: Buffer): Buffer | undefined {
    if (sealed.length < TAG_BYTES) return undefined;
    const ciphertext = sealed.subarray(0, -TAG_BYTES);
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    if (additional) decipher.setAAD(additional, { plaintextLength: ciphertext.length });
    try {
        return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    } catch {
        return undefined;
    }
}

function publicKeyObject(curve: Curve, raw: Buffer): KeyObject {
    const key = Buffer.concat([Buffer.from(PREFIXES[curve].public, "hex"), raw]);
    return createPublicKey({ key, format: "der", type: "spki" });
}

function privateKeyObject(curve: Curve, raw: Buffer): KeyObject {
    const key = Buffer.concat([Buffer.from(PREFIXES[curve].private, "hex"), raw]);
    return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

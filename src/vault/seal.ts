/**
 * How things are sealed: AES-256-GCM (NIST SP 800-38D), keys for each purpose by HKDF-SHA-256 (RFC 5869), sound in
 * chunks as the STREAM construction does it (Hoang, Reyhanitabar, Rogaway and Vizár, 2015), so that neither a changed,
 * nor a missing, nor a moved chunk goes unnoticed.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { VaultError } from "./error";

export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Bytes of sound sealed at a time. */
const CHUNK_BYTES = 64 * 1024;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
/** Says what the file is, and in which version; sealed with every chunk. */
const SOUND_MAGIC = Buffer.from("EARSND01");

export function newKey(): Buffer {
    return randomBytes(KEY_BYTES);
}

/** @param purpose what the derived key is for; another purpose gives an unrelated key */
export function derivedKey(key: Buffer, purpose: string): Buffer {
    return Buffer.from(hkdfSync("sha256", key, Buffer.alloc(0), purpose, KEY_BYTES));
}

/** @param bond what the value belongs to; it opens only together with the same */
export function sealValue(key: Buffer, value: Buffer, bond: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    return Buffer.concat([nonce, sealed(key, nonce, value, Buffer.from(bond))]);
}

/** @throws VaultError "damaged" when the key, the bond or a bit is another */
export function openValue(key: Buffer, value: Uint8Array, bond: string): Buffer {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    const nonce = bytes.subarray(0, NONCE_BYTES);
    return opened(key, nonce, bytes.subarray(NONCE_BYTES), Buffer.from(bond), bond);
}

/** The pieces of a sealed file that holds `bytes`, in order. */
export function* sealedSound(key: Buffer, bytes: Buffer, id: string): Generator<Buffer> {
    yield SOUND_MAGIC;
    const soundKey = derivedKey(key, "earshot sound");
    for (let index = 0, at = 0; ; index++, at += CHUNK_BYTES) {
        const last = at + CHUNK_BYTES >= bytes.length;
        yield sealed(soundKey, chunkNonce(index, last), bytes.subarray(at, at + CHUNK_BYTES), soundBond(id));
        if (last) return;
    }
}

/** @throws VaultError "damaged" */
export function openedSound(key: Buffer, file: Buffer, id: string): Buffer {
    const what = `recording ${id}`;
    if (!file.subarray(0, SOUND_MAGIC.length).equals(SOUND_MAGIC)) throw damaged(what);
    const soundKey = derivedKey(key, "earshot sound");
    const chunks: Buffer[] = [];
    for (let index = 0, at = SOUND_MAGIC.length; ; index++, at += SEALED_CHUNK_BYTES) {
        const last = at + SEALED_CHUNK_BYTES >= file.length;
        const chunk = file.subarray(at, at + SEALED_CHUNK_BYTES);
        chunks.push(opened(soundKey, chunkNonce(index, last), chunk, soundBond(id), what));
        if (last) return Buffer.concat(chunks);
    }
}

function soundBond(id: string): Buffer {
    return Buffer.concat([SOUND_MAGIC, Buffer.from(id)]);
}

/** Counts the chunks and marks the last; a sound key seals one file only, so no nonce comes twice. */
function chunkNonce(index: number, last: boolean): Buffer {
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.writeUInt8(last ? 1 : 0, 7);
    nonce.writeUInt32BE(index, 8);
    return nonce;
}

function sealed(key: Buffer, nonce: Buffer, value: Buffer, bond: Buffer): Buffer {
    const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(bond);
    return Buffer.concat([cipher.update(value), cipher.final(), cipher.getAuthTag()]);
}

function opened(key: Buffer, nonce: Buffer, value: Buffer, bond: Buffer, what: string): Buffer {
    if (nonce.length < NONCE_BYTES || value.length < TAG_BYTES) throw damaged(what);
    try {
        const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES }).setAAD(bond);
        decipher.setAuthTag(value.subarray(value.length - TAG_BYTES));
        return Buffer.concat([decipher.update(value.subarray(0, value.length - TAG_BYTES)), decipher.final()]);
    } catch (error) {
        throw damaged(what, error);
    }
}

function damaged(what: string, cause?: unknown): VaultError {
    return new VaultError("damaged", `The vault can't open ${what}: it is damaged, or was sealed with another key.`, {
        cause,
    });
}

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

/** Sound is sealed as integers of 16 bits, so many samples at a time. */
const BYTES_PER_SAMPLE = 2;
export const CHUNK_SAMPLES = 32 * 1024;
const CHUNK_BYTES = CHUNK_SAMPLES * BYTES_PER_SAMPLE;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
/** Says what it is, and in which version; sealed with every chunk. */
const SOUND_MAGIC = Buffer.from("EARSND02");
const SALT_BYTES = 32;
/** What comes before the chunks: the magic and a salt. Without the salt the key opens nothing. */
export const SOUND_START_BYTES = SOUND_MAGIC.length + SALT_BYTES;

export function newKey(): Buffer {
    return randomBytes(KEY_BYTES);
}

/** @param purpose what the derived key is for; another purpose or salt gives an unrelated key */
export function derivedKey(key: Buffer, purpose: string, salt: Buffer = Buffer.alloc(0)): Buffer {
    return Buffer.from(hkdfSync("sha256", key, salt, purpose, KEY_BYTES));
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

/** The pieces of sealed sound, in order. */
export function* sealedSound(key: Buffer, bytes: Buffer, id: string): Generator<Buffer> {
    const salt = randomBytes(SALT_BYTES);
    yield Buffer.concat([SOUND_MAGIC, salt]);
    const chunkKey = soundKey(key, salt);
    for (let index = 0, at = 0; ; index++, at += CHUNK_BYTES) {
        const last = at + CHUNK_BYTES >= bytes.length;
        yield sealed(chunkKey, chunkNonce(index, last), bytes.subarray(at, at + CHUNK_BYTES), soundBond(id));
        if (last) return;
    }
}

/** Where a chunk is in sealed sound. */
export interface SealedChunk {
    readonly offset: number;
    readonly length: number;
    readonly isLast: boolean;
}

/** How many samples sealed sound of that many bytes holds. */
export function samplesIn(soundBytes: number): number {
    const chunkBytes = soundBytes - SOUND_START_BYTES;
    return (chunkBytes - Math.ceil(chunkBytes / SEALED_CHUNK_BYTES) * TAG_BYTES) / BYTES_PER_SAMPLE;
}

/** @throws VaultError "damaged" when sealed sound of that many bytes has no such chunk */
export function chunkOf(soundBytes: number, index: number, id: string): SealedChunk {
    const offset = SOUND_START_BYTES + index * SEALED_CHUNK_BYTES;
    if (offset >= soundBytes) throw damaged(soundName(id));
    const length = Math.min(SEALED_CHUNK_BYTES, soundBytes - offset);
    return { offset, length, isLast: offset + length === soundBytes };
}

/** @param start of the sealed sound. @throws VaultError "damaged" */
export function openedChunk(
    key: Buffer,
    start: Buffer,
    bytes: Buffer,
    index: number,
    { isLast }: SealedChunk,
    id: string,
): Buffer {
    if (start.length < SOUND_START_BYTES || !start.subarray(0, SOUND_MAGIC.length).equals(SOUND_MAGIC)) {
        throw damaged(soundName(id));
    }
    const chunkKey = soundKey(key, start.subarray(SOUND_MAGIC.length, SOUND_START_BYTES));
    return opened(chunkKey, chunkNonce(index, isLast), bytes, soundBond(id), soundName(id));
}

function soundKey(key: Buffer, salt: Buffer): Buffer {
    return derivedKey(key, "earshot sound", salt);
}

function soundName(id: string): string {
    return `recording ${id}`;
}

function soundBond(id: string): Buffer {
    return Buffer.concat([SOUND_MAGIC, Buffer.from(id)]);
}

/** Counts the chunks and marks the last; a sound key seals one sound only, so no nonce comes twice. */
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

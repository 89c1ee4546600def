/** The keys of the recordings on one page: sealed together, so that a purge opens and seals some hundred values, not all. */
import { VaultError } from "./error";
import { packedId, unpackedId } from "./recording";
import { KEY_BYTES } from "./seal";

/** A key is absent where there is nothing (any more) that it would open. */
export interface RecordingKeys {
    readonly words: Buffer | undefined;
    readonly sound: Buffer | undefined;
}

const ID_BYTES = 16;
/** Id, one byte that says which keys there are, and room for both. */
const ENTRY_BYTES = ID_BYTES + 1 + 2 * KEY_BYTES;
const HAS_WORDS = 1;
const HAS_SOUND = 2;

export function encodeKeys(keys: ReadonlyMap<string, RecordingKeys>): Buffer {
    const bytes = Buffer.alloc(keys.size * ENTRY_BYTES);
    let at = 0;
    for (const [id, { words, sound }] of keys) {
        packedId(id).copy(bytes, at);
        bytes[at + ID_BYTES] = (words ? HAS_WORDS : 0) | (sound ? HAS_SOUND : 0);
        words?.copy(bytes, at + ID_BYTES + 1);
        sound?.copy(bytes, at + ID_BYTES + 1 + KEY_BYTES);
        at += ENTRY_BYTES;
    }
    return bytes;
}

/** The keys are views of `bytes`. @throws VaultError "damaged" */
export function decodeKeys(bytes: Buffer): Map<string, RecordingKeys> {
    if (bytes.length % ENTRY_BYTES !== 0)
        throw new VaultError("damaged", "The vault's index is damaged: keys are missing.");
    const keys = new Map<string, RecordingKeys>();
    for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
        const flags = bytes.readUInt8(at + ID_BYTES);
        const wordsAt = at + ID_BYTES + 1;
        const soundAt = wordsAt + KEY_BYTES;
        keys.set(unpackedId(bytes.subarray(at, at + ID_BYTES)), {
            words: flags & HAS_WORDS ? bytes.subarray(wordsAt, soundAt) : undefined,
            sound: flags & HAS_SOUND ? bytes.subarray(soundAt, soundAt + KEY_BYTES) : undefined,
        });
    }
    return keys;
}

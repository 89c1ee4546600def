/** Names for values that tell nothing of them: the same for the same value in one home, and others in another. */
import { createHmac, randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type RedactionClass, RedactionError } from "./classes";

export const PSEUDONYM_KEY_BYTES = 32;

/** No digits and no vowels: what comes out is neither a number nor a word that could be redacted again, or read wrong. */
const LETTERS = "bdfghjkmnprstvwz";
const CHARACTERS = 8;

export class Pseudonyms {
    readonly #key: Buffer;

    /** @throws RedactionError "bad-key" for a key that is not 32 bytes */
    constructor(key: Uint8Array) {
        if (key.length !== PSEUDONYM_KEY_BYTES) {
            throw new RedactionError(
                "bad-key",
                `The key of pseudonyms has ${PSEUDONYM_KEY_BYTES} bytes, not ${key.length}.`,
            );
        }
        this.#key = Buffer.from(key);
    }

    /** HMAC-SHA-256 of class and value, 32 bits of it: enough to tell a home's values apart. */
    of(kind: RedactionClass, value: string): string {
        const digest = createHmac("sha256", this.#key).update(`${kind}\0${value.toLowerCase()}`).digest("hex");
        return Array.from(digest.slice(0, CHARACTERS), (digit) => LETTERS.charAt(Number.parseInt(digit, 16))).join("");
    }
}

/**
 * The key in a file that only its owner can read; made when there is none yet.
 * @throws RedactionError "bad-key" when the file holds something else
 */
export async function pseudonymKey(path: string): Promise<Buffer> {
    await mkdir(dirname(path), { recursive: true });
    let file: FileHandle;
    try {
        // Two that come at the same time must not each have a key of their own: the second reads what the first wrote.
        file = await open(path, "wx", 0o600);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        const key = await readFile(path);
        if (key.length === PSEUDONYM_KEY_BYTES) return key;
        throw new RedactionError("bad-key", `${path} is no key of pseudonyms; delete it to have a new one made.`);
    }
    const key = randomBytes(PSEUDONYM_KEY_BYTES);
    try {
        await file.writeFile(key);
        await file.sync();
    } catch (error) {
        await rm(path, { force: true });
        throw error;
    } finally {
        await file.close();
    }
    return key;
}

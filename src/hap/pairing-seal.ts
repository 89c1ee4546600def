/**
 * Pairings at rest are sealed (ChaCha20-Poly1305, RFC 8439) with a key in a file of its own, so that a copy of the
 * pairings alone, in a backup or a bug report, gives nothing away.
 */
import { randomBytes } from "node:crypto";
import { access, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { KEY_BYTES, seal, unseal } from "./crypto";

const KEY_FILE = "store.key";
const MAGIC = Buffer.from("EARSHAP1");
const NONCE_BYTES = 12;
/** Sealed with the text, so that it opens as nothing else. */
const BOND = Buffer.from("earshot homekit pairings");

export class PairingSeal {
    readonly #path: string;
    #key: Buffer | undefined;

    constructor(folder: string) {
        this.#path = join(folder, KEY_FILE);
    }

    /** @throws Error that says why it can't */
    async open(sealed: string): Promise<string> {
        const bytes = Buffer.from(sealed, "base64");
        const key = await this.#read();
        if (!key) throw new Error(`its key, ${this.#path}, is missing`);
        const text = unseal(key, bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES), BOND);
        if (!text) throw new Error(`it is damaged, or was sealed with another key than ${this.#path}`);
        return text.toString();
    }

    /** Makes the key when there is none. @throws Error */
    async close(text: string): Promise<string> {
        const key = (await this.#read()) ?? randomBytes(KEY_BYTES);
        await this.#keep(key);
        const nonce = randomBytes(NONCE_BYTES);
        return Buffer.concat([nonce, seal(key, nonce, Buffer.from(text), BOND)]).toString("base64");
    }

    async #read(): Promise<Buffer | undefined> {
        if (this.#key) return this.#key;
        let bytes: Buffer;
        try {
            bytes = await readFile(this.#path);
        } catch (error) {
            if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
            throw error;
        }
        const isKey = bytes.length === MAGIC.length + KEY_BYTES && bytes.subarray(0, MAGIC.length).equals(MAGIC);
        if (!isKey) throw new Error(`its key, ${this.#path}, is damaged`);
        this.#key = bytes.subarray(MAGIC.length);
        return this.#key;
    }

    /** Written whole or not at all, and before anything is sealed with it. */
    async #keep(key: Buffer): Promise<void> {
        if (await isThere(this.#path)) return;
        const handle = await open(`${this.#path}.new`, "w", 0o600);
        try {
            await handle.chmod(0o600);
            await handle.writeFile(Buffer.concat([MAGIC, key]));
            await handle.sync();
        } finally {
            await handle.close();
        }
        await rename(`${this.#path}.new`, this.#path);
        this.#key = key;
    }
}

function isThere(path: string): Promise<boolean> {
    return access(path).then(
        () => true,
        () => false,
    );
}

/**
 * The store key, in a file of its own. Every purge replaces it: what was wrapped with the old one (in a copy of the
 * folder, say) stays closed for ever.
 */
import { randomBytes } from "node:crypto";
import {
    closeSync,
    existsSync,
    fchmodSync,
    fsyncSync,
    openSync,
    readFileSync,
    renameSync,
    rmSync,
    writeSync,
} from "node:fs";
import { join } from "node:path";
import { VaultError } from "./error";
import { KEY_BYTES, newKey } from "./seal";

export interface StoreKey {
    /** Says which key it is without telling it: the index holds the id of the key that it is sealed with. */
    readonly id: Buffer;
    readonly key: Buffer;
}

const MAGIC = Buffer.from("EARSKEY1");
const ID_BYTES = 16;
const FILE_BYTES = MAGIC.length + ID_BYTES + KEY_BYTES;

export class StoreKeyFile {
    readonly #folder: string;
    readonly #path: string;
    readonly #nextPath: string;

    constructor(folder: string) {
        this.#folder = folder;
        this.#path = join(folder, "store.key");
        this.#nextPath = join(folder, "store.key.next");
    }

    /** @throws VaultError "no-key" */
    read(): StoreKey {
        if (!existsSync(this.#path)) throw new VaultError("no-key", `The vault's key is missing: ${this.#path}.`);
        return readKey(this.#path);
    }

    /**
     * Ends what an interrupted replacement began: the index says which of the two keys is the one.
     * @throws VaultError "no-key" when neither is
     */
    recover(id: Uint8Array): StoreKey {
        if (holdsKey(this.#path, id)) {
            rmSync(this.#nextPath, { force: true });
        } else if (holdsKey(this.#nextPath, id)) {
            this.activate();
        } else {
            this.read();
            throw new VaultError("no-key", `The vault was sealed with another key than the one in ${this.#path}.`);
        }
        return this.read();
    }

    /** Writes a new key beside the current one, which stays in force. */
    prepare(): StoreKey {
        const next = { id: randomBytes(ID_BYTES), key: newKey() };
        rmSync(this.#nextPath, { force: true });
        const file = openSync(this.#nextPath, "wx", 0o600);
        try {
            fchmodSync(file, 0o600);
            writeSync(file, Buffer.concat([MAGIC, next.id, next.key]));
            fsyncSync(file);
        } finally {
            closeSync(file);
        }
        syncFolder(this.#folder);
        return next;
    }

    /** Destroys the key in force (overwrites it first), and puts the prepared one in its place. */
    activate(): void {
        if (existsSync(this.#path)) {
            const old = openSync(this.#path, "r+");
            try {
                writeSync(old, Buffer.alloc(FILE_BYTES), 0, FILE_BYTES, 0);
                fsyncSync(old);
            } finally {
                closeSync(old);
            }
        }
        renameSync(this.#nextPath, this.#path);
        syncFolder(this.#folder);
    }
}

function holdsKey(path: string, id: Uint8Array): boolean {
    try {
        return existsSync(path) && readKey(path).id.equals(id);
    } catch (error) {
        if (error instanceof VaultError) return false;
        throw error;
    }
}

function readKey(path: string): StoreKey {
    const bytes = readFileSync(path);
    if (bytes.length !== FILE_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
        throw new VaultError("no-key", `The vault's key is damaged: ${path}.`);
    }
    return {
        id: bytes.subarray(MAGIC.length, MAGIC.length + ID_BYTES),
        key: bytes.subarray(MAGIC.length + ID_BYTES),
    };
}

/** Makes the names in a folder last through a power cut. Windows can't, and needn't. */
export function syncFolder(folder: string): void {
    if (process.platform === "win32") return;
    const handle = openSync(folder, "r");
    try {
        fsyncSync(handle);
    } finally {
        closeSync(handle);
    }
}

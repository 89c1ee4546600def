/**
 * The store key, in a file of its own. Every purge replaces it: what was wrapped with the old one (in a copy of the
 * folder, say) stays closed for ever. The file holds it as it is, or sealed with a passphrase or a secret.
 */
import { randomBytes, scryptSync } from "node:crypto";
import {
    closeSync,
    existsSync,
    fchmodSync,
    fstatSync,
    fsyncSync,
    openSync,
    readFileSync,
    renameSync,
    rmSync,
    statSync,
    writeSync,
} from "node:fs";
import { join } from "node:path";
import { VaultError } from "./error";
import { derivedKey, KEY_BYTES, newKey, openValue, sealValue } from "./seal";

/**
 * What guards the store key:
 * - `file`: the file's mode alone (0600)
 * - `passphrase`: a person's words; whoever opens the vault needs them
 * - `secret`: random text of at least 32 characters that the caller keeps elsewhere, such as a credential of Node-RED's
 */
export type KeyGuard =
    | { readonly kind: "file" }
    | { readonly kind: "passphrase"; readonly passphrase: string }
    | { readonly kind: "secret"; readonly secret: string };

export const MIN_SECRET_CHARACTERS = 32;

export interface StoreKey {
    /** Says which key it is without telling it: the index holds the id of the key that it is sealed with. */
    readonly id: Buffer;
    readonly key: Buffer;
}

const KINDS = ["file", "passphrase", "secret"] as const;

// MAGIC, kind, scrypt's log2(N), r and p, salt, id; then the key, or what it is sealed into.
const MAGIC = Buffer.from("EARSKEY2");
const SALT_AT = MAGIC.length + 4;
const ID_AT = SALT_AT + 16;
const KEY_AT = ID_AT + 16;
const MAX_FILE_BYTES = 256;

/** scrypt (RFC 7914) as OWASP's "Password Storage Cheat Sheet" asks for it, in 32 MB: a Raspberry Pi has them. */
const SCRYPT = { logN: 15, r: 8, p: 3 } as const;
const MAX_SCRYPT_BYTES = 256 * 1024 * 1024;

interface Header {
    readonly kind: KeyGuard["kind"];
    readonly logN: number;
    readonly r: number;
    readonly p: number;
    readonly salt: Buffer;
    readonly id: Buffer;
    readonly body: Buffer;
}

export class StoreKeyFile {
    readonly #folder: string;
    readonly #path: string;
    readonly #nextPath: string;
    #guard: KeyGuard;
    /** What the guard came to with the salt of a file; a passphrase takes long. */
    #wrapping: { readonly salt: Buffer; readonly key: Buffer } | undefined;

    constructor(folder: string, guard: KeyGuard) {
        this.#folder = folder;
        this.#path = join(folder, "store.key");
        this.#nextPath = join(folder, "store.key.next");
        this.#guard = guard;
    }

    get guard(): KeyGuard {
        return this.#guard;
    }

    /** Keys prepared from now on are guarded so. */
    guardWith(guard: KeyGuard): void {
        this.#guard = guard;
        this.#wrapping = undefined;
    }

    /** Whether the key in force is guarded as asked for. */
    isGuarded(): boolean {
        return this.#header(this.#path).kind === this.#guard.kind;
    }

    /**
     * Ends what an interrupted replacement began: the index says which of the two keys is the one.
     * @throws VaultError "no-key" when neither is, "wrong-key"
     */
    recover(id: Uint8Array): StoreKey {
        if (this.#holds(this.#path, id)) {
            const found = this.#read(this.#path);
            rmSync(this.#nextPath, { force: true });
            return found;
        }
        if (this.#holds(this.#nextPath, id)) {
            const found = this.#read(this.#nextPath);
            this.activate();
            return found;
        }
        this.#header(this.#path);
        throw new VaultError("no-key", `The vault was sealed with another key than the one in ${this.#path}.`);
    }

    /** Puts the key of this id into its place, should it still be beside it. */
    settle(id: Uint8Array): void {
        if (!this.#holds(this.#path, id) && this.#holds(this.#nextPath, id)) this.activate();
    }

    /** Writes a new key beside the current one, which stays in force. */
    prepare(): StoreKey {
        const next = { id: randomBytes(16), key: newKey() };
        rmSync(this.#nextPath, { force: true });
        const file = openSync(this.#nextPath, "wx", 0o600);
        try {
            fchmodSync(file, 0o600);
            writeSync(file, this.#fileOf(next));
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
                const zeros = Buffer.alloc(fstatSync(old).size);
                writeSync(old, zeros, 0, zeros.length, 0);
                fsyncSync(old);
            } finally {
                closeSync(old);
            }
        }
        renameSync(this.#nextPath, this.#path);
        syncFolder(this.#folder);
    }

    #fileOf({ id, key }: StoreKey): Buffer {
        const { kind } = this.#guard;
        const header = [MAGIC, Buffer.of(KINDS.indexOf(kind), SCRYPT.logN, SCRYPT.r, SCRYPT.p)];
        if (kind === "file") return Buffer.concat([...header, Buffer.alloc(16), id, key]);
        const salt = this.#wrapping?.salt ?? randomBytes(16);
        const wrapping = this.#wrappingKey({ ...SCRYPT, salt });
        return Buffer.concat([...header, salt, id, sealValue(wrapping, key, bond(id))]);
    }

    #holds(path: string, id: Uint8Array): boolean {
        try {
            return existsSync(path) && this.#header(path).id.equals(id);
        } catch (error) {
            if (error instanceof VaultError) return false;
            throw error;
        }
    }

    #read(path: string): StoreKey {
        const header = this.#header(path);
        const { id, body, kind } = header;
        if (kind === "file") return { id, key: body };
        if (kind !== this.#guard.kind) {
            const needed = kind === "passphrase" ? "passphrase" : "secret of the hub it was made with";
            throw new VaultError("no-key", `The vault needs its ${needed} to be opened.`);
        }
        try {
            return { id, key: openValue(this.#wrappingKey(header), body, bond(id)) };
        } catch (error) {
            if (!(error instanceof VaultError) || error.code !== "damaged") throw error;
            throw new VaultError("wrong-key", `That is not the ${kind} of the vault in ${this.#folder}.`);
        }
    }

    #wrappingKey({ salt, logN, r, p }: Pick<Header, "salt" | "logN" | "r" | "p">): Buffer {
        if (this.#wrapping?.salt.equals(salt)) return this.#wrapping.key;
        const key = keyOf(this.#guard, salt, { logN, r, p });
        this.#wrapping = { salt: Buffer.from(salt), key };
        return key;
    }

    /** @throws VaultError "no-key" when there is no such file, or it is something else */
    #header(path: string): Header {
        if (!existsSync(path)) throw new VaultError("no-key", `The vault's key is missing: ${path}.`);
        const bytes = statSync(path).size <= MAX_FILE_BYTES ? readFileSync(path) : Buffer.alloc(0);
        const [kindNumber = -1, logN = 0, r = 0, p = 0] = bytes.subarray(MAGIC.length);
        const kind = KINDS[kindNumber];
        const body = bytes.subarray(KEY_AT);
        const isWhole = bytes.subarray(0, MAGIC.length).equals(MAGIC) && body.length >= KEY_BYTES;
        const isAffordable = logN <= 20 && p <= 16 && 128 * r * 2 ** logN <= MAX_SCRYPT_BYTES;
        if (!kind || !isWhole || !isAffordable || (kind === "file" && body.length !== KEY_BYTES)) {
            throw new VaultError("no-key", `The vault's key is damaged: ${path}.`);
        }
        return { kind, logN, r, p, salt: bytes.subarray(SALT_AT, ID_AT), id: bytes.subarray(ID_AT, KEY_AT), body };
    }
}

function keyOf(guard: KeyGuard, salt: Buffer, { logN, r, p }: { logN: number; r: number; p: number }): Buffer {
    if (guard.kind === "passphrase") {
        return scryptSync(guard.passphrase.normalize("NFKC"), salt, KEY_BYTES, {
            N: 2 ** logN,
            r,
            p,
            maxmem: 2 * MAX_SCRYPT_BYTES,
        });
    }
    const secret = guard.kind === "secret" ? guard.secret : "";
    return derivedKey(Buffer.concat([salt, Buffer.from(secret)]), "earshot store key");
}

function bond(id: Uint8Array): string {
    return `store key ${Buffer.from(id).toString("hex")}`;
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

export type VaultErrorCode =
    /** A file is not as it was written: cut, changed, or another file. */
    | "damaged"
    /** The key that the vault was sealed with last is missing, or needs a passphrase or secret that was not given. */
    | "no-key"
    /** The passphrase or the secret is not that of this vault. */
    | "wrong-key"
    | "disk-full"
    /** The folder can't be read or written. */
    | "disk"
    /** Another program has the vault open. */
    | "in-use"
    | "not-found"
    | "too-long"
    | "bad-request"
    | "closed"
    /** Too many recordings wait to be kept. */
    | "busy"
    | "timeout"
    /** The recordings are purged, but something that keeps what came of them could not forget it yet. */
    | "not-forgotten"
    | "failed";

/** What the vault could not do: `message` is a sentence for people, and holds nothing that was said. */
export class VaultError extends Error {
    override readonly name = "VaultError";

    constructor(
        readonly code: VaultErrorCode,
        message: string,
        options?: ErrorOptions,
    ) {
        super(message, options);
    }
}

/**
 * SQLite's result codes (https://www.sqlite.org/rescode.html) that mean more than "failed". Our statements don't change: where
 * one makes no sense to it, or goes against a constraint, the file is another than we wrote.
 */
const SQLITE_CODES: ReadonlyMap<number, readonly [VaultErrorCode, string]> = new Map([
    [1, ["damaged", "The vault's index is damaged."]],
    [5, ["in-use", "Another program has the vault open."]],
    [6, ["in-use", "Another program has the vault open."]],
    [8, ["disk", "The vault's folder can't be written."]],
    [10, ["disk", "The vault's disk has a fault."]],
    [11, ["damaged", "The vault's index is damaged."]],
    [13, ["disk-full", "The vault's disk is full."]],
    [14, ["disk", "The vault's index can't be opened."]],
    [19, ["damaged", "The vault's index is damaged."]],
    [20, ["damaged", "The vault's index is damaged."]],
    [26, ["damaged", "The vault's index is damaged: it is not a database."]],
]);

/** @param what was being done, as the start of a sentence: "The vault could not …" */
export function vaultError(error: unknown, what: string): VaultError {
    if (error instanceof VaultError) return error;
    if (!(error instanceof Error)) return new VaultError("failed", `${what}.`, { cause: error });
    const options = { cause: error };
    if ("errcode" in error && typeof error.errcode === "number") {
        const [code, message] = SQLITE_CODES.get(error.errcode & 0xff) ?? ["failed", `${what}: ${error.message}.`];
        return new VaultError(code, message, options);
    }
    const system = "code" in error && typeof error.code === "string" ? error.code : undefined;
    if (system === "ENOSPC" || system === "EDQUOT")
        return new VaultError("disk-full", "The vault's disk is full.", options);
    if (system?.startsWith("E") && "syscall" in error)
        return new VaultError("disk", `${what}: ${error.message}.`, options);
    return new VaultError("failed", `${what}: ${error.message}.`, options);
}

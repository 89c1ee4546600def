/** Who has the vault open, for the message that another program gets. */
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { VaultError } from "./error";

const FILE = "in-use.json";

/** The lock itself is the index's: the system lets go of it when a process ends, however it ends. */
export function writeHolder(folder: string): void {
    const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
    writeFileSync(join(folder, FILE), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
}

export function removeHolder(folder: string): void {
    rmSync(join(folder, FILE), { force: true });
}

export function inUse(folder: string): VaultError {
    return new VaultError("in-use", `The vault in ${folder} is open already, ${holderOf(folder)}.`);
}

function holderOf(folder: string): string {
    try {
        const path = join(folder, FILE);
        if (statSync(path).size > 1_000) return "in another program";
        const { pid, host, since } = JSON.parse(readFileSync(path, "utf8"));
        return `in process ${Number(pid)} on ${String(host)} since ${String(since)}`;
    } catch {
        return "in another program";
    }
}

/** Everything that is kept, in one archive that other programs can open: sound, transcripts, log, and a list with SHA-256 sums. */
import { createHash } from "node:crypto";
import { open, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { encodeWav, SAMPLE_RATE } from "../audio";
import { type RecordingFilter, type Vault, VaultError } from "../vault";
import { TAR_END, tarEntry } from "./tar";

/** The last file in the archive, `manifest.json`. */
export interface ExportManifest {
    readonly format: "earshot-export-1";
    /** When, in ISO 8601 and UTC. */
    readonly at: string;
    readonly recordings: number;
    readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

export const MANIFEST = "manifest.json";

export interface ExportOptions {
    readonly vault: Vault;
    /** Path of the privacy log; it is left out when not given. */
    readonly log?: string;
    /** What to export; everything when not given. */
    readonly filter?: RecordingFilter;
    /** Milliseconds since 1970. */
    readonly now?: () => number;
}

const PAGE = 500;

/**
 * Writes the archive, which is NOT sealed: whoever reads the file hears what was said. It is there as a whole or not at all.
 * @returns what is in it
 * @throws VaultError, or what the disk says, such as that there is such a file already
 */
export async function exportVault(file: string, { vault, log, filter = {}, now = Date.now }: ExportOptions) {
    const at = now();
    const files: Record<string, { bytes: number; sha256: string }> = {};
    // Taken at once, so that no file that is there already is lost, and none by another export at the same time.
    await (await open(file, "wx", 0o600)).close();
    const part = `${file}.part`;
    try {
        const archive = await open(part, "w", 0o600);
        let recordings = 0;
        try {
            const add = async (name: string, content: Buffer) => {
                files[name] = { bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
                await archive.write(tarEntry(name, content, at));
            };
            for await (const id of idsOf(vault, filter)) if (await addRecording(vault, id, add)) recordings++;
            for (const path of log === undefined ? [] : await logFiles(log)) {
                await add(`log/${basename(path)}`, await readFile(path));
            }
            const manifest: ExportManifest = {
                format: "earshot-export-1",
                at: new Date(at).toISOString(),
                recordings,
                files,
            };
            await archive.write(tarEntry(MANIFEST, Buffer.from(JSON.stringify(manifest, undefined, 1)), at));
            await archive.write(TAR_END);
            await archive.sync();
            await archive.close();
            await rename(part, file);
            return manifest;
        } finally {
            await archive.close();
        }
    } catch (error) {
        await rm(part, { force: true });
        await rm(file, { force: true });
        throw error;
    }
}

async function* idsOf(vault: Vault, filter: RecordingFilter): AsyncGenerator<string> {
    for (let before: string | undefined; ; ) {
        const page = await vault.list({ ...filter, limit: PAGE, ...(before !== undefined && { before }) });
        for (const { id } of page) yield id;
        before = page.at(-1)?.id;
        if (page.length < PAGE || before === undefined) return;
    }
}

/** Resolves to false when it was purged meanwhile. */
async function addRecording(vault: Vault, id: string, add: (name: string, content: Buffer) => Promise<void>) {
    try {
        const { samples, ...words } = await vault.read(id);
        await add(`recordings/${id}.json`, Buffer.from(JSON.stringify(words, undefined, 1)));
        if (samples) await add(`recordings/${id}.wav`, encodeWav(samples, SAMPLE_RATE));
        return true;
    } catch (error) {
        if (error instanceof VaultError && error.code === "not-found") return false;
        throw error;
    }
}

/** The log's files, without its private key. */
async function logFiles(path: string): Promise<readonly string[]> {
    const names = await readdir(dirname(path)).catch(() => []);
    const start = basename(path);
    return names
        .filter(
            (name) => name === start || (name.startsWith(`${start}.`) && /\.(\d{6}|pub|anchor|receipts)$/.test(name)),
        )
        .toSorted((a, b) => a.localeCompare(b))
        .map((name) => join(dirname(path), name));
}

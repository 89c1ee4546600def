/** Everything that is kept, in one archive that other programs can open: sound, transcripts, log, and a list with SHA-256 sums. */
import { createHash } from "node:crypto";
import { open, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { encodeWav, SAMPLE_RATE } from "../audio";
import { type RecordingContent, type RecordingFilter, type Vault, VaultError } from "../vault";
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

/** Recordings are listed so many at a time. */
const PAGE = 500;

/**
 * The archive piece by piece, as it is made: nothing of it lies anywhere in clear unless somebody puts it there.
 * @returns what was in it
 * @throws VaultError, or what the disk says
 */
export async function* exported({
    vault,
    log,
    filter = {},
    now = Date.now,
}: ExportOptions): AsyncGenerator<Buffer, ExportManifest, undefined> {
    const at = now();
    const files: Record<string, { bytes: number; sha256: string }> = {};
    const entry = (name: string, content: Buffer) => {
        files[name] = { bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
        return tarEntry(name, content, at);
    };
    let recordings = 0;
    for await (const id of idsOf(vault, filter)) {
        const content = await readIfThere(vault, id);
        if (!content) continue;
        const { samples, ...words } = content;
        yield entry(`recordings/${id}.json`, Buffer.from(JSON.stringify(words, undefined, 1)));
        if (samples) yield entry(`recordings/${id}.wav`, encodeWav(samples, SAMPLE_RATE));
        recordings++;
    }
    for (const path of log === undefined ? [] : await logFiles(log)) {
        yield entry(`log/${basename(path)}`, await readFile(path));
    }
    const manifest = { format: "earshot-export-1", at: new Date(at).toISOString(), recordings, files } as const;
    yield tarEntry(MANIFEST, Buffer.from(JSON.stringify(manifest, undefined, 1)), at);
    yield TAR_END;
    return manifest;
}

/**
 * Writes the archive, which is NOT sealed: whoever reads the file hears what was said. It is there as a whole or not at all.
 * @returns what is in it
 * @throws VaultError, or what the disk says, such as that there is such a file already
 */
export async function exportVault(file: string, options: ExportOptions): Promise<ExportManifest> {
    // Taken at once, so that no file that is there already is lost, and none by another export at the same time.
    await (await open(file, "wx", 0o600)).close();
    const part = `${file}.part`;
    try {
        const archive = await open(part, "w", 0o600);
        try {
            const pieces = exported(options);
            let piece = await pieces.next();
            for (; !piece.done; piece = await pieces.next()) await archive.write(piece.value);
            await archive.sync();
            await archive.close();
            await rename(part, file);
            return piece.value;
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

/** Undefined when it was purged meanwhile. */
async function readIfThere(vault: Vault, id: string): Promise<RecordingContent | undefined> {
    try {
        return await vault.read(id);
    } catch (error) {
        if (error instanceof VaultError && error.code === "not-found") return undefined;
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

/** Takes an export back into a vault: the same recordings under the same ids, or nothing. */
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { decodeWav } from "../audio";
import type { Transcript } from "../speech";
import { type Derived, type ImportedKeepsake, isRecordingId, type Recording, type Vault } from "../vault";
import { type ExportManifest, MANIFEST } from "./export";
import { TarError, tarEntries } from "./tar";

export type ImportErrorCode = "not-an-export" | "damaged";

export class ImportError extends Error {
    override readonly name = "ImportError";

    constructor(
        readonly code: ImportErrorCode,
        message: string,
        options?: ErrorOptions,
    ) {
        super(message, options);
    }
}

export interface Imported {
    readonly imported: number;
    /** Were in the vault already, and stay as they are. */
    readonly alreadyThere: number;
}

/** An hour of sound, and a bit; the list of 400,000 files. */
const MAX_ENTRY_BYTES = 128 * 1024 * 1024;
const RECORDING = /^recordings\/([0-9a-f-]{36})\.(json|wav)$/;

/**
 * First checks every sum in the archive, then takes the recordings: a damaged archive changes nothing. It may bring
 * recordings back that were purged here since: that is what it is for.
 * @throws ImportError, VaultError, or what the disk says
 */
export async function importExport(file: string, vault: Vault): Promise<Imported> {
    const archive = await open(file, "r");
    try {
        await check(file, archive);
        let imported = 0;
        let alreadyThere = 0;
        const take = async (keepsake: ImportedKeepsake | undefined) => {
            if (!keepsake) return;
            if (await vault.import(keepsake)) imported++;
            else alreadyThere++;
        };
        let words: ImportedKeepsake | undefined;
        for await (const { name, content } of tarEntries(archive, MAX_ENTRY_BYTES)) {
            const [, id, ending] = RECORDING.exec(name) ?? [];
            if (ending === "json") {
                await take(words);
                words = keepsakeIn(name, content);
            } else if (ending === "wav" && words?.id === id && words) {
                words = { ...words, samples: decodeWav(content).samples };
            }
        }
        await take(words);
        return { imported, alreadyThere };
    } catch (error) {
        if (error instanceof TarError) throw new ImportError("damaged", `${file}: ${error.message}`, { cause: error });
        throw error;
    } finally {
        await archive.close();
    }
}

/** @throws ImportError, TarError */
async function check(file: string, archive: Parameters<typeof tarEntries>[0]): Promise<void> {
    const sums = new Map<string, string>();
    let manifest: ExportManifest | undefined;
    for await (const { name, content } of tarEntries(archive, MAX_ENTRY_BYTES)) {
        if (manifest) throw new ImportError("damaged", `${file} goes on after its list.`);
        if (name === MANIFEST) manifest = manifestIn(file, content);
        else if (sums.has(name)) throw new ImportError("damaged", `${file} has "${name}" twice.`);
        else sums.set(name, createHash("sha256").update(content).digest("hex"));
    }
    if (!manifest) throw new ImportError("not-an-export", `${file} has no list of what is in it: it is no export.`);
    const names = new Set([...sums.keys(), ...Object.keys(manifest.files)]);
    for (const name of names) {
        if (!sums.has(name) || manifest.files[name]?.sha256 !== sums.get(name)) {
            throw new ImportError("damaged", `${file} is damaged: "${name}" is not what it was.`);
        }
    }
}

function manifestIn(file: string, content: Buffer): ExportManifest {
    const value = json(content);
    const files = property(value, "files");
    if (property(value, "format") !== "earshot-export-1" || typeof files !== "object" || files === null) {
        throw new ImportError("not-an-export", `${file} is no export of this version of Earshot.`);
    }
    return value as ExportManifest;
}

/** The vault checks lengths and characters; here is checked that everything is of its kind. */
function keepsakeIn(name: string, content: Buffer): ImportedKeepsake {
    const value = json(content);
    const recording = property(value, "recording");
    const transcript = property(value, "transcript");
    const derived = property(value, "derived") ?? [];
    const isRecording =
        isRecordingId(property(recording, "id")) &&
        ["session", "site"].every((key) => typeof property(recording, key) === "string") &&
        ["startedAt", "durationMs", "keptAt"].every((key) => typeof property(recording, key) === "number") &&
        ["string", "undefined"].includes(typeof property(recording, "speaker"));
    const isTranscript = transcript === undefined || typeof property(transcript, "text") === "string";
    const isDerived = Array.isArray(derived) && derived.every((each) => typeof property(each, "kind") === "string");
    if (!isRecording || !isTranscript || !isDerived) throw new ImportError("damaged", `"${name}" is no recording.`);
    const { id, session, site, speaker, startedAt, durationMs, keptAt } = recording as Recording;
    return {
        ...{ id, session, site, startedAt, durationMs, keptAt },
        ...(speaker !== undefined && { speaker }),
        ...(transcript !== undefined && { transcript: transcript as Transcript }),
        derived: derived as readonly Derived[],
    };
}

function json(content: Buffer): unknown {
    try {
        return JSON.parse(content.toString());
    } catch {
        return undefined;
    }
}

function property(value: unknown, name: string): unknown {
    return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

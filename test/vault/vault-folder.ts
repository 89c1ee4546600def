import { cp, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Transcript } from "../../dist/src/speech";

export async function newFolder(): Promise<string> {
    return join(await mkdtemp(join(tmpdir(), "earshot-vault-")), "vault");
}

export async function removeFolder(folder: string): Promise<void> {
    await rm(join(folder, ".."), { recursive: true, force: true });
}

/** Every byte of every file in `folder`. */
export async function contentOf(folder: string): Promise<Buffer> {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile());
    return Buffer.concat(await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name)))));
}

/** Sealed sound where it is on the disk. */
export interface SealedSound {
    readonly path: string;
    /** In bytes from the start of the file. */
    readonly at: number;
    readonly bytes: Buffer;
    /** Without it the recording's key opens nothing. */
    readonly salt: Buffer;
}

/** The vault may be in use. */
export async function sealedSoundOf(folder: string, id: string): Promise<SealedSound> {
    const row = await rowOf(folder, id);
    const path = join(folder, "sound", String(row.sound_segment));
    const at = Number(row.sound_at);
    const bytes = (await readFile(path)).subarray(at, at + Number(row.sound_bytes));
    return { path, at, bytes, salt: bytes.subarray(8, 40) };
}

/** A recording's row in the index, from a copy of it. */
export async function rowOf(folder: string, id: string): Promise<Readonly<Record<string, unknown>>> {
    const copy = await mkdtemp(join(folder, "..", "index-"));
    for (const file of await readdir(folder)) {
        if (file.startsWith("index.sqlite")) await cp(join(folder, file), join(copy, file));
    }
    const index = new DatabaseSync(join(copy, "index.sqlite"));
    const row = index.prepare("SELECT * FROM recordings WHERE id = ?").get(id);
    index.close();
    await rm(copy, { recursive: true });
    if (!row) throw new Error(`There is no row of ${id}.`);
    return row;
}

/** Bytes of all files with sound. */
export async function soundBytesOf(folder: string): Promise<number> {
    const files = await readdir(join(folder, "sound"));
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, "sound", file))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
}

export function transcriptOf(text: string): Transcript {
    const words = text.split(" ").map((word, index) => ({
        text: word,
        startMs: index * 300,
        endMs: index * 300 + 250,
        confidence: 0.9,
    }));
    return { text, confidence: 0.95, words, engine: "builtin", durationMs: 2_000, latencyMs: 80, speechEndMs: 1_300 };
}

/** Sound that tells which recording it belongs to: a ramp that begins at `number`. */
export function soundOf(number: number, length: number): Float32Array {
    return new Float32Array(length).map((_, index) => (((number * 97 + index) % 2_000) - 1_000) / 1_000);
}

/** Whether `samples` are `soundOf(number, …)`, to 16 bits. */
export function isSoundOf(samples: Float32Array | undefined, number: number, length: number): boolean {
    const expected = soundOf(number, length);
    return (
        samples?.length === length &&
        samples.every((sample, index) => Math.abs(sample - (expected[index] ?? 9)) < 2 ** -15)
    );
}

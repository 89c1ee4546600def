import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

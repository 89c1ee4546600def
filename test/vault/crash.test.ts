import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type KeyGuard, Vault } from "../../dist/src/vault";
import {
    contentOf,
    isSoundOf,
    newFolder,
    removeFolder,
    sealedSoundOf,
    soundBytesOf,
    soundOf,
    transcriptOf,
} from "./vault-folder";

const CHILD = join(import.meta.dirname, "crash-child.mjs");
const SAMPLES = 20_000;
/** Two for each sample; and a magic, a salt and a tag. */
const SEALED_BYTES = 2 * SAMPLES + 56;

let folder: string;

beforeEach(async () => {
    folder = await newFolder();
});

afterEach(() => removeFolder(folder));

describe("a vault whose program is killed", () => {
    it("has a recording whole or not at all, whatever was just done", async () => {
        const steps = ["key prepared", "key replaced", "sound written", "row added"];
        for (const step of steps) {
            await dieAt(step, "keep");
            const kept = await inVault(async (vault) => {
                const list = await vault.list();
                for (const { id } of list) {
                    const { samples, transcript } = await vault.read(id);
                    expect(isSoundOf(samples, 99, SAMPLES)).toBe(true);
                    expect(transcript?.text).toBe("recording 99");
                }
                return list.length;
            });
            expect(kept, step).toBe(step === "row added" ? 1 : 0);
            expect(await readdir(join(folder, "sound"))).toHaveLength(kept);
            expect(await readdir(folder)).not.toContain("store.key.next");
            await removeFolder(folder);
            folder = await newFolder();
        }
    });

    it("never has a purged recording again once its key was taken, and loses no other", async () => {
        const before = ["key prepared"];
        const after = ["keys taken", "key replaced", "sounds removed", "rows removed"];
        for (const step of [...before, ...after]) {
            const ids = await inVault(async (vault) => {
                const recordings = [];
                for (let number = 0; number < 5; number++) {
                    const samples = soundOf(number, SAMPLES);
                    const transcript = transcriptOf(`number ${number}`);
                    const session = `unmistakable-${number}`;
                    recordings.push(
                        await vault.keep({ session, site: "hall", startedAt: number, samples, transcript }),
                    );
                }
                return recordings.map(({ id }) => id);
            });
            const { salt } = await sealedSoundOf(folder, ids[1] ?? "");
            await dieAt(step, "purge", ids[1] ?? "", ids[3] ?? "");
            const expected = before.includes(step) ? [0, 1, 2, 3, 4] : [0, 2, 4];
            await inVault(async (vault) => {
                const list = (await vault.list()).toReversed();
                expect(
                    list.map(({ session }) => session),
                    step,
                ).toEqual(expected.map((number) => `unmistakable-${number}`));
                for (const [index, { id }] of list.entries()) {
                    expect(isSoundOf((await vault.read(id)).samples, expected[index] ?? -1, SAMPLES)).toBe(true);
                }
            });
            const content = await contentOf(folder);
            expect(content.includes("unmistakable-2")).toBe(true);
            expect(content.includes("unmistakable-1"), step).toBe(expected.includes(1));
            expect(content.includes(salt), step).toBe(expected.includes(1));
            expect(await readdir(join(folder, "sound"))).toHaveLength(1);
            expect(await readdir(folder)).not.toContain("store.key.next");
            await removeFolder(folder);
            folder = await newFolder();
        }
    });

    it("loses nothing of what it moves when a file is more than half empty, and has its room back", async () => {
        for (const step of ["sounds removed", "rows removed", "sound written", "row added"]) {
            const ids = await inVault(async (vault) => {
                const recordings = [];
                for (let number = 0; number < 5; number++) {
                    const samples = soundOf(number, SAMPLES);
                    recordings.push(
                        await vault.keep({ session: `s${number}`, site: "hall", startedAt: number, samples }),
                    );
                }
                return recordings.map(({ id }) => id);
            });
            await dieAt(step, "purge", ids[0] ?? "", ids[2] ?? "", ids[3] ?? "");
            await inVault(async (vault) => {
                expect((await vault.list()).map(({ session }) => session)).toEqual(["s4", "s1"]);
                for (const number of [1, 4]) {
                    const { samples } = await vault.read(ids[number] ?? "");
                    expect(isSoundOf(samples, number, SAMPLES), step).toBe(true);
                }
            });
            expect(await soundBytesOf(folder), step).toBe(2 * SEALED_BYTES);
            expect(await readdir(folder)).not.toContain("lost");
            await removeFolder(folder);
            folder = await newFolder();
        }
    });

    it("has what was there or what replaced it, and all of the rest, when it stops while it replaces or rotates", async () => {
        const steps = ["key prepared", "keys taken", "key replaced", "sounds removed", "rows removed"];
        for (const [operation, all] of [
            ["replace", ["sound written", ...steps, "row added"]],
            ["rotate", steps],
        ] as const) {
            for (const step of all) {
                const guard: KeyGuard = { kind: "secret", secret: "s".repeat(32) };
                const ids = await inVault(async (vault) => {
                    const recordings = [];
                    for (const number of [1, 2]) {
                        const samples = soundOf(number, SAMPLES);
                        const transcript = transcriptOf(`recording ${number}`);
                        recordings.push(
                            await vault.keep({
                                session: `s${number}`,
                                site: "hall",
                                startedAt: number,
                                samples,
                                transcript,
                            }),
                        );
                    }
                    return recordings.map(({ id }) => id);
                });
                const { salt } = await sealedSoundOf(folder, ids[0] ?? "");
                await dieAt(step, operation, ids[0] ?? "");
                const numbers = await inVault(async (vault) => {
                    const found: string[] = [];
                    for (const id of ids) {
                        const { samples, transcript } = await vault.read(id);
                        const number = Number(transcript?.text.split(" ")[1]);
                        expect(isSoundOf(samples, number, SAMPLES), `${operation}, ${step}`).toBe(true);
                        found.push(`${number}`);
                    }
                    return found;
                }, guard);
                const isReplaced = operation === "replace" && !["sound written", "key prepared"].includes(step);
                expect(numbers, step).toEqual([isReplaced ? "98" : "1", "2"]);
                expect((await contentOf(folder)).includes(salt), step).toBe(!isReplaced);
                expect(await soundBytesOf(folder), step).toBe((isReplaced ? 3 : 2) * SEALED_BYTES);
                await removeFolder(folder);
                folder = await newFolder();
            }
        }
    });

    it("at any moment, has what it said it kept, and not what it said it purged", async () => {
        const kept = new Map<string, number>();
        await mkdir(join(folder, "sound"), { recursive: true });
        let next = 0;
        for (let round = 0; round < 12; round++) {
            const said = await runUntilKilled(next, round, (round * 37) % 110);
            const purging = new Set<string>();
            for (const line of said) {
                if (line.keeping !== undefined) next = line.keeping + 1;
                if (line.kept !== undefined && line.id) kept.set(line.id, line.kept);
                for (const id of line.purging ?? []) purging.add(id);
                for (const id of line.purged ?? []) {
                    kept.delete(id);
                    purging.delete(id);
                }
            }
            await inVault(async (vault) => {
                const list = await vault.list({ limit: 1_000 });
                const there = new Set(list.map(({ id }) => id));
                for (const { id, session } of list) {
                    const { samples, transcript } = await vault.read(id);
                    const number = Number(session.slice(1));
                    expect(isSoundOf(samples, number, SAMPLES)).toBe(true);
                    expect(transcript?.text).toBe(`recording ${number}`);
                    // Kept or not when the kill came between the commit and the word of it: whole in either case.
                    if (!kept.has(id)) expect(number).toBe(next - 1);
                    kept.set(id, number);
                }
                const missing = [...kept.keys()].filter((id) => !there.has(id));
                expect(missing.filter((id) => !purging.has(id))).toEqual([]);
                for (const id of missing) kept.delete(id);
            });
            expect(await soundBytesOf(folder)).toBeLessThanOrEqual(2 * kept.size * SEALED_BYTES);
            expect(await readdir(folder)).not.toContain("lost");
        }
        expect(next).toBeGreaterThan(0);
    });
});

interface Line {
    readonly keeping?: number;
    readonly kept?: number;
    readonly id?: string;
    readonly purging?: readonly string[];
    readonly purged?: readonly string[];
}

/** Kills the program `delayMs` after its first word. */
async function runUntilKilled(first: number, seed: number, delayMs: number): Promise<readonly Line[]> {
    const parameters = [CHILD, "endless", folder, String(first), String(seed)];
    const child = spawn(process.execPath, parameters, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit");
    const lines: Line[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
        if (lines.length === 0) setTimeout(() => child.kill("SIGKILL"), delayMs);
        lines.push(JSON.parse(line));
    }
    expect(await ended).toEqual([null, "SIGKILL"]);
    return lines;
}

async function dieAt(step: string, operation: string, ...ids: string[]): Promise<void> {
    const child = spawn(process.execPath, [CHILD, "steps", folder, step, operation, ...ids], { stdio: "inherit" });
    expect(await once(child, "exit"), step).toEqual([null, "SIGKILL"]);
}

async function inVault<T>(work: (vault: Vault) => Promise<T>, guard?: KeyGuard): Promise<T> {
    const vault = new Vault(folder, guard ? { guard } : {});
    await vault.open();
    try {
        return await work(vault);
    } finally {
        await vault.close();
    }
}

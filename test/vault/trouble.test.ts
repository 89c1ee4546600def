import { execFile, spawnSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Vault, VaultError, type VaultErrorCode, type VaultProblem } from "../../dist/src/vault";
import { vaultError } from "../../dist/src/vault/error";
import { VaultStore } from "../../dist/src/vault/store";
import { isSoundOf, newFolder, removeFolder, soundOf, transcriptOf } from "./vault-folder";

const START = Date.UTC(2026, 10, 22, 16, 0);
const SAMPLES = 1_600;
const RUNS = 100;
/** What damage may come out as; anything else is a fault of ours. */
const CLEAR: readonly VaultErrorCode[] = ["damaged", "disk", "no-key", "wrong-key", "not-found"];

/** Only some systems let a program have disks of its own; on the others keys.test.ts makes believe that one is full. */
const canMount = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/tmp"]).status === 0;

let folder: string;

beforeEach(async () => {
    folder = await newFolder();
});

afterEach(() => removeFolder(folder));

describe("a vault on a disk of its own", () => {
    it.runIf(canMount)("says that it is full or read-only, loses nothing, and can purge all the same", async () => {
        await mkdir(folder);
        const scenario = join(import.meta.dirname, "disk-scenario.ts");
        const command = ["-rm", process.execPath, scenario, folder];
        const { stdout } = await promisify(execFile)("unshare", command, { timeout: 60_000 });
        const happened = JSON.parse(stdout);
        const { kept } = happened;
        const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
        expect(kept).toBeGreaterThan(20);
        const full = { name: "VaultError", code: "disk-full", message: "The vault's disk is full." };
        expect(happened.failures).toEqual([full, full]);
        expect(happened.whenFull).toEqual(numbers(0, kept));
        expect(happened.purged).toBe(kept - 3);
        expect(happened.afterPurge).toEqual(numbers(kept - 3, kept));
        expect(happened.keptAgain).toBe(true);
        expect(happened.afterRestart).toEqual(numbers(kept - 3, kept + 1));
        expect(happened.readOnly).toHaveLength(2);
        for (const failure of happened.readOnly) {
            expect(failure).toMatchObject({ code: "disk", message: expect.stringContaining("read-only") });
        }
        expect(happened.whenWritable).toEqual(numbers(kept - 3, kept + 1));
        expect(happened).toMatchObject({ atLast: [], sounds: [] });
    });
});

describe("a vault with damaged files", () => {
    it("gives back what was kept or says that it can't, and never something else", async () => {
        const ids = await filled();
        const files = await filesOf(folder);
        const place = fc.record({
            file: fc.constantFrom(...files.keys()),
            damages: fc.array(fc.record({ at: fc.nat(), flip: fc.integer({ min: 1, max: 255 }) }), {
                minLength: 1,
                maxLength: 20,
            }),
            cut: fc.option(fc.nat(), { freq: 5 }),
        });
        let round = 0;
        await fc.assert(
            fc.asyncProperty(place, async ({ file, damages, cut }) => {
                const copy = join(folder, "..", `damaged-${round++}`);
                await cp(folder, copy, { recursive: true });
                const bytes = Buffer.from(files.get(file) ?? "");
                for (const { at, flip } of damages) {
                    bytes.writeUInt8(bytes.readUInt8(at % bytes.length) ^ flip, at % bytes.length);
                }
                await writeFile(join(copy, file), cut === null ? bytes : bytes.subarray(0, cut % bytes.length));
                await expectWholeOrClear(copy, ids);
            }),
            { numRuns: RUNS },
        );
    });

    it("tells at the start of sound that was cut off, and reads the rest", async () => {
        const ids = await filled();
        const sound = join(folder, "sound");
        const [segment = ""] = await readdir(sound);
        const bytes = await readFile(join(sound, segment));
        await writeFile(join(sound, segment), bytes.subarray(0, (bytes.length / ids.length) * 2 + 100));
        const problems: VaultProblem[] = [];
        const vault = new Vault(folder);
        vault.on("problem", (problem) => problems.push(problem));
        await vault.open();
        expect(problems).toMatchObject([
            { code: "sound-missing", message: expect.stringContaining("of 4 recordings") },
        ]);
        expect(isSoundOf((await vault.read(ids[1] ?? "")).samples, 1, SAMPLES)).toBe(true);
        await expect(vault.read(ids[2] ?? "")).rejects.toMatchObject({ code: "damaged" });
        // What is left of it can still be deleted.
        expect((await vault.purge({ all: true })).size).toBe(6);
        await vault.close();
        expect(await readdir(sound)).toEqual([]);
    });
});

async function filled(): Promise<readonly string[]> {
    const vault = new Vault(folder);
    await vault.open();
    const kept = await Promise.all(
        Array.from({ length: 6 }, (_, number) =>
            vault.keep({
                session: `s${number}`,
                site: "kitchen",
                startedAt: START + number,
                samples: soundOf(number, SAMPLES),
                transcript: transcriptOf(`number ${number}`),
            }),
        ),
    );
    await vault.close();
    return kept.map(({ id }) => id);
}

async function filesOf(of: string): Promise<ReadonlyMap<string, Buffer>> {
    const names = [
        "index.sqlite",
        "store.key",
        ...(await readdir(join(of, "sound"))).map((name) => join("sound", name)),
    ];
    return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(of, name))] as const)));
}

async function expectWholeOrClear(damaged: string, ids: readonly string[]): Promise<void> {
    const problems: VaultProblem[] = [];
    let store: VaultStore;
    try {
        store = await VaultStore.open(damaged, { onProblem: (problem) => problems.push(problem) });
    } catch (error) {
        expectClear(error);
        return;
    }
    for (const [number, id] of ids.entries()) {
        try {
            const { samples, transcript } = store.read(id);
            expect(transcript?.text ?? `number ${number}`).toBe(`number ${number}`);
            if (samples) expect(isSoundOf(samples, number, SAMPLES)).toBe(true);
        } catch (error) {
            expectClear(error);
        }
    }
    try {
        store.list({ words: "number" });
        await store.purge([{ all: true }], { wall: START, elapsed: 0 });
    } catch (error) {
        expectClear(error);
    }
    store.close();
}

function expectClear(thrown: unknown): void {
    const isOfDatabase = thrown instanceof Error && "errcode" in thrown;
    const error = isOfDatabase ? vaultError(thrown, "The vault could not do that") : thrown;
    if (!(error instanceof VaultError)) throw thrown;
    if (error.message === "The vault was written by another version of Earshot.") return;
    expect(CLEAR, error.message).toContain(error.code);
    expect(error.message).toMatch(/^(The (vault|words of|sound of)|There is no recording|Recording).*\.$/);
}

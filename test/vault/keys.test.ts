import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type KeyGuard, Vault } from "../../dist/src/vault";
import { VaultStore } from "../../dist/src/vault/store";
import { contentOf, isSoundOf, newFolder, removeFolder, sealedSoundOf, soundOf, transcriptOf } from "./vault-folder";

const START = Date.UTC(2026, 10, 22, 16, 0);
const PASSPHRASE: KeyGuard = { kind: "passphrase", passphrase: "correct horse battery staple" };
const SECRET: KeyGuard = { kind: "secret", secret: "0123456789abcdef0123456789abcdef" };
const FILE: KeyGuard = { kind: "file" };

let folder: string;
const vaults: Vault[] = [];

beforeEach(async () => {
    folder = await newFolder();
});

afterEach(async () => {
    await Promise.all(vaults.splice(0).map((vault) => vault.close().catch(() => {})));
    await removeFolder(folder);
});

describe("a vault's key", () => {
    it.each([PASSPHRASE, SECRET])("can be guarded by a $kind, and then nothing else opens it", async (guard) => {
        const { id } = await keptWith(guard, 1);
        expect(await isReadable(guard, id)).toBe(true);
        const wrong: KeyGuard =
            guard.kind === "passphrase"
                ? { kind: "passphrase", passphrase: "correct horse" }
                : { kind: "secret", secret: "f".repeat(32) };
        await expect(isReadable(wrong, id)).rejects.toMatchObject({ name: "VaultError", code: "wrong-key" });
        await expect(isReadable(FILE, id)).rejects.toMatchObject({
            code: "no-key",
            message: expect.stringContaining(guard.kind),
        });
        const other = guard.kind === "passphrase" ? SECRET : PASSPHRASE;
        await expect(isReadable(other, id)).rejects.toMatchObject({ code: "no-key" });
        expect(await isReadable(guard, id)).toBe(true);
    });

    it("that lay open is guarded, and the open one of no more use, from the first start with a passphrase on", async () => {
        const { id } = await keptWith(FILE, 1);
        const openKey = await readFile(join(folder, "store.key"));
        expect(await isReadable(PASSPHRASE, id)).toBe(true);
        expect((await contentOf(folder)).includes(openKey.subarray(44))).toBe(false);
        await writeFile(join(folder, "store.key"), openKey);
        await expect(isReadable(FILE, id)).rejects.toMatchObject({ code: "no-key" });
    });

    it("is replaced by a rotation, with another guard too; everything stays, and the old key opens nothing", async () => {
        const { id } = await keptWith(PASSPHRASE, 1);
        const before = await readFile(join(folder, "store.key"));
        const vault = await opened(PASSPHRASE);
        await vault.rotate();
        await vault.rotate({ kind: "passphrase", passphrase: "another" });
        expect(isSoundOf((await vault.read(id)).samples, 1, 1_600)).toBe(true);
        await vault.close();
        // The vault itself knows what it was changed to.
        await vault.open();
        expect((await vault.read(id)).transcript?.text).toBe("number 1");
        await vault.close();
        await expect(isReadable(PASSPHRASE, id)).rejects.toMatchObject({ code: "wrong-key" });
        const now = await readFile(join(folder, "store.key"));
        await writeFile(join(folder, "store.key"), before);
        await expect(isReadable(PASSPHRASE, id)).rejects.toMatchObject({ code: "no-key" });
        await writeFile(join(folder, "store.key"), now);
        expect(await isReadable({ kind: "passphrase", passphrase: "another" }, id)).toBe(true);
    });

    it("is not guarded by nothing", async () => {
        expect(() => new Vault(folder, { guard: { kind: "passphrase", passphrase: "" } })).toThrow(
            "passphrase is empty",
        );
        expect(() => new Vault(folder, { guard: { kind: "secret", secret: "short" } })).toThrow("32 characters");
    });
});

describe("a vault in trouble", () => {
    it("says which program has it open", async () => {
        const vault = await opened(FILE);
        await vault.keep(utterance(1));
        const second = new Vault(folder);
        await expect(second.open()).rejects.toMatchObject({
            code: "in-use",
            message: expect.stringContaining(`process ${process.pid} on `),
        });
        // Asking for it took nothing away from the first: another process can't open it either.
        expect(await openedElsewhere()).toMatchObject({ code: "in-use" });
        await vault.close();
        expect(await openedElsewhere()).toMatchObject({ recordings: 1 });
    });

    it("keeps nothing by half when the disk is full, and goes on when it is not", async () => {
        let isFull = true;
        const store = await VaultStore.open(folder, {
            onStep: (step) => {
                if (step === "sound written" && isFull)
                    throw Object.assign(new Error("No space left"), { code: "ENOSPC" });
            },
        });
        const moment = { wall: START, elapsed: 0 };
        await expect(store.keep([utterance(1), utterance(2)], moment)).rejects.toThrow("No space left");
        expect(await readdir(join(folder, "sound"))).toEqual([]);
        isFull = false;
        expect(await store.keep([utterance(3)], moment)).toHaveLength(1);
        expect(store.list({}).map(({ session }) => session)).toEqual(["s3"]);
        store.close();
    });

    it("purges when the disk is full all the same: in pieces, in room that it kept for that", async () => {
        const moment = { wall: START, elapsed: 0 };
        let steps = 0;
        const store = await VaultStore.open(folder, {
            onStep: (step) => {
                if (step === "key prepared" && ++steps === 3) {
                    throw Object.assign(new Error("No space left"), { code: "ENOSPC" });
                }
            },
        });
        await store.keep(
            Array.from({ length: 450 }, (_, index) => ({ ...utterance(index), samples: soundOf(index, 16) })),
            moment,
        );
        await store.purge([{ ids: [store.list({ limit: 1 })[0]?.id ?? ""] }], moment);
        const { purged } = await store.purge([{ all: true }], moment);
        expect(purged.length / 16).toBe(449);
        // One that failed, and three pieces of 200 at most.
        expect(steps).toBe(6);
        expect(await readdir(join(folder, "sound"))).toEqual([]);
        expect((await stat(join(folder, "reserve"))).size).toBeGreaterThan(1_000_000);
        store.close();
    });

    it("says that its folder can't be written, and loses nothing", async () => {
        const { id } = await keptWith(FILE, 1);
        const isRoot = process.getuid?.() === 0;
        for (const path of [folder, join(folder, "..")]) if (isRoot) await chown(path, 65_534, 65_534);
        await chmod(folder, 0o500);
        await chmod(join(folder, "sound"), 0o500);
        const failure = await openedElsewhere(isRoot ? 65_534 : undefined);
        expect(failure).toMatchObject({ code: expect.stringMatching(/^disk$/) });
        await chmod(folder, 0o700);
        if (isRoot) await chown(folder, 0, 0);
        expect(await isReadable(FILE, id)).toBe(true);
    });

    it("puts files that it can't explain aside instead of deleting them, and says which sound is missing", async () => {
        const older = await keptWith(FILE, 1);
        await mkdir(join(folder, "..", "backup"));
        for (const file of ["index.sqlite", "store.key"]) {
            await cp(join(folder, file), join(folder, "..", "backup", file));
        }
        const newer = await keptWith(FILE, 2);
        const explained = await sealedSoundOf(folder, older.id);
        const unexplained = await sealedSoundOf(folder, newer.id);
        await cp(join(folder, "..", "backup"), folder, { recursive: true });
        await rm(explained.path);
        const vault = new Vault(folder);
        vaults.push(vault);
        const problems: string[] = [];
        vault.on("problem", ({ code }) => problems.push(code));
        await vault.open();
        expect(problems).toEqual(["sound-set-aside", "sound-missing"]);
        expect(await readdir(join(folder, "lost"))).toEqual([basename(unexplained.path)]);
        await expect(vault.read(older.id)).rejects.toMatchObject({ code: "damaged" });
        await vault.purge({ all: true });
        expect(await readdir(folder)).not.toContain("lost");
    });
});

function utterance(number: number) {
    return {
        session: `s${number}`,
        site: "kitchen",
        startedAt: START + number,
        samples: soundOf(number, 1_600),
        transcript: transcriptOf(`number ${number}`),
    };
}

async function opened(guard: KeyGuard): Promise<Vault> {
    const vault = new Vault(folder, { guard });
    vaults.push(vault);
    await vault.open();
    return vault;
}

async function keptWith(guard: KeyGuard, number: number) {
    const vault = await opened(guard);
    const recording = await vault.keep(utterance(number));
    await vault.close();
    return recording;
}

async function isReadable(guard: KeyGuard, id: string): Promise<boolean> {
    const vault = await opened(guard);
    const { samples } = await vault.read(id);
    await vault.close();
    return isSoundOf(samples, 1, 1_600);
}

/** What another process makes of the vault. */
async function openedElsewhere(uid?: number): Promise<unknown> {
    const program = `
        const { Vault } = require(${JSON.stringify(join(import.meta.dirname, "../../dist/src/vault"))});
        const vault = new Vault(${JSON.stringify(folder)});
        vault.open().then(() => vault.status()).then(
            ({ recordings }) => console.log(JSON.stringify({ recordings })),
            ({ code, message }) => console.log(JSON.stringify({ code, message })),
        ).finally(() => vault.close());
    `;
    const child = spawn(process.execPath, ["-e", program], {
        stdio: ["ignore", "pipe", "inherit"],
        ...(uid !== undefined && { uid, gid: uid }),
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (bytes: Buffer) => output.push(bytes));
    await once(child, "close");
    return JSON.parse(Buffer.concat(output).toString());
}

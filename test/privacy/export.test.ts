import { createHash } from "node:crypto";
import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeWav } from "../../dist/src/audio";
import { exportVault, importExport, PrivacyLog } from "../../dist/src/privacy";
import { tarEntries, tarEntry } from "../../dist/src/privacy/tar";
import { Vault } from "../../dist/src/vault";
import { soundOf, transcriptOf } from "../vault/vault-folder";

const START = Date.UTC(2026, 10, 22, 16, 0);

let folder: string;
let file: string;
const vaults: Vault[] = [];

beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "earshot-export-"));
    file = join(folder, "export.tar");
});

afterEach(async () => {
    await Promise.all(vaults.splice(0).map((vault) => vault.close()));
    await rm(folder, { recursive: true, force: true });
});

describe("an export", () => {
    it("has everything that is kept and nothing that was purged, each file with its sum, for nobody else to read", async () => {
        const { vault, log } = await filled();
        const [, , gone] = await vault.list();
        await vault.purge({ ids: [gone?.id ?? ""] });
        const manifest = await exportVault(file, { vault, log, now: () => START });
        expect(manifest).toMatchObject({ recordings: 4, at: "2026-11-22T16:00:00.000Z" });
        expect((await stat(file)).mode & 0o777).toBe(0o600);
        const files = await contentOf(file);
        expect([...files.keys()].at(-1)).toBe("manifest.json");
        for (const [name, { bytes, sha256 }] of Object.entries(manifest.files)) {
            const content = files.get(name) ?? Buffer.alloc(0);
            expect([content.length, createHash("sha256").update(content).digest("hex")], name).toEqual([bytes, sha256]);
        }
        expect((await readFile(file)).includes(gone?.id ?? "")).toBe(false);
        const names = [...files.keys()];
        expect(names.filter((name) => name.startsWith("log/"))).toEqual([
            "log/privacy.log",
            "log/privacy.log.anchor",
            "log/privacy.log.pub",
        ]);
        const [wav = ""] = names.filter((name) => name.endsWith(".wav"));
        expect(decodeWav(files.get(wav) ?? Buffer.alloc(0)).samples.length).toBeGreaterThan(0);
    });

    it("imported elsewhere gives the same recordings, and again changes nothing", async () => {
        const { vault } = await filled();
        await exportVault(file, { vault });
        const other = await opened("other");
        expect(await importExport(file, other)).toEqual({ imported: 5, alreadyThere: 0 });
        expect(await everything(other)).toEqual(await everything(vault));
        expect(await importExport(file, other)).toEqual({ imported: 0, alreadyThere: 5 });
        expect(await everything(other)).toEqual(await everything(vault));
        expect(await other.list({ words: "number three" })).toHaveLength(1);
        const second = join(folder, "second.tar");
        await exportVault(second, { vault: other });
        const same = ([name]: readonly [string, Buffer]) => name !== "manifest.json";
        expect([...(await contentOf(second))].filter(same)).toEqual([...(await contentOf(file))].filter(same));
    });

    it("can be of a part", async () => {
        const { vault } = await filled();
        expect(await exportVault(file, { vault, filter: { words: "three" } })).toMatchObject({ recordings: 1 });
    });

    it("never takes the place of a file, and is not there by half", async () => {
        const { vault } = await filled();
        await writeFile(file, "mine");
        await expect(exportVault(file, { vault })).rejects.toMatchObject({ code: "EEXIST" });
        expect(await readFile(file, "utf8")).toBe("mine");
        await vault.close();
        await expect(exportVault(join(folder, "closed.tar"), { vault })).rejects.toMatchObject({ code: "closed" });
        expect(await readdir(folder)).not.toContain("closed.tar");
        expect(await readdir(folder)).not.toContain("closed.tar.part");
    });

    it("that is damaged, cut or forged changes nothing in the vault", async () => {
        const { vault } = await filled();
        await exportVault(file, { vault });
        const good = await readFile(file);
        const other = await opened("other");
        const flipped = (at: number) => {
            const bytes = Buffer.from(good);
            bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
            return bytes;
        };
        const manifest = (value: unknown) => tarEntry("manifest.json", Buffer.from(JSON.stringify(value)), 0);
        const end = Buffer.alloc(1_024);
        const forged = (name: string, content: string) => {
            const bytes = Buffer.from(content);
            const sha256 = createHash("sha256").update(bytes).digest("hex");
            const list = { format: "earshot-export-1", files: { [name]: { bytes: bytes.length, sha256 } } };
            return Buffer.concat([tarEntry(name, bytes, 0), manifest(list), end]);
        };
        const id = (await vault.list())[0]?.id;
        const bad: [bytes: Buffer, code: string][] = [
            ...Array.from({ length: 12 }, (_, index): [Buffer, string] => [flipped(3 + index * 517), "damaged"]),
            [good.subarray(0, good.length - 6_000), "damaged"],
            [Buffer.alloc(0), "damaged"],
            [Buffer.from("no archive at all".repeat(100)), "damaged"],
            [end, "not-an-export"],
            [Buffer.concat([manifest({ format: "another", files: {} }), end]), "not-an-export"],
            [Buffer.concat([manifest({ format: "earshot-export-1", files: { gone: {} } }), end]), "damaged"],
            [forged(`recordings/${id}.json`, "{}"), "damaged"],
            [forged(`recordings/${id}.json`, '{"recording":{"id":"../../etc"}}'), "damaged"],
        ];
        for (const [bytes, code] of bad) {
            await writeFile(file, bytes);
            await expect(importExport(file, other)).rejects.toMatchObject({ name: "ImportError", code });
        }
        expect(await other.list()).toEqual([]);
    });
});

async function filled(): Promise<{ readonly vault: Vault; readonly log: string }> {
    const vault = await opened("vault");
    for (const [number, name] of ["zero", "one", "two", "three", "four"].entries()) {
        await vault.keep({
            session: `s${number}`,
            site: number % 2 === 0 ? "kitchen" : "hall",
            ...(number === 1 && { speaker: "ada" }),
            startedAt: START + number,
            ...(number === 2 ? { durationMs: 900 } : { samples: soundOf(number, 40_000 * number) }),
            transcript: transcriptOf(`number ${name} with an umlaut: ü`),
            derived: [{ kind: "intent", value: { name: "HassTurnOn" } }],
        });
    }
    const log = new PrivacyLog(join(folder, "privacy.log"));
    await log.append({ what: "recording-kept", count: 5 });
    await log.close();
    return { vault, log: log.path };
}

async function opened(name: string): Promise<Vault> {
    const vault = new Vault(join(folder, name));
    vaults.push(vault);
    await vault.open();
    return vault;
}

async function everything(vault: Vault) {
    return await Promise.all((await vault.list()).map(({ id }) => vault.read(id)));
}

async function contentOf(path: string): Promise<Map<string, Buffer>> {
    const archive = await open(path, "r");
    const files = new Map<string, Buffer>();
    try {
        for await (const { name, content } of tarEntries(archive, 10_000_000)) files.set(name, content);
    } finally {
        await archive.close();
    }
    return files;
}

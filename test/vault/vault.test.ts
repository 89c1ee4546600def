import { existsSync } from "node:fs";
import { cp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Recording, Vault } from "../../dist/src/vault";
import {
    contentOf,
    isSoundOf,
    newFolder,
    removeFolder,
    rowOf,
    sealedSoundOf,
    soundBytesOf,
    soundOf,
    transcriptOf,
} from "./vault-folder";

const START = Date.UTC(2026, 10, 22, 16, 0);
const MINUTE = 60_000;

let folder: string;
const vaults: Vault[] = [];

beforeEach(async () => {
    folder = await newFolder();
});

afterEach(async () => {
    await Promise.all(vaults.splice(0).map((vault) => vault.close().catch(() => {})));
    await removeFolder(folder);
});

describe("a vault", () => {
    it("gives back what it keeps", async () => {
        const vault = await opened();
        const transcript = transcriptOf("turn on the kitchen light");
        const recording = await vault.keep({ ...utterance(1, 40_000), transcript });
        expect(recording).toMatchObject({ session: "s1", site: "kitchen", durationMs: 2_500, hasTranscript: true });
        const read = await vault.read(recording.id);
        expect(read).toMatchObject({ recording, transcript });
        expect(isSoundOf(read.samples, 1, 40_000)).toBe(true);

        const silent = await vault.keep(utterance(2, 0));
        expect(await vault.read(silent.id)).toEqual({ recording: silent, samples: new Float32Array(0), derived: [] });
    });

    it("still has it after it was closed and opened again", async () => {
        const vault = await opened();
        const { id } = await vault.keep({ ...utterance(1, 100_000), transcript: transcriptOf("hello") });
        await vault.close();
        await expect(vault.read(id)).rejects.toMatchObject({ code: "closed" });
        await vault.open();
        expect((await vault.read(id)).transcript?.text).toBe("hello");
    });

    it("that keeps nothing leaves nothing on the disk", async () => {
        const vault = await opened();
        expect(await vault.list()).toEqual([]);
        expect((await vault.purge({ all: true })).size).toBe(0);
        await expect(vault.read("019aac2e-4800-7000-8000-000000000000")).rejects.toMatchObject({ code: "not-found" });
        await vault.close();
        expect(existsSync(folder)).toBe(false);
    });

    it("lets nobody else look into its files", async () => {
        const vault = await opened();
        await vault.keep(utterance(1));
        const modes = async (path: string) => (await stat(join(folder, path))).mode & 0o777;
        expect(await modes(".")).toBe(0o700);
        expect(await modes("sound")).toBe(0o700);
        for (const file of [...(await readdir(folder)), `sound/${(await readdir(join(folder, "sound")))[0]}`]) {
            if (file !== "sound") expect(await modes(file), file).toBe(0o600);
        }
    });

    it("has nothing on the disk that tells what was said", async () => {
        const vault = await opened();
        const transcript = transcriptOf("xylophone quartz pyjamas");
        await vault.keep({ ...utterance(1), transcript });
        const open = await contentOf(folder);
        await vault.close();
        for (const content of [open, await contentOf(folder)]) {
            expect(content.length).toBeGreaterThan(10_000);
            for (const { text } of transcript.words) expect(content.includes(text)).toBe(false);
            expect(content.includes("confidence")).toBe(false);
            const sound = Buffer.from(Int16Array.from(soundOf(1, 100), (sample) => Math.round(sample * 0x8000)).buffer);
            expect(content.includes(sound.subarray(0, 32))).toBe(false);
        }
    });

    it("lists the latest first, page by page, by site and time", async () => {
        const vault = await opened();
        const kept: Recording[] = [];
        for (let index = 0; index < 25; index++) {
            const site = index % 5 === 0 ? "bedroom" : "kitchen";
            kept.push(await vault.keep({ ...utterance(index), site, startedAt: START + index * MINUTE }));
        }
        const latestFirst = kept.toReversed();
        expect(await vault.list()).toEqual(latestFirst);
        expect(await vault.list({ site: "bedroom" })).toEqual(latestFirst.filter(({ site }) => site === "bedroom"));
        expect(await vault.list({ from: START + 3 * MINUTE, to: START + 6 * MINUTE })).toEqual(
            latestFirst.slice(19, 22),
        );
        expect(await vault.list({ site: "cellar" })).toEqual([]);

        const first = await vault.list({ limit: 10 });
        const before = first[9]?.id ?? "";
        await vault.purge({ ids: [before] });
        expect([...first, ...(await vault.list({ limit: 1_000, before }))]).toEqual(latestFirst);
    });

    it("purges what was selected and nothing else", async () => {
        const vault = await opened();
        const kept: Recording[] = [];
        for (let index = 0; index < 12; index++) {
            const site = index < 4 ? "bedroom" : "kitchen";
            kept.push(await vault.keep({ ...utterance(index), site, startedAt: START + index * MINUTE }));
        }
        const left = () => vault.list().then((list) => list.map(({ session }) => session).toReversed());
        const ids = kept.map(({ id }) => id);
        expect((await vault.purge({ ids: ids.slice(10) })).size).toBe(2);
        expect((await vault.purge({ ids: ids.slice(10) })).size).toBe(0);
        expect((await vault.purge({ ids: ids.slice(3, 5), site: "bedroom" })).size).toBe(1);
        expect((await vault.purge({ from: START + 8 * MINUTE, to: START + 9 * MINUTE })).size).toBe(1);
        expect(await left()).toEqual(["s0", "s1", "s2", "s4", "s5", "s6", "s7", "s9"]);
        expect((await vault.purge({ site: "bedroom" })).size).toBe(3);
        expect(await left()).toEqual(["s4", "s5", "s6", "s7", "s9"]);
        for (const index of [4, 5, 6, 7, 9]) {
            expect(isSoundOf((await vault.read(ids[index] ?? "")).samples, index, 1_600)).toBe(true);
        }
        await expect(vault.read(ids[0] ?? "")).rejects.toMatchObject({ code: "not-found" });
        expect((await vault.purge({ all: true })).size).toBe(5);
        expect(await left()).toEqual([]);
        expect(await readdir(join(folder, "sound"))).toEqual([]);
        await vault.keep(utterance(20));
        expect(await left()).toEqual(["s20"]);
    });

    it("keeps working when its recordings fill several pages of keys", async () => {
        const vault = await opened();
        const ids: string[] = [];
        for (let index = 0; index < 600; index++) ids.push((await vault.keep(utterance(index, 16))).id);
        const purged = ids.filter((_, index) => index % 7 === 0 || (index >= 256 && index < 512));
        expect((await vault.purge({ ids: purged })).size).toBe(purged.length);
        for (let index = 600; index < 620; index++) ids.push((await vault.keep(utterance(index, 16))).id);
        const left = await vault.list({ limit: 1_000 });
        expect(left).toHaveLength(ids.length - purged.length);
        for (const index of [1, 255, 513, 599, 619]) {
            expect(isSoundOf((await vault.read(ids[index] ?? "")).samples, index, 16)).toBe(true);
        }
    });

    it("leaves of a purged recording not a byte of its id, its session, or what was sealed", async () => {
        const vault = await opened();
        await vault.keep({ ...utterance(1), session: "unmistakable-session" });
        const { id } = await vault.keep({
            ...utterance(2),
            session: "another-session",
            transcript: transcriptOf("secret"),
        });
        const { salt } = await sealedSoundOf(folder, id);
        const transcript = Buffer.from((await rowOf(folder, id)).transcript as Uint8Array);
        expect((await contentOf(folder)).includes(transcript.subarray(0, 64))).toBe(true);
        await vault.purge({ ids: [id] });
        const open = await contentOf(folder);
        await vault.close();
        for (const content of [open, await contentOf(folder)]) {
            expect(content.includes("unmistakable-session")).toBe(true);
            for (const trace of [id, "another-session", transcript.subarray(0, 64), salt]) {
                expect(content.includes(trace)).toBe(false);
            }
        }
    });

    it("whose folder was copied before a purge can't be opened there with the keys left after it", async () => {
        const vault = await opened();
        const gone = await vault.keep({ ...utterance(1), transcript: transcriptOf("secret") });
        const stays = await vault.keep(utterance(2));
        const copy = await copied();
        await vault.purge({ ids: [gone.id] });
        expect((await vault.read(stays.id)).samples).toHaveLength(1_600);

        // With the key of today in place of its own, the copy opens nothing: neither when it notices …
        await cp(join(folder, "store.key"), join(copy, "store.key"));
        const restored = await opened(copy, false);
        await expect(restored.open()).rejects.toMatchObject({ code: "no-key" });
        // … nor when it is made to believe that the key is the right one …
        const key = await readFile(join(folder, "store.key"));
        const index = new DatabaseSync(join(copy, "index.sqlite"));
        index.prepare("UPDATE seal SET store_key = ?").run(key.subarray(28, 44));
        index.close();
        await restored.open();
        for (const id of [gone.id, stays.id])
            await expect(restored.read(id)).rejects.toMatchObject({ code: "damaged" });
        await restored.close();
        // … nor with the index of today beside the sound of then.
        await vault.close();
        await cp(join(folder, "index.sqlite"), join(copy, "index.sqlite"));
        const today = await opened(copy);
        await expect(today.read(gone.id)).rejects.toMatchObject({ code: "not-found" });
        expect((await today.read(stays.id)).samples).toHaveLength(1_600);
    });

    it("whose keys were copied before a purge can't be opened with them after it: the sound's own half is gone", async () => {
        const vault = await opened();
        const gone = await vault.keep(utterance(1));
        const stays = await vault.keep(utterance(2));
        const copy = await copied();
        const { path } = await sealedSoundOf(folder, gone.id);
        await vault.purge({ ids: [gone.id] });
        await vault.close();
        await cp(path, join(copy, "sound", basename(path)));
        const restored = await opened(copy);
        await expect(restored.read(gone.id)).rejects.toMatchObject({ code: "damaged" });
        expect((await restored.read(stays.id)).samples).toHaveLength(1_600);
    });

    it("gives the disk its room back, and moves what is left without losing any of it", async () => {
        const vault = await opened();
        const kept = await Promise.all(Array.from({ length: 60 }, (_, index) => vault.keep(utterance(index, 5_000))));
        // In a file of another start, too.
        await vault.close();
        await vault.open();
        for (let index = 60; index < 120; index++) kept.push(await vault.keep(utterance(index, 5_000)));
        const full = await soundBytesOf(folder);
        const left = kept.filter((_, index) => index % 3 === 0);
        await vault.purge({ ids: kept.filter((each) => !left.includes(each)).map(({ id }) => id) });
        expect(await soundBytesOf(folder)).toBeLessThan(full / 2);
        for (const { id, session } of left) {
            expect(isSoundOf((await vault.read(id)).samples, Number(session.slice(1)), 5_000)).toBe(true);
        }
        await vault.keep(utterance(200));
        await vault.purge({ ids: left.slice(1).map(({ id }) => id) });
        expect(isSoundOf((await vault.read(left[0]?.id ?? "")).samples, 0, 5_000)).toBe(true);
    });

    it("notices every damage to a sealed sound", async () => {
        const vault = await opened();
        const { id } = await vault.keep(utterance(1, 100_000));
        const { path, bytes: original } = await sealedSoundOf(folder, id);
        const start = 40;
        const chunk = 64 * 1024 + 16;
        const damages: Buffer[] = [
            ...[0, 8, start - 1, start, 70_000, original.length - 1].map((at) => {
                const damaged = Buffer.from(original);
                damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
                return damaged;
            }),
            original.subarray(0, start + chunk),
            original.subarray(0, original.length - 1),
            original.subarray(0, 3),
            Buffer.alloc(0),
            Buffer.concat([
                original.subarray(0, start),
                original.subarray(start + chunk, start + 2 * chunk),
                original.subarray(start, start + chunk),
                original.subarray(start + 2 * chunk),
            ]),
        ];
        for (const damaged of damages) {
            await writeFile(path, damaged);
            await expect(vault.read(id)).rejects.toMatchObject({ name: "VaultError", code: "damaged" });
        }
        await rm(path);
        await expect(vault.read(id)).rejects.toMatchObject({
            code: "damaged",
            message: /sound of recording .* is missing/,
        });
        await writeFile(path, original);
        expect(isSoundOf((await vault.read(id)).samples, 1, 100_000)).toBe(true);
    });

    it("doesn't open the sound of one recording as that of another", async () => {
        const vault = await opened();
        const [one, two] = [await vault.keep(utterance(1)), await vault.keep(utterance(2))];
        const [{ path, bytes }, other] = [await sealedSoundOf(folder, one.id), await sealedSoundOf(folder, two.id)];
        expect(other).toMatchObject({ path, at: bytes.length });
        await writeFile(path, Buffer.concat([bytes, bytes]));
        await expect(vault.read(two.id)).rejects.toMatchObject({ code: "damaged" });
    });

    it("says what is wrong when its key or its index is missing or damaged, and loses nothing", async () => {
        const vault = await opened();
        const { id } = await vault.keep(utterance(1));
        await vault.close();
        const key = await readFile(join(folder, "store.key"));
        const index = await readFile(join(folder, "index.sqlite"));
        const problems: [damage: () => Promise<unknown>, code: string][] = [
            [() => rm(join(folder, "store.key")), "no-key"],
            [() => truncate(join(folder, "store.key"), 20), "no-key"],
            [
                () => writeFile(join(folder, "store.key"), Buffer.concat([key.subarray(0, 9), Buffer.alloc(47)])),
                "no-key",
            ],
            [() => writeFile(join(folder, "index.sqlite"), Buffer.alloc(8_192, 7)), "damaged"],
            [() => truncate(join(folder, "index.sqlite"), 5_000), "damaged"],
            [() => truncate(join(folder, "index.sqlite"), 0), "damaged"],
            [() => rm(join(folder, "index.sqlite")), "damaged"],
        ];
        for (const [damage, code] of problems) {
            await damage();
            await expect(vault.open(), code).rejects.toMatchObject({ name: "VaultError", code });
            await writeFile(join(folder, "store.key"), key);
            await writeFile(join(folder, "index.sqlite"), index);
        }
        await vault.open();
        expect(isSoundOf((await vault.read(id)).samples, 1, 1_600)).toBe(true);
    });

    it("can be opened by one program at a time", async () => {
        const vault = await opened();
        await vault.keep(utterance(1));
        const second = await opened(folder, false);
        await expect(second.open()).rejects.toMatchObject({ code: "in-use" });
        await vault.close();
        await second.open();
        expect(await second.list()).toHaveLength(1);
    });

    it("takes any number of calls at once", async () => {
        const vault = await opened();
        const kept = await Promise.all(Array.from({ length: 20 }, (_, index) => vault.keep(utterance(index))));
        const [purged, ...contents] = await Promise.all([
            vault.purge({ ids: kept.slice(0, 5).map(({ id }) => id) }),
            ...kept.slice(5).map(({ id }) => vault.read(id)),
        ]);
        expect(purged.size).toBe(5);
        contents.forEach(({ samples }, index) => {
            expect(isSoundOf(samples, index + 5, 1_600)).toBe(true);
        });
    });

    it("doesn't take the caller's buffer away, nor more of it than was given", async () => {
        const vault = await opened();
        const ring = soundOf(3, 5_000);
        const { id } = await vault.keep({ ...utterance(3), samples: ring.subarray(100, 300) });
        expect(ring).toHaveLength(5_000);
        expect((await vault.read(id)).samples).toHaveLength(200);
    });

    it("refuses what makes no sense, and leaves everything as it is", async () => {
        const vault = await opened();
        const { id } = await vault.keep(utterance(1));
        const refused: [call: () => Promise<unknown>, code: string][] = [
            [() => vault.purge({}), "bad-request"],
            [() => vault.purge({ all: true, site: "kitchen" }), "bad-request"],
            [() => vault.purge({ ids: ["'; DROP TABLE recordings"] }), "bad-request"],
            [() => vault.purge({ from: Number.NaN }), "bad-request"],
            [() => vault.list({ limit: 0 }), "bad-request"],
            [() => vault.list({ limit: 1_001 }), "bad-request"],
            [() => vault.list({ before: "x" }), "bad-request"],
            [() => vault.read("../store.key"), "bad-request"],
            [() => vault.keep({ ...utterance(1), startedAt: Number.NaN }), "bad-request"],
            [() => vault.keep({ ...utterance(1), site: "x".repeat(201) }), "bad-request"],
            [() => vault.keep({ ...utterance(1), transcript: transcriptOf("x".repeat(1_048_577)) }), "too-long"],
        ];
        for (const [call, code] of refused) await expect(call()).rejects.toMatchObject({ name: "VaultError", code });
        expect(await vault.list()).toHaveLength(1);
        expect((await vault.read(id)).recording.id).toBe(id);
    });

    it("refuses more sound than may wait", async () => {
        const vault = await opened(folder, true, { maxWaitingSeconds: 1 });
        const results = await Promise.allSettled([vault.keep(utterance(1, 16_000)), vault.keep(utterance(2, 1))]);
        expect(results.map((result) => (result.status === "rejected" ? result.reason.code : "kept"))).toEqual([
            "kept",
            "busy",
        ]);
    });

    it("says so when its folder can't be made", async () => {
        await writeFile(join(folder, "..", "file"), "");
        const vault = await opened(join(folder, "..", "file", "vault"));
        await expect(vault.keep(utterance(1))).rejects.toMatchObject({ code: "disk" });
    });
});

function utterance(number: number, length = 1_600) {
    return { session: `s${number}`, site: "kitchen", startedAt: START + number, samples: soundOf(number, length) };
}

async function opened(path = folder, open = true, options = {}): Promise<Vault> {
    const vault = new Vault(path, options);
    vaults.push(vault);
    if (open) await vault.open();
    return vault;
}

/** A copy of every byte of the vault, taken while it is in use. */
async function copied(): Promise<string> {
    const copy = join(folder, "..", "copy");
    await cp(folder, copy, { recursive: true });
    return copy;
}

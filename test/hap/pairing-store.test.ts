import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PairingStore, type StoredPairing } from "../../dist/src/hap";

let folder: string;
const file = () => join(folder, "pairings.json");
const backup = () => join(folder, "pairings.backup.json");

beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "earshot-store-")), "pairings");
});
afterEach(async () => {
    await rm(join(folder, ".."), { recursive: true, force: true });
});

function pairing(number: number): StoredPairing {
    return {
        accessoryId: `AA:BB:CC:DD:EE:0${number}`,
        name: `Lamp ${number}`,
        accessoryLtpk: Buffer.alloc(32, number),
        controllerId: `hub ${number}`,
        controllerLtsk: Buffer.alloc(32, number + 1),
        controllerLtpk: Buffer.alloc(32, number + 2),
        lastEndpoint: { host: "192.168.1.2", port: 1000 + number },
    };
}

async function opened(): Promise<PairingStore> {
    const store = new PairingStore(folder);
    await store.open();
    return store;
}

const mode = async (path: string) => (await stat(path)).mode & 0o777;

describe("the pairing store", () => {
    it("keeps pairings over a restart", async () => {
        const store = await opened();
        expect(store.list()).toEqual([]);
        await Promise.all([store.put(pairing(1)), store.put(pairing(2)), store.put(pairing(3))]);
        await store.remove("aa:bb:cc:dd:ee:02");
        await store.put({ ...pairing(3), name: "Renamed" });
        const again = await opened();
        expect(again.list()).toEqual([pairing(1), { ...pairing(3), name: "Renamed" }]);
        expect(again.get("aa:bb:cc:dd:ee:01")).toEqual(pairing(1));
        expect(again.warning).toBeUndefined();
    });

    it("shows no key to whoever has the file alone, nor its backup", async () => {
        const store = await opened();
        await store.put(pairing(1));
        await store.put(pairing(2));
        for (const path of [file(), backup()]) {
            const content = await readFile(path, "utf8");
            expect(content).not.toContain(pairing(1).controllerLtsk.toString("hex"));
            expect(content).not.toContain("AA:BB:CC");
        }
        await unlink(join(folder, "store.key"));
        await expect(new PairingStore(folder).open()).rejects.toThrow(/store\.key, is missing.*Nothing is written/);
        await writeFile(join(folder, "store.key"), "damaged");
        await expect(new PairingStore(folder).open()).rejects.toThrow(/store\.key, is damaged/);
        await writeFile(join(folder, "store.key"), Buffer.concat([Buffer.from("EARSHAP1"), Buffer.alloc(32)]));
        await expect(new PairingStore(folder).open()).rejects.toThrow(/another key/);
    });

    it("seals what an earlier version left in clear, the backup too", async () => {
        const { accessoryLtpk, controllerLtsk, controllerLtpk, ...rest } = pairing(1);
        const hex = (key: Buffer) => key.toString("hex");
        const record = {
            ...rest,
            accessoryLtpk: hex(accessoryLtpk),
            controllerLtsk: hex(controllerLtsk),
            controllerLtpk: hex(controllerLtpk),
        };
        await mkdir(folder, { recursive: true });
        await writeFile(file(), JSON.stringify({ version: 1, pairings: [record] }));
        await writeFile(backup(), JSON.stringify({ version: 1, pairings: [record] }));
        expect((await opened()).list()).toEqual([pairing(1)]);
        for (const path of [file(), backup()]) expect(await readFile(path, "utf8")).toContain('"version": 2');
        const again = await opened();
        expect(again.list()).toEqual([pairing(1)]);
        expect(again.warning).toBeUndefined();
        await unlink(file());
        expect((await opened()).list()).toEqual([pairing(1)]);
    });

    it("is closed to other users, even if it was open before", async () => {
        await mkdir(folder, { recursive: true, mode: 0o755 });
        const store = await opened();
        await store.put(pairing(1));
        await store.put(pairing(2));
        expect(await mode(folder)).toBe(0o700);
        expect(await mode(file())).toBe(0o600);
        expect(await mode(backup())).toBe(0o600);
        await chmod(file(), 0o644);
        await opened();
        expect(await mode(file())).toBe(0o600);
        expect(await readdir(folder)).toEqual(["pairings.backup.json", "pairings.json", "store.key"]);
        expect(await mode(join(folder, "store.key"))).toBe(0o600);
    });

    it("uses the backup when the file is damaged, says so, and keeps the damaged file", async () => {
        const store = await opened();
        await store.put(pairing(1));
        await store.put(pairing(2));
        await writeFile(file(), "{ half a f");
        const again = await opened();
        expect(again.list()).toEqual([pairing(1)]);
        expect(again.warning).toMatchObject({ code: "store", message: expect.stringContaining(file()) });
        await again.put(pairing(3));
        const names = await readdir(folder);
        const damaged = names.find((name) => name.startsWith("pairings.damaged-"));
        expect(await readFile(join(folder, damaged ?? ""), "utf8")).toBe("{ half a f");
        expect((await opened()).list()).toEqual([pairing(1), pairing(3)]);
        // The backup is still the good one, not the damaged file.
        await unlink(file());
        expect((await opened()).list()).toEqual([pairing(1)]);
    });

    it("uses the backup when the file is gone", async () => {
        const store = await opened();
        await store.put(pairing(1));
        await store.put(pairing(2));
        await unlink(file());
        const again = await opened();
        expect(again.list()).toEqual([pairing(1)]);
        expect(again.warning?.message).toContain("is missing");
        await again.put(pairing(3));
        expect((await opened()).list()).toEqual([pairing(1), pairing(3)]);
    });

    it("refuses to start afresh over files it can't read", async () => {
        const store = await opened();
        await store.put(pairing(1));
        await store.put(pairing(2));
        await writeFile(file(), "damaged");
        await writeFile(backup(), "damaged too");
        const again = new PairingStore(folder);
        await expect(again.open()).rejects.toMatchObject({ code: "store", message: /Nothing is written/ });
        await expect(again.put(pairing(3))).rejects.toMatchObject({ code: "store" });
        expect(() => again.list()).toThrow(/have not been read/);
        expect(await readFile(file(), "utf8")).toBe("damaged");
        expect(await readFile(backup(), "utf8")).toBe("damaged too");
    });

    it.each([
        ["another version", { version: 3, pairings: [] }, "version"],
        ["nothing sealed", { version: 2, pairings: [] }, "no sealed pairings"],
        ["no list", { version: 1 }, "no list"],
        ["nothing", null, "version"],
        ["a pairing that is none", { version: 1, pairings: [null] }, "pairing 1"],
        [
            "a pairing without a key",
            { version: 1, pairings: [{ accessoryId: "A", name: "B", accessoryLtpk: "12" }] },
            "accessoryLtpk",
        ],
    ])("names what is wrong in a file with %s", async (_, content, words) => {
        await mkdir(folder, { recursive: true });
        await writeFile(file(), JSON.stringify(content));
        await expect(new PairingStore(folder).open()).rejects.toThrow(words);
    });

    it("does not read a file that is far too large", async () => {
        await mkdir(folder, { recursive: true });
        await writeFile(file(), Buffer.alloc(5 * 1024 * 1024));
        await expect(new PairingStore(folder).open()).rejects.toThrow(/bytes long/);
    });

    it("loses nothing when a write was cut off", async () => {
        const store = await opened();
        await store.put(pairing(1));
        await store.put(pairing(2));
        const whole = await readFile(file());
        for (const length of [0, 1, 100, whole.length - 1]) {
            // A crash leaves the new file half written beside the old one.
            await writeFile(`${file()}.new`, whole.subarray(0, length));
            await writeFile(join(folder, "pairings.backup.json.new"), whole.subarray(0, length));
            const again = await opened();
            expect(again.list()).toEqual([pairing(1), pairing(2)]);
            expect(again.warning).toBeUndefined();
        }
        await (await opened()).put(pairing(3));
        expect((await opened()).list()).toHaveLength(3);
    });

    it("keeps in memory only what is on the disk", async () => {
        const store = await opened();
        await store.put(pairing(1));
        await rm(folder, { recursive: true });
        await writeFile(folder, "in the way");
        await expect(store.put(pairing(2))).rejects.toMatchObject({ code: "store", message: /could not be written/ });
        expect(store.list()).toEqual([pairing(1)]);
        await expect(new PairingStore(folder).open()).rejects.toMatchObject({
            code: "store",
            message: /can't be used/,
        });
        await unlink(folder);
        await mkdir(folder);
        await store.put(pairing(3));
        expect((await opened()).list()).toEqual([pairing(1), pairing(3)]);
    });

    it("notes where an accessory was reached, and writes only news", async () => {
        const store = await opened();
        await store.put(pairing(1));
        const before = await stat(file());
        await store.noteEndpoint(pairing(1).accessoryId, { host: "192.168.1.2", port: 1001 });
        await store.noteEndpoint("nobody", { host: "192.168.1.2", port: 1001 });
        expect((await stat(file())).ino).toBe(before.ino);
        await store.noteEndpoint(pairing(1).accessoryId, { host: "192.168.1.3", port: 1001 });
        expect((await opened()).get(pairing(1).accessoryId)?.lastEndpoint).toEqual({ host: "192.168.1.3", port: 1001 });
    });
});

import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
    type DeletionReceipt,
    Erasure,
    PrivacyLog,
    readPublicKeys,
    verifyPrivacyLog,
    verifyReceipt,
} from "../../dist/src/privacy";
import { RecordingIds, Vault } from "../../dist/src/vault";
import { soundOf, transcriptOf } from "../vault/vault-folder";

let folder: string;
let path: string;
let vault: Vault;
let log: PrivacyLog;
let erasure: Erasure;

beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "earshot-erasure-"));
    path = join(folder, "privacy.log");
    vault = new Vault(join(folder, "vault"));
    log = new PrivacyLog(path, { maxFileBytes: 3_000 });
    erasure = new Erasure({ vault, log });
    await vault.open();
});

afterEach(async () => {
    await vault.close();
    await log.close();
    await rm(folder, { recursive: true, force: true });
});

describe("a deletion", () => {
    it("is in the log, and leaves a receipt that anybody can check who has the public key", async () => {
        const [one, two] = [await kept(1), await kept(2)];
        const { ids, receipt } = await erasure.purge([{ ids: [one, two] }], { node: "n1" });
        expect(new Set(ids)).toEqual(new Set([one, two]));
        expect(receipt).toMatchObject({ count: 2, ids: RecordingIds.of([two, one]).digest(), record: { seq: 1 } });
        const keys = await readPublicKeys(`${path}.pub`);
        expect(await verifyReceipt(overTheWire(receipt), { keys, log: path })).toEqual({ ok: true, receipt });
        expect(await verifyReceipt(overTheWire(receipt))).toMatchObject({ ok: true });
        // In a file that was full since, too.
        for (let count = 0; count < 20; count++) await log.append({ what: "note", count });
        expect(await verifyReceipt(receipt, { log: path })).toMatchObject({ ok: true });
        expect(await verifyPrivacyLog(path)).toMatchObject({ ok: true, records: 21 });
        expect(JSON.parse(await readFile(erasure.receiptsFile, "utf8"))).toEqual(receipt);
        expect((await stat(erasure.receiptsFile)).mode & 0o777).toBe(0o600);
    });

    it("of nothing leaves no trace", async () => {
        expect((await erasure.purge([{ site: "cellar" }])).receipt).toBeUndefined();
        await kept(1);
        expect((await erasure.purge([{ site: "cellar" }])).ids.size).toBe(0);
        await expect(verifyPrivacyLog(path)).rejects.toMatchObject({ code: "not-found" });
    });

    it("says nothing of what was deleted", async () => {
        const id = await kept(1);
        const { receipt } = await erasure.purge([{ words: "rhubarb" }]);
        const written = `${JSON.stringify(receipt)}${await readFile(path, "utf8")}`;
        for (const trace of ["rhubarb", "session-1", id]) expect(written).not.toContain(trace);
    });

    it("that could not be ended everywhere is in the log, but has no receipt", async () => {
        await kept(1);
        vault.addDerivedStore({ name: "context", forget: () => Promise.reject(new Error("no")) });
        await expect(erasure.purge([{ all: true }])).rejects.toMatchObject({ code: "not-forgotten" });
        expect(await readFile(path, "utf8")).toContain('"what":"purged","count":1');
        await expect(stat(erasure.receiptsFile)).rejects.toMatchObject({ code: "ENOENT" });
    });
});

describe("the check of a receipt", () => {
    it("sees every change, a key that is not the log's, and a deletion that is not in the log", async () => {
        await kept(1);
        const receipt = (await erasure.purge([{ all: true }])).receipt as DeletionReceipt;
        const keys = await readPublicKeys(`${path}.pub`);
        const changes: [unknown, string][] = [
            [{ ...receipt, count: 2 }, "bad-signature"],
            [{ ...receipt, at: "2001-01-01T00:00:00.000Z" }, "bad-signature"],
            [{ ...receipt, ids: receipt.ids.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) }, "bad-signature"],
            [{ ...receipt, record: { ...receipt.record, seq: 2 } }, "bad-signature"],
            [{ ...receipt, sig: receipt.sig.replace(/^./, (first) => (first === "A" ? "B" : "A")) }, "bad-signature"],
            [{ ...receipt, key: "" }, "bad-signature"],
            [{ ...receipt, receipt: "another" }, "not-a-receipt"],
            [null, "not-a-receipt"],
            ["receipt", "not-a-receipt"],
            [{ receipt: "earshot-deletion-1", at: 1 }, "not-a-receipt"],
        ];
        for (const [changed, fault] of changes) {
            expect(await verifyReceipt(changed, { keys, log: path })).toMatchObject({ ok: false, fault });
        }
        const other = new PrivacyLog(join(folder, "other.log"));
        await other.append({ what: "purged", count: 1, digest: receipt.ids });
        await other.close();
        const otherKeys = await readPublicKeys(join(folder, "other.log.pub"));
        expect(await verifyReceipt(receipt, { keys: otherKeys })).toMatchObject({ ok: false, fault: "unknown-key" });
        expect(await verifyReceipt(receipt, { keys, log: join(folder, "other.log") })).toMatchObject({
            ok: false,
            fault: "not-in-log",
        });
        await writeFile(path, "");
        expect(await verifyReceipt(receipt, { keys, log: path })).toMatchObject({ ok: false, fault: "not-in-log" });
    });
});

async function kept(number: number): Promise<string> {
    const samples = soundOf(number, 160);
    const transcript = transcriptOf("rhubarb and custard");
    const utterance = { session: `session-${number}`, site: "kitchen", startedAt: number };
    return (await vault.keep({ ...utterance, samples, transcript })).id;
}

function overTheWire(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value));
}

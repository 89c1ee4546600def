import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { appendFile, cp, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PRIVACY_EVENTS, type PrivacyEvent, PrivacyLog, verifyPrivacyLog } from "../../dist/src/privacy";

let folder: string;
let path: string;
const logs: PrivacyLog[] = [];

beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "earshot-log-"));
    path = join(folder, "privacy", "log.jsonl");
});

afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()));
    await rm(folder, { recursive: true, force: true });
});

describe("the privacy log", () => {
    it("holds what happened, in order, each line bound to the one before", async () => {
        let now = Date.UTC(2026, 10, 22, 16);
        const log = newLog({ now: () => now++, sites: ["Living room"] });
        const events: PrivacyEvent[] = PRIVACY_EVENTS.map((what, count) => ({ what, count }));
        await log.append({ what: "wake-word", node: "a1.b2", site: "Living room", durationMs: 812.4, bytes: 26_000 });
        for (const event of events) await log.append(event);
        const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
        const records = lines.map((line) => JSON.parse(line));
        expect(lines[0]).toMatch(
            /^\{"seq":1,"at":"2026-11-22T16:00:00.000Z","what":"wake-word","node":"a1.b2","site":"Living room","durationMs":812,"bytes":26000,"prev":"0{64}","by":"[0-9a-f]{16}","hash":"[0-9a-f]{64}","sig":"[\w-]{86}"\}$/,
        );
        records.forEach((record, index) => {
            expect(record).toMatchObject({ seq: index + 1, prev: records[index - 1]?.hash ?? "0".repeat(64) });
        });
        expect(await verifyPrivacyLog(path)).toEqual({ ok: true, records: events.length + 1, anchors: 1 });
    });

    it("is not there before the first event, and private from then on", async () => {
        const log = newLog();
        await log.close();
        expect(existsSync(join(folder, "privacy"))).toBe(false);
        await expect(verifyPrivacyLog(path)).rejects.toMatchObject({ code: "not-found" });
        await newLog().append({ what: "button" });
        expect((await stat(path)).mode & 0o777).toBe(0o600);
        expect((await stat(join(folder, "privacy"))).mode & 0o777).toBe(0o700);
    });

    it("keeps the order of events that come at once, and writes all of them before it closes", async () => {
        const log = newLog();
        const appended = Array.from({ length: 1_200 }, (_, count) => log.append({ what: "note", count }));
        await log.close();
        const records = await Promise.all(appended);
        expect(records.map(({ seq, count }) => [seq, count])).toEqual(records.map((_, index) => [index + 1, index]));
        expect(await verifyPrivacyLog(path)).toEqual({ ok: true, records: 1_200, anchors: 1 });
        await expect(log.append({ what: "note" })).rejects.toMatchObject({ code: "closed" });
    });

    it("goes on where it ended, in another run too", async () => {
        for (let run = 1; run <= 3; run++) {
            const log = newLog();
            expect((await log.append({ what: "button" })).seq).toBe(run);
            await log.close();
        }
        expect(await verifyPrivacyLog(path)).toEqual({ ok: true, records: 3, anchors: 1 });
    });

    it("has no place for words", async () => {
        const log = newLog();
        const sentence = "turn on the light";
        const refused: unknown[] = [
            { what: sentence },
            { what: "log-trimmed", count: 3 },
            { what: "disclosed", to: sentence },
            { what: "purged", digest: sentence },
            { what: "note", node: sentence },
            { what: "note", site: sentence },
            { what: "note", site: "x".repeat(65) },
            { what: "note", count: -1 },
            { what: "note", bytes: Number.NaN },
        ];
        for (const event of refused) {
            await expect(log.append(event as PrivacyEvent)).rejects.toMatchObject({ code: "bad-event" });
        }
        await expect(newLog({ sites: ["kitchen"] }).append({ what: "note", site: "bath" })).rejects.toMatchObject({
            code: "bad-event",
        });
        const smuggled = { what: "note", text: sentence, transcript: { text: sentence } } as PrivacyEvent;
        await log.append(smuggled);
        expect(await readFile(path, "utf8")).not.toContain("light");
    });

    it("refuses more events than may wait, and keeps those it took", async () => {
        const log = newLog();
        const results = await Promise.allSettled(
            Array.from({ length: 10_050 }, () => log.append({ what: "microphone-opened" })),
        );
        const refused = results.filter((result) => result.status === "rejected");
        expect(refused).toHaveLength(50);
        expect(refused[0]?.reason).toMatchObject({ code: "overloaded" });
        expect(await verifyPrivacyLog(path)).toEqual({ ok: true, records: 10_000, anchors: 1 });
    });

    it("says so for ever when its file was moved away or its end was cut off, unless its anchor was moved too", async () => {
        const { lines } = await written(5);
        await writeFile(path, `${lines.slice(0, 3).join("\n")}\n`);
        await appended({ what: "button" });
        const cut = (await readFile(path, "utf8")).split("\n")[3] ?? "";
        expect(JSON.parse(cut)).toMatchObject({ seq: 4, what: "log-cut", count: 2 });
        expect(await verifyPrivacyLog(path)).toMatchObject({ ok: false, firstBad: { line: 4, fault: "missing" } });

        await rename(path, `${path}.old`);
        await appended({ what: "button" });
        expect(await verifyPrivacyLog(path)).toMatchObject({ ok: false, firstBad: { line: 1, fault: "missing" } });
        await rm(path);
        await rm(`${path}.anchor`);
        await appended({ what: "button" });
        expect(await verifyPrivacyLog(path)).toEqual({ ok: true, records: 1, anchors: 1 });
    });

    it("goes on in another file when one is full, and the chain goes through all of them", async () => {
        const log = newLog({ maxFileBytes: 2_000, now: () => Date.UTC(2026, 0, ++day) });
        let day = 0;
        for (let index = 0; index < 40; index++) await log.append({ what: "button", node: `n${index}` });
        const files = (await readdir(join(folder, "privacy"))).filter((name) => /\.\d{6}$/.test(name));
        expect(files.length).toBeGreaterThan(3);
        expect(await verifyPrivacyLog(path)).toEqual({ ok: true, records: 40, anchors: 1 });
        const [first = "", second = ""] = files;
        await rename(join(folder, "privacy", second), join(folder, "elsewhere"));
        expect(await verifyPrivacyLog(path)).toMatchObject({ ok: false, firstBad: { line: 1, fault: "out-of-order" } });
        await rename(join(folder, "elsewhere"), join(folder, "privacy", second));
        await rename(join(folder, "privacy", first), join(folder, "elsewhere"));
        expect(await verifyPrivacyLog(path)).toMatchObject({ ok: false, firstBad: { line: 1, fault: "missing" } });
        await rename(join(folder, "elsewhere"), join(folder, "privacy", first));

        // What is taken away on purpose is written down first.
        expect(await log.trim(Date.UTC(2026, 0, 20))).toBeGreaterThan(1);
        expect(await verifyPrivacyLog(path)).toMatchObject({ ok: true });
        expect(existsSync(join(folder, "privacy", first))).toBe(false);
        expect(await log.trim(0)).toBe(0);
    });

    it("has one writer", async () => {
        const first = newLog();
        await first.append({ what: "button" });
        const second = newLog();
        await expect(second.append({ what: "button" })).rejects.toMatchObject({ code: "in-use" });
        await first.close();
        expect((await second.append({ what: "button" })).seq).toBe(2);
        await second.close();
        // A program that was killed leaves no lock behind.
        await runUntilKilled(0);
        expect((await newLog().append({ what: "button" })).seq).toBeGreaterThan(2);
    });
});

describe("a privacy log that ends in the middle of a line", () => {
    it("is repaired with the next event, and says so; the bytes are set aside", async () => {
        const { lines, bytes, anchors } = await written(3);
        const lastStart = bytes.length - Buffer.byteLength(lines[2] ?? "") - 1;
        for (let length = lastStart + 1; length < bytes.length; length += 23) {
            await rm(`${path}.torn`, { force: true });
            await writeFile(path, bytes.subarray(0, length));
            expect(await verifyPrivacyLog(path)).toMatchObject({
                ok: false,
                records: 2,
                firstBad: { line: 3, fault: "incomplete" },
            });
            // As after a crash: the anchor is written after the records.
            await writeFile(`${path}.anchor`, anchors[1] ?? "");
            const log = newLog();
            expect((await log.append({ what: "button" })).seq).toBe(4);
            await log.close();
            expect(await verifyPrivacyLog(path)).toEqual({ ok: true, records: 4, anchors: 1 });
            const repair = (await readFile(path, "utf8")).split("\n")[2] ?? "";
            expect(JSON.parse(repair)).toMatchObject({ seq: 3, what: "log-repaired", bytes: length - lastStart });
            expect(await readFile(`${path}.torn`)).toEqual(
                Buffer.concat([bytes.subarray(lastStart, length), Buffer.from("\n")]),
            );
            expect((await stat(`${path}.torn`)).mode & 0o777).toBe(0o600);
        }
    });

    it("is repaired when a power cut left nothing but zeros, or no whole line at all", async () => {
        const { bytes, anchors } = await written(2);
        for (const torn of [Buffer.alloc(300_000), Buffer.from("\xff{", "latin1")]) {
            await writeFile(path, Buffer.concat([bytes, torn]));
            await writeFile(`${path}.anchor`, anchors[1] ?? "");
            await appended({ what: "button" });
            expect(await verifyPrivacyLog(path)).toEqual({ ok: true, records: 4, anchors: 1 });
        }
        await writeFile(path, bytes.subarray(0, 50));
        await rm(`${path}.anchor`);
        await appended({ what: "button" });
        expect(await verifyPrivacyLog(path)).toEqual({ ok: true, records: 2, anchors: 1 });
    });

    it("is not taken for one whose last record was changed: that one is left as it is", async () => {
        const { lines } = await written(2);
        const forged = `${lines[0]}\n${lines[1]?.replace("button", "note")}\n`;
        await writeFile(path, forged);
        await expect(newLog().append({ what: "button" })).rejects.toMatchObject({ code: "damaged" });
        expect(await readFile(path, "utf8")).toBe(forged);
    });

    it("never lacks a record that was reported as written, though its program was killed", async () => {
        let reported = 0;
        for (let round = 0; round < 8; round++) {
            for (const seq of await runUntilKilled((round * 17) % 60)) {
                expect(seq).toBeGreaterThan(reported);
                reported = seq;
            }
            const log = newLog();
            const { seq } = await log.append({ what: "note" });
            await log.close();
            expect(seq).toBeGreaterThan(reported);
            expect(await verifyPrivacyLog(path)).toEqual({ ok: true, records: seq, anchors: 1 });
            reported = seq;
        }
    });
});

describe("the check of a privacy log", () => {
    it("names records that somebody added who has not the key, or signed with another", async () => {
        const { lines } = await written(3);
        const last = JSON.parse(lines[2] ?? "");
        const forged = (fields: object) => {
            const { sig, ...record } = { seq: 4, at: last.at, what: "button", prev: last.hash, ...fields } as {
                sig?: string;
            };
            const hash = createHash("sha256").update(JSON.stringify(record)).digest("hex");
            return JSON.stringify({ ...record, hash, sig });
        };
        for (const [record, fault] of [
            [forged({}), "unsigned"],
            [forged({ by: last.by, sig: last.sig }), "bad-signature"],
            [forged({ by: "0123456789abcdef", sig: last.sig }), "bad-signature"],
            [forged({ by: last.by }), "changed"],
        ] as const) {
            await writeFile(path, `${[...lines, record].join("\n")}\n`);
            expect(await verifyPrivacyLog(path)).toMatchObject({ ok: false, records: 3, firstBad: { line: 4, fault } });
        }
        // Not even with a key pair of their own beside it, when the anchor lies elsewhere.
        const other = join(folder, "other", "log.jsonl");
        await written(5, other);
        await rename(`${path}.anchor`, join(folder, "anchor"));
        for (const file of ["", ".pub", ".anchor"]) await cp(`${other}${file}`, `${path}${file}`);
        expect(await verifyPrivacyLog(path)).toMatchObject({ ok: true });
        expect(await verifyPrivacyLog(path, { anchors: [join(folder, "anchor")] })).toMatchObject({
            ok: false,
            firstBad: { line: 3, fault: "broken-chain" },
        });
    });

    it("names the first bad record after any flipped bit", async () => {
        const { bytes } = await written(2);
        for (let at = 0; at < bytes.length; at += 3) {
            const flipped = Buffer.from(bytes);
            flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at % 8)), at);
            await writeFile(path, flipped);
            const line = bytes.subarray(0, at).toString("latin1").split("\n").length;
            const { ok, records, firstBad } = await verifyPrivacyLog(path);
            expect([ok, records, firstBad?.line], `byte ${at}`).toEqual([false, line - 1, line]);
        }
    });

    it("names the first bad record after a deletion, a change of order, an insertion, or a record of another log", async () => {
        const { lines } = await written(5);
        const [a = "", b = "", c = "", d = "", e = ""] = lines;
        const other = (await written(5, join(folder, "other.jsonl"))).lines;
        const cases: [lines: string[], line: number, fault: string][] = [
            [[b, c, d, e], 1, "missing"],
            [[a, b, c], 4, "missing"],
            [[a, b, d, e], 3, "out-of-order"],
            [[a, c, b, d, e], 2, "out-of-order"],
            [[a, b, c, c, d, e], 4, "out-of-order"],
            [[a, b, other[2] ?? "", d, e], 3, "broken-chain"],
            [[a, b, "", c, d, e], 3, "not-a-record"],
            [[a, b, "{}", c, d, e], 3, "not-a-record"],
            [[a, "x".repeat(5_000), b], 2, "not-a-record"],
            [[a, b, c.replace('{"seq":3,', '{ "seq":3,'), d, e], 3, "changed"],
            [[a, b, c.replace('"prev"', '"text":"turn on the light","prev"'), d, e], 3, "changed"],
            [[a, b, c.replace(/"at":"[^"]*"/, '"at":"2001-01-01T00:00:00.000Z"'), d, e], 3, "changed"],
        ];
        for (const [changed, line, fault] of cases) {
            await writeFile(path, `${changed.join("\n")}\n`);
            expect(await verifyPrivacyLog(path)).toMatchObject({
                ok: false,
                records: line - 1,
                firstBad: { line, fault },
            });
        }
    });

    it("reads a file of any size without holding it", async () => {
        const { lines } = await written(1);
        await writeFile(path, `${lines[0]}\n`);
        for (let part = 0; part < 8; part++) await appendFile(path, Buffer.alloc(4 * 1024 * 1024, "x"));
        const before = process.memoryUsage().arrayBuffers;
        expect((await verifyPrivacyLog(path)).firstBad).toMatchObject({ line: 2, fault: "not-a-record" });
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
    });
});

function newLog(options?: ConstructorParameters<typeof PrivacyLog>[1]): PrivacyLog {
    const log = new PrivacyLog(path, options);
    logs.push(log);
    return log;
}

async function appended(event: PrivacyEvent): Promise<void> {
    const log = newLog();
    await log.append(event);
    await log.close();
}

/** Numbers of the records that a program reported as written before it was killed, `delayMs` after the first. */
async function runUntilKilled(delayMs: number): Promise<readonly number[]> {
    const child = spawn(process.execPath, [join(import.meta.dirname, "append-child.mjs"), path], {
        stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    const reported: number[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
        if (reported.length === 0) setTimeout(() => child.kill("SIGKILL"), delayMs);
        reported.push(Number(line));
    }
    expect(await ended).toEqual([null, "SIGKILL"]);
    return reported;
}

interface Written {
    readonly lines: readonly string[];
    readonly bytes: Buffer;
    /** As it was after each record. */
    readonly anchors: readonly string[];
}

/** A log with `count` records, closed. */
async function written(count: number, file = path): Promise<Written> {
    const log = new PrivacyLog(file);
    const anchors: string[] = [];
    for (let index = 0; index < count; index++) {
        await log.append({ what: "button", node: `n${index}`, site: "kitchen" });
        anchors.push(await readFile(`${file}.anchor`, "utf8"));
    }
    await log.close();
    const bytes = await readFile(file);
    return { lines: bytes.toString().trimEnd().split("\n"), bytes, anchors };
}

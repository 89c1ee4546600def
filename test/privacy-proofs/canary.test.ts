import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const SCENARIO = join(import.meta.dirname, "canary-scenario.ts");
const CANARY = "zanzibarnt";

let folder: string;

beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "earshot-canary-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a word that was said, understood, answered and kept", () => {
    it("is nowhere after a purge: not in a file, not in the memory of any thread, not in a log", async () => {
        const { stdout, stderr } = await promisify(execFile)(process.execPath, [SCENARIO, folder], {
            env: { ...process.env, TMPDIR: folder },
            timeout: 90_000,
            maxBuffer: 16 * 1024 * 1024,
        });
        const found = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
        // It was there: in the runtime, and in the vault's thread.
        expect(found.before).toContain("main thread");
        expect(found.before.length).toBeGreaterThan(1);
        expect(found).toMatchObject({ memory: [], disk: [], control: 1 });
        expect(stdout).toContain("[trace]");
        expect(stdout + stderr).not.toContain(CANARY);
    }, 100_000);
});

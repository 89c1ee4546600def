import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeFolders } from "../../dist/scripts/first-light/folders";

let kept: string;

beforeEach(() => {
    kept = mkdtempSync(join(tmpdir(), "earshot-test-folders-"));
});

afterEach(() => {
    rmSync(kept, { recursive: true, force: true });
});

describe("the folder for the next start", () => {
    it("is taken by one at a time, and free again afterwards", () => {
        const first = takeFolders(kept);
        const second = takeFolders(kept);
        expect(first).toMatchObject({ areKept: true, userDir: kept });
        expect(second.areKept).toBe(false);
        expect(second.userDir).not.toContain(kept);
        first.release();
        second.release();
        const third = takeFolders(kept);
        expect(third.userDir).toBe(kept);
        third.release();
    });

    it("is free when the one that took it has died", () => {
        const { pid } = spawnSync(process.execPath, ["--version"]);
        writeFileSync(join(kept, "in-use-by.pid"), String(pid));
        const folders = takeFolders(kept);
        expect(folders.userDir).toBe(kept);
        folders.release();
    });
});

describe("the folders of a start that keeps nothing", () => {
    it("are gone when it is over", () => {
        const { userDir, sounds, areKept, release } = takeFolders(undefined);
        expect(areKept).toBe(false);
        writeFileSync(join(sounds, "first-light.wav"), "sound");
        release();
        expect(existsSync(sounds)).toBe(false);
        expect(existsSync(userDir)).toBe(false);
    });
});

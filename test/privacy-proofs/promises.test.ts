import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const PROMISES = readFileSync(join(ROOT, "docs/privacy.md"), "utf8");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

/** Rows of the tables that have a promise in their first column. */
const rows = PROMISES.split("\n\n")
    .filter((block) => block.startsWith("| promise |"))
    .flatMap((table) => table.trimEnd().split("\n").slice(2));

describe("the promises in docs/privacy.md", () => {
    it("have a test each, that is there", () => {
        expect(rows.length).toBeGreaterThan(20);
        for (const row of rows) {
            const tests = [...row.matchAll(/`(test\/[^`]+)`/g)].map(([, path = ""]) => path);
            expect(tests, row).not.toEqual([]);
            for (const path of tests) expect(existsSync(join(ROOT, path)), path).toBe(true);
        }
    });

    it("have tests for all that README.md names one for", () => {
        const section = README.slice(README.indexOf("## Privacy"), README.indexOf("## How well it hears"));
        const named = [...section.matchAll(/`(test\/[^`]+)`/g)].map(([, path = ""]) => path);
        expect(named.length).toBeGreaterThan(5);
        for (const path of named) expect(PROMISES, path).toContain(path);
    });
});

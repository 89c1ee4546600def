/** The vault: how fast it seals, finds and destroys, what that costs the event loop, and what kills at random moments do to it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureCrashes } from "./privacy/crashes";
import { measureVault } from "./privacy/vault";
import type { Report } from "./report";

export async function run(report: Report): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "earshot-bench-"));
    try {
        await measureVault(report, folder);
        await measureCrashes(report, folder);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

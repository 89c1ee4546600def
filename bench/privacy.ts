/**
 * Redaction, and the log and the vault: how fast they are, what that costs the event loop, and what kills at random moments do
 * to the vault; and what spoken sentences leave on the disk and try to send.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureCrashes } from "./privacy/crashes";
import { measureEgress } from "./privacy/egress";
import { measureLog } from "./privacy/log";
import { measureRedaction } from "./privacy/redaction";
import { measureVault } from "./privacy/vault";
import type { Report } from "./report";

export async function run(report: Report): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "earshot-bench-"));
    try {
        await measureRedaction(report);
        await measureLog(report, folder);
        await measureVault(report, folder);
        await measureCrashes(report, folder);
        await measureEgress(report, folder);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

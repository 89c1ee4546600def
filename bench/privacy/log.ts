/** The privacy log: how many events a second, and what that costs the event loop. */
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { PrivacyLog, verifyPrivacyLog } from "../../src/privacy";
import { percentile, type Report, rounded } from "../report";

const EVENTS = 5_000;

export async function measureLog(report: Report, folder: string): Promise<void> {
    const path = join(folder, "log", "privacy.log");
    const log = new PrivacyLog(path);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    try {
        const single: number[] = [];
        for (let count = 0; count < 100; count++) {
            const before = performance.now();
            await log.append({ what: "wake-word", node: "n1", site: "kitchen", count });
            single.push(performance.now() - before);
        }
        report.add("logAppendMs", rounded(percentile(single, 0.5), 2), "ms", "one at a time, p50");
        delay.enable();
        const before = performance.now();
        await Promise.all(
            Array.from({ length: EVENTS }, (_, count) =>
                log.append({ what: "note", node: "n1", site: "kitchen", count }),
            ),
        );
        delay.disable();
        report.add("logEventsPerSecond", rounded((EVENTS / (performance.now() - before)) * 1_000, 0), "1/s");
        report.add("eventLoopBlockedMax", rounded(delay.max / 1e6, 1), "ms", "logging");
    } finally {
        await log.close();
    }
    const before = performance.now();
    const { ok, records } = await verifyPrivacyLog(path);
    if (!ok) throw new Error("The log that was just written is not in order.");
    report.add("logVerifiedPerSecond", rounded((records / (performance.now() - before)) * 1_000, 0), "1/s");
}

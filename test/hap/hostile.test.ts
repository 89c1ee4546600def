import { describe, expect, it } from "vitest";
import { measureHostileFrames, measureHostilePackets } from "../../dist/bench/home/hostile";
import { Report } from "../../dist/bench/report";

class KeptReport extends Report {
    readonly figures = new Map<string, number>();

    override add(metric: string, value: number): void {
        this.figures.set(metric, value);
    }
}

describe("strangers' packets", () => {
    it.each([
        ["mDNS", measureHostilePackets],
        ["HAP", measureHostileFrames],
    ])(
        "neither hold up the event loop nor stay in memory: %s (more of them: npm run bench -- home)",
        async (_, measure) => {
            const report = new KeptReport("hostile");
            await measure(report, 5_000);
            expect(report.figures.get("hostilePacketBlocks")).toBeLessThan(50);
            expect(report.figures.get("hostilePacketGrowth")).toBeLessThan(10);
        },
    );
});

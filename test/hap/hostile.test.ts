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
        ["thirty thousand of mDNS", measureHostilePackets],
        ["ten thousand frames of HAP", measureHostileFrames],
    ])("neither hold up the event loop nor stay in memory: %s", async (_, measure) => {
        const report = new KeptReport("hostile");
        await measure(report);
        expect(report.figures.get("hostilePacketBlocks")).toBeLessThan(50);
        expect(report.figures.get("hostilePacketGrowth")).toBeLessThan(10);
    });
});

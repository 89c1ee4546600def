/** HomeKit on the loopback interface: how fast accessories are found, listed and commanded, and what strangers can cost. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureFifty, measureOneBridge } from "./home/control";
import { measureDiscovery } from "./home/discovery";
import { Fleet, type FleetSize } from "./home/fleet";
import { measureHostileFrames, measureHostilePackets } from "./home/hostile";
import { measureWrongPins } from "./home/wrong-pins";
import type { Report } from "./report";

export async function run(report: Report): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "earshot-bench-"));
    const withFleets = async (
        names: readonly string[],
        size: FleetSize,
        measure: (fleets: Fleet[]) => Promise<void>,
    ) => {
        const fleets = names.map((name) => new Fleet(join(folder, name), size));
        try {
            await measure(fleets);
        } finally {
            await Promise.all(fleets.map((fleet) => fleet.stop()));
        }
    };
    try {
        await withFleets(["one"], { bridges: 1, lamps: 149 }, ([fleet]) => measureOneBridge(report, fleet as Fleet));
        // Two processes, as the accessories do nearly all of the arithmetic of connecting, and a home has fifty of them.
        await withFleets(["fifty a", "fifty b"], { bridges: 25, lamps: 1 }, (fleets) => measureFifty(report, fleets));
        report.note("Waiting for twenty bridges to announce themselves.");
        await withFleets(["twenty"], { bridges: 20, lamps: 1, announce: true }, ([fleet]) =>
            measureDiscovery(report, fleet as Fleet, folder),
        );
        report.note("Trying a hundred wrong codes.");
        await measureWrongPins(report, join(folder, "locked"));
        await measureHostilePackets(report);
        await measureHostileFrames(report);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

/** Somebody tries a hundred codes at a real accessory: each is refused in words, and nothing is left behind. */
import { mkdirSync } from "node:fs";
import { SimulatedHome } from "../../scripts/first-light/simulated-home";
import { HapError, pairSetup } from "../../src/hap";
import { percentile, type Report, rounded } from "../report";
import { liveMegabytes } from "./memory";

const TRIES = 100;
const PATIENCE_MS = 20_000;

/** @param folder for the accessory; nothing is there yet */
export async function measureWrongPins(report: Report, folder: string): Promise<void> {
    mkdirSync(folder);
    const home = new SimulatedHome({
        folder,
        bridgeName: `Bench ${process.pid}`,
        names: ["Lamp", "Thermostat", "Outlet"],
        onChanged: () => {},
    });
    try {
        const { id, pin, port } = await home.ready(AbortSignal.timeout(PATIENCE_MS));
        const pair = (code: string) =>
            pairSetup({ endpoints: [{ host: "127.0.0.1", port }], pin: code, accessoryId: id });
        const wrong = pin.startsWith("482") ? "593-71-826" : "482-15-937";
        const times: number[] = [];
        const before = liveMegabytes();
        let refused = 0;
        for (let attempt = 0; attempt < TRIES; attempt++) {
            const start = performance.now();
            await pair(wrong).catch((error: unknown) => {
                if (error instanceof HapError && error.code === "wrong-pin") refused++;
            });
            times.push(performance.now() - start);
        }
        report.add("wrongPinsRefused", refused / TRIES, "ratio");
        report.add("wrongPinMs", rounded(percentile(times, 0.95), 0), "ms", "p95");
        report.add("wrongPinsGrowth", rounded(liveMegabytes() - before, 1), "MB", `${TRIES} codes`);
        const paired = await pair(pin).then(
            () => 1,
            () => 0,
        );
        report.add("pairedAfterWrongPins", paired, "ratio");
    } finally {
        await home.process.stop();
    }
}

/** How fast bridges that announce themselves are found, and the list of them is whole. */
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HAP_SERVICE, HomeKitAccessories, PairingStore } from "../../src/hap";
import { loopbackInterfaces, MdnsBrowser } from "../../src/mdns";
import { percentile, type Report, rounded } from "../report";
import type { Fleet } from "./fleet";

const ROUNDS = 7;
/** A responder may keep silent about what it said to everyone within the last second (RFC 6762 §6). */
const BETWEEN_QUERIES_MS = 1_200;
const PATIENCE_MS = 20_000;

/** @param folder for the pairings, of which there are none */
export async function measureDiscovery(report: Report, fleet: Fleet, folder: string): Promise<void> {
    const ids = (await fleet.pairings()).map(({ accessoryId }) => accessoryId);
    await fleet.announced();
    const store = new PairingStore(join(folder, "pairings"));
    await store.open();
    const first: number[] = [];
    const all: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
        await sleep(BETWEEN_QUERIES_MS);
        const browser = new MdnsBrowser({ types: [HAP_SERVICE], interfaces: loopbackInterfaces() });
        const accessories = new HomeKitAccessories({ browser, store });
        const missing = () => {
            const listed = new Set(accessories.list().map(({ id }) => id));
            return ids.filter((id) => !listed.has(id)).length;
        };
        accessories.start();
        const start = performance.now();
        browser.start();
        try {
            const signal = AbortSignal.timeout(PATIENCE_MS);
            while (missing() === ids.length) await once(accessories, "changed", { signal });
            first.push(performance.now() - start);
            while (missing() > 0) await once(accessories, "changed", { signal });
            all.push(performance.now() - start);
        } finally {
            await accessories.stop();
            browser.stop();
        }
    }
    report.add("discoveryMs", rounded(percentile(first, 0.5), 1), "ms", "p50");
    report.add("discoveryMs", rounded(Math.max(...first), 1), "ms", "max");
    report.add("twentyBridgesListedMs", rounded(percentile(all, 0.5), 1), "ms", "p50");
    report.add("twentyBridgesListedMs", rounded(Math.max(...all), 1), "ms", "max");
}

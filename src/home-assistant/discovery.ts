/** Home Assistants that announce themselves on the network, for people who are asked for an address. */
import { setTimeout as pause } from "node:timers/promises";
import { type DiscoveredService, MdnsBrowser } from "../mdns";
import { webSocketAddress } from "./address";

/** What Home Assistant's `zeroconf` component announces. */
const SERVICE = "_home-assistant._tcp";
/** For the first to answer, and after it for the others. */
const WITHIN_MS = 3_000;
const OTHERS_MS = 300;
const MAX_FOUND = 20;
const MAX_NAME = 100;

export interface FoundHomeAssistant {
    readonly name: string;
    /** "http://192.168.1.5:8123" */
    readonly address: string;
}

/** Looks for a few seconds, and asks nothing of what it finds. What is announced is anybody's word. */
export async function findHomeAssistants(withinMs: number = WITHIN_MS): Promise<readonly FoundHomeAssistant[]> {
    const browser = new MdnsBrowser({ types: [SERVICE] });
    const found = Promise.withResolvers<void>();
    browser.once("up", () => found.resolve());
    browser.start();
    try {
        const enough = new AbortController();
        await Promise.race([found.promise, pause(withinMs, undefined, { signal: enough.signal })]);
        enough.abort();
        if (browser.services().length > 0) await pause(OTHERS_MS);
        return browser.services().slice(0, MAX_FOUND).flatMap(toldBy);
    } finally {
        browser.stop();
    }
}

function toldBy({ name, host, port, addresses, txt }: DiscoveredService): readonly FoundHomeAssistant[] {
    const [address = host] = addresses.map((one) => (one.includes(":") ? `[${one.replace(/%.*/, "")}]` : one));
    const candidates = [txt.internal_url, txt.base_url, `http://${address}:${port}`];
    const usable = candidates.find((url) => url !== undefined && isAddress(url));
    return usable === undefined ? [] : [{ name: (txt.location_name || name).slice(0, MAX_NAME), address: usable }];
}

function isAddress(url: string): boolean {
    try {
        return /^https?:/.test(url) && webSocketAddress(url) !== "";
    } catch {
        return false;
    }
}

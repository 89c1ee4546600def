/** What an accessory says about itself on the network: the fields of its announcement (HAP R2, Bonjour TXT record). */
import type { DiscoveredService } from "../mdns";
import type { Endpoint } from "./connection";
import { CATEGORIES } from "./definitions";
import type { StoredPairing } from "./pairing-record";

export const HAP_SERVICE = "_hap._tcp";

/** Status flag bit 0: not paired with any controller (HAP R2, Bonjour TXT status flags). */
const NOT_PAIRED = 0x01;
/** Feature flag bit 0: pair with Apple's authentication coprocessor (HAP R2, feature flags). */
const APPLE_AUTHENTICATION = 0x01;

/** An accessory or bridge as a list shows it. */
export interface HomeKitAccessory {
    /** Device id, "AA:BB:CC:DD:EE:FF". */
    readonly id: string;
    readonly name: string;
    readonly model: string;
    /** "Bridge", "Lightbulb", … */
    readonly category: string;
    readonly host: string | undefined;
    readonly port: number | undefined;
    /** Whether it is paired, with whomever. */
    readonly paired: boolean;
    readonly pairedWithUs: boolean;
    /** Paired with us: a connection stands. Others: it announces itself. */
    readonly reachable: boolean;
    /** What a person has to do before it can be used here; absent when nothing stands in the way. */
    readonly advice?: string;
}

export const PAIRED_ELSEWHERE =
    "Remove it there first (Apple Home: accessory settings, Remove Accessory), or reset it to its factory settings; then pair it here.";

/** The device id in upper case; "" for an announcement without a proper one. */
export function idOf({ txt }: DiscoveredService): string {
    const { id = "" } = txt;
    return /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/i.test(id) ? id.toUpperCase() : "";
}

export function endpointsOf({ addresses, port }: DiscoveredService): readonly Endpoint[] {
    return addresses.map((host) => ({ host, port }));
}

export function hasAppleAuthentication({ txt }: DiscoveredService): boolean {
    const { ff = "0" } = txt;
    return (Number(ff) & APPLE_AUTHENTICATION) !== 0;
}

/** @param isConnected undefined for one that is not kept connected. */
export function describe(
    id: string,
    service: DiscoveredService | undefined,
    pairing: StoredPairing | undefined,
    isConnected: boolean | undefined,
): HomeKitAccessory {
    const { md: model = "", ci: category = "0", sf: statusFlags = "0" } = service?.txt ?? {};
    const last = pairing?.fixedEndpoint ?? pairing?.lastEndpoint;
    const isPaired = pairing !== undefined || (Number(statusFlags) & NOT_PAIRED) === 0;
    const isElsewhere = isPaired && !pairing;
    return {
        id,
        name: service?.name ?? pairing?.name ?? id,
        model,
        category: CATEGORIES[Number(category)] ?? "Other",
        host: service?.addresses[0] ?? last?.host,
        port: service?.port ?? last?.port,
        paired: isPaired,
        pairedWithUs: pairing !== undefined,
        reachable: isConnected ?? service !== undefined,
        ...(isElsewhere && { advice: `It is paired with another controller. ${PAIRED_ELSEWHERE}` }),
    };
}

/** Why nothing is found, as far as this machine can tell: what it sent, what came back, and which networks it is in. */
import { existsSync, readFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { type LocalAddress, linkFilter, MDNS_PORT } from "./network";

/** What a link has been through since it came up. */
export interface LinkReport {
    readonly local: LocalAddress;
    /** The system's error code when its socket can't be used: "EADDRINUSE". */
    readonly failure?: string;
    /** The same for the last packet that could not be sent: "ENETUNREACH". */
    readonly sendFailure?: string;
    readonly sent: number;
    /** Packets from this machine's own address: what we sent comes back to us where multicast works. */
    readonly heardOwn: number;
    readonly heardOthers: number;
}

export type FindingCode =
    /** Services were found; nothing is wrong. */
    | "found"
    /** No interface besides loopback is up and has an address. */
    | "no-network"
    /** Another program, or the system, keeps port 5353 to itself. */
    | "port-blocked"
    /** Packets to the multicast group can't leave. */
    | "no-multicast-route"
    /** Not even our own packets come back: a firewall drops them. */
    | "multicast-blocked"
    | "container-network"
    /** A host that was asked about is behind a router, which multicast does not pass. */
    | "other-subnet"
    /** Others speak, but nobody offers what was looked for. */
    | "nothing-offered"
    /** Our questions go out, and nobody says anything. */
    | "nobody-answers";

/** `message` is a sentence for people that says what to do. */
export interface Finding {
    readonly code: FindingCode;
    /** The interface or host it is about. */
    readonly subject?: string;
    readonly message: string;
}

export interface Circumstances {
    readonly links: readonly LinkReport[];
    /** "_hap._tcp" */
    readonly types: readonly string[];
    readonly services: number;
    /** Addresses that somebody misses. */
    readonly hosts: readonly string[];
    readonly isInContainer: boolean;
}

/** The most telling first; never empty. */
export function diagnose({ links, types, services, hosts, isInContainer }: Circumstances): readonly Finding[] {
    const outside = links.filter(({ local }) => !local.internal);
    const beyond = hosts.flatMap((host) => otherSubnet(host, outside));
    if (services > 0) return [...beyond, { code: "found", message: `${services} found: discovery works.` }];
    if (outside.length === 0) {
        const message =
            "No network interface is up and has an address: connect this machine to the network of the devices.";
        return [{ code: "no-network", message }];
    }
    const working = outside.filter((link) => linkFault(link).length === 0);
    // Where an interface works with IPv4, it is no matter that it has no IPv6, and the other way round.
    const workingNames = new Set(working.map(({ local }) => local.interfaceName));
    const faults = outside.filter(({ local }) => !workingNames.has(local.interfaceName)).flatMap(linkFault);
    const findings = [...beyond, ...(isInContainer ? [container()] : []), ...faults];
    if (working.length === 0) return findings;
    return [...findings, silence(working, types)];
}

function linkFault(link: LinkReport): readonly Finding[] {
    const { local, failure, sendFailure, sent, heardOwn, heardOthers } = link;
    const subject = local.interfaceName;
    if (failure !== undefined) {
        const message =
            failure === "EADDRINUSE" || failure === "EACCES"
                ? `Port ${MDNS_PORT} can't be used on ${subject} (${failure}): another program keeps it to itself. End it, or let it share the port.`
                : `The system allows no multicast on ${subject} (${failure}).`;
        return [{ code: failure.startsWith("EA") ? "port-blocked" : "no-multicast-route", subject, message }];
    }
    if (sendFailure !== undefined) {
        const message =
            sendFailure === "EPERM"
                ? `A firewall of this machine stops multicast on ${subject} (EPERM). Allow UDP port ${MDNS_PORT}.`
                : `Multicast can't leave on ${subject} (${sendFailure}): there is no route for it. "ip route add 224.0.0.0/4 dev ${subject}" makes one.`;
        return [{ code: sendFailure === "EPERM" ? "multicast-blocked" : "no-multicast-route", subject, message }];
    }
    if (sent > 0 && heardOwn === 0 && heardOthers === 0) {
        const message = `Nothing comes in on ${subject}, not even our own questions: a firewall of this machine drops UDP port ${MDNS_PORT}. Allow it.`;
        return [{ code: "multicast-blocked", subject, message }];
    }
    return [];
}

function silence(working: readonly LinkReport[], types: readonly string[]): Finding {
    const names = [...new Set(working.map(({ local }) => local.interfaceName))].join(", ");
    if (working.some(({ heardOthers }) => heardOthers > 0)) {
        const message = `Others speak on ${names}, but none offers ${types.join(" or ")}. Are the devices switched on, and in this network?`;
        return { code: "nothing-offered", subject: names, message };
    }
    const message = `Our questions go out on ${names}, and nobody answers. The devices may be in another network (guest or IoT Wi-Fi, VLAN), or the access point keeps its clients apart ("client isolation").`;
    return { code: "nobody-answers", subject: names, message };
}

function container(): Finding {
    const message =
        "This runs in a container, whose own network multicast does not reach. Start the container in the host's network (docker run --network host), or pair devices by host and port.";
    return { code: "container-network", message };
}

function otherSubnet(host: string, links: readonly LinkReport[]): readonly Finding[] {
    const locals = links.map(({ local }) => local).filter(({ family }) => family === "IPv4");
    if (!isIPv4(host) || host.startsWith("127.")) return [];
    if (locals.some((local) => linkFilter(local)({ address: host, port: MDNS_PORT }))) return [];
    const networks = locals.map(({ address, prefixBits }) => `${address}/${prefixBits}`).join(", ") || "none";
    const message = `${host} is in another network than this machine (${networks}), and discovery does not pass routers. Pair it by host and port.`;
    return [{ code: "other-subnet", subject: host, message }];
}

/** Whether this program runs in a container of its own, as Docker, Podman, LXC and Kubernetes mark them. */
export function isInContainer(): boolean {
    if (existsSync("/.dockerenv") || existsSync("/run/.containerenv")) return true;
    try {
        return /docker|kubepods|containerd|libpod|lxc/.test(readFileSync("/proc/1/cgroup", "utf8"));
    } catch {
        return false; // Only Linux has it.
    }
}

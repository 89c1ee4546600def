/** The machine's network as discovery sees it: addresses to listen on, and one multicast socket for each. */
import { createSocket } from "node:dgram";
import { BlockList, isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";

export const MDNS_PORT = 5353;
const GROUP_IPV4 = "224.0.0.251";
const GROUP_IPV6 = "ff02::fb";

/** An address of this machine from which a network can be asked. */
export interface LocalAddress {
    readonly interfaceName: string;
    readonly family: "IPv4" | "IPv6";
    readonly address: string;
    readonly prefixBits: number;
    /** Loopback. */
    readonly internal: boolean;
}

export interface Sender {
    readonly address: string;
    readonly port: number;
}

export interface MulticastSocket {
    /** Never throws; a packet that can't be sent is lost, as any datagram may be, and `failed` is told why. */
    send(packet: Buffer, failed?: (error: Error) => void): void;
    close(): void;
}

export interface Network {
    addresses(): readonly LocalAddress[];
    /** `closed` is called at most once, when the socket failed on its own. */
    open(
        local: LocalAddress,
        receive: (packet: Buffer, from: Sender) => void,
        closed: (error?: unknown) => void,
    ): MulticastSocket;
}

export const systemNetwork: Network = {
    addresses: () =>
        Object.entries(networkInterfaces()).flatMap(([interfaceName, addresses = []]) =>
            addresses.filter(isUsable).map(({ family, address, cidr, internal }) => ({
                interfaceName,
                family,
                address,
                prefixBits: Number(cidr?.split("/")[1] ?? (family === "IPv4" ? 32 : 128)),
                internal,
            })),
        ),

    open(local, receive, closed) {
        const isIpv6 = local.family === "IPv6";
        const socket = createSocket({ type: isIpv6 ? "udp6" : "udp4", reuseAddr: true, ipv6Only: isIpv6 });
        let open = true;
        const close = () => {
            if (!open) return;
            open = false;
            socket.close();
        };
        const fail = (error: unknown) => {
            if (!open) return;
            close();
            closed(error);
        };
        socket.on("error", fail);
        socket.on("message", (packet, from) => receive(packet, from));
        socket.bind(MDNS_PORT, () => {
            try {
                const group = isIpv6 ? GROUP_IPV6 : GROUP_IPV4;
                const multicastInterface = isIpv6 ? `::%${local.interfaceName}` : local.address;
                socket.addMembership(group, multicastInterface);
                socket.setMulticastInterface(multicastInterface);
                socket.setMulticastTTL(255);
                socket.setMulticastLoopback(true);
            } catch (error) {
                fail(error);
            }
        });
        return {
            send(packet, failed = () => {}) {
                if (!open) return;
                // A socket that isn't bound yet queues the packet until it is.
                const group = isIpv6 ? `${GROUP_IPV6}%${local.interfaceName}` : GROUP_IPV4;
                socket.send(packet, MDNS_PORT, group, (error) => {
                    if (error) failed(error);
                });
            },
            close,
        };
    },
};

/** IPv6 asks from the link-local address only: RFC 6762 needs no other, and it tells the interface apart. */
function isUsable(address: { family: string; address: string }): boolean {
    return address.family === "IPv4" || address.address.toLowerCase().startsWith("fe80:");
}

/** The names of this machine's loopback interfaces. */
export function loopbackInterfaces(network: Network = systemNetwork): readonly string[] {
    return [...new Set(network.addresses().flatMap((local) => (local.internal ? [local.interfaceName] : [])))];
}

/**
 * Tells whether a sender is on the network of `local`. The system hands a multicast packet to every socket that is bound
 * to the port, whichever interface it came from, and unicast ones from anywhere: each packet must count once, and one from
 * beyond the link not at all (RFC 6762 §11).
 */
export function linkFilter(local: LocalAddress): (sender: Sender) => boolean {
    if (local.family === "IPv6") {
        return ({ address }) =>
            address.toLowerCase().startsWith("fe80:") && address.endsWith(`%${local.interfaceName}`);
    }
    const link = new BlockList();
    link.addSubnet(local.address, local.prefixBits, "ipv4");
    return ({ address }) => isIPv4(address) && link.check(address, "ipv4");
}

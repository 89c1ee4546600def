/** A Home Assistant that announces itself on the loopback interface, as its `zeroconf` component does. */
import { type Answer, encode } from "dns-packet";
import { type MulticastSocket, systemNetwork } from "../../dist/src/mdns";

const SERVICE = "_home-assistant._tcp.local";

export function announced(
    txt: Readonly<Record<string, string>>,
    { name = "Home", port = 8_123 }: { name?: string; port?: number } = {},
): MulticastSocket {
    const local = systemNetwork.addresses().find(({ internal, family }) => internal && family === "IPv4");
    if (!local) throw new Error("this machine has no loopback interface");
    const [instance, host] = [`${name}.${SERVICE}`, "homeassistant.local"];
    const answers: readonly Answer[] = [
        { type: "PTR", name: SERVICE, ttl: 120, data: instance },
        { type: "SRV", name: instance, ttl: 120, data: { port, target: host } },
        { type: "TXT", name: instance, ttl: 120, data: Object.entries(txt).map((pair) => pair.join("=")) },
        { type: "A", name: host, ttl: 120, data: "127.0.0.1" },
    ];
    const socket = systemNetwork.open(
        local,
        (packet) => {
            const isQuery = packet.length > 2 && packet.readUInt8(2) < 0x80;
            if (isQuery && packet.includes("_home-assistant"))
                socket.send(encode({ type: "response", answers: [...answers] }));
        },
        () => {},
    );
    return socket;
}

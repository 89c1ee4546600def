import { once } from "node:events";
import { type Answer, encode } from "dns-packet";
import { afterEach, describe, expect, it } from "vitest";
import { loopbackInterfaces, MdnsBrowser, type MulticastSocket, systemNetwork } from "../../dist/src/mdns";

const SELF_POINTING = Buffer.from("000000000001000000000000c00c000c0001", "hex");
const TYPE = "_earshot-test._tcp";
const ends: (() => void)[] = [];

afterEach(() => {
    for (const end of ends.splice(0)) end();
});

/** Another program on the same machine: it answers each question about our type, or only sends what it is told to. */
function responder(answers: readonly Answer[] = []): MulticastSocket {
    const local = systemNetwork.addresses().find(({ internal, family }) => internal && family === "IPv4");
    if (!local) throw new Error("this machine has no loopback interface");
    const socket = systemNetwork.open(
        local,
        (packet) => {
            const isQuery = packet.length > 2 && packet.readUInt8(2) < 0x80;
            if (!isQuery || !packet.includes(TYPE.split(".")[0] ?? "")) return;
            if (answers.length > 0) socket.send(encode({ type: "response", answers: [...answers] }));
        },
        () => {},
    );
    ends.push(() => socket.close());
    return socket;
}

function browsing(): MdnsBrowser {
    const browser = new MdnsBrowser({ types: [TYPE], interfaces: loopbackInterfaces() });
    ends.push(() => browser.stop());
    browser.start();
    return browser;
}

const instance = `Lamp.${TYPE}.local`;
const answers: readonly Answer[] = [
    { type: "PTR", name: `${TYPE}.local`, ttl: 120, data: instance },
    { type: "SRV", name: instance, ttl: 120, data: { target: "test-lamp.local", port: 4711 } },
    { type: "TXT", name: instance, ttl: 120, data: ["id=1"] },
    { type: "A", name: "test-lamp.local", ttl: 120, data: "127.0.0.1" },
];

describe("on a real network", () => {
    it("asks, and finds who answers", async () => {
        responder(answers);
        const [service] = await once(browsing(), "up", { signal: AbortSignal.timeout(5000) });
        expect(service).toEqual({
            name: "Lamp",
            type: TYPE,
            host: "test-lamp.local",
            port: 4711,
            addresses: ["127.0.0.1"],
            txt: { id: "1" },
        });
    });

    it("goes on after packets that freeze others", async () => {
        const browser = browsing();
        const attacker = responder();
        for (let round = 0; round < 50; round++) attacker.send(SELF_POINTING);
        const asResponse = Buffer.from(SELF_POINTING);
        asResponse.writeUInt16BE(0x8400, 2);
        for (let round = 0; round < 50; round++) attacker.send(asResponse);
        const up = once(browser, "up", { signal: AbortSignal.timeout(5000) });
        responder(answers);
        browser.refresh();
        await expect(up).resolves.toMatchObject([{ name: "Lamp" }]);
    });

    it("reports a socket on an address that this machine does not have, and throws nothing", async () => {
        const failed = new Promise<unknown>((resolve) => {
            const nowhere = { interfaceName: "none", family: "IPv4", address: "203.0.113.1", prefixBits: 24 } as const;
            const socket = systemNetwork.open({ ...nowhere, internal: false }, () => {}, resolve);
            socket.send(SELF_POINTING);
        });
        await expect(failed).resolves.toMatchObject({ code: "ENODEV" });
    });
});

import { encode } from "dns-packet";
import { describe, expect, it } from "vitest";
import { type Finding, MdnsBrowser } from "../../dist/src/mdns";
import { isInContainer } from "../../dist/src/mdns/diagnosis";
import { ETHERNET, everything, HeldClock, HeldNetwork, systemError } from "./held-network";

const LOOPBACK = { ...ETHERNET, interfaceName: "lo", address: "127.0.0.1", prefixBits: 8, internal: true };
const WIFI = { ...ETHERNET, interfaceName: "wlan0", address: "10.0.0.2" };

function started(prepare: (network: HeldNetwork) => void = () => {}) {
    const clock = new HeldClock();
    const network = new HeldNetwork(clock);
    prepare(network);
    const browser = new MdnsBrowser({ types: ["_hap._tcp"], network, clock });
    browser.start();
    clock.advance(3000);
    /** What we sent comes back, as it does where multicast works. */
    const hearOurselves = () => network.deliver(query, { address: ETHERNET.address, port: 5353 });
    const codes = (hosts: readonly string[] = [], isContained = false) =>
        browser.explain(hosts, isContained).map(({ code, subject }) => [code, subject]);
    return { clock, network, browser, hearOurselves, codes };
}

const query = encode({ type: "query", questions: [{ type: "PTR", name: "_other._tcp.local" }] });
const message = (findings: readonly Finding[]) => findings.map((finding) => finding.message).join(" ");

describe("why nothing is found", () => {
    it("is told where there is no network but the machine's own", () => {
        const { codes } = started((network) => {
            network.locals = [LOOPBACK];
        });
        expect(codes()).toEqual([["no-network", undefined]]);
    });

    it("is told where another program keeps the port, as long as it does", () => {
        const { network, clock, browser, hearOurselves, codes } = started();
        network.sockets[0]?.fail(systemError("EADDRINUSE"));
        expect(codes()).toEqual([["port-blocked", "eth0"]]);
        expect(message(browser.explain())).toContain("Port 5353 can't be used on eth0 (EADDRINUSE)");
        clock.advance(5000);
        hearOurselves();
        expect(codes()).toEqual([["nobody-answers", "eth0"]]);
    });

    it("is told where the system takes no multicast, until the interface is gone", () => {
        const { network, clock, codes } = started((held) => held.broken.add(ETHERNET.address));
        expect(codes()).toEqual([["no-multicast-route", "eth0"]]);
        network.locals = [LOOPBACK];
        clock.advance(5000);
        expect(codes()).toEqual([["no-network", undefined]]);
    });

    it.each([
        ["ENETUNREACH", "no-multicast-route", /ip route add 224\.0\.0\.0\/4 dev eth0/],
        ["EPERM", "multicast-blocked", /firewall .* stops multicast on eth0/],
    ])("is told where packets can't leave: %s", (code, finding, words) => {
        const { network, clock, browser, codes } = started((held) => {
            held.sendFailure = code;
        });
        expect(codes()).toEqual([[finding, "eth0"]]);
        expect(message(browser.explain())).toMatch(words);
        network.sendFailure = undefined;
        clock.advance(10_000);
        network.deliver(query);
        expect(codes()).toEqual([["nothing-offered", "eth0"]]);
    });

    it("is told where not even our own questions come back", () => {
        const { browser, codes } = started();
        expect(codes()).toEqual([["multicast-blocked", "eth0"]]);
        expect(message(browser.explain())).toContain("drops UDP port 5353");
    });

    it("is told where nobody answers, and where others speak of something else", () => {
        const { network, browser, hearOurselves, codes } = started();
        hearOurselves();
        expect(codes()).toEqual([["nobody-answers", "eth0"]]);
        expect(message(browser.explain())).toMatch(/guest or IoT Wi-Fi, VLAN.*client isolation/);
        network.deliver(query);
        expect(codes()).toEqual([["nothing-offered", "eth0"]]);
    });

    it("is told in a container, besides what is seen there", () => {
        const { browser, hearOurselves, codes } = started();
        hearOurselves();
        expect(codes([], true)).toEqual([
            ["container-network", undefined],
            ["nobody-answers", "eth0"],
        ]);
        expect(message(browser.explain([], true))).toContain("docker run --network host");
        expect(typeof isInContainer()).toBe("boolean");
    });

    it("is told for a host in another network, and only for such", () => {
        const { network, clock, hearOurselves, codes } = started((held) => {
            held.locals = [LOOPBACK, ETHERNET, WIFI];
        });
        hearOurselves();
        network.deliver(query, { address: "10.0.0.9", port: 5353 });
        const hosts = ["192.168.1.77", "10.0.0.3", "127.0.0.1", "lamp.local", "192.168.5.20"];
        expect(codes(hosts)).toEqual([
            ["other-subnet", "192.168.5.20"],
            ["nothing-offered", "eth0, wlan0"],
        ]);
        network.answer(everything("Lamp"));
        clock.advance(1);
        expect(codes(hosts)).toEqual([
            ["other-subnet", "192.168.5.20"],
            ["found", undefined],
        ]);
    });

    it("is not sought in IPv6 where IPv4 works", () => {
        const { hearOurselves, codes } = started((held) => {
            held.locals = [{ ...ETHERNET, family: "IPv6", address: "fe80::2", prefixBits: 64 }, ETHERNET];
            held.broken.add("fe80::2");
        });
        hearOurselves();
        expect(codes()).toEqual([["nobody-answers", "eth0"]]);
    });

    it("names the fault of one network though another works", () => {
        const { network, codes } = started((held) => {
            held.locals = [ETHERNET, WIFI];
            held.broken.add(WIFI.address);
        });
        network.deliver(query);
        expect(codes()).toEqual([
            ["no-multicast-route", "wlan0"],
            ["nothing-offered", "eth0"],
        ]);
    });
});

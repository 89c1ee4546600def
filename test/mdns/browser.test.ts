import { describe, expect, it } from "vitest";
import { type DiscoveredService, MdnsBrowser } from "../../dist/src/mdns";
import { address, ETHERNET, everything, HeldClock, HeldNetwork, pointer, service, TYPE, text } from "./held-network";

function browsing(interfaces?: readonly string[]) {
    const clock = new HeldClock();
    const network = new HeldNetwork(clock);
    const browser = new MdnsBrowser({ types: ["_hap._tcp"], network, clock, ...(interfaces ? { interfaces } : {}) });
    const events: string[] = [];
    browser.on("up", ({ name }) => events.push(`up ${name}`));
    browser.on("changed", ({ name }) => events.push(`changed ${name}`));
    browser.on("down", ({ name }) => events.push(`down ${name}`));
    const only = (): DiscoveredService | undefined => browser.services()[0];
    return { clock, network, browser, events, only };
}

function started(interfaces?: readonly string[]) {
    const parts = browsing(interfaces);
    parts.browser.start();
    parts.clock.advance(0);
    return parts;
}

describe("finding services", () => {
    it("tells a service with its host, port, addresses and text, all from one packet", () => {
        const { network, clock, events, only } = started();
        network.answer([
            ...everything("Dr. Lamp"),
            { type: "AAAA", name: "lamp.local", ttl: 120, data: "fe80::1" },
            { type: "A", name: "stranger.local", ttl: 120, data: "192.168.1.99" },
        ]);
        clock.advance(1);
        expect(events).toEqual(["up Dr. Lamp"]);
        expect(only()).toEqual({
            name: "Dr. Lamp",
            type: "_hap._tcp",
            host: "lamp.local",
            port: 8080,
            addresses: ["192.168.1.50", "fe80::1%eth0"],
            txt: { id: "AA:BB:CC:DD:EE:FF" },
        });
    });

    it("reads text as people write it: keys in any case, the first of two counts, no value is an empty one", () => {
        const { network, clock, only } = started();
        network.answer([
            pointer("Lamp"),
            service("Lamp"),
            text("Lamp", ["MD=Lamp=1", "md=other", "flag", "=nothing"]),
            address(),
        ]);
        clock.advance(1);
        expect(only()?.txt).toEqual({ md: "Lamp=1", flag: "" });
    });

    it("finds twenty services in one packet without mixing them up", () => {
        const { network, clock, browser } = started();
        const names = Array.from({ length: 20 }, (_, index) => `Lamp ${index}`);
        network.answer([
            ...names.flatMap((name, index) => [
                pointer(name),
                service(name, `host${index}.local`, 1000 + index),
                text(name, [`id=${index}`]),
                address(`host${index}.local`, `192.168.1.${index + 1}`),
            ]),
        ]);
        clock.advance(1);
        expect(browser.services("_hap._tcp")).toHaveLength(20);
        expect(browser.services("_other._tcp")).toHaveLength(0);
        for (const [index, name] of names.entries()) {
            expect(browser.services().find((found) => found.name === name)).toMatchObject({
                port: 1000 + index,
                addresses: [`192.168.1.${index + 1}`],
                txt: { id: `${index}` },
            });
        }
    });

    it("asks for what a responder that sends only pointers left out, name by name", () => {
        const { network, clock, events } = started();
        network.takeQuestions();
        network.answer([pointer("Dr. Lamp")]);
        clock.advance(20);
        const labels = network.sent.at(-1)?.packet.questions?.map(({ type, name }) => `${type} ${name}`);
        expect(labels).toEqual([`SRV Dr. Lamp.${TYPE}`, `TXT Dr. Lamp.${TYPE}`]);
        network.takeQuestions();
        network.answer([service("Dr. Lamp"), text("Dr. Lamp")]);
        clock.advance(1000);
        expect(network.takeQuestions()).toEqual(expect.arrayContaining(["A lamp.local", "AAAA lamp.local"]));
        network.answer([address()]);
        clock.advance(1);
        expect(events).toEqual(["up Dr. Lamp"]);
    });

    it("asks less and less often for what is never answered, and then forgets it", () => {
        const { network, clock, events } = started();
        network.answer([pointer("Ghost")]);
        network.takeQuestions();
        const asked: number[] = [];
        for (let second = 0; second <= 120; second++) {
            clock.advance(second === 0 ? 20 : 1000);
            if (network.takeQuestions().includes(`SRV Ghost.${TYPE}`)) asked.push(second);
        }
        expect(asked).toEqual([0, 1, 3, 9, 27]);
        expect(events).toEqual([]);
        network.answer(everything("Ghost"));
        clock.advance(1);
        expect(events).toEqual(["up Ghost"]);
    });

    it("asks at 0, 1, 3, 7 … seconds and then each minute, saying what it knows", () => {
        const { network, clock } = started();
        network.answer([
            pointer("Lamp"),
            service("Lamp", "lamp.local", 80, 4500),
            text("Lamp"),
            address("lamp.local", "192.168.1.50", 4500),
        ]);
        clock.advance(300_000);
        const times = network.sent.map(({ at }) => at / 1000);
        expect(times).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
        expect(network.sent[0]?.packet.answers).toEqual([]);
        expect(network.sent[2]?.packet.answers).toMatchObject([
            { type: "PTR", name: TYPE, data: `Lamp.${TYPE}`, ttl: 4497 },
        ]);
    });

    it("does not name a pointer as known in the second half of its life", () => {
        const { network, clock } = started();
        network.answer([
            pointer("Lamp", 60),
            service("Lamp", "lamp.local", 80, 4500),
            text("Lamp"),
            address("lamp.local", "192.168.1.50", 4500),
        ]);
        clock.advance(31_000);
        expect(network.sent.at(-2)?.packet.answers).toHaveLength(1);
        expect(network.sent.at(-1)?.packet.answers).toHaveLength(0);
    });

    it("asks anew at once when told to", () => {
        const { network, clock, browser } = started();
        clock.advance(40_000);
        network.takeQuestions();
        browser.refresh();
        clock.advance(3000);
        expect(network.takeQuestions()).toEqual([`PTR ${TYPE}`, `PTR ${TYPE}`, `PTR ${TYPE}`]);
    });
});

describe("services that change and go", () => {
    it("tells a changed text that comes without its pointer", () => {
        const { network, clock, events, only } = started();
        network.answer(everything("Lamp"));
        clock.advance(5000);
        network.answer([text("Lamp", ["sf=0"])]);
        clock.advance(1);
        expect(events).toEqual(["up Lamp", "changed Lamp"]);
        expect(only()?.txt).toEqual({ sf: "0" });
    });

    it("says nothing when the same is told again", () => {
        const { network, clock, events } = started();
        for (let round = 0; round < 5; round++) {
            network.answer(everything("Lamp"));
            clock.advance(100);
        }
        expect(events).toEqual(["up Lamp"]);
    });

    it("follows a service to another port and address, and drops the old address after a second", () => {
        const { network, clock, events, only } = started();
        network.answer(everything("Lamp"));
        clock.advance(5000);
        network.answer([service("Lamp", "lamp.local", 9090), address("lamp.local", "192.168.1.60")]);
        clock.advance(1);
        expect(only()).toMatchObject({ port: 9090, addresses: ["192.168.1.60", "192.168.1.50"] });
        clock.advance(1000);
        expect(only()).toMatchObject({ port: 9090, addresses: ["192.168.1.60"] });
        expect(events).toEqual(["up Lamp", "changed Lamp", "changed Lamp"]);
    });

    it("keeps both addresses of a host that tells them together", () => {
        const { network, clock, only } = started();
        network.answer([...everything("Lamp"), address("lamp.local", "192.168.1.51")]);
        clock.advance(5000);
        expect(only()?.addresses).toEqual(["192.168.1.50", "192.168.1.51"]);
    });

    it("takes a goodbye for true after a second in which nobody objected", () => {
        const { network, clock, events } = started();
        network.answer(everything("Lamp"));
        clock.advance(5000);
        network.answer([pointer("Lamp", 0)]);
        clock.advance(999);
        expect(events).toEqual(["up Lamp"]);
        clock.advance(1);
        expect(events).toEqual(["up Lamp", "down Lamp"]);
    });

    it("forgets a goodbye when the service announces itself again within the second", () => {
        const { network, clock, events } = started();
        network.answer(everything("Lamp"));
        clock.advance(5000);
        network.answer([pointer("Lamp", 0)]);
        clock.advance(500);
        network.answer(everything("Lamp"));
        clock.advance(60_000);
        expect(events).toEqual(["up Lamp"]);
    });

    it("asks again at 80, 90 and 95 % of a record's life, and lets it go at its end", () => {
        const { network, clock, events } = started();
        network.answer(everything("Lamp"));
        clock.advance(95_000);
        network.takeQuestions();
        const asked: number[] = [];
        for (let second = 95; second < 122; second++) {
            if (network.takeQuestions().includes(`SRV Lamp.${TYPE}`)) asked.push(second);
            clock.advance(1000);
        }
        expect(asked).toEqual([96, 108, 114, 121]); // The last: its pointer is still alive, so it is looked for.
        expect(events).toEqual(["up Lamp", "down Lamp"]);
        network.answer(everything("Lamp"));
        clock.advance(1);
        expect(events).toEqual(["up Lamp", "down Lamp", "up Lamp"]);
    });

    it("keeps a service up that answers when asked again", () => {
        const { network, clock, events } = started();
        network.answer(everything("Lamp"));
        for (let second = 0; second < 600; second++) {
            if (network.takeQuestions().some((question) => question.startsWith("SRV") || question.startsWith("A "))) {
                network.answer(everything("Lamp"));
            }
            clock.advance(1000);
        }
        expect(events).toEqual(["up Lamp"]);
    });

    it("does not believe that a record lives longer than a day", () => {
        const { network, clock, events } = started();
        const forever = 2 ** 31;
        network.answer([
            pointer("Lamp", forever),
            service("Lamp", "lamp.local", 80, forever),
            text("Lamp", ["id=1"], forever),
            address("lamp.local", "192.168.1.50", forever),
        ]);
        clock.advance(86_400_000);
        expect(events).toEqual(["up Lamp", "down Lamp"]);
    });
});

describe("networks that come and go", () => {
    const wifi = { ...ETHERNET, interfaceName: "wlan0", address: "10.0.0.2" };

    it("starts without a network, and finds services once there is one", () => {
        const { network, clock, browser, events } = browsing();
        network.locals = [];
        browser.start();
        clock.advance(20_000);
        expect(network.sent).toEqual([]);
        network.locals = [ETHERNET];
        clock.advance(5000);
        expect(network.takeQuestions()).toEqual([`PTR ${TYPE}`]);
        network.answer(everything("Lamp"));
        clock.advance(1);
        expect(events).toEqual(["up Lamp"]);
    });

    it("tries a socket again that failed or could not be opened", () => {
        const { network, clock, browser } = browsing();
        network.broken.add(ETHERNET.address);
        browser.start();
        clock.advance(5000);
        expect(network.sockets).toHaveLength(0);
        network.broken.clear();
        clock.advance(5000);
        expect(network.sockets).toHaveLength(1);
        network.sockets[0]?.fail();
        expect(network.sockets).toHaveLength(0);
        clock.advance(5000);
        expect(network.sockets).toHaveLength(1);
    });

    it("listens only on the interfaces it was given", () => {
        const { network, clock, browser } = browsing(["wlan0"]);
        network.locals = [ETHERNET, wifi];
        browser.start();
        clock.advance(5000);
        expect(network.sockets.map(({ local }) => local.interfaceName)).toEqual(["wlan0"]);
    });

    it("goes on when the system refuses to list its interfaces", () => {
        const { network, clock, browser } = browsing();
        const { addresses } = network;
        network.addresses = () => {
            throw new Error("EPERM");
        };
        browser.start();
        clock.advance(5000);
        network.addresses = addresses;
        clock.advance(5000);
        expect(network.sockets).toHaveLength(1);
    });

    it("counts a packet once though every socket gets it, and for its own network", () => {
        const { network, clock, browser, events, only } = browsing();
        network.locals = [ETHERNET, wifi];
        browser.start();
        network.answer(everything("Lamp"));
        clock.advance(1);
        network.locals = [ETHERNET];
        clock.advance(5000);
        expect(events).toEqual(["up Lamp"]);
        network.answer(everything("Lamp"), { address: "10.0.0.50", port: 5353 });
        network.locals = [];
        clock.advance(5000);
        expect(only()).toBeUndefined();
    });

    it("keeps a service that is told on two networks until both have gone", () => {
        const { network, clock, browser, events } = browsing();
        network.locals = [ETHERNET, wifi];
        browser.start();
        network.answer(everything("Lamp"));
        network.answer(everything("Lamp"), { address: "10.0.0.50", port: 5353 });
        clock.advance(1);
        network.locals = [wifi];
        clock.advance(5000);
        expect(events).toEqual(["up Lamp"]);
        network.locals = [];
        clock.advance(5000);
        expect(events).toEqual(["up Lamp", "down Lamp"]);
    });

    it("listens on IPv6 too, where a sender tells its interface itself", () => {
        const { network, clock, browser, only } = browsing();
        network.locals = [{ ...ETHERNET, family: "IPv6", address: "fe80::2", prefixBits: 64 }];
        browser.start();
        network.answer(everything("Other"), { address: "fe80::50%wlan0", port: 5353 });
        network.answer(everything("Lamp"), { address: "fe80::50%eth0", port: 5353 });
        clock.advance(1);
        expect(browser.services()).toHaveLength(1);
        expect(only()?.name).toBe("Lamp");
    });

    it("ignores senders beyond the link and answers from other ports", () => {
        const { network, clock, browser } = started();
        network.answer(everything("Lamp"), { address: "203.0.113.9", port: 5353 });
        network.answer(everything("Lamp"), { address: "192.168.1.50", port: 9999 });
        clock.advance(1);
        expect(browser.services()).toEqual([]);
    });

    it("is silent after it was stopped, and can be started again", () => {
        const { network, clock, browser, events } = started();
        browser.start();
        network.answer(everything("Lamp"));
        clock.advance(1);
        browser.stop();
        expect(network.sockets).toHaveLength(0);
        expect(browser.services()).toEqual([]);
        network.sent.length = 0;
        clock.advance(600_000);
        expect(network.sent).toEqual([]);
        browser.start();
        network.answer(everything("Lamp"));
        clock.advance(1);
        expect(events).toEqual(["up Lamp", "up Lamp"]);
    });
});

describe("what a flood may cost", () => {
    it("keeps five hundred services of a type, and makes room when some go", () => {
        const { network, clock, browser } = started();
        for (let batch = 0; batch < 30; batch++) {
            const names = Array.from({ length: 20 }, (_, index) => `Lamp ${batch * 20 + index}`);
            network.answer(names.flatMap((name) => everything(name)));
            clock.advance(100);
        }
        expect(browser.services()).toHaveLength(500);
        network.answer([pointer("Lamp 0", 0)]);
        clock.advance(1000);
        network.answer(everything("Latecomer"));
        clock.advance(1);
        expect(browser.services().some(({ name }) => name === "Latecomer")).toBe(true);
    });

    it("keeps sixteen addresses of a host", () => {
        const { network, clock, only } = started();
        const addresses = Array.from({ length: 40 }, (_, index) => address("lamp.local", `192.168.1.${index + 1}`));
        network.answer([pointer("Lamp"), service("Lamp"), text("Lamp"), ...addresses]);
        clock.advance(1);
        expect(only()?.addresses).toHaveLength(16);
    });

    it("takes five hundred packets a second from a link and drops the rest", () => {
        const { network, clock, only } = started();
        for (let index = 0; index < 501; index++) network.answer([text("Nobody", [`n=${index}`])]);
        network.answer(everything("Lamp"));
        clock.advance(10);
        expect(only()).toBeUndefined();
        clock.advance(1000);
        network.answer(everything("Lamp"));
        clock.advance(1);
        expect(only()?.name).toBe("Lamp");
    });

    it("ignores pointers to things of another type, and to the type itself", () => {
        const { network, clock, browser } = started();
        network.takeQuestions();
        network.answer([
            { type: "PTR", name: TYPE, ttl: 120, data: "Lamp._other._tcp.local" },
            { type: "PTR", name: TYPE, ttl: 120, data: TYPE },
            { type: "PTR", name: "_services._dns-sd._udp.local", ttl: 120, data: "local" },
        ]);
        clock.advance(900);
        expect(network.takeQuestions()).toEqual([]);
        expect(browser.services()).toEqual([]);
    });
});

import { decode, encode } from "dns-packet";
import { describe, expect, it } from "vitest";
import { goodAnnouncements, mutated, random } from "../../dist/bench/home/mutations";
import { MdnsBrowser } from "../../dist/src/mdns";
import { decodeResponse, encodeQueries } from "../../dist/src/mdns/packets";
import { everything, HeldClock, HeldNetwork, TYPE } from "./held-network";

/** 18 bytes with a name that points to itself; it freezes mdns-js and dnssd. */
const SELF_POINTING_QUERY = Buffer.from("000000000001000000000000c00c000c0001", "hex");
const SELF_POINTING_RESPONSE = Buffer.from(
    "0000840000000001000000 00c00c000c000100000078000 2c00c".replaceAll(" ", ""),
    "hex",
);

const good = encode({
    type: "response",
    flags: 1 << 10,
    answers: [...everything("Lamp"), ...everything("Other Lamp")],
});

describe("decoding", () => {
    it("drops names that point to themselves", () => {
        expect(decodeResponse(SELF_POINTING_QUERY)).toBeUndefined();
        expect(decodeResponse(SELF_POINTING_RESPONSE)).toBeUndefined();
    });

    it.each([
        ["nothing", Buffer.alloc(0)],
        ["half a header", good.subarray(0, 7)],
        ["a header alone", good.subarray(0, 12)],
        ["a cut-off record", good.subarray(0, good.length - 3)],
        ["a query", encode({ type: "query", questions: [{ type: "PTR", name: TYPE }] })],
        ["an error", encode({ type: "response", flags: 3, answers: [...everything("Lamp")] })],
        ["more than 9,000 bytes", Buffer.concat([good, Buffer.alloc(9000)])],
    ])("drops %s", (_, packet) => {
        expect(decodeResponse(packet)).toBeUndefined();
    });

    it("drops a packet whose counts can't fit before looking at it", () => {
        const packet = Buffer.from(good);
        for (const offset of [4, 6, 8, 10]) {
            const greedy = Buffer.from(packet);
            greedy.writeUInt16BE(0xffff, offset);
            for (let round = 0; round < 1000; round++) expect(decodeResponse(greedy)).toBeUndefined();
        }
    });

    it("passes over records of other classes and types", () => {
        const packet = encode({
            type: "response",
            answers: [
                { type: "A", name: "lamp.local", class: "CH", data: "192.168.1.1" },
                { type: "HINFO", name: "lamp.local", data: { cpu: "lamp", os: "lamp" } },
                { type: "A", name: "lamp.local", ttl: 7, data: "192.168.1.2" },
            ],
        });
        expect(decodeResponse(packet)).toEqual([
            { name: "lamp.local", ttlSeconds: 7, flush: false, type: "A", address: "192.168.1.2" },
        ]);
    });
});

describe("encoding", () => {
    it("keeps a dot inside a label", () => {
        const [packet] = encodeQueries([{ name: ["Dr. Lamp", "_hap", "_tcp", "local"], type: "SRV" }]);
        expect(packet?.subarray(12, 21)).toEqual(Buffer.from("\x08Dr. Lamp"));
    });

    it("leaves out names that can't be written, as strangers make them up", () => {
        const bad = [["a", "", "local"], ["x".repeat(64), "local"], Array.from({ length: 90 }, () => "abc")];
        const questions = [...bad, ["lamp", "local"]].map((name) => ({ name, type: "A" as const }));
        const known = bad.map((target) => ({ name: ["local"], target, ttlSeconds: 1 }));
        const [packet, ...others] = encodeQueries(questions, known);
        expect(others).toEqual([]);
        const { questions: asked, answers } = decode(packet ?? Buffer.alloc(0));
        expect(asked?.map(({ name }) => name)).toEqual(["lamp.local"]);
        expect(answers).toEqual([]);
    });

    it("splits what doesn't fit one frame, and says that more known answers follow", () => {
        const name = ["_hap", "_tcp", "local"];
        const known = Array.from({ length: 60 }, (_, index) => ({
            name,
            target: [`A lamp with quite a long name ${index}`, ...name],
            ttlSeconds: 4000,
        }));
        const packets = encodeQueries([{ name, type: "PTR" }], known);
        expect(packets.length).toBeGreaterThan(2);
        for (const packet of packets) expect(packet.length).toBeLessThanOrEqual(1400);
        const decoded = packets.map((packet) => decode(packet));
        expect(decoded.flatMap(({ answers }) => answers)).toHaveLength(60);
        expect(decoded.map((packet) => packet.flag_tc)).toEqual([...packets.slice(1).map(() => true), false]);
        const many = encodeQueries(known.map(({ target }) => ({ name: target, type: "SRV" as const })));
        expect(many.flatMap((packet) => decode(packet).questions)).toHaveLength(60);
    });
});

describe("packets that were tampered with", () => {
    it("never throws, hangs or believes nonsense, whatever is in them", () => {
        const next = random(2026);
        const clock = new HeldClock();
        const network = new HeldNetwork(clock);
        const browser = new MdnsBrowser({ types: ["_hap._tcp"], network, clock });
        browser.start();
        const announcements = [...goodAnnouncements(), good];
        for (let round = 0; round < 28_000; round++) {
            network.deliver(mutated(announcements[round % announcements.length] ?? good, next));
            if (round % 10 === 0) clock.advance(100);
        }
        for (let round = 0; round < 2000; round++) {
            const noise = Buffer.from(Array.from({ length: Math.floor(next() * 200) }, () => Math.floor(next() * 256)));
            if (noise.length > 4) noise.writeUInt16BE(0x8400, 2);
            network.deliver(noise);
            if (round % 10 === 0) clock.advance(100);
        }
        expect(browser.services().length).toBeLessThanOrEqual(500);
        network.deliver(SELF_POINTING_QUERY);
        network.deliver(SELF_POINTING_RESPONSE);
        clock.advance(10_000);
        network.deliver(encode({ type: "response", answers: [...everything("Honest Lamp")] }));
        clock.advance(1);
        expect(browser.services().some(({ name }) => name === "Honest Lamp")).toBe(true);
    });
});

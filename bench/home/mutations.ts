/** What a stranger on the network, or a faulty accessory, might send: good packets with something changed. */
import { type Answer, encode } from "dns-packet";
import { FrameEncoder } from "../../src/hap/frames";

/** Small, fast and seeded (mulberry32), so that a failure can be had again. */
export function random(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** One to eight changes: a byte, a cut, a piece that stands twice, a number at its limit. */
export function mutated(packet: Buffer, next: () => number): Buffer {
    let changed = Buffer.from(packet);
    const at = (length: number) => Math.floor(next() * length);
    for (let changes = 1 + at(8); changes > 0; changes--) {
        if (changed.length < 2) return changed;
        const offset = at(changed.length - 1);
        switch (at(5)) {
            case 0:
                changed = changed.subarray(0, 1 + at(changed.length));
                break;
            case 1:
                changed = Buffer.concat([changed, changed.subarray(offset, offset + 40)]);
                break;
            case 2:
                changed.writeUInt16BE([0xffff, 0xc00c, 0xc000, 0x7fff, 0][at(5)] ?? 0, offset);
                break;
            default:
                changed[offset] = at(256);
        }
    }
    return changed;
}

/** Announcements as accessories send them: one, twenty at once, a goodbye, pointers alone. */
export function goodAnnouncements(): readonly Buffer[] {
    const twenty = Array.from({ length: 20 }, (_, index) => announcement(`Lamp ${index}`, 120)).flat();
    const [pointer] = announcement("Lonely", 4500);
    return [announcement("Lamp", 120), twenty, announcement("Lamp", 0), pointer ? [pointer] : []].map((answers) =>
        encode({ type: "response", flags: 1 << 10, answers }),
    );
}

function announcement(name: string, ttl: number): Answer[] {
    const type = "_hap._tcp.local";
    const full = `${name}.${type}`;
    const host = `${name.replace(" ", "-").toLowerCase()}.local`;
    return [
        { type: "PTR", name: type, ttl, data: full },
        { type: "SRV", name: full, ttl, flush: true, data: { target: host, port: 8080 } },
        { type: "TXT", name: full, ttl, flush: true, data: ["id=AA:BB:CC:DD:EE:FF", "c#=1", "sf=0"] },
        { type: "A", name: host, ttl, flush: true, data: "192.168.1.50" },
        { type: "AAAA", name: host, ttl, flush: true, data: "fe80::1" },
    ];
}

export const FRAME_KEY = Buffer.alloc(32, 7);

const PLAIN_MESSAGES = [
    'HTTP/1.1 200 OK\r\nContent-Type: application/hap+json\r\nContent-Length: 51\r\n\r\n{"characteristics":[{"aid":1,"iid":9,"value":true}]}',
    'EVENT/1.0 200 OK\r\nContent-Length: 48\r\n\r\n{"characteristics":[{"aid":1,"iid":9,"value":1}]}',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${"10\r\n0123456789abcdef\r\n".repeat(20)}0\r\n\r\n`,
    "HTTP/1.1 204 No Content\r\n\r\n",
];

/** What an accessory sends: sealed frames, of which a seal stops any change, and messages that were sealed in good faith. */
export function goodMessages(): readonly { readonly plain: Buffer; readonly sealed: Buffer }[] {
    return PLAIN_MESSAGES.map((text) => {
        const plain = Buffer.from(text);
        return { plain, sealed: new FrameEncoder(FRAME_KEY).encode(plain) };
    });
}

/** What hostile packets cost: the longest stop of the event loop, and what stays in memory. */
import { setImmediate as breathe } from "node:timers/promises";
import { HapError } from "../../src/hap";
import { FrameDecoder } from "../../src/hap/frames";
import { HapMessageParser } from "../../src/hap/http-parser";
import { type Clock, type LocalAddress, MdnsBrowser, type Network, type Sender, systemClock } from "../../src/mdns";
import { type Report, rounded } from "../report";
import { liveMegabytes } from "./memory";
import { FRAME_KEY, goodAnnouncements, goodMessages, mutated, random } from "./mutations";

const PACKETS = 30_000;
const FRAMES = 10_000;

export async function measureHostilePackets(report: Report, count: number = PACKETS): Promise<void> {
    const hand = new Hand();
    const longest = new Longest();
    let shift = 0;
    // The rate limit would let through a few hundred only: every packet comes a second after the one before.
    const clock: Clock = {
        now: () => performance.now() + shift,
        after: (delayMs, task) => systemClock.after(delayMs, () => longest.run(task)),
    };
    const browser = new MdnsBrowser({ types: ["_hap._tcp"], network: hand, clock });
    browser.start();
    const next = random(1);
    const good = goodAnnouncements();
    const packets = Array.from({ length: count }, (_, index) => mutated(good[index % good.length] as Buffer, next));
    const deliver = (packet: Buffer) => {
        shift += 1_000;
        longest.run(() => hand.deliver(packet));
    };
    await receiveAll(packets.slice(0, count / 5), deliver);
    const before = liveMegabytes();
    await receiveAll(packets, deliver);
    browser.stop();
    report.add("hostilePacketBlocks", rounded(longest.milliseconds, 2), "ms", `mDNS, ${count} packets`);
    report.add("hostilePacketGrowth", rounded(liveMegabytes() - before, 1), "MB", `mDNS, ${count} packets`);
}

export async function measureHostileFrames(report: Report, count: number = FRAMES): Promise<void> {
    const next = random(2);
    const messages = goodMessages();
    const frames = Array.from({ length: count }, (_, index) => {
        const message = messages[index % messages.length] as (typeof messages)[number];
        return index % 2 === 0
            ? { bytes: mutated(message.sealed, next), isSealed: true }
            : { bytes: mutated(message.plain, next), isSealed: false };
    });
    await receiveAll(frames.slice(0, count / 5), receive);
    const before = liveMegabytes();
    const longest = new Longest();
    await receiveAll(frames, (frame) => longest.run(() => receive(frame)));
    report.add("hostilePacketBlocks", rounded(longest.milliseconds, 2), "ms", `HAP, ${count} frames`);
    report.add("hostilePacketGrowth", rounded(liveMegabytes() - before, 1), "MB", `HAP, ${count} frames`);
}

function receive({ bytes, isSealed }: { readonly bytes: Buffer; readonly isSealed: boolean }): void {
    try {
        new HapMessageParser().push(isSealed ? new FrameDecoder(FRAME_KEY).decode(bytes) : bytes);
    } catch (error) {
        if (!(error instanceof HapError)) throw error;
    }
}

/**
 * The longest piece of work that held the event loop up. Counted in the thread's own processor time: on a busy machine
 * the clock on the wall measures the other programs.
 */
class Longest {
    #microseconds = 0;

    get milliseconds(): number {
        return this.#microseconds / 1_000;
    }

    run(work: () => void): void {
        const before = process.threadCpuUsage();
        work();
        const { user, system } = process.threadCpuUsage(before);
        this.#microseconds = Math.max(this.#microseconds, user + system);
    }
}

async function receiveAll<T>(items: readonly T[], receive: (item: T) => void): Promise<void> {
    for (const [index, item] of items.entries()) {
        receive(item);
        if (index % 5 === 0) await breathe();
    }
}

/** A network of one interface whose packets come from this program. */
class Hand implements Network {
    #receive: ((packet: Buffer, from: Sender) => void) | undefined;

    addresses(): readonly LocalAddress[] {
        const address = { interfaceName: "eth0", family: "IPv4", address: "192.168.1.2", prefixBits: 24 } as const;
        return [{ ...address, internal: false }];
    }

    open(_local: LocalAddress, receive: (packet: Buffer, from: Sender) => void) {
        this.#receive = receive;
        return { send: () => {}, close: () => {} };
    }

    deliver(packet: Buffer): void {
        this.#receive?.(packet, { address: "192.168.1.50", port: 5353 });
    }
}

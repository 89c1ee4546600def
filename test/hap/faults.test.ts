import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Fleet } from "../../dist/bench/home/fleet";
import { CharacteristicType, HapClient, HapError, type StoredPairing } from "../../dist/src/hap";
import { Relay } from "./relay";

/** A quarter of the real ones; an accessory needs that much on a machine that is busy with other tests. */
const TIMEOUTS = {
    commandMs: 1_500,
    requestMs: 1_000,
    databaseMs: 1_500,
    connectMs: 1_000,
    restartMs: 750,
    firstReconnectMs: 50,
};
const within = () => ({ signal: AbortSignal.timeout(10_000) });

describe("a real accessory on a bad network", () => {
    let folder: string;
    let fleet: Fleet;
    let pairing: StoredPairing;
    let relay: Relay;
    let place: { host: string; port: number };
    let client: HapClient;
    let on: { aid: bigint; iid: bigint };

    beforeAll(async () => {
        folder = await mkdtemp(join(tmpdir(), "earshot-faults-"));
        fleet = new Fleet(folder, { bridges: 1, lamps: 1 });
        [pairing] = (await fleet.pairings()) as [StoredPairing];
        const [direct] = (await fleet.clients()) as [HapClient];
        const [found] = (await direct.accessories()).flatMap(({ aid, services }) =>
            services.flatMap(({ characteristics }) =>
                characteristics.filter(({ type }) => type === CharacteristicType.On).map(({ iid }) => ({ aid, iid })),
            ),
        );
        direct.stop();
        on = found as typeof on;
    });
    afterAll(async () => {
        await fleet.stop();
        await rm(folder, { recursive: true, force: true });
    });

    beforeEach(async () => {
        relay = await Relay.start(pairing.lastEndpoint as { host: string; port: number });
        place = relay.endpoint;
        client = new HapClient({ pairing, locate: () => [place], timeouts: TIMEOUTS });
        const connected = once(client, "connected", within());
        client.start();
        await connected;
        await client.subscribe([on]);
    });
    afterEach(async () => {
        client.stop();
        await relay.stop();
    });

    const put = (value: boolean) => client.write([{ ...on, value }]);
    /** The command works, and the accessory tells its changes again. */
    const works = async () => {
        await put(true);
        await expect(client.read([on])).resolves.toEqual([{ ...on, value: 1 }]);
        const told = once(client, "values", within());
        fleet.touch("Lamp 0", "On", false);
        await expect(told).resolves.toEqual([[{ ...on, value: 0 }]]);
    };

    it("is commanded again at once when the connection was broken off", async () => {
        relay.reset();
        await works();
    });

    it("is commanded all the same when the connection breaks in the middle of a request", async () => {
        relay.resetOnRequest();
        await works();
        expect(relay.connections).toBe(2);
    });

    it("gets no command through a link that is down, says so in time, and is back with the link", async () => {
        relay.fallSilent();
        const commands = await Promise.allSettled([put(true), client.read([on]), client.accessories()]);
        for (const command of commands) {
            expect(command).toMatchObject({
                status: "rejected",
                reason: { code: "timeout", message: expect.stringMatching(/no answer/) },
            });
        }
        relay.recover();
        await works();
    });

    it("is found at its new address, and not waited for at the old one", async () => {
        const moved = await Relay.start(pairing.lastEndpoint as { host: string; port: number });
        place = moved.endpoint;
        relay.reset();
        await works();
        expect(moved.connections).toBe(1);
        await moved.stop();
    });

    it("has one byte of an answer changed on the way: the reason is told, and the next command works", async () => {
        relay.corruptAnswer();
        await expect(client.read([on])).rejects.toMatchObject({
            name: "HapError",
            code: expect.stringMatching(/protocol|timeout/),
        });
        await works();
    });

    it("does not answer while it is verified: the reason is told, and nothing hangs", async () => {
        relay.fallSilent();
        relay.reset();
        await expect(put(true)).rejects.toMatchObject({ code: "timeout" });
        relay.recover();
        await works();
    });

    it("is commanded though the clock of this machine jumps", async () => {
        vi.useFakeTimers({ toFake: ["Date"] });
        try {
            for (const jump of [86_400_000, -2 * 86_400_000]) {
                vi.setSystemTime(Date.now() + jump);
                await works();
            }
            relay.fallSilent();
            const lost = put(true);
            vi.setSystemTime(Date.now() + 3 * 86_400_000);
            await expect(lost).rejects.toThrow(HapError);
        } finally {
            vi.useRealTimers();
        }
        relay.recover();
        await works();
    });

    it("ends no command twice and leaves none waiting when it is stopped under way", async () => {
        relay.fallSilent();
        const commands = [put(true), client.read([on]), client.listPairings()];
        client.stop();
        for (const command of await Promise.allSettled(commands)) {
            expect(command).toMatchObject({ status: "rejected", reason: { code: "closed" } });
        }
    });
});

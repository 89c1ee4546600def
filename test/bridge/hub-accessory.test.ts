/** The hub itself in Apple Home: a real hub, a real bridge, and our own controller. */
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HapClient, type ReadResult, CharacteristicType as Type } from "../../dist/src/hap";
import { Hub } from "../../dist/src/hub";
import { BridgeBench, found, pairWith, WAIT_MS } from "./shown-bridge";

const LAMP = { id: "lamp", name: "Desk lamp", type: "light", driver: "simulated" } as const;
/** Our own controller has no use for it. */
const PROGRAMMABLE_SWITCH_EVENT = "73";
const NAMES = { hub: "Earshot", mute: "Muted", listening: "Listening", lastCommand: "Last command" };

describe("the hub in Apple Home", () => {
    const bench = new BridgeBench();
    const hub = new Hub({
        id: "hub",
        language: "en",
        sites: [],
        folder: bench.folder,
        home: { floors: [], areas: [], devices: [LAMP] },
    });
    let client: HapClient;

    beforeAll(async () => {
        await hub.home.start();
        const bridge = await bench.bridge([], { hub: { hub, names: NAMES } });
        client = bench.controller(await pairWith(bridge), () => bridge.status.port ?? 0);
    });
    afterAll(async () => {
        await hub.stop();
        await bench.end();
    });

    const followed = async (name: string, type: string) => {
        const { aid, iid } = found(await client.accessories(), name, type);
        await client.subscribe([{ aid, iid }]);
        return { aid, iid };
    };
    /** What Apple Home is told of it next. */
    const told = async ({ iid }: { readonly iid: bigint }): Promise<unknown> => {
        const signal = AbortSignal.timeout(WAIT_MS);
        for (;;) {
            const [readings] = (await once(client, "values", { signal })) as [readonly ReadResult[]];
            const reading = readings.find((one) => one.iid === iid);
            if (reading) return "value" in reading ? reading.value : reading.error;
        }
    };

    it("mutes all microphones by its switch, and shows when they were muted elsewhere", async () => {
        const mute = await followed("Muted", Type.On);
        await client.write([{ ...mute, value: true }]);
        expect(hub.isMuted).toBe(true);
        const shown = told(mute);
        hub.mute(false);
        expect(await shown).toBe(0);
        expect(await client.read([mute])).toMatchObject([{ value: 0 }]);
    });

    it("shows somebody as present while it listens, and nobody afterwards", async () => {
        const listening = await followed("Listening", Type.OccupancyDetected);
        const stream = hub.sessions.open({ site: "home" });
        let shown = told(listening);
        const utterance = hub.sessions.branch(stream, 0);
        expect(await shown).toBe(1);
        expect(await client.read([listening])).toMatchObject([{ value: 1 }]);
        shown = told(listening);
        utterance.end();
        expect(await shown).toBe(0);
        stream.end();
    });

    it("presses its button once for a command that was done, and twice for one that was not", async () => {
        const button = await followed("Last command", PROGRAMMABLE_SWITCH_EVENT);
        const order = { name: "HassTurnOn", slots: {}, confidence: 1, text: "" };
        let pressed = told(button);
        await hub.dispatch({ ...order, targets: ["lamp"] });
        expect(await pressed).toBe(0);
        pressed = told(button);
        await hub.dispatch({ ...order, targets: ["gone"] });
        expect(await pressed).toBe(1);
    });
});

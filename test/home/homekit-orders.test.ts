import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Fleet } from "../../dist/bench/home/fleet";
import { HomeKitAccessories, PairingStore } from "../../dist/src/hap";
import { Dispatcher, Home } from "../../dist/src/home";
import { HomeKitDriver } from "../../dist/src/home/drivers/homekit";
import { MdnsBrowser } from "../../dist/src/mdns";
import { HeldClock, HeldNetwork } from "../mdns/held-network";

const HALL = { site: "hall" };

/** Real accessories of all kinds, in a process of their own. */
describe("orders to HomeKit accessories", () => {
    let folder: string;
    let fleet: Fleet;
    let accessories: HomeKitAccessories;
    let home: Home;
    let dispatcher: Dispatcher;

    beforeAll(async () => {
        folder = await mkdtemp(join(tmpdir(), "earshot-orders-"));
        fleet = new Fleet(join(folder, "zoo"), { bridges: 1, lamps: 50, zoo: true });
        const store = new PairingStore(join(folder, "pairings"));
        await store.open();
        for (const pairing of await fleet.pairings()) await store.put(pairing);
        const clock = new HeldClock();
        const browser = new MdnsBrowser({ types: ["_hap._tcp"], network: new HeldNetwork(clock), clock });
        accessories = new HomeKitAccessories({ browser, store });
        home = new Home({ floors: [], areas: [], devices: [] }, [new HomeKitDriver(accessories)]);
        dispatcher = new Dispatcher(home);
        const { promise: isUp, resolve } = Promise.withResolvers<void>();
        home.on("state", ({ device, availability }) => {
            if (device.name === "Heater" && availability === "reachable") resolve();
        });
        await home.start();
        accessories.start();
        await isUp;
    });
    afterAll(async () => {
        await home.stop();
        await accessories.stop();
        await fleet.stop();
        await rm(folder, { recursive: true, force: true });
    });

    const intent = (name: string, slots: Readonly<Record<string, string | number>>, ...names: readonly string[]) => ({
        name,
        slots,
        targets: names.map((each) => home.description().devices.find((device) => device.name === each)?.id ?? each),
        confidence: 1,
        text: "",
    });
    const order = async (name: string, slots: Readonly<Record<string, string | number>>, ...names: readonly string[]) =>
        await dispatcher.dispatch(intent(name, slots, ...names), HALL);
    const stateOf = async (name: string) => (await order("HassGetState", {}, name)).outcomes[0]?.state;

    it("unlock and open after a yes only, and lock and close at once", async () => {
        for (const [door, closes, opens, shut, open] of [
            ["Front Door", "HassTurnOn", "HassTurnOff", { lockState: "locked" }, { lockState: "unlocked" }],
            ["Garage Door", "HassTurnOff", "HassTurnOn", { positionPercent: 0 }, { coverState: "opening" }],
        ] as const) {
            const { outcomes, asked } = await order(opens, {}, door);
            expect(outcomes).toEqual([]);
            expect(asked?.devices).toMatchObject([{ name: door }]);
            expect(await stateOf(door)).toMatchObject(shut);
            const answered = await dispatcher.answer({ yes: true }, HALL);
            expect(answered).toMatchObject({ done: [{ dispatched: { outcomes: [{ ok: true, state: open }] } }] });
            expect(await order(closes, {}, door)).toMatchObject({ outcomes: [{ ok: true }] });
        }
        expect(await stateOf("Front Door")).toMatchObject({ locked: true });
    });

    it("lock again what was unlocked when it is undone, and ask before they do it the other way round", async () => {
        await order("HassTurnOff", {}, "Front Door");
        await dispatcher.answer({ yes: true }, HALL);
        const undo = intent("EarshotUndo", {});
        expect(await dispatcher.undo(undo, HALL)).toMatchObject({ outcomes: [{ ok: true, state: { locked: true } }] });
        await order("HassTurnOff", {}, "Front Door");
        await dispatcher.answer({ yes: true }, HALL);
        await order("HassTurnOn", {}, "Front Door");
        expect(await dispatcher.undo(undo, HALL)).toMatchObject({ outcomes: [], asked: { by: "yes" } });
        expect(await stateOf("Front Door")).toMatchObject({ locked: true });
    });

    it("move blinds, set fans, players and their volume, and skip titles", async () => {
        expect(await order("HassSetPosition", { position: 80 }, "Blind")).toMatchObject({
            outcomes: [{ ok: true, state: { coverState: "opening" } }],
        });
        expect(await order("HassFanSetSpeed", { percentage: 80 }, "Ceiling Fan")).toMatchObject({
            outcomes: [{ ok: true, state: { on: true, fanSpeedPercent: 75 } }],
        });
        expect(await order("HassFanSetSpeed", { percentage: 0 }, "Ceiling Fan")).toMatchObject({
            outcomes: [{ ok: true, state: { on: false } }],
        });
        expect(await order("HassMediaPlayerMute", {}, "Television")).toMatchObject({
            outcomes: [{ ok: true, state: { muted: true } }],
        });
        expect(await order("HassMediaNext", {}, "Television")).toMatchObject({ outcomes: [{ ok: true }] });
    });

    it("say why they don't", async () => {
        expect(await order("HassFanSetSpeed", { percentage: 30 }, "Ventilator", "Blind", "Television")).toMatchObject({
            outcomes: [
                { ok: false, code: "not-supported", error: "Ventilator can't be set to a speed." },
                { ok: false, code: "not-supported", error: "Blind is not a fan." },
                { ok: false, code: "not-supported", error: "Television is not a fan." },
            ],
        });
        const { asked } = await order("HassSetPosition", { position: 50 }, "Garage Door");
        expect(await dispatcher.answer({ yes: true, to: asked?.id ?? "" }, HALL)).toMatchObject({
            done: [{ dispatched: { outcomes: [{ ok: false, error: "Garage Door can't be opened in part." }] } }],
        });
    });

    it("make up a scene of fifty lamps, and each that is not there is told", async () => {
        const lamps = Array.from({ length: 50 }, (_, index) => `Lamp ${index}`);
        const { outcomes } = await order("HassLightSet", { brightness: 30 }, ...lamps, "Lamp 50");
        expect(outcomes).toHaveLength(51);
        expect(outcomes.filter(({ ok, state }) => ok && state?.on && state.brightnessPercent === 30)).toHaveLength(50);
        expect(outcomes.at(-1)).toMatchObject({ ok: false, code: "unknown-device" });
        const undone = await dispatcher.undo(intent("EarshotUndo", {}), HALL);
        expect(undone?.outcomes.filter(({ ok, state }) => ok && state?.on === false)).toHaveLength(50);
    });
});

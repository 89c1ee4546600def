import { once } from "node:events";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BridgeError, type ExposedDevice, type HomeKitBridge } from "../../dist/src/bridge";
import { type HapClient, type Pairing, CharacteristicType as Type } from "../../dist/src/hap";
import { HOMEKIT_SITE } from "../../dist/src/home";
import { HeldClock } from "../mdns/held-network";
import { answerTo, BridgeBench, flowDevice, found, pairWith, until, WAIT_MS } from "./shown-bridge";

const LAMP: ExposedDevice = { id: "lamp", name: "Reading lamp", kind: "light-color" };
const LOCK: ExposedDevice = { id: "lock", name: "Front door", kind: "lock" };
const COVER: ExposedDevice = { id: "cover", name: "Awning", kind: "cover" };
const HEATING: ExposedDevice = { id: "heating", name: "Heating", kind: "thermostat" };
/** Our controller has no name for it: it reads the mode. */
const CURRENT_HEATING_COOLING_STATE = "F";
const DEVICES = [LAMP, LOCK, COVER, HEATING];

describe("a bridge that a controller is paired with", () => {
    const bench = new BridgeBench();
    const lamp = flowDevice(LAMP);
    const lock = flowDevice(LOCK, { confirmMs: 1_000 });
    const cover = flowDevice(COVER);
    const heating = flowDevice(HEATING);
    let bridge: HomeKitBridge;
    let pairing: Pairing;
    let client: HapClient;

    beforeAll(async () => {
        bridge = await bench.bridge(DEVICES);
        bench.attach(bridge, LAMP, lamp);
        bench.attach(bridge, LOCK, lock);
        bench.attach(bridge, COVER, cover);
        bench.attach(bridge, HEATING, heating);
        pairing = await pairWith(bridge);
        client = bench.controller(pairing, () => bridge.status.port ?? 0);
    });
    afterAll(() => bench.end());

    const characteristic = async (name: string, type: string) => found(await client.accessories(), name, type);
    const read = async (name: string, type: string) => {
        const { aid, iid } = await characteristic(name, type);
        const [result] = await client.read([{ aid, iid }]);
        return result && "value" in result ? result.value : result?.error.code;
    };

    it("has left its pairing window, and lets nobody else pair", async () => {
        expect(bridge.status).toMatchObject({ state: "paired", port: expect.any(Number) });
        expect(bridge.status.closesAt).toBeUndefined();
        await expect(bridge.openPairing()).rejects.toMatchObject({ code: "already-paired" });
    });

    it("hands what one request writes to the flow as one command", async () => {
        const hue = await characteristic("Reading lamp", Type.Hue);
        const saturation = await characteristic("Reading lamp", Type.Saturation);
        const on = await characteristic("Reading lamp", Type.On);
        await client.write([
            { aid: hue.aid, iid: hue.iid, value: 120 },
            { aid: hue.aid, iid: saturation.iid, value: 80 },
            { aid: hue.aid, iid: on.iid, value: true },
        ]);
        expect(lamp.commands).toEqual([
            { change: { color: { hueDegrees: 120, saturationPercent: 80 }, on: true }, source: "homekit" },
        ]);
        expect(lamp.device.state).toEqual({ color: { hueDegrees: 120, saturationPercent: 80 }, on: true });
    });

    it("tells the controller what the flow reports", async () => {
        const { aid, iid } = await characteristic("Reading lamp", Type.Brightness);
        await client.subscribe([{ aid, iid }]);
        const told = once(client, "values", { signal: AbortSignal.timeout(WAIT_MS) });
        lamp.device.report({ brightnessPercent: 30 });
        const [[reading]] = (await told) as [[object]];
        expect(reading).toMatchObject({ aid, iid, value: 30 });
    });

    it("shows a lock on its way until the flow confirms it, and fails when it never does", async () => {
        lock.device.report({ locked: false, lockState: "unlocked" });
        const { aid, iid } = await characteristic("Front door", Type.LockTargetState);
        const written = client.write([{ aid, iid, value: 1 }], { timed: true });
        await until("the flow was asked", () => lock.commands.length === 1);
        expect(lock.device).toMatchObject({ state: { locked: false }, wished: { locked: true } });
        lock.device.report({ locked: true, lockState: "locked" });
        await written;
        expect(await read("Front door", Type.LockCurrentState)).toBe(1);

        await expect(client.write([{ aid, iid, value: 0 }], { timed: true })).rejects.toThrow();
        expect(await read("Front door", Type.LockTargetState)).toBe(1);
    });

    it("keeps the aim of a cover while it moves", async () => {
        const target = await characteristic("Awning", Type.TargetPosition);
        await client.write([{ aid: target.aid, iid: target.iid, value: 60 }]);
        expect(cover.commands).toEqual([{ change: { positionPercent: 60 }, source: "homekit" }]);
        cover.device.report({ positionPercent: 20, coverState: "closing" });
        expect(await read("Awning", Type.PositionState)).toBe(0);
        expect(await read("Awning", Type.CurrentPosition)).toBe(20);
    });

    it("tells what a thermostat is at from its mode and temperatures", async () => {
        heating.device.report({ currentTemperatureCelsius: 18, targetTemperatureCelsius: 21, climateMode: "heat" });
        expect(await read("Heating", CURRENT_HEATING_COOLING_STATE)).toBe(1);
        heating.device.report({ currentTemperatureCelsius: 21.5 });
        expect(await read("Heating", CURRENT_HEATING_COOLING_STATE)).toBe(0);
        await bench.flowDevices.apply("flow:heating", { on: false }, "voice");
        expect(heating.commands.at(-1)).toEqual({ change: { climateMode: "off" }, source: "voice" });
        expect(await read("Heating", Type.TargetHeatingCoolingState)).toBe(0);
    });

    it("does what may be done in Apple Home, and refuses with a reason what the rules of the hub forbid", async () => {
        const never = { effect: "never", what: "critical", sites: [HOMEKIT_SITE], speakers: [] } as const;
        const detach = bench.attach(bridge, LOCK, lock, { rules: [never] });
        const { aid, iid } = await characteristic("Front door", Type.LockTargetState);
        const before = lock.commands.length;
        await expect(client.write([{ aid, iid, value: 0 }], { timed: true })).rejects.toThrow("may not do that");
        expect(lock.commands).toHaveLength(before);
        expect(await read("Front door", Type.LockTargetState)).toBe(1);
        detach();
        bench.attach(bridge, LOCK, lock, { critical: "pin", pin: "0417" });
        const written = client.write([{ aid, iid, value: 0 }], { timed: true });
        await until("the flow was asked", () => lock.commands.length > before);
        lock.device.report({ locked: false, lockState: "unlocked" });
        await written;
    });

    it("says that a device doesn't answer, instead of telling what it was", async () => {
        lamp.device.reachable(false);
        expect(await read("Reading lamp", Type.On)).toBe("unreachable");
        lamp.device.report({ on: false });
        expect(await read("Reading lamp", Type.On)).toBe(0);
    });

    it("keeps what it is, and the accessories what they are, over restarts and while nodes come and go", async () => {
        const ids = async () => (await client.accessories()).map(({ aid, services }) => `${aid} ${services.length}`);
        const before = await ids();
        const { port } = bridge.status;
        await bridge.stop();
        bridge = await bench.bridge([HEATING, COVER, LOCK, LAMP]);
        expect(bridge.status).toEqual({ state: "paired", port });
        expect(new Set(await ids())).toEqual(new Set(before));
        // The nodes don't run yet: everything is there and doesn't answer.
        expect(await read("Reading lamp", Type.On)).toBe("unreachable");
        const detach = bench.attach(bridge, LAMP, lamp);
        expect(await read("Reading lamp", Type.On)).toBe(0);
        detach();

        bridge.expose([LAMP, LOCK]);
        expect(await ids()).toHaveLength(3);
        bridge.expose(DEVICES);
        expect(new Set(await ids())).toEqual(new Set(before));
    });

    it("keeps its keys where others can't read them, and no code", () => {
        const folder = join(bench.folder, "one");
        expect(statSync(folder).mode & 0o777).toBe(0o700);
        const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
        expect(texts.join()).toContain("signSk");
        expect(texts.join()).not.toMatch(/\d{3}-\d{2}-\d{3}/);
    });

    it("leaves the network when the last controller is gone", async () => {
        await client.removePairing();
        await until("it is off", () => bridge.status.state === "off");
    });
});

describe("a bridge that nobody is paired with", () => {
    const bench = new BridgeBench();
    afterAll(() => bench.end());

    it("listens only while a person has opened it, with another code each time", async () => {
        const bridge = await bench.bridge([LAMP]);
        expect(bridge.status).toEqual({ state: "off" });
        const first = await bridge.openPairing();
        expect(first.setupCode).toMatch(/^\d{3}-\d{2}-\d{3}$/);
        expect(first.setupUri).toMatch(/^X-HM:\/\/00[0-9A-Z]{7}[0-9A-Z]{4}$/);
        const { port = 0 } = bridge.status;
        expect(await answerTo(port, "GET /accessories HTTP/1.1\r\nHost: a\r\n\r\n")).toMatch(/^HTTP\/1.1 470/);
        expect((await bridge.openPairing()).setupCode).toBe(first.setupCode);
        await bridge.closePairing();
        expect(bridge.status).toEqual({ state: "off" });
        await expect(answerTo(port, "GET / HTTP/1.1\r\n\r\n")).rejects.toThrow("ECONNREFUSED");
        expect((await bridge.openPairing()).setupCode).not.toBe(first.setupCode);
        await bridge.stop();
    });

    it("leaves the network when ten minutes are over, and counts them anew when it is opened again", async () => {
        const clock = new HeldClock();
        const bridge = await bench.bridge([LAMP], { folder: join(bench.folder, "window"), clock });
        const { closesAt } = await bridge.openPairing();
        expect(closesAt - Date.now()).toBeGreaterThan(9.9 * 60_000);
        clock.advance(9 * 60_000);
        await bridge.openPairing();
        clock.advance(9 * 60_000);
        const { port = 0 } = bridge.status;
        expect(await answerTo(port, "GET /accessories HTTP/1.1\r\nHost: a\r\n\r\n")).toMatch(/^HTTP\/1.1 470/);
        clock.advance(60_000);
        await until("it is off", () => bridge.status.state === "off");
        await expect(answerTo(port, "GET / HTTP/1.1\r\n\r\n")).rejects.toThrow("ECONNREFUSED");
    });

    it("stays when somebody paired in the ten minutes", async () => {
        const clock = new HeldClock();
        const bridge = await bench.bridge([LAMP], { folder: join(bench.folder, "stays"), clock });
        const client = bench.controller(await pairWith(bridge), () => bridge.status.port ?? 0);
        clock.advance(60 * 60_000);
        expect(bridge.status.state).toBe("paired");
        expect(await client.accessories()).toHaveLength(2);
    });

    it("tries again each half minute to get the port that it was given, for those who are paired", async () => {
        const clock = new HeldClock();
        const folder = join(bench.folder, "retry");
        const first = await bench.bridge([LAMP], { folder });
        const pairing = await pairWith(first);
        const { port = 0 } = first.status;
        await first.stop();
        const other = createServer().listen(port, "127.0.0.1");
        await once(other, "listening");
        const bridge = await bench.bridge([LAMP], { folder, port, clock });
        expect(bridge.status).toMatchObject({ state: "failed", problem: { code: "port-in-use" } });
        const failedAgain = once(bridge, "changed");
        clock.advance(30_000);
        await failedAgain;
        expect(bridge.status.state).toBe("failed");
        other.close();
        await once(other, "close");
        clock.advance(29_999);
        expect(bridge.status.state).toBe("failed");
        clock.advance(1);
        await until("it is up", () => bridge.status.state === "paired");
        expect(await bench.controller(pairing, () => port).accessories()).toHaveLength(2);
    });

    it("says that its port is in use, and takes another if none was chosen", async () => {
        const other = createServer().listen(0, "127.0.0.1");
        await once(other, "listening");
        const { port } = other.address() as { port: number };
        const folder = join(bench.folder, "two");
        const fixed = await bench.bridge([LAMP], { folder, port });
        await expect(fixed.openPairing()).rejects.toMatchObject({ code: "port-in-use", message: /in use/ });
        expect(fixed.status).toMatchObject({ state: "failed", problem: expect.any(BridgeError) });
        await fixed.stop();

        const free = await bench.bridge([LAMP], { folder });
        await free.openPairing();
        expect(free.status).toMatchObject({ state: "open" });
        other.close();
    });

    it("is another bridge once its pairings were forgotten", async () => {
        const bridge = await bench.bridge([LAMP], { folder: join(bench.folder, "three") });
        const { accessoryId } = await pairWith(bridge);
        await bridge.forgetPairings();
        expect(bridge.status).toEqual({ state: "off" });
        expect((await pairWith(bridge)).accessoryId).not.toBe(accessoryId);
    });

    it("shows as many accessories as HomeKit takes, and goes on", async () => {
        const many = Array.from({ length: 160 }, (_, index) => ({
            id: `d${index}`,
            name: `Lamp ${index}`,
            kind: "light" as const,
        }));
        const bridge = await bench.bridge(many, { folder: join(bench.folder, "four") });
        const pairing = await pairWith(bridge);
        const client = bench.controller(pairing, () => bridge.status.port ?? 0);
        expect(await client.accessories()).toHaveLength(150);
    });
});

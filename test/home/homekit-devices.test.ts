import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Fleet } from "../../dist/bench/home/fleet";
import { HomeKitAccessories, PairingStore } from "../../dist/src/hap";
import type { Device, DeviceChange, DeviceState } from "../../dist/src/home";
import { HomeKitDriver } from "../../dist/src/home/drivers/homekit";
import { MdnsBrowser } from "../../dist/src/mdns";
import { HeldClock, HeldNetwork } from "../mdns/held-network";
import { DriverEar } from "./driver-ear";

/** Accessories of all kinds, in a process of their own. */
describe("the kinds of HomeKit devices", () => {
    let folder: string;
    let fleet: Fleet;
    let accessories: HomeKitAccessories;
    let driver: HomeKitDriver;
    const ear = new DriverEar();

    beforeAll(async () => {
        folder = await mkdtemp(join(tmpdir(), "earshot-zoo-"));
        fleet = new Fleet(join(folder, "zoo"), { bridges: 1, lamps: 1, zoo: true });
        const store = new PairingStore(join(folder, "pairings"));
        await store.open();
        for (const pairing of await fleet.pairings()) await store.put(pairing);
        const clock = new HeldClock();
        const browser = new MdnsBrowser({ types: ["_hap._tcp"], network: new HeldNetwork(clock), clock });
        accessories = new HomeKitAccessories({ browser, store });
        driver = new HomeKitDriver(accessories);
        await driver.start(ear);
        accessories.start();
        await ear.until(() => ear.devices.length > 0 && ear.reachable.size === ear.devices.length);
    });
    afterAll(async () => {
        await driver.stop();
        await accessories.stop();
        await fleet.stop();
        await rm(folder, { recursive: true, force: true });
    });

    const device = (name: string): Device => {
        const found = ear.devices.find((candidate) => candidate.name === name);
        if (!found) throw new Error(`no ${name} among ${ear.devices.map((one) => one.name).join(", ")}`);
        return found;
    };
    const read = (name: string): Promise<DeviceState> => driver.read(device(name).id);
    const apply = (name: string, change: DeviceChange): Promise<DeviceState> => driver.apply(device(name).id, change);

    it("are known by Home Assistant's types and classes", () => {
        const kinds = ear.devices.map(({ name, type, attributes }) => [name, type, attributes?.device_class]);
        expect(kinds).toEqual([
            ["Lamp 0", "light", undefined],
            ["Reading Lamp", "light", undefined],
            ["Ceiling Fan", "fan", undefined],
            ["Ventilator", "fan", undefined],
            ["Blind", "cover", "blind"],
            ["Garage Door", "cover", "garage"],
            ["Front Door", "lock", undefined],
            ["Office Temperature", "sensor", "temperature"],
            ["Office Humidity", "sensor", "humidity"],
            ["Office Brightness", "sensor", "illuminance"],
            ["Office Motion", "binary_sensor", "motion"],
            ["Office Occupancy", "binary_sensor", "occupancy"],
            ["Office Air", "sensor", "aqi"],
            ["Office Dioxide", "sensor", "carbon_dioxide"],
            ["Window Contact", "binary_sensor", "opening"],
            ["Smoke Alarm", "binary_sensor", "smoke"],
            ["Monoxide Alarm", "binary_sensor", "carbon_monoxide"],
            ["Leak Alarm", "binary_sensor", "moisture"],
            ["Television", "media_player", "tv"],
            ["Heater", "climate", undefined],
        ]);
    });

    it("say what they can be commanded to, with their own ranges and steps", () => {
        const abilities = (name: string) => device(name).abilities;
        const percent = { from: 0, to: 100, step: 1 };
        expect(abilities("Lamp 0")).toEqual({ on: true, brightnessPercent: percent });
        expect(abilities("Reading Lamp")).toEqual({
            on: true,
            colorTemperatureKelvin: { from: 2000, to: 7143, step: 0 },
        });
        expect(abilities("Ceiling Fan")).toEqual({ on: true, fanSpeedPercent: { from: 0, to: 100, step: 25 } });
        expect(abilities("Ventilator")).toEqual({ on: true });
        expect(abilities("Blind")).toEqual({
            positionPercent: percent,
            tiltDegrees: { from: -90, to: 90, step: 1 },
            stop: true,
        });
        expect(abilities("Garage Door")).toEqual({ positionPercent: { from: 0, to: 100, step: 100 } });
        expect(abilities("Front Door")).toEqual({ locked: true });
        expect(abilities("Office Temperature")).toBeUndefined();
        expect(abilities("Television")).toMatchObject({ on: true, source: ["HDMI 1", "Radio"] });
        expect(abilities("Heater")).toMatchObject({
            on: true,
            targetTemperatureCelsius: { from: 7, to: 30, step: 0.5 },
            climateMode: ["off", "heat"],
        });
    });

    it("shine in a white, the nearest that they have", async () => {
        await expect(apply("Reading Lamp", { on: true, colorTemperatureKelvin: 4000 })).resolves.toEqual({
            on: true,
            colorTemperatureKelvin: 4000,
        });
        await expect(apply("Reading Lamp", { colorTemperatureKelvin: 1000 })).resolves.toMatchObject({
            colorTemperatureKelvin: 2000,
        });
    });

    it("turn fans, in the steps that they have", async () => {
        await expect(apply("Ceiling Fan", { on: true, fanSpeedPercent: 60 })).resolves.toEqual({
            on: true,
            fanSpeedPercent: 50,
        });
        await expect(apply("Ventilator", { on: true })).resolves.toEqual({ on: true });
        await expect(apply("Ventilator", { on: false })).resolves.toEqual({ on: false });
    });

    it("open and close blinds, and stop them where they are", async () => {
        await expect(apply("Blind", { positionPercent: 80 })).resolves.toEqual({
            positionPercent: 30,
            coverState: "opening",
            tiltDegrees: 0,
        });
        ear.states.length = 0;
        fleet.touch("Blind", "Current Position", 55);
        await ear.state(device("Blind").id, { positionPercent: 55, coverState: "opening" });
        await expect(apply("Blind", { stop: true })).resolves.toMatchObject({
            positionPercent: 55,
            coverState: "open",
        });
        await expect(apply("Blind", { positionPercent: 10 })).resolves.toMatchObject({ coverState: "closing" });
        ear.states.length = 0;
        fleet.touch("Blind", "Current Position", 0);
        fleet.touch("Blind", "Position State", 2);
        await ear.state(device("Blind").id, { positionPercent: 0, coverState: "closed" });
    });

    it("move garage doors and locks, which ask for announced writes", async () => {
        await expect(read("Garage Door")).resolves.toMatchObject({ coverState: "closed", positionPercent: 0 });
        await expect(apply("Garage Door", { positionPercent: 100 })).resolves.toEqual({
            coverState: "opening",
            obstructed: false,
        });
        await expect(apply("Garage Door", { positionPercent: 50 })).rejects.toMatchObject({
            code: "not-supported",
            message: "Garage Door can't be opened in part.",
        });
        await expect(apply("Front Door", { locked: false })).resolves.toEqual({
            locked: false,
            lockState: "unlocked",
            batteryPercent: 15,
            batteryLow: true,
        });
        await expect(apply("Front Door", { locked: true })).resolves.toMatchObject({ locked: true });
        fleet.touch("Front Door", "Lock Current State", 2);
        await ear.state(device("Front Door").id, { lockState: "jammed" });
        const jammed = await read("Front Door");
        expect(jammed).not.toHaveProperty("locked");
    });

    it.each<[string, DeviceState]>([
        ["Office Temperature", { currentTemperatureCelsius: 21.4 }],
        ["Office Humidity", { humidityPercent: 47 }],
        ["Office Brightness", { illuminanceLux: 120 }],
        ["Office Motion", { motion: true }],
        ["Office Occupancy", { occupied: true }],
        ["Office Air", { airQuality: "good" }],
        ["Office Dioxide", { carbonDioxide: false, carbonDioxidePpm: 640 }],
        ["Window Contact", { contactOpen: true, batteryPercent: 80, batteryLow: false }],
        ["Smoke Alarm", { smoke: false }],
        ["Monoxide Alarm", { carbonMonoxide: false }],
        ["Leak Alarm", { leak: true }],
    ])("read %s", async (name, state) => {
        await expect(read(name)).resolves.toEqual(state);
        await expect(apply(name, { on: true })).rejects.toMatchObject({ code: "not-supported" });
    });

    it("switch a television, its input, its sound and what it plays", async () => {
        await expect(
            apply("Television", { on: true, source: "radio", volumePercent: 12, muted: true }),
        ).resolves.toMatchObject({ on: true, source: "Radio", volumePercent: 12, muted: true, playback: "playing" });
        await expect(apply("Television", { playback: "paused" })).resolves.toMatchObject({ source: "Radio" });
        await expect(apply("Television", { source: "VHS" })).rejects.toMatchObject({
            message: "Television can't be switched to VHS.",
        });
    });

    it("set a heater that only heats", async () => {
        await expect(apply("Heater", { on: true, targetTemperatureCelsius: 40 })).resolves.toMatchObject({
            climateMode: "heat",
            targetTemperatureCelsius: 30,
        });
        await expect(apply("Heater", { climateMode: "cool" })).rejects.toMatchObject({ code: "not-supported" });
        await expect(apply("Heater", { climateMode: "off" })).resolves.toMatchObject({ climateMode: "off" });
    });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HomeKitAccessories, PairingStore } from "../../dist/src/hap";
import { DeviceError, Dispatcher, Home } from "../../dist/src/home";
import { HomeKitDriver } from "../../dist/src/home/drivers/homekit";
import type { Intent } from "../../dist/src/language";
import { HomeKitBench, type SimulatedHome } from "../hap/simulated-home";
import { DriverEar } from "./driver-ear";

describe("the HomeKit driver", () => {
    let bench: HomeKitBench;
    let home: SimulatedHome;
    let driver: HomeKitDriver;
    const listener = new DriverEar();

    beforeAll(async () => {
        bench = await HomeKitBench.start();
        driver = new HomeKitDriver(bench.accessories);
        await driver.start(listener);
        home = await bench.pairedHome();
        await listener.until(() => listener.devices.length === 3);
    });
    afterAll(async () => {
        await driver.stop();
        await bench.stop();
    });

    it("makes a device of each accessory behind a bridge", () => {
        const { id } = home.ready;
        expect(listener.devices).toMatchObject([
            { id: `homekit:${id}:2`, name: "Kitchen Light", type: "light" },
            { id: `homekit:${id}:3`, name: "Thermostat", type: "climate" },
            { id: `homekit:${id}:4`, name: "Coffee Machine", type: "switch" },
        ]);
        expect(listener.devices.map((device) => listener.reachable.get(device.id))).toEqual([true, true, true]);
    });

    it("lets an order change a lamp and a thermostat by steps from what they are", async () => {
        const own = new HomeKitDriver(bench.accessories);
        const household = new Home({ floors: [], areas: [], devices: [] }, [own]);
        await household.start();
        try {
            const dispatcher = new Dispatcher(household);
            const step = async (name: string, slots: Intent["slots"], device: string) => {
                const targets = [listener.id(device)];
                const { outcomes } = await dispatcher.dispatch({ name, slots, targets, confidence: 1, text: "" });
                const [outcome] = outcomes;
                return outcome?.state;
            };
            await driver.apply(listener.id("Kitchen Light"), { on: true, brightnessPercent: 40 });
            const dimmed = await step("EarshotSetBrightnessRelative", { brightness_step: -10 }, "Kitchen Light");
            expect(dimmed).toMatchObject({ on: true, brightnessPercent: 30 });
            await driver.apply(listener.id("Thermostat"), { targetTemperatureCelsius: 20 });
            const warmer = await step("EarshotSetTemperatureRelative", { temperature_step: 1.5 }, "Thermostat");
            expect(warmer).toMatchObject({ targetTemperatureCelsius: 21.5 });
        } finally {
            await household.stop();
        }
    });

    it("sets a lamp's power, brightness and colour at once, and reads them back from the lamp", async () => {
        const change = { on: true, brightnessPercent: 40, color: { hueDegrees: 240, saturationPercent: 80 } };
        await expect(driver.apply(listener.id("Kitchen Light"), change)).resolves.toEqual(change);
        for (const [characteristic, value] of Object.entries({ On: true, Brightness: 40, Hue: 240, Saturation: 80 })) {
            await home.until((told) => told.characteristic === characteristic && told.value === value);
        }
    });

    it("sets a thermostat within the thermostat's own range and steps", async () => {
        const id = listener.id("Thermostat");
        await expect(driver.apply(id, { targetTemperatureCelsius: 21.3, climateMode: "heat" })).resolves.toEqual({
            currentTemperatureCelsius: 20.5,
            targetTemperatureCelsius: 21.5,
            climateMode: "heat",
        });
        await expect(driver.apply(id, { targetTemperatureCelsius: 95 })).resolves.toMatchObject({
            targetTemperatureCelsius: 30,
        });
        await expect(driver.apply(id, { on: false })).resolves.toMatchObject({ climateMode: "off" });
        await expect(driver.apply(id, { on: true })).resolves.toMatchObject({ climateMode: "auto" });
    });

    it("switches an outlet and sees that it is in use", async () => {
        const id = listener.id("Coffee Machine");
        await expect(driver.apply(id, { on: true })).resolves.toMatchObject({ on: true });
        await expect(driver.read(id)).resolves.toEqual({ on: true, inUse: true });
    });

    it("tells when someone uses a device by hand", async () => {
        const id = listener.id("Kitchen Light");
        await driver.apply(id, { on: true, color: { hueDegrees: 10, saturationPercent: 90 } });
        listener.states.length = 0;
        home.touch("Kitchen Light", "On", false);
        await listener.until(() => listener.states.find(([of, { on }]) => of === id && on === false));
        home.touch("Kitchen Light", "Hue", 200);
        const [, state] = await listener.until(() => listener.states.find(([of, { color }]) => of === id && color));
        expect(state.color).toEqual({ hueDegrees: 200, saturationPercent: 90 });
    });

    it("refuses what a device can't do, and devices that nobody knows", async () => {
        const outlet = driver.apply(listener.id("Coffee Machine"), { brightnessPercent: 10 });
        await expect(outlet).rejects.toThrow(DeviceError);
        await expect(outlet).rejects.toMatchObject({
            code: "not-supported",
            message: "Coffee Machine can't be dimmed.",
        });
        await expect(driver.read("homekit:nobody:1")).rejects.toMatchObject({ code: "unknown-device" });
    });

    it("commands an accessory that was killed and came back, without anything else being done", async () => {
        const id = listener.id("Kitchen Light");
        await home.end("SIGKILL");
        await listener.until(() => listener.reachable.get(id) === false);
        listener.states.length = 0;
        home = await bench.again(home);
        await expect(driver.apply(id, { on: true, brightnessPercent: 55 })).resolves.toMatchObject({
            on: true,
            brightnessPercent: 55,
        });
        await listener.until(() => listener.reachable.get(id) === true);
        // It has lost its state with its power, and the listener hears of that too.
        const outlet = listener.id("Coffee Machine");
        await listener.until(() => listener.states.find(([of, { on }]) => of === outlet && on === false));
        listener.states.length = 0;
        home.touch("Kitchen Light", "On", false);
        await listener.until(() => listener.states.find(([of, { on }]) => of === id && on === false));
    });

    it("says within its time that a device is gone", async () => {
        const id = listener.id("Kitchen Light");
        await home.end("SIGKILL");
        await expect(driver.apply(id, { on: true })).rejects.toMatchObject({
            name: "DeviceError",
            code: "unreachable",
        });
        expect(listener.reachable.get(id)).toBe(false);
        home = await bench.again(home);
        await expect(driver.apply(id, { on: true })).resolves.toMatchObject({ on: true });
    });

    it("knows the devices of an accessory that can't be reached when the hub starts, but no states", async () => {
        const before = listener.devices;
        const id = listener.id("Kitchen Light");
        await home.end("SIGKILL");
        const store = new PairingStore(bench.store.folder);
        await store.open();
        const accessories = new HomeKitAccessories({ browser: bench.browser, store });
        const later = new HomeKitDriver(accessories);
        const laterListener = new DriverEar();
        await later.start(laterListener);
        accessories.start();
        await laterListener.until(() => laterListener.devices.length === 3);
        expect(laterListener.devices).toEqual(before);
        expect(laterListener.reachable.get(id)).toBe(false);
        expect(laterListener.states.filter(([, state]) => Object.keys(state).length > 0)).toEqual([]);
        home = await bench.again(home);
        await laterListener.until(() => laterListener.reachable.get(id) === true);
        await laterListener.until(() => laterListener.states.find(([of, { on }]) => of === id && on === false));
        await later.stop();
        await accessories.stop();
    });

    it("drops the devices of an accessory that is no longer paired", async () => {
        await bench.accessories.unpair(home.ready.id);
        expect(listener.devices).toEqual([]);
    });
});

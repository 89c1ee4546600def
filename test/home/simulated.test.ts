import { beforeEach, describe, expect, it } from "vitest";
import { Home, SimulatedDriver } from "../../dist/src/home";

describe("a simulated device", () => {
    let driver: SimulatedDriver;

    beforeEach(() => {
        driver = new SimulatedDriver([
            { id: "lamp", name: "Lamp", type: "light", area: "kitchen" },
            { id: "heat", name: "Heating", type: "climate" },
            { id: "plug", name: "Plug", type: "switch" },
        ]);
    });

    it("does what it is told, and tells what it does", async () => {
        await driver.apply("lamp", { on: true, brightnessPercent: 40 });
        expect(await driver.apply("lamp", { color: { hueDegrees: 240, saturationPercent: 100 } })).toEqual({
            on: true,
            brightnessPercent: 40,
            color: { hueDegrees: 240, saturationPercent: 100 },
            colorTemperatureKelvin: 2_700,
        });
        expect(await driver.apply("heat", { targetTemperatureCelsius: 21.5 })).toMatchObject({
            targetTemperatureCelsius: 21.5,
            climateMode: "heat",
        });
        expect(await driver.apply("plug", { on: true })).toMatchObject({ on: true });
        expect(await driver.read("plug")).toMatchObject({ on: true });
    });

    it("stays within its range, and on its steps", async () => {
        expect(await driver.apply("heat", { targetTemperatureCelsius: 99 })).toMatchObject({
            targetTemperatureCelsius: 30,
        });
        expect(await driver.apply("heat", { targetTemperatureCelsius: 20.6 })).toMatchObject({
            targetTemperatureCelsius: 20.5,
        });
        expect(await driver.apply("lamp", { colorTemperatureKelvin: 10_000, brightnessPercent: 120 })).toMatchObject({
            colorTemperatureKelvin: 6_500,
            brightnessPercent: 100,
            color: { saturationPercent: 0 },
        });
        expect(await driver.apply("lamp", { on: true, brightnessPercent: 0 })).toMatchObject({ on: false });
    });

    it("does nothing of a change that it can't do as a whole", async () => {
        const change = { on: true, brightnessPercent: 10 };
        await expect(driver.apply("plug", change)).rejects.toMatchObject({ code: "not-supported", deviceId: "plug" });
        expect(await driver.read("plug")).toMatchObject({ on: false });
        await expect(driver.read("sofa")).rejects.toMatchObject({ code: "unknown-device" });
    });

    it("tells the home when it is operated by hand, and when its plug is pulled", async () => {
        const home = new Home({ floors: [], areas: [], devices: [] }, [driver]);
        await home.start();
        expect(home.status("lamp")).toMatchObject({ availability: "reachable", state: { on: false } });
        await driver.operate("lamp", { on: true });
        expect(home.status("lamp")).toMatchObject({ state: { on: true } });
        driver.unplug("lamp");
        expect(home.status("lamp")).toMatchObject({ availability: "unreachable", state: { on: true } });
        await expect(home.read("lamp")).rejects.toMatchObject({ code: "unreachable" });
        driver.plugIn("lamp");
        expect(await home.read("lamp")).toMatchObject({ on: true });
    });
});

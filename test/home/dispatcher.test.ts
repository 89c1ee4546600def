import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import {
    type Device,
    type DeviceChange,
    DeviceError,
    type DeviceState,
    type DispatchContext,
    Dispatcher,
    type DispatcherOptions,
    Home,
    Rights,
    SAFE_RIGHTS,
    SimulatedDriver,
} from "../../dist/src/home";
import type { Intent } from "../../dist/src/language";
import { ScriptedDriver } from "./scripted-driver";

const homes: Home[] = [];
afterEach(() => Promise.all(homes.splice(0).map((home) => home.stop())));

describe("the dispatcher", () => {
    it("turns devices on and off, each with the state it tells itself", async () => {
        const { dispatcher } = await simulated();
        expect(await dispatch(dispatcher, intent("HassTurnOn", {}, "lamp", "plug"))).toMatchObject([
            { device: { id: "lamp", name: "Lamp" }, ok: true, state: { on: true, brightnessPercent: 100 } },
            { device: { id: "plug" }, ok: true, state: { on: true } },
        ]);
        expect(await dispatch(dispatcher, intent("HassTurnOff", {}, "lamp"))).toMatchObject([{ state: { on: false } }]);
    });

    it("sets brightness, colours by their names, and colour temperatures, and turns the light on with it", async () => {
        const { dispatcher } = await simulated();
        const set = async (slots: Intent["slots"]) => {
            const [outcome] = await dispatch(dispatcher, intent("HassLightSet", slots, "lamp"));
            return outcome?.state;
        };
        expect(await set({ brightness: 30 })).toMatchObject({ on: true, brightnessPercent: 30 });
        expect(await set({ color: "blue" })).toMatchObject({ color: { hueDegrees: 240, saturationPercent: 100 } });
        expect(await set({ color: "Dark Sea-Green", brightness: "50" })).toMatchObject({
            brightnessPercent: 50,
            color: { hueDegrees: 120, saturationPercent: 24 },
        });
        expect(await set({ color: "warm white" })).toMatchObject({ colorTemperatureKelvin: 2_700 });
        expect(await set({ temperature: 5_000 })).toMatchObject({ colorTemperatureKelvin: 5_000 });
        expect(await set({ brightness: 0 })).toMatchObject({ on: false });
    });

    it("shows a white as a colour on a lamp that has no colour temperature", async () => {
        const driver = new ScriptedDriver([{ id: "lamp", name: "Lamp", type: "light" }], {
            apply: async (id, change) => {
                if ("colorTemperatureKelvin" in change) throw new DeviceError("not-supported", id, "No whites.");
                return change;
            },
        });
        const { dispatcher } = await running(driver);
        const [outcome] = await dispatch(dispatcher, intent("HassLightSet", { color: "white" }, "lamp"));
        expect(outcome).toMatchObject({ ok: true, state: { color: { hueDegrees: 0, saturationPercent: 0 } } });
    });

    it("sets and reads thermostats in the unit of the home", async () => {
        const { dispatcher } = await simulated({ temperatureUnit: "fahrenheit" });
        const order = intent("HassClimateSetTemperature", { temperature: 68 }, "heat");
        expect(await dispatch(dispatcher, order)).toMatchObject([
            { ok: true, state: { targetTemperatureCelsius: 20 } },
        ]);
        expect(await dispatch(dispatcher, intent("HassClimateGetTemperature", {}, "heat"))).toMatchObject([
            { ok: true, state: { currentTemperatureCelsius: 19.5, targetTemperatureCelsius: 20 } },
        ]);
        expect(await dispatch(dispatcher, intent("HassTurnOff", {}, "heat"))).toMatchObject([
            { ok: true, state: { climateMode: "off" } },
        ]);
    });

    it("changes by steps what the device itself says it is, within its range", async () => {
        const { dispatcher } = await simulated();
        const lamp = async (name: string, slots: Intent["slots"]) => {
            const [outcome] = await dispatch(dispatcher, intent(name, slots, "lamp"));
            return outcome?.state;
        };
        const step = (percent: number) => lamp("EarshotSetBrightnessRelative", { brightness_step: percent });
        expect(await step(-10)).toMatchObject({ on: false, brightnessPercent: 100 });
        expect(await step(10)).toMatchObject({ on: true, brightnessPercent: 10 });
        expect(await step(25)).toMatchObject({ on: true, brightnessPercent: 35 });
        expect(await step(-50)).toMatchObject({ on: true, brightnessPercent: 1 });
        expect(await step(100)).toMatchObject({ on: true, brightnessPercent: 100 });
        expect(await step(20)).toMatchObject({ on: true, brightnessPercent: 100 });

        const warmer = intent("EarshotSetTemperatureRelative", { temperature_step: 2 }, "heat");
        expect(await dispatch(dispatcher, warmer)).toMatchObject([
            { ok: true, state: { targetTemperatureCelsius: 22 } },
        ]);
        const far = intent("EarshotSetTemperatureRelative", { temperature_step: 50 }, "heat");
        expect(await dispatch(dispatcher, far)).toMatchObject([{ ok: true, state: { targetTemperatureCelsius: 30 } }]);
    });

    it("takes steps in the unit of the home", async () => {
        const { dispatcher } = await simulated({ temperatureUnit: "fahrenheit" });
        const warmer = intent("EarshotSetTemperatureRelative", { temperature_step: 9 }, "heat");
        expect(await dispatch(dispatcher, warmer)).toMatchObject([{ state: { targetTemperatureCelsius: 25 } }]);
    });

    it("changes nothing by steps where there is nothing to step from", async () => {
        const { dispatcher } = await simulated();
        expect(
            await dispatch(dispatcher, intent("EarshotSetBrightnessRelative", { brightness_step: 10 }, "plug", "heat")),
        ).toMatchObject([
            { ok: false, code: "not-supported" },
            { ok: false, code: "not-supported" },
        ]);
        expect(
            await dispatch(dispatcher, intent("HassSetVolumeRelative", { volume_step: "up" }, "plug")),
        ).toMatchObject([{ ok: false, code: "not-supported" }]);
        const bad = intent("EarshotSetBrightnessRelative", { brightness_step: "much" }, "lamp");
        await expect(dispatch(dispatcher, bad)).rejects.toMatchObject({ code: "bad-slot" });

        const plain = new ScriptedDriver([{ id: "lamp", name: "Lamp", type: "light" }], {
            read: async () => ({ on: true }),
        });
        const { dispatcher: other } = await running(plain);
        const dim = intent("EarshotSetBrightnessRelative", { brightness_step: -10 }, "lamp");
        expect(await dispatch(other, dim)).toMatchObject([{ ok: false, code: "not-supported" }]);
        expect(plain.applied).toEqual([]);
    });

    it("turns a thermostat on in the first mode it has", async () => {
        const driver = new ScriptedDriver([{ id: "heat", name: "Heating", type: "climate" }], {
            apply: async (id, change) => {
                if (change.climateMode !== "heat") throw new DeviceError("not-supported", id, "Only heats.");
                return change;
            },
        });
        const { dispatcher } = await running(driver);
        const [outcome] = await dispatch(dispatcher, intent("HassTurnOn", {}, "heat"));
        expect(outcome).toMatchObject({ ok: true, state: { climateMode: "heat" } });
        expect(driver.applied.map(({ change }) => change.climateMode)).toEqual(["auto", "heat"]);
    });

    it("asks the device itself for its state", async () => {
        const { dispatcher, home } = await running(
            new ScriptedDriver([{ id: "lamp", name: "Lamp", type: "light" }], { read: async () => ({ on: true }) }),
        );
        const [outcome] = await dispatch(dispatcher, intent("HassGetState", { state: "on" }, "lamp"));
        expect(outcome).toMatchObject({ ok: true, state: { on: true } });
        expect(home.status("lamp")).toMatchObject({ availability: "reachable", state: { on: true } });
    });

    it("leaves alone what the order doesn't fit", async () => {
        const types = ["alarm_control_panel", "sensor", "unknown"];
        const driver = new ScriptedDriver(types.map((type) => ({ id: type, name: type, type })));
        const { dispatcher } = await running(driver);
        const orders: [name: string, slots: Intent["slots"]][] = [
            ["HassTurnOn", {}],
            ["HassTurnOff", {}],
            ["HassLightSet", { brightness: 5 }],
            ["HassClimateSetTemperature", { temperature: 20 }],
        ];
        for (const [name, slots] of orders) {
            const outcomes = await dispatch(dispatcher, intent(name, slots, ...types));
            expect(outcomes.every(({ ok, code }) => !ok && code === "not-supported")).toBe(true);
        }
        expect(driver.applied).toEqual([]);
    });

    it("waits for a bolt that takes its time, and says when it is stuck", async () => {
        const driver: ScriptedDriver = new ScriptedDriver([{ id: "door", name: "Door", type: "lock" }], {
            apply: async () => ({ lockState: "unlocked", locked: false }),
        });
        const { dispatcher, home } = await running(driver);
        const turning = async (state: DeviceState) => {
            const read = once(home, "state");
            const outcomes = dispatch(dispatcher, intent("HassTurnOn", {}, "door"));
            await read;
            driver.listener?.stateChanged("door", state);
            return (await outcomes)[0];
        };
        expect(await turning({ lockState: "locked", locked: true })).toMatchObject({
            ok: true,
            state: { locked: true },
        });
        expect(await turning({ lockState: "jammed" })).toMatchObject({
            ok: false,
            error: "Door took the command, but says it is jammed.",
            state: { lockState: "jammed" },
        });
    });

    it("sends the vacuum of the floor to clean a room, one that answers before one that doesn't", async () => {
        const devices = ["cellar", "kitchen", "attic"].map((area) => ({
            id: `robot of ${area}`,
            name: `Robot of ${area}`,
            type: "vacuum",
            area,
        }));
        const driver = new ScriptedDriver(devices);
        const areas = [
            { id: "cellar", name: "Cellar", floor: "below" },
            { id: "kitchen", name: "Kitchen", floor: "ground" },
            { id: "hall", name: "Hall", floor: "ground" },
            { id: "attic", name: "Attic", floor: "top" },
        ];
        const home = new Home({ floors: [], areas, devices: [] }, [driver]);
        homes.push(home);
        await home.start();
        const dispatcher = new Dispatcher(home);
        const clean = (area: string) => dispatch(dispatcher, intent("HassVacuumCleanArea", { area }));
        expect(await clean("Hall")).toMatchObject([{ device: { id: "robot of kitchen" }, ok: true }]);
        driver.listener?.reachableChanged("robot of kitchen", false);
        driver.listener?.reachableChanged("robot of attic", true);
        expect(await clean("Hall")).toMatchObject([{ device: { id: "robot of attic" } }]);
        expect(driver.applied.map(({ change }) => change)).toEqual([{ cleanArea: "hall" }, { cleanArea: "hall" }]);
        await expect(clean("Moon")).rejects.toMatchObject({ code: "bad-slot" });
    });

    it("leaves out of everything, without a word, what locks, opens or heats", async () => {
        const types = ["light", "lock", "cover", "climate", "switch"];
        const driver = new ScriptedDriver(types.map((type) => ({ id: type, name: type, type })));
        const { dispatcher } = await running(driver, { rights: new Rights({ ...SAFE_RIGHTS, everything: "allow" }) });
        const everything = { ...intent("HassTurnOff", { name: "all" }, ...types), all: true };
        expect((await dispatch(dispatcher, everything)).map(({ device }) => device.id)).toEqual(["light", "switch"]);
    });

    it("puts back a lamp's white or colour, whichever it showed, and what was off goes off", async () => {
        const { dispatcher, home } = await simulated();
        const here = { site: "study" };
        const order = (name: string, slots: Intent["slots"], id: string) =>
            dispatcher.dispatch(intent(name, slots, id), here);
        const undo = async () => (await dispatcher.undo(intent("EarshotUndo", {}), here))?.outcomes;
        await order("HassLightSet", { color: "blue" }, "lamp");
        expect(await undo()).toMatchObject([{ ok: true, state: { on: false } }]);
        await order("HassLightSet", { color: "blue" }, "lamp");
        await order("HassLightSet", { temperature: 4_000 }, "lamp");
        expect(await undo()).toMatchObject([{ state: { color: { hueDegrees: 240, saturationPercent: 100 } } }]);
        await order("HassLightSet", { temperature: 4_000 }, "lamp");
        await order("HassLightSet", { color: "red" }, "lamp");
        expect(await undo()).toMatchObject([
            { state: { colorTemperatureKelvin: 4_000, color: { saturationPercent: 0 } } },
        ]);
        await order("EarshotSetTemperatureRelative", { temperature_step: 3 }, "heat");
        await order("HassGetState", {}, "lamp");
        expect(await undo()).toMatchObject([{ state: { targetTemperatureCelsius: 20 } }]);
        expect(await undo()).toBeUndefined();
        expect(await home.read("heat")).toMatchObject({ targetTemperatureCelsius: 20 });
    });

    it("puts back all that one sentence changed, and no more", async () => {
        const { dispatcher, home } = await simulated();
        const order = (sentence: string, name: string, slots: Intent["slots"], id: string) =>
            dispatcher.dispatch(intent(name, slots, id), { site: "study", sentence });
        await order("first", "HassTurnOn", {}, "plug");
        await order("second", "HassLightSet", { brightness: 30 }, "lamp");
        await order("second", "HassLightSet", { color: "blue" }, "lamp");
        await order("second", "HassClimateSetTemperature", { temperature: 25 }, "heat");
        const undone = await dispatcher.undo(intent("EarshotUndo", {}), { site: "study" });
        expect(undone?.outcomes).toMatchObject([
            { device: { id: "lamp" }, state: { on: false } },
            { device: { id: "heat" }, state: { targetTemperatureCelsius: 20 } },
        ]);
        expect(await home.read("plug")).toMatchObject({ on: true });
    });

    it("puts nothing back after five minutes, nor for others", async () => {
        let now = 0;
        const { dispatcher } = await simulated({ now: () => now });
        const undo = (site: string) => dispatcher.undo(intent("EarshotUndo", {}), { site });
        await dispatcher.dispatch(intent("HassTurnOn", {}, "lamp"), { site: "study" });
        expect(await undo("kitchen")).toBeUndefined();
        now = 5 * 60_000;
        expect(await undo("study")).toBeUndefined();
    });

    it("reports each failure with its device, and does the rest", async () => {
        const { dispatcher, driver } = await simulated();
        driver.unplug("lamp");
        expect(await dispatch(dispatcher, intent("HassTurnOn", {}, "lamp", "vanished", "plug", "plug"))).toEqual([
            {
                device: expect.objectContaining({ id: "lamp" }),
                ok: false,
                code: "unreachable",
                error: "Lamp is unplugged.",
            },
            {
                device: { id: "vanished", name: "vanished", type: "unknown" },
                ok: false,
                code: "unknown-device",
                error: "vanished is gone: nothing in the home knows it.",
            },
            { device: expect.objectContaining({ id: "plug" }), ok: true, state: { on: true, inUse: false } },
        ]);
    });

    it("believes the device, not the command", async () => {
        const driver = new ScriptedDriver([{ id: "lamp", name: "Lamp", type: "light" }], {
            apply: async () => ({ on: false }),
        });
        const { dispatcher } = await running(driver);
        expect(await dispatch(dispatcher, intent("HassTurnOn", {}, "lamp"))).toMatchObject([
            { ok: false, state: { on: false }, error: "Lamp took the command, but says it is off." },
        ]);
    });

    it("gives up on a device that doesn't answer in time, without waiting for it", async () => {
        const driver = new ScriptedDriver(lamps(2), {
            apply: (id, change) => (id === "lamp0" ? new Promise(() => {}) : Promise.resolve(change)),
        });
        const { dispatcher } = await running(driver, { deviceTimeoutMs: 20 });
        expect(await dispatch(dispatcher, intent("HassTurnOn", {}, "lamp0", "lamp1"))).toMatchObject([
            { ok: false, code: "timeout", error: "Lamp 0 did not answer within 0.02 s." },
            { ok: true },
        ]);
    });

    it("commands devices side by side, but not more than it may", async () => {
        let underWay = 0;
        let most = 0;
        const driver = new ScriptedDriver(lamps(50), {
            apply: async (_, change: DeviceChange) => {
                most = Math.max(most, ++underWay);
                await new Promise((resolve) => setImmediate(resolve));
                underWay--;
                return change;
            },
        });
        const { dispatcher } = await running(driver, { concurrency: 8 });
        const outcomes = await dispatch(dispatcher, intent("HassTurnOn", {}, ...lamps(50).map(({ id }) => id)));
        expect(outcomes.map(({ device }) => device.id)).toEqual(lamps(50).map(({ id }) => id));
        expect(outcomes.every(({ ok }) => ok)).toBe(true);
        expect(most).toBe(8);
    });

    it("does nothing when a slot makes no sense, or the intent is not about devices", async () => {
        const driver = new ScriptedDriver(lamps(1));
        const { dispatcher } = await running(driver);
        const orders: [order: Intent, code: string][] = [
            [intent("HassLightSet", { brightness: 101 }, "lamp0"), "bad-slot"],
            [intent("HassLightSet", { brightness: "bright" }, "lamp0"), "bad-slot"],
            [intent("HassLightSet", { color: "loud" }, "lamp0"), "bad-slot"],
            [intent("HassLightSet", {}, "lamp0"), "bad-slot"],
            [intent("HassClimateSetTemperature", {}, "lamp0"), "bad-slot"],
            [intent("HassClimateSetTemperature", { temperature: Number.NaN }, "lamp0"), "bad-slot"],
            [intent("HassNevermind", {}), "unknown-intent"],
        ];
        for (const [order, code] of orders) await expect(dispatch(dispatcher, order)).rejects.toMatchObject({ code });
        expect(driver.applied).toEqual([]);
    });
});

/** What became of each device. */
async function dispatch(dispatcher: Dispatcher, order: Intent, context?: DispatchContext) {
    return (await dispatcher.dispatch(order, context)).outcomes;
}

function intent(name: string, slots: Intent["slots"], ...targets: string[]): Intent {
    return { name, slots, targets, confidence: 1, text: "" };
}

function lamps(count: number): readonly Device[] {
    return Array.from({ length: count }, (_, index) => ({ id: `lamp${index}`, name: `Lamp ${index}`, type: "light" }));
}

async function running(driver: ScriptedDriver | SimulatedDriver, options?: DispatcherOptions) {
    const home = new Home({ floors: [], areas: [], devices: [] }, [driver]);
    homes.push(home);
    await home.start();
    return { home, dispatcher: new Dispatcher(home, options) };
}

async function simulated(options?: DispatcherOptions) {
    const driver = new SimulatedDriver([
        { id: "lamp", name: "Lamp", type: "light" },
        { id: "heat", name: "Heating", type: "climate" },
        { id: "plug", name: "Plug", type: "switch" },
    ]);
    return { driver, ...(await running(driver, options)) };
}

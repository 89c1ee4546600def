import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Device, type DeviceChange, Dispatcher, Home } from "../../dist/src/home";
import { FlowDevice, FlowDriver } from "../../dist/src/home/drivers/flow";
import { HomeAssistantDriver } from "../../dist/src/home/drivers/home-assistant";
import { HomeAssistant } from "../../dist/src/home-assistant";
import { DriverEar } from "../home/driver-ear";
import { SimulatedHomeAssistant, TOKEN } from "./simulated-home-assistant";

const WAIT = { timeout: 10_000 };

let simulated: SimulatedHomeAssistant;
let driver: HomeAssistantDriver;
let ear: DriverEar;

beforeEach(async () => {
    simulated = await SimulatedHomeAssistant.start();
    ear = new DriverEar();
});
afterEach(async () => {
    await driver.stop();
    await simulated.stop();
});

function newDriver(timings = {}): HomeAssistantDriver {
    const homeAssistant = new HomeAssistant({
        address: simulated.address,
        token: TOKEN,
        timings: { firstRetryMs: 20, longestRetryMs: 40, settleMs: 5 },
    });
    driver = new HomeAssistantDriver(homeAssistant, timings);
    return driver;
}

async function start(timings = {}): Promise<void> {
    await newDriver(timings).start(ear);
    await ear.until(() => ear.reachable.get("homeassistant:light.kitchen_ceiling"));
}

const id = (entity: string) => `homeassistant:${entity}`;
const device = (entity: string): Device | undefined => ear.devices.find((one) => one.id === id(entity));
const apply = (entity: string, change: DeviceChange) => driver.apply(id(entity), change);

describe("Home Assistant's entities as devices", () => {
    it("have its names, areas and aliases, and what they can do", async () => {
        await start();
        expect(ear.places.areas[0]).toEqual({
            id: "kitchen",
            name: "Kitchen",
            floor: "ground_floor",
            aliases: ["cookhouse"],
        });
        expect(device("light.kitchen_ceiling")).toEqual({
            id: "homeassistant:light.kitchen_ceiling",
            name: "Kitchen ceiling",
            type: "light",
            area: "kitchen",
            aliases: ["big light"],
            abilities: {
                on: true,
                brightnessPercent: { from: 0, to: 100, step: 1 },
                color: { from: 0, to: 360, step: 1 },
                colorTemperatureKelvin: { from: 2_000, to: 6_535, step: 1 },
            },
        });
        expect(device("cover.bedroom_blind")).toMatchObject({
            area: "bedroom",
            attributes: { device_class: "blind" },
            abilities: { positionPercent: { from: 0, to: 100, step: 1 }, stop: true, tiltDegrees: { from: -90 } },
        });
        expect(device("climate.bedroom")?.abilities).toEqual({
            on: true,
            climateMode: ["off", "heat", "auto"],
            targetTemperatureCelsius: { from: 7, to: 35, step: 0.5 },
        });
        expect(device("sensor.outdoor_temperature")?.abilities).toBeUndefined();
    });

    it("tell their state in our units, and whether they answer", async () => {
        await start();
        const states = new Map(ear.states);
        expect(states.get(id("sensor.outdoor_temperature"))).toEqual({ currentTemperatureCelsius: 10 });
        expect(states.get(id("climate.bedroom"))).toMatchObject({
            climateMode: "heat",
            currentTemperatureCelsius: 19.5,
            targetTemperatureCelsius: 20,
        });
        expect(states.get(id("cover.bedroom_blind"))).toEqual({
            coverState: "open",
            positionPercent: 70,
            tiltDegrees: 0,
        });
        expect(states.get(id("lock.front_door"))).toEqual({ locked: true, lockState: "locked" });
        expect(states.get(id("media_player.living_room"))).toMatchObject({ playback: "playing", volumePercent: 35 });
        expect(ear.reachable.get(id("light.bedroom_lamp"))).toBe(false);

        simulated.change("light.bedroom_lamp", "on", { supported_color_modes: ["brightness"], brightness: 1 });
        await ear.until(() => ear.reachable.get(id("light.bedroom_lamp")));
        await ear.state(id("light.bedroom_lamp"), { on: true, brightnessPercent: 1 });
        expect(device("light.bedroom_lamp")?.abilities).toHaveProperty("brightnessPercent");
        simulated.change("light.bedroom_lamp", "unavailable", {
            supported_color_modes: undefined,
            brightness: undefined,
        });
        await ear.until(() => ear.reachable.get(id("light.bedroom_lamp")) === false);
        expect(device("light.bedroom_lamp")?.abilities).toHaveProperty("brightnessPercent");
        await expect(apply("light.bedroom_lamp", { on: true })).rejects.toMatchObject({ code: "unreachable" });
        await expect(driver.read(id("light.bedroom_lamp"))).rejects.toMatchObject({ code: "unreachable" });
    });

    it.each<[string, DeviceChange, object, object]>([
        [
            "light.kitchen_ceiling",
            { on: true, brightnessPercent: 40 },
            { service: "turn_on", service_data: { brightness_pct: 40 } },
            { on: true, brightnessPercent: 40 },
        ],
        [
            "light.kitchen_ceiling",
            { on: true, color: { hueDegrees: 240, saturationPercent: 100 } },
            { service: "turn_on", service_data: { hs_color: [240, 100] } },
            { color: { hueDegrees: 240, saturationPercent: 100 } },
        ],
        [
            "light.kitchen_ceiling",
            { colorTemperatureKelvin: 9_000 },
            { service_data: { color_temp_kelvin: 6_535 } },
            { on: true, colorTemperatureKelvin: 6_535 },
        ],
        ["switch.socket_2", { on: false }, { domain: "switch", service: "turn_off" }, { on: false }],
        [
            "climate.bedroom",
            { targetTemperatureCelsius: 21.3 },
            { service: "set_temperature", service_data: { temperature: 21.5 } },
            { targetTemperatureCelsius: 21.5 },
        ],
        [
            "climate.bedroom",
            { climateMode: "auto" },
            { service: "set_hvac_mode", service_data: { hvac_mode: "heat_cool" } },
            { climateMode: "auto" },
        ],
        [
            "cover.bedroom_blind",
            { positionPercent: 25 },
            { service: "set_cover_position", service_data: { position: 25 } },
            { positionPercent: 25, coverState: "opening" },
        ],
        ["cover.bedroom_blind", { tiltDegrees: 90 }, { service_data: { tilt_position: 100 } }, { tiltDegrees: 90 }],
        ["lock.front_door", { locked: false }, { domain: "lock", service: "unlock" }, { locked: false }],
        [
            "media_player.living_room",
            { volumePercent: 20 },
            { service_data: { volume_level: 0.2 } },
            { volumePercent: 20 },
        ],
        [
            "media_player.living_room",
            { source: "hdmi 1" },
            { service_data: { source: "HDMI 1" } },
            { source: "HDMI 1" },
        ],
        ["scene.film_night", { on: true }, { domain: "scene", service: "turn_on" }, {}],
    ])("are commanded by services: %s %j", async (entity, change, call, state) => {
        await start();
        expect(await apply(entity, change)).toMatchObject(state);
        expect(simulated.calls).toHaveLength(1);
        expect(simulated.calls[0]).toMatchObject({ ...call, target: { entity_id: entity } });
    });

    it("that are slow to obey are waited for", async () => {
        simulated.obeyAfterMs = 50;
        await start();
        expect(await apply("light.kitchen_ceiling", { on: true, brightnessPercent: 30 })).toMatchObject({
            on: true,
            brightnessPercent: 30,
        });
    });

    it("that have obeyed are said to have, even if their service does not come to an end", async () => {
        simulated.isEndless = true;
        await start({ commandMs: 100 });
        expect(await apply("light.kitchen_ceiling", { on: true })).toMatchObject({ on: true });
        await expect(apply("media_player.living_room", { playback: "paused" })).rejects.toMatchObject({
            code: "refused",
        });
        simulated.obeyAfterMs = 2_000_000_000;
        await expect(apply("light.kitchen_ceiling", { on: false })).rejects.toMatchObject({ code: "timeout" });
    });

    it("that never obey are not said to have obeyed", async () => {
        simulated.obeyAfterMs = 2_000_000_000;
        await start({ obeyMs: 30, settleMs: 10 });
        expect(await apply("light.kitchen_ceiling", { on: true })).toMatchObject({ on: false });
    });

    it("say what they can't do, and what Home Assistant refused", async () => {
        await start();
        await expect(apply("switch.socket_2", { brightnessPercent: 5 })).rejects.toMatchObject({
            code: "not-supported",
            message: "Television socket can't be dimmed.",
        });
        await expect(apply("climate.bedroom", { climateMode: "cool" })).rejects.toMatchObject({
            code: "not-supported",
        });
        await expect(apply("cover.bedroom_blind", { locked: true })).rejects.toMatchObject({ code: "not-supported" });
        simulated.change("cover.bedroom_blind", "open", { supported_features: 3, current_position: undefined });
        await ear.until(() => device("cover.bedroom_blind")?.abilities?.stop === undefined);
        await expect(apply("cover.bedroom_blind", { positionPercent: 30 })).rejects.toMatchObject({
            code: "not-supported",
            message: "Bedroom blind can't be opened in part.",
        });
        await expect(apply("light.private", { on: false })).rejects.toMatchObject({ code: "unknown-device" });
        await expect(apply("switch.socket_2", { on: true })).resolves.toEqual({ on: true });
        expect(simulated.calls.map(({ target }) => target)).toEqual([{ entity_id: "switch.socket_2" }]);
        await expect(apply("media_player.living_room", { muted: true })).rejects.toMatchObject({
            code: "refused",
            message: "Living room speaker: Home Assistant refused: Action media_player.volume_mute not found.",
        });
    });

    it("are told and commanded in Fahrenheit where Home Assistant has it so", async () => {
        simulated.temperatureUnit = "°F";
        simulated.change("climate.bedroom", "heat", {
            temperature: 68,
            current_temperature: 66.2,
            min_temp: 44.6,
            max_temp: 95,
            target_temp_step: 1,
        });
        await start();
        await ear.state(id("climate.bedroom"), { targetTemperatureCelsius: 20, currentTemperatureCelsius: 19 });
        simulated.calls.length = 0;
        await apply("climate.bedroom", { targetTemperatureCelsius: 21 }).catch(() => undefined);
        expect(simulated.calls).toMatchObject([{ service_data: { temperature: 70 } }]);
    });

    it("can't be reached while there is no connection, and say why", async () => {
        await start();
        await simulated.stop();
        await ear.until(() => ear.reachable.get(id("light.kitchen_ceiling")) === false);
        await expect(driver.read(id("light.kitchen_ceiling"))).rejects.toMatchObject({
            code: "unreachable",
            message: expect.stringMatching(/^Kitchen ceiling: .*(Home Assistant|reached)/),
        });
        await expect(apply("light.kitchen_ceiling", { on: true })).rejects.toMatchObject({ code: "unreachable" });
        await simulated.listen();
        await ear.until(() => ear.reachable.get(id("light.kitchen_ceiling")));
    });
});

describe("a home with Home Assistant in it", () => {
    it("asks about a scene with a lock in it, and about one too long to be looked through", async () => {
        const long = Array.from({ length: 120 }, (_, index) => `light.spot_${index}`);
        const scene = (name: string, members: readonly string[]) => ({
            state: "unknown",
            attributes: { entity_id: members, friendly_name: name },
            exposed: true,
            entry: undefined,
            lastChanged: 0,
        });
        simulated.entities.set("scene.dim", scene("Dim", ["light.kitchen_ceiling", "cover.bedroom_blind"]));
        simulated.entities.set("scene.long", scene("Long", long));
        const home = new Home({ floors: [], areas: [], devices: [] }, [newDriver()]);
        await home.start();
        await expect.poll(() => home.status(id("scene.dim"))?.availability, WAIT).toBe("reachable");
        const dispatcher = new Dispatcher(home);
        const activate = (entity: string) =>
            dispatcher.dispatch({ name: "HassTurnOn", confidence: 1, slots: {}, targets: [id(entity)], text: "" });
        for (const asked of ["scene.film_night", "scene.long"]) {
            expect((await activate(asked)).asked, asked).toMatchObject({ by: "yes" });
        }
        expect(simulated.calls).toEqual([]);
        expect((await activate("scene.dim")).outcomes).toMatchObject([{ ok: true }]);
        await home.stop();
    });

    it("puts a flow's device into an area that only Home Assistant knows", async () => {
        const flows = new FlowDriver();
        const device = { id: "flow:one", name: "Window light", type: "light", area: "kitchen" };
        flows.add(new FlowDevice({ device, state: {}, command: () => {} }));
        const home = new Home({ floors: [], areas: [], devices: [] }, [flows, newDriver()]);
        await home.start();
        await expect.poll(() => home.device("flow:one")?.area, WAIT).toBe("kitchen");
        expect(home.description().areas).toContainEqual(expect.objectContaining({ id: "kitchen", name: "Kitchen" }));
        expect(home.problems()).toEqual([]);
        await home.stop();
    });

    it("puts Home Assistant's areas together with the user's own, and dispatches to fifty lights at once", async () => {
        const lights = Array.from({ length: 50 }, (_, index) => `light.spot_${index + 1}`);
        for (const [index, light] of lights.entries()) {
            simulated.entities.set(light, {
                state: "off",
                attributes: { friendly_name: `Spot ${index + 1}`, supported_color_modes: ["brightness"] },
                exposed: true,
                entry: { entity_id: light, aliases: [], area_id: "kitchen", device_id: null, name: null },
                lastChanged: 0,
            });
        }
        simulated.obeyAfterMs = 5;
        const own = { floors: [], areas: [{ id: "room_1", name: "kitchen", aliases: ["galley"] }], devices: [] };
        const home = new Home(own, [newDriver()]);
        await home.start();
        const giveUp = AbortSignal.timeout(10_000);
        while (home.status(id("light.spot_50"))?.availability !== "reachable") {
            await new Promise((resolve, reject) => {
                home.once("state", resolve);
                giveUp.addEventListener("abort", reject);
            });
        }
        const { areas } = home.description();
        expect(areas.filter(({ name }) => name.toLowerCase() === "kitchen")).toEqual([
            { id: "room_1", name: "kitchen", floor: "ground_floor", aliases: ["galley", "cookhouse"] },
        ]);
        expect(home.device(id("light.spot_1"))?.area).toBe("room_1");
        expect(home.problems()).toEqual([]);

        const targets = lights.map(id);
        const intent = { name: "HassTurnOn", confidence: 1, slots: {}, targets, text: "" };
        const { outcomes } = await new Dispatcher(home).dispatch(intent);
        expect(outcomes.filter(({ ok, state }) => !(ok && state?.on))).toEqual([]);
        expect(outcomes).toHaveLength(50);
        await home.stop();
    });
});

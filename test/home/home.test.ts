import { describe, expect, it } from "vitest";
import { DeviceError, type DeviceStatus, Home, type HomeDescription, SimulatedDriver } from "../../dist/src/home";
import { ScriptedDriver } from "./scripted-driver";

const AREAS = [{ id: "kitchen", name: "Kitchen" }];
const LAMP = { id: "lamp", name: "Lamp 1", type: "light" } as const;

describe("a home", () => {
    it("describes what its drivers found, with the user's names over theirs", async () => {
        const override = { id: "lamp", name: "Kitchen light", area: "kitchen", aliases: ["counter"] };
        const plug = { id: "plug", name: "Plug", type: "switch", area: "kitchen" } as const;
        const drivers = [new SimulatedDriver([LAMP]), new SimulatedDriver([plug])];
        const home = new Home({ floors: [], areas: AREAS, devices: [override] }, drivers);
        await home.start();
        expect(home.description()).toMatchObject({
            floors: [],
            areas: AREAS,
            devices: [{ ...override, type: "light" }, plug],
        });
        expect(home.device("lamp")?.name).toBe("Kitchen light");
        expect(home.device("other")).toBeUndefined();
        expect(home.problems()).toEqual([]);
    });

    it("lets the user say what a device really is", async () => {
        const home = new Home({ floors: [], areas: [], devices: [{ id: "plug", type: "light" }] }, [
            new SimulatedDriver([{ id: "plug", name: "Plug", type: "switch" }]),
        ]);
        await home.start();
        expect(home.device("plug")).toMatchObject({ id: "plug", name: "Plug", type: "light" });
    });

    it("tells when its description changes, and only then", async () => {
        const driver = new ScriptedDriver([LAMP]);
        const home = homeWith(driver);
        const seen: HomeDescription[] = [];
        home.on("changed", (description) => seen.push(description));
        await home.start();
        driver.listener?.devicesChanged([{ ...LAMP }]);
        expect(seen).toHaveLength(1);
        driver.listener?.devicesChanged([{ ...LAMP, name: "Lamp 2" }]);
        expect(seen.map(({ devices }) => devices[0]?.name)).toEqual(["Lamp 1", "Lamp 2"]);
        expect(home.description()).toBe(seen[1]);
    });

    it("keeps a device that vanished, without a state, and says that it is gone", async () => {
        const driver = new ScriptedDriver([{ ...LAMP, state: "on", attributes: { brightness: 5 } }], {
            read: async () => ({ on: true }),
        });
        const home = new Home({ floors: [], areas: [], devices: [{ id: "lamp", name: "Kitchen light" }] }, [driver]);
        await home.start();
        await home.read("lamp");
        driver.listener?.devicesChanged([]);
        expect(home.description().devices).toEqual([{ id: "lamp", name: "Kitchen light", type: "light" }]);
        expect(home.status("lamp")).toEqual({ device: home.device("lamp"), availability: "gone", state: {} });
        expect(home.problems()).toMatchObject([{ code: "gone", subject: "lamp" }]);
        await expect(home.read("lamp")).rejects.toMatchObject({ code: "unknown-device" });

        driver.listener?.devicesChanged([LAMP]);
        expect(home.status("lamp")).toMatchObject({ availability: "unknown", state: {} });
        expect(home.problems()).toEqual([]);
    });

    it("forgets a device that vanished and that the user said nothing about", async () => {
        const driver = new ScriptedDriver([LAMP]);
        const home = homeWith(driver);
        await home.start();
        driver.listener?.devicesChanged([]);
        expect(home.description().devices).toEqual([]);
        expect(home.status("lamp")).toBeUndefined();
    });

    it("doesn't call a device gone while a driver has not listed its devices yet", async () => {
        const slow = new ScriptedDriver([], {}, "slow");
        slow.start = async (listener) => {
            slow.listener = listener;
        };
        const home = new Home({ floors: [], areas: [], devices: [{ id: "lamp" }] }, [slow]);
        await home.start();
        expect(home.status("lamp")?.availability).toBe("unknown");
        expect(home.device("lamp")).toEqual({ id: "lamp", name: "lamp", type: "unknown" });
        slow.listener?.devicesChanged([]);
        expect(home.status("lamp")?.availability).toBe("gone");
    });

    it("remembers what devices tell, with the time they told it", async () => {
        let now = 1_000;
        const driver = new ScriptedDriver([LAMP], { read: async () => ({ on: false }) });
        const home = new Home({ floors: [], areas: [], devices: [] }, [driver], () => now);
        const seen: DeviceStatus[] = [];
        home.on("state", (status) => seen.push(status));
        await home.start();
        expect(home.status("lamp")).toEqual({ device: LAMP, availability: "unknown", state: {} });

        driver.listener?.stateChanged("lamp", { on: true, brightnessPercent: 50 });
        now = 2_000;
        driver.listener?.stateChanged("lamp", { brightnessPercent: 60 });
        const status = { device: LAMP, state: { on: true, brightnessPercent: 60 }, asOf: 2_000 };
        expect(home.status("lamp")).toEqual({ ...status, availability: "reachable" });

        now = 3_000;
        driver.listener?.reachableChanged("lamp", false);
        expect(home.status("lamp")).toEqual({ ...status, availability: "unreachable" });

        now = 4_000;
        await home.read("lamp");
        expect(home.status("lamp")).toEqual({
            ...status,
            availability: "reachable",
            state: { on: false },
            asOf: 4_000,
        });
        await home.read("lamp");
        expect(seen).toHaveLength(4);
    });

    it("knows a device as unreachable when it could not be asked", async () => {
        const unreachable = new DeviceError("unreachable", "lamp", "The lamp does not answer.");
        const home = homeWith(new ScriptedDriver([LAMP], { read: () => Promise.reject(unreachable) }));
        await home.start();
        await expect(home.read("lamp")).rejects.toBe(unreachable);
        expect(home.status("lamp")?.availability).toBe("unreachable");
    });

    it("works with the other drivers when one fails to start, and says which", async () => {
        const broken = new ScriptedDriver([], {}, "homekit");
        broken.start = () => Promise.reject(new Error("port 5353 is taken"));
        const home = new Home({ floors: [], areas: [], devices: [] }, [broken, new SimulatedDriver([LAMP])]);
        await home.start();
        expect(home.device("lamp")).toMatchObject(LAMP);
        expect(home.problems()).toMatchObject([{ code: "driver-failed", subject: "homekit" }]);
        expect(home.problems()[0]?.message).toContain("port 5353 is taken");
    });

    it("leaves out an area that it doesn't have, and a second device with an id that is taken", async () => {
        const home = new Home({ floors: [], areas: AREAS, devices: [] }, [
            new ScriptedDriver([{ ...LAMP, area: "attic" }], {}, "first"),
            new ScriptedDriver([{ ...LAMP, name: "Impostor" }], {}, "second"),
        ]);
        await home.start();
        expect(home.description().devices).toEqual([LAMP]);
        expect(home.problems().map(({ code }) => code)).toEqual(["duplicate-device", "unknown-area"]);
    });

    it("hears a driver about its own devices only", async () => {
        const [one, two] = [new ScriptedDriver([LAMP], {}, "one"), new ScriptedDriver([], {}, "two")];
        const home = new Home({ floors: [], areas: [], devices: [] }, [one, two]);
        await home.start();
        two.listener?.stateChanged("lamp", { on: true });
        two.listener?.reachableChanged("lamp", true);
        expect(home.status("lamp")).toMatchObject({ availability: "unknown", state: {} });
    });

    it("hears nothing after its stop, claims no reachability, and starts again", async () => {
        const driver = new ScriptedDriver([LAMP], { read: async () => ({ on: true }) });
        const home = homeWith(driver);
        await home.start();
        await home.read("lamp");
        await home.stop();
        driver.listener?.devicesChanged([]);
        driver.listener?.stateChanged("lamp", { on: false });
        expect(home.status("lamp")).toMatchObject({ availability: "unknown", state: { on: true } });
        await expect(home.read("lamp")).rejects.toMatchObject({ code: "unreachable" });
        await home.start();
        expect(await home.read("lamp")).toEqual({ on: true });
    });
});

function homeWith(driver: ScriptedDriver): Home {
    return new Home({ floors: [], areas: [], devices: [] }, [driver]);
}

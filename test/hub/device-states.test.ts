import { afterEach, describe, expect, it } from "vitest";
import { DeviceError, Home } from "../../dist/src/home";
import { type AvailabilityChange, type DeviceFilter, DeviceStates, type StateChange } from "../../dist/src/hub";
import { ScriptedDriver } from "../home/scripted-driver";

const LAMP = { id: "lamp", name: "Desk lamp", type: "light", area: "study" };
const LOCK = { id: "lock", name: "Front door", type: "lock" };
const AREAS = [{ id: "study", name: "Study" }];

let home: Home;

afterEach(() => home.stop());

async function follow(filter: DeviceFilter = {}) {
    const driver = new ScriptedDriver([LAMP, LOCK], {
        async read(id) {
            if (id === "lock") throw new DeviceError("unreachable", id, "It does not answer.");
            return { on: true };
        },
    });
    home = new Home({ floors: [], areas: AREAS, devices: [] }, [driver], () => 1_000);
    await home.start();
    const states = new DeviceStates(home, filter);
    const told: (StateChange | AvailabilityChange)[] = [];
    states.on("state", (change) => told.push(change)).on("availability", (change) => told.push(change));
    states.start();
    const { listener } = driver;
    if (!listener) throw new Error("The driver was not started.");
    return { states, told, listener };
}

describe("following devices", () => {
    it("tells first states as first, then only what is another value", async () => {
        const { told, listener } = await follow();
        listener.stateChanged("lamp", { on: false, brightnessPercent: 40 });
        listener.stateChanged("lamp", { brightnessPercent: 40 });
        listener.stateChanged("lamp", { on: true });
        expect(told).toMatchObject([
            { isFirst: true, before: {}, status: { state: { on: false, brightnessPercent: 40 }, asOf: 1_000 } },
            { isFirst: false, before: { on: false }, status: { state: { on: true, brightnessPercent: 40 } } },
        ]);
        expect(Object.keys(told[1]?.before ?? {})).toEqual(["on"]);
    });

    it("tells who drops out, is gone, and is back", async () => {
        const { states, told, listener } = await follow({ area: "study", property: "on" });
        listener.stateChanged("lamp", { on: true });
        listener.reachableChanged("lamp", false);
        listener.reachableChanged("lock", false);
        listener.devicesChanged([LOCK]);
        expect(told.slice(1)).toMatchObject([
            { before: "reachable", status: { availability: "unreachable", state: { on: true } } },
            { before: "unreachable", status: { availability: "gone", state: {}, device: LAMP } },
        ]);
        expect(states.list({ device: "lamp" })).toMatchObject([{ availability: "gone", state: {}, device: LAMP }]);
        listener.devicesChanged([LAMP, LOCK]);
        listener.stateChanged("lamp", { on: false });
        listener.reachableChanged("lamp", true);
        expect(told.slice(3)).toMatchObject([{ status: { state: { on: false }, availability: "reachable" } }]);
    });

    it("asks every device it means, and keeps what was known of one that does not answer", async () => {
        const { states, listener } = await follow();
        listener.stateChanged("lock", { locked: true });
        expect(await states.ask()).toMatchObject([
            { device: LAMP, availability: "reachable", state: { on: true } },
            { device: LOCK, availability: "unreachable", state: { locked: true } },
        ]);
        expect(await states.ask({ device: "nobody" })).toMatchObject([{ availability: "gone" }]);
    });

    it("is silent after it was stopped", async () => {
        const { states, told, listener } = await follow();
        states.stop();
        listener.stateChanged("lamp", { on: true });
        expect(told).toEqual([]);
    });
});

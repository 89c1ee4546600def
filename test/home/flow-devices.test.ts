import { describe, expect, it } from "vitest";
import { deviceOf, type KindName, ReportError, readReport } from "../../dist/src/bridge";
import { type DeviceChange, Home } from "../../dist/src/home";
import { Dispatcher } from "../../dist/src/home/dispatcher";
import { FlowDevice, FlowDriver } from "../../dist/src/home/drivers/flow";

const NOBODY = { floors: [], areas: [], devices: [] };

async function homeWith(kind: KindName, { confirmMs }: { confirmMs?: number } = {}) {
    const driver = new FlowDriver();
    const home = new Home(NOBODY, [driver]);
    await home.start();
    const asked: DeviceChange[] = [];
    const device = new FlowDevice({
        device: deviceOf(kind, { id: "flow:one", name: "Garden light" }),
        state: {},
        ...(confirmMs !== undefined && { confirmMs }),
        command: (change) => asked.push(change),
    });
    const remove = driver.add(device);
    const dispatcher = new Dispatcher(home);
    const say = async (name: string, slots = {}) => {
        const intent = { name, slots, targets: ["flow:one"], confidence: 1, text: "" };
        const { outcomes } = await dispatcher.dispatch(intent);
        return outcomes[0];
    };
    return { home, driver, device, asked, remove, say };
}

describe("a flow's device in the home", () => {
    it("is what it was told to be, when the flow isn't waited for", async () => {
        const { asked, home, say } = await homeWith("light-dimmed");
        expect(await say("HassLightSet", { brightness: 30 })).toMatchObject({
            ok: true,
            state: { brightnessPercent: 30 },
        });
        expect(asked).toMatchObject([{ brightnessPercent: 30 }]);
        expect(home.status("flow:one")).toMatchObject({ availability: "reachable", state: { brightnessPercent: 30 } });
    });

    it("is done only when its flow reports something of what was asked", async () => {
        const { asked, device, say } = await homeWith("light-dimmed", { confirmMs: 2_000 });
        let isDone = false;
        const done = say("HassTurnOn").then((outcome) => {
            isDone = true;
            return outcome;
        });
        await expect.poll(() => asked).toEqual([{ on: true }]);
        device.report({ brightnessPercent: 20 });
        await new Promise(setImmediate);
        expect(isDone).toBe(false);
        device.report({ on: true });
        expect(await done).toMatchObject({ ok: true, state: { on: true, brightnessPercent: 20 } });
    });

    it("is said to have failed when the flow reports nothing in time, or something else", async () => {
        const { device, say, asked } = await homeWith("light", { confirmMs: 200 });
        expect(await say("HassTurnOn")).toMatchObject({ ok: false, code: "timeout", error: /reported back/ });
        expect(device.wished).toEqual({});
        const done = say("HassTurnOn");
        await expect.poll(() => asked).toHaveLength(2);
        device.report({ on: false });
        expect(await done).toMatchObject({ ok: false, state: { on: false } });
    });

    it("can't be reached when its flow says so, and is gone with its node", async () => {
        const { device, home, remove, say } = await homeWith("switch");
        device.report({ on: true });
        device.reachable(false);
        expect(home.status("flow:one")).toMatchObject({ availability: "unreachable", state: { on: true } });
        expect(await say("HassTurnOff")).toMatchObject({ ok: false, code: "unreachable" });
        remove();
        expect(home.device("flow:one")).toBeUndefined();
    });

    it("refuses what its kind can't be", async () => {
        const { driver } = await homeWith("lock");
        await expect(driver.apply("flow:one", { brightnessPercent: 5 }, "voice")).rejects.toMatchObject({
            code: "not-supported",
        });
    });
});

describe("a report", () => {
    it.each<[KindName, unknown, object]>([
        ["light", true, { on: true }],
        ["light", "off", { on: false }],
        [
            "light-color",
            { color: { hueDegrees: 1, saturationPercent: 2 } },
            { color: { hueDegrees: 1, saturationPercent: 2 } },
        ],
        ["temperature", 21.5, { currentTemperatureCelsius: 21.5 }],
        ["contact", true, { contactOpen: true }],
        ["cover", 0, { positionPercent: 0, coverState: "closed" }],
        ["cover", { positionPercent: 40, coverState: "opening" }, { positionPercent: 40, coverState: "opening" }],
        ["lock", "jammed", { lockState: "jammed" }],
        ["lock", { locked: true, batteryPercent: 5 }, { locked: true, lockState: "locked", batteryPercent: 5 }],
        ["thermostat", "heat", { climateMode: "heat" }],
    ])("of a %s may be %j", (kind, reported, state) => {
        expect(readReport(kind, reported)).toEqual(state);
    });

    it.each<[KindName, unknown, string]>([
        ["light", { brightnessPercent: 40 }, 'no "brightnessPercent"'],
        ["light", { toString: 1 }, 'no "toString"'],
        ["light", { constructor: true }, 'no "constructor"'],
        ["light-dimmed", { brightnessPercent: 400 }, "400 is no value of brightnessPercent"],
        ["light", "open", "on, off"],
        ["temperature", "warm", "is no value"],
        ["temperature", Number.NaN, "is no value"],
        ["cover", null, "is no value"],
        ["light-color", { color: { hueDegrees: 400, saturationPercent: 1 } }, "is no value of color"],
        ["lock", [], "is no value"],
    ])("of a %s can't be %j", (kind, reported, reason) => {
        expect(() => readReport(kind, reported)).toThrow(ReportError);
        expect(() => readReport(kind, reported)).toThrow(reason);
    });
});

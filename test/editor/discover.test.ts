import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SimulatedHome } from "../hap/simulated-home";
import { catalog } from "../nodes/package-nodes";
import { type FlowNode, type RunningNodeRed, startNodeRed } from "../runtime/runtime";
import { Editor, openBrowser } from "./browser";

let folder: string;
let simulated: SimulatedHome;
let nodeRed: RunningNodeRed;
let browser: Browser;
let editor: Editor;

const DEVICE = {
    lamp: { id: "lamp", name: "Desk lamp", type: "light", area: "study", aliases: [], driver: "simulated" },
    heating: { id: "heating", name: "Heating", type: "climate", area: "", aliases: [], driver: "simulated" },
};

const FLOW: readonly FlowNode[] = [
    { id: "hub", type: "earshot-hub", version: 1, language: "en", sites: [], folder: "earshot", home: "home" },
    {
        id: "home",
        type: "earshot-home",
        version: 1,
        floors: [],
        areas: [
            { id: "kitchen", name: "Kitchen", floor: "", aliases: [] },
            { id: "study", name: "Study", floor: "", aliases: [] },
        ],
        devices: [DEVICE.lamp, DEVICE.heating],
    },
    { id: "tab", type: "tab", label: "Test" },
    { id: "discover", type: "earshot-discover", z: "tab", x: 200, y: 80, version: 1, hub: "hub", accessory: "" },
    {
        id: "fountain",
        type: "earshot-device",
        z: "tab",
        x: 200,
        y: 240,
        version: 1,
        hub: "hub",
        bridge: "",
        kind: "switch",
        area: "",
        aliases: [],
        wires: [[]],
    },
    {
        id: "state",
        type: "earshot-state",
        z: "tab",
        x: 200,
        y: 160,
        version: 1,
        hub: "hub",
        device: "lamp",
        wires: [[], []],
    },
];

/** What a network with accessories of every condition would answer. */
const ACCESSORIES = [
    { id: "AA:BB:CC:DD:EE:01", name: "Hall bridge", model: "B1", paired: true, pairedWithUs: true, reachable: true },
    { id: "AA:BB:CC:DD:EE:02", name: "Porch lamp", model: "L2", paired: false, pairedWithUs: false, reachable: true },
    {
        id: "AA:BB:CC:DD:EE:03",
        name: "Neighbour's plug",
        model: "P3",
        paired: true,
        pairedWithUs: false,
        reachable: true,
        advice: "…",
    },
    { id: "AA:BB:CC:DD:EE:04", name: "Attic fan", model: "F4", paired: true, pairedWithUs: true, reachable: false },
];

beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "earshot-editor-"));
    [simulated, nodeRed, browser] = await Promise.all([
        SimulatedHome.start(folder, "--bridge", "Test Home"),
        startNodeRed(),
        openBrowser(),
    ]);
    await nodeRed.deploy(FLOW);
});
afterAll(async () => {
    await browser.close();
    await nodeRed.stop();
    await simulated.end();
    rmSync(folder, { recursive: true, force: true });
});

describe.each([
    { locale: "en-US", dark: false },
    { locale: "de-DE", dark: true },
])("the dialog that finds devices ($locale, dark: $dark)", ({ locale, dark }) => {
    const words = catalog(locale === "en-US" ? "en-US" : "de", "earshot-discover");
    const word = (key: string) => words.get(key) ?? key;
    const at = (name: string) => editor.page.locator(`#earshot-discover-${name}`);
    const says = (place: string, text: RegExp | string) => at(place).getByText(text).waitFor();
    const openRooms = () =>
        editor.page.locator("#earshot-discover-tabs a", { hasText: word("field.rooms") }).press("Enter");
    const device = (id: string) => editor.page.locator(`[data-device="${id}"]`);

    beforeAll(async () => {
        editor = await Editor.open(browser, nodeRed.url, { locale, dark });
    });
    afterEach(async () => {
        await editor.cancel();
        await editor.page.unrouteAll();
        const { errors, foreign } = editor;
        expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
    });
    afterAll(() => editor.close());

    it("shows the condition of each accessory, and offers only what can be done with it", async () => {
        await editor.page.route("**/earshot/accessories?*", (route) => route.fulfill({ json: ACCESSORIES }));
        await editor.edit("discover");
        await says("list", word("condition.taken"));
        await says("list", word("tip.taken"));
        const buttons = ["pair", "identify", "unpair"];
        const offered = async (id: string) => {
            await at("list").locator(`input[value="${id}"]`).check();
            const disabled = await Promise.all(buttons.map((name) => at(name).isDisabled()));
            return buttons.filter((_, index) => !disabled[index]);
        };
        expect(await offered("AA:BB:CC:DD:EE:01")).toEqual(["identify", "unpair"]);
        expect(await offered("AA:BB:CC:DD:EE:02")).toEqual(["pair", "identify"]);
        expect(await offered("AA:BB:CC:DD:EE:03")).toEqual(["pair"]);
        expect(await offered("AA:BB:CC:DD:EE:04")).toEqual(["unpair"]);

        const asked: unknown[] = [];
        await editor.page.route("**/earshot/accessories/unpair", (route) => {
            asked.push(route.request().postDataJSON());
            return asked.length > 1
                ? route.fulfill({ json: {} })
                : route.fulfill({ status: 409, json: { code: "unreachable", message: "" } });
        });
        await at("unpair").press("Enter");
        await says("result", word("problem.unreachable"));
        await at("forget").press("Enter");
        await says("result", word("done.unpair"));
        expect(asked[1]).toEqual({ hub: "hub", accessory: "AA:BB:CC:DD:EE:04", force: true });

        for (const name of ["where", "carry"]) await at(name).locator("summary").click();
        expect(await editor.namelessFields()).toEqual([]);
        expect(await editor.faintest()).toBeGreaterThanOrEqual(4.5);
    });

    it("says in the person's language why nothing is found", async () => {
        const { page } = editor;
        const findings = ["no-network", "container-network", "nobody-answers"].map((code) => ({
            code,
            subject: "eth0",
        }));
        await page.route("**/earshot/accessories/explain?*", (route) =>
            route.fulfill({ json: [...findings, { code: "new-one", message: "Something else." }] }),
        );
        await editor.edit("discover");
        await at("why").locator("summary").focus();
        await page.keyboard.press("Enter");
        await says("findings", "Something else.");
        const told = await at("findings").locator("li").allTextContents();
        expect(told).toEqual([
            ...findings.map(({ code }) => word(`finding.${code}`).replace("__subject__", "eth0")),
            "Something else.",
        ]);
    });

    it("gives devices their areas by dragging and by choice, and new areas, and keeps them in the home", async () => {
        const { page } = editor;
        await editor.edit("discover");
        await openRooms();
        await at("area").fill("Wine cellar");
        await at("area").press("Enter");
        await device("heating").locator(".earshot-discover-handle").dragTo(page.locator('[data-area="wine_cellar"]'));
        await page.locator('[data-area="wine_cellar"] [data-device="heating"]').waitFor();
        await device("lamp").locator("[data-field=area]").focus();
        await page.keyboard.press("Home");
        await page.locator('[data-area=""] [data-device="lamp"] select:focus').waitFor();
        await device("flow:fountain").locator("[data-field=area]").selectOption("wine_cellar");
        await device("flow:fountain").locator("[data-field=aliases]").fill("water");
        await device("lamp").locator("[data-field=name]").fill("Reading lamp");
        await device("lamp").locator("[data-field=aliases]").fill("lamp, desk light");
        expect(await editor.namelessFields()).toEqual([]);
        expect(await editor.faintest()).toBeGreaterThanOrEqual(4.5);
        await editor.done();
        const { areas, devices } = await editor.node("home");
        expect(areas).toContainEqual({ id: "wine_cellar", name: "Wine cellar", floor: "", aliases: [] });
        expect(devices).toEqual([
            { ...DEVICE.lamp, name: "Reading lamp", area: "", aliases: ["lamp", "desk light"] },
            { ...DEVICE.heating, area: "wine_cellar" },
        ]);
        const placed = { name: "", area: "wine_cellar", aliases: ["water"] };
        expect(await editor.node("fountain")).toMatchObject(placed);
        await page.evaluate(() => RED.actions.invoke("core:undo"));
        expect(await editor.node("home")).toMatchObject({ areas: FLOW[1]?.areas, devices: FLOW[1]?.devices });
        expect(await editor.node("fountain")).toMatchObject({ area: "", aliases: [] });
    });

    it("shows in the dialog of a state node what the chosen device is doing", async () => {
        const states = catalog(locale === "en-US" ? "en-US" : "de", "earshot-state");
        const { page } = editor;
        await editor.edit("state");
        const now = page.locator("#earshot-state-now");
        await now.getByText(/on: false.*brightnessPercent: 100/).waitFor();
        expect(await now.textContent()).toContain(states.get("availability.reachable"));
        expect(await page.locator("#node-input-area option").allTextContents()).toContain("Kitchen");
        await page.selectOption("#node-input-device", "heating");
        await page.locator("#node-input-property").fill("currentTemperatureCelsius");
        expect(await editor.namelessFields()).toEqual([]);
        expect(await editor.faintest()).toBeGreaterThanOrEqual(4.5);
        await editor.done();
        expect(await editor.node("state")).toMatchObject({ device: "heating", property: "currentTemperatureCelsius" });
        await page.evaluate(() => RED.actions.invoke("core:undo"));
    });

    // What takes devices their time is the same in every language.
    if (locale === "en-US") return;

    it("pairs by host and port, shows the pairing as text, lets it blink, and unpairs, by keyboard alone", async () => {
        const { page } = editor;
        const { id, port, pin } = simulated.ready;
        await editor.edit("discover");
        await page.locator("#node-input-pin").focus();
        await page.keyboard.type(pin);
        await at("where").locator("summary").press("Enter");
        await page.keyboard.press("Tab");
        await page.keyboard.type("127.0.0.1");
        await page.keyboard.press("Tab");
        await page.keyboard.type(String(port));
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        await says("result", word("done.pair-at"));
        await at("list").locator(`input[value="${id}"]:checked`).waitFor();
        await says("list", word("condition.ours"));

        await at("identify").press("Enter");
        await says("result", word("done.identify"));
        await at("carry").locator("summary").press("Enter");
        await at("export").press("Enter");
        await says("result", word("done.export"));
        const pairing = JSON.parse(await at("pairing").inputValue()) as Record<string, unknown>;
        expect(pairing).toMatchObject({ AccessoryPairingID: id, AccessoryPort: port });
        await at("import").press("Enter");
        await says("result", word("problem.already-paired"));

        await openRooms();
        const found = editor.page.locator(`[data-device^="homekit:${id}"]`);
        await found.first().waitFor();
        expect(await found.count()).toBeGreaterThanOrEqual(3);
        const first = (await found.first().getAttribute("data-device")) ?? "";
        await device(first).locator("[data-field=aliases]").fill("big one, old one");
        await device(first).locator("[data-field=area]").selectOption("kitchen");
        await editor.page.locator("#earshot-discover-tabs a", { hasText: word("field.accessories") }).click();
        await at("unpair").press("Enter");
        await says("result", word("done.unpair"));
        await editor.done();
        expect((await editor.node("home")).devices).toContainEqual(
            expect.objectContaining({ id: first, area: "kitchen", aliases: ["big one", "old one"], driver: "homekit" }),
        );
        await page.evaluate(() => RED.actions.invoke("core:undo"));
        expect((await editor.node("home")).devices).toEqual(FLOW[1]?.devices);
    });

    it("tests a lamp by switching it over and back, and reads what is no lamp", async () => {
        await editor.edit("discover");
        await openRooms();
        await device("lamp")
            .getByText(`${word("state.off")} · 100`)
            .waitFor();
        await device("heating").locator("button").press("Enter");
        await says("note", /Heating.*19[.,]5 °C/);
        await device("lamp").locator("button").press("Enter");
        await says("note", new RegExp(`Desk lamp.*${word("state.off")}`));
    });
});

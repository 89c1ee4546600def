import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { catalog, TYPES } from "../nodes/package-nodes";
import { type FlowNode, type RunningNodeRed, startNodeRed } from "../runtime/runtime";
import { Editor, type EditorOptions, openBrowser } from "./browser";

const CONFIG = ["earshot-bridge", "earshot-hub", "earshot-home"];
const PALETTE = TYPES.filter((type) => !CONFIG.includes(type));
const FIRST_LIGHT = fileURLToPath(new URL("../../examples/01 - First light.json", import.meta.url));

let nodeRed: RunningNodeRed;
let browser: Browser;
let editor: Editor;

beforeAll(async () => {
    nodeRed = await startNodeRed();
    const flow = JSON.parse(readFileSync(FIRST_LIGHT, "utf8")) as FlowNode[];
    // An accessory that is not there: a node with something to say about it.
    const waiting = { accessory: "AA:BB:CC:DD:EE:FF" };
    await nodeRed.deploy(flow.map((node) => (node.id === "first-light-discover" ? { ...node, ...waiting } : node)));
    browser = await openBrowser();
});
afterAll(async () => {
    await browser.close();
    await nodeRed.stop();
});

/** One editor for the tests of a `describe`: whatever they do, its page has no error and asks nobody but Node-RED. */
function useEditor(options: EditorOptions = {}): void {
    beforeAll(async () => {
        editor = await Editor.open(browser, nodeRed.url, options);
    });
    afterEach(async () => {
        await editor.cancel();
        const { errors, foreign } = editor;
        expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
    });
    afterAll(() => editor.close());
}

const german = (type: string, key: string) => catalog("de", type).get(key) ?? "";
const english = (type: string, key: string) => catalog("en-US", type).get(key) ?? "";

describe("the editor", () => {
    useEditor();

    it("has the category Earshot, with every node under a name people read", async () => {
        const category = editor.page.locator("#red-ui-palette-container-earshot");
        expect((await category.locator(".red-ui-palette-header").textContent())?.trim()).toBe("Earshot");
        const labels = await category
            .locator(".red-ui-palette-node")
            .evaluateAll((nodes) =>
                nodes.map((node) => [node.getAttribute("data-palette-type"), node.getAttribute("data-palette-label")]),
            );
        expect(Object.fromEntries(labels)).toEqual(
            Object.fromEntries(PALETTE.map((type) => [type, english(type, "node.label")])),
        );
    });

    it("takes a node from the palette, marks that it has no hub yet, and says so in its dialog", async () => {
        const { page } = editor;
        await page.locator("#red-ui-palette-search input").pressSequentially("transcribe");
        const inPalette = page.locator(".red-ui-palette-node[data-palette-type=earshot-transcribe]");
        await inPalette.scrollIntoViewIfNeeded();
        await editor.newTab();
        await inPalette.dragTo(page.locator("#red-ui-workspace-chart"), { targetPosition: { x: 300, y: 200 } });
        const onCanvas = page.locator("g.red-ui-flow-node").filter({ hasText: "transcribe" });
        await onCanvas.waitFor();

        await onCanvas.dblclick();
        await page.locator(".red-ui-tray-content #node-input-hub").waitFor();
        await page.selectOption("#node-input-hub", { label: "Example home" });
        expect(await page.locator("#node-input-hub.input-error").count()).toBe(0);
        await page.selectOption("#node-input-hub", "_ADD_");
        await page.locator("#node-input-hub.input-error").waitFor();
        await editor.type("#node-input-maxSeconds", "0");
        await page.locator("#node-input-maxSeconds.input-error").waitFor();
        await editor.type("#node-input-maxSeconds", "20");
        await editor.done();
        await page.locator("g.red-ui-flow-node-error").first().waitFor();
    });

    it.each([
        ["first-light-sound", ["From", "Format", "Place"]],
        ["first-light-wake-word", ["Wakes to one of these", "Sensitivity", "Pause after"]],
        ["first-light-transcribe", ["Engine", "Ends after", "At most"]],
        ["first-light-understand", ["Hub"]],
        ["first-light-dispatch", ["Hub"]],
        ["first-light-discover", ["HomeKit accessories on the network", "PIN"]],
        ["example-hub", ["Language", "Home", "Folder", "Places where Earshot listens"]],
        ["example-home", ["Devices", "Areas", "Floors"]],
    ])("opens the dialog of %s, with a label at every field", async (id, texts) => {
        await editor.edit(id);
        const dialog = editor.page.locator(".red-ui-tray-content:visible").last();
        for (const text of texts) expect(await dialog.textContent()).toContain(text);
        expect(await editor.namelessFields()).toEqual([]);
        expect(await dialog.textContent()).not.toMatch(/\b(field|option|tip|unit|action)\.\w/);
    });

    it("keeps what a dialog was told", async () => {
        const { page } = editor;
        await editor.edit("first-light-wake-word");
        await page.locator(".red-ui-editableList-addButton").click();
        await page.keyboard.type("Good morning house");
        await page.locator("#node-input-sensitivity").fill("0.8");
        expect(await page.locator("#earshot-wake-word-sensitivity").textContent()).toBe("80 %");
        await editor.done();
        expect(await editor.node("first-light-wake-word")).toMatchObject({
            phrases: ["alexa", "good morning house"],
            sensitivity: "0.8",
        });

        await editor.edit("example-home");
        await page.locator("#earshot-home-page-devices .red-ui-editableList-addButton").first().click();
        const row = page.locator("#earshot-home-devices li").last();
        await row.locator("[data-field=name]").fill("Kitchen light");
        await row.locator("[data-field=area]").selectOption("kitchen");
        await row.locator("[data-field=aliases]").fill("ceiling light, big light");
        await editor.done();
        expect((await editor.node("example-home")).devices).toContainEqual({
            id: "kitchen_light",
            name: "Kitchen light",
            type: "light",
            area: "kitchen",
            aliases: ["ceiling light", "big light"],
            driver: "simulated",
        });

        await editor.edit("example-hub");
        await page.locator(".red-ui-editableList-addButton").first().click();
        await page.locator("#earshot-hub-sites li").last().locator("input").fill("Küche oben");
        expect(await page.locator("#node-config-input-critical").inputValue()).toBe("confirm");
        expect(await page.locator("#node-config-input-pin").isVisible()).toBe(false);
        await page.selectOption("#node-config-input-critical", "pin");
        await page.locator("#node-config-input-pin").fill("0417");
        await page.locator(".red-ui-editableList-addButton").last().click();
        await page.locator(".rule-what").selectOption("climate");
        await page.locator(".rule-effect").selectOption("only");
        await page.locator(".rule-people").fill("Anna, Ben");
        await page.locator(".rule-from").fill("07:00");
        await page.locator(".rule-to").fill("22:30");
        const languages = page.locator("#node-config-input-language option");
        expect(await languages.allTextContents()).toEqual(["Deutsch", "English", "Español", "Français"]);
        await page.selectOption("#node-config-input-language", "fr");
        await editor.done();
        expect((await editor.node("example-hub")).language).toBe("fr");
        expect((await editor.node("example-hub")).critical).toBe("pin");
        expect((await editor.node("example-hub")).rules).toEqual([
            { effect: "only", what: "climate", places: [], people: ["Anna", "Ben"], from: "07:00", to: "22:30" },
        ]);
        expect((await editor.node("example-hub")).sites).toContainEqual({
            id: "kuche_oben",
            name: "Küche oben",
            area: "",
        });
    });

    it("shows of the sound node only what its source and format need", async () => {
        const { page } = editor;
        await editor.edit("first-light-sound");
        expect(await page.locator("#node-input-file").isVisible()).toBe(true);
        expect(await page.locator("#node-input-sampleRate").isVisible()).toBe(false);
        await page.selectOption("#node-input-source", "message");
        await page.selectOption("#node-input-format", "raw");
        expect(await page.locator("#node-input-file").isVisible()).toBe(false);
        expect(await page.locator("#node-input-sampleRate").isVisible()).toBe(true);
        expect(await page.locator("#node-input-site option").allTextContents()).toContain("Study");
    });

    it("looks for accessories while the discover dialog is open, and says politely what is missing", async () => {
        const { page } = editor;
        // An empty network, whatever else runs on this machine.
        await page.route("**/earshot/accessories?hub=example-hub*", (route) => route.fulfill({ json: [] }));
        await editor.edit("first-light-discover");
        const list = page.locator("#earshot-discover-list");
        await list.getByText(english("earshot-discover", "tip.searching")).waitFor();
        expect(await page.locator("#earshot-discover-pair").isDisabled()).toBe(true);
        await page.selectOption("#node-input-hub", "_ADD_");
        await list.getByText(english("earshot-discover", "tip.deployFirst")).waitFor();
    });

    it("shows in italics that a node has a name of its own", async () => {
        const { page } = editor;
        const label = page.locator("#first-light-sound .red-ui-flow-node-label");
        const style = () => label.evaluate((element) => getComputedStyle(element).fontStyle);
        await page.evaluate(() => RED.workspaces.show("first-light"));
        expect(await style()).toBe("normal");
        await editor.edit("first-light-sound");
        await editor.type("#node-input-name", "Microphone");
        await editor.done();
        await label.getByText("Microphone").waitFor();
        expect(await style()).toBe("italic");
    });

    it("shows help for every node", async () => {
        for (const type of TYPES) {
            const help = await editor.help(type);
            expect(help).toContain("<h3");
            expect(help).not.toMatch(/undefined|: <\/p>/);
        }
        expect(await editor.help("earshot-transcribe")).toContain('<dl class="message-properties">');
    });
});

describe("the editor in German", () => {
    useEditor({ locale: "de-DE" });

    it("speaks German: palette, dialog, status and help", async () => {
        const { page } = editor;
        for (const type of PALETTE) {
            const label = await page
                .locator(`.red-ui-palette-node[data-palette-type=${type}]`)
                .getAttribute("data-palette-label");
            expect(label).toBe(german(type, "node.label"));
            expect(await editor.help(type)).not.toBe("");
        }
        expect(await editor.help("earshot-wake-word")).toContain("Wartet auf ein Weckwort");
        await editor.edit("first-light-wake-word");
        const dialog = await page.locator(".red-ui-tray-content:visible").last().textContent();
        for (const key of ["field.phrases", "field.sensitivity", "tip.low"]) {
            expect(dialog).toContain(german("earshot-wake-word", key));
        }
        await editor.cancel();
        await page
            .locator("g.red-ui-flow-node-status-group")
            .getByText(german("earshot-discover", "status.looking"))
            .waitFor();
    });
});

describe("the editor in its dark theme", () => {
    useEditor({ dark: true });

    it.each(["first-light-discover", "first-light-wake-word", "example-home"])("can be read: %s", async (id) => {
        await editor.edit(id);
        expect(await editor.faintest()).toBeGreaterThanOrEqual(4.5);
    });
});

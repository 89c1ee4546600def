import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalog } from "../nodes/package-nodes";
import { type FlowNode, type RunningNodeRed, startNodeRed } from "../runtime/runtime";
import { Editor, openBrowser } from "./browser";

const EXAMPLE = new URL("../../examples/06 - A flow as a device.json", import.meta.url);

describe.each([
    ["en-US", false],
    ["de", true],
] as const)("the dialogs of a flow as a device (%s)", (locale, dark) => {
    let nodeRed: RunningNodeRed;
    let browser: Browser;
    let editor: Editor;
    const text = (type: string, key: string) => catalog(locale, type).get(key) ?? "";

    beforeAll(async () => {
        nodeRed = await startNodeRed();
        const flow = JSON.parse(readFileSync(EXAMPLE, "utf8")) as FlowNode[];
        await nodeRed.deploy(
            flow.map((node) => (node.type === "earshot-bridge" ? { ...node, host: "127.0.0.1" } : node)),
        );
        browser = await openBrowser();
        editor = await Editor.open(browser, nodeRed.url, { locale, dark });
    });
    afterAll(async () => {
        await browser.close();
        await nodeRed.stop();
    });

    it("show of a device what its kind has, and keep what was chosen", async () => {
        const { page } = editor;
        await editor.edit("flow-as-device-device");
        expect(await editor.namelessFields()).toEqual([]);
        expect(await editor.faintest()).toBeGreaterThanOrEqual(4.5);
        const within = page.locator("#node-input-withinSeconds");
        await page.selectOption("#node-input-kind", "temperature");
        expect(await within.isVisible()).toBe(false);
        expect(await page.locator("#earshot-device-report").textContent()).toContain("msg.payload = 21.5");
        await page.selectOption("#node-input-kind", "cover");
        await page.locator("#earshot-device-aliases").fill("sun shade, awning");
        await editor.done();
        expect(await editor.node("flow-as-device-device")).toMatchObject({
            kind: "cover",
            aliases: ["sun shade", "awning"],
            done: "sent",
        });
    });

    it("open a bridge for pairing by keyboard, with a code to scan, and close it", async () => {
        const { page } = editor;
        await editor.edit("flow-as-device-bridge");
        const open = page.locator("#earshot-bridge-open");
        await open.waitFor({ state: "visible" });
        expect(await page.locator("#earshot-bridge-digits").textContent()).toBe("");
        await open.focus();
        await page.keyboard.press("Enter");
        const qr = page.locator("#earshot-bridge-qr svg");
        await qr.waitFor({ state: "visible" });
        expect(await qr.getAttribute("aria-label")).toBe(text("earshot-bridge", "tip.qr"));
        expect(await page.locator("#earshot-bridge-digits").textContent()).toMatch(/^\d{3}-\d{2}-\d{3}$/);
        await page.getByText(text("earshot-bridge", "condition.open")).waitFor();
        expect(await editor.namelessFields()).toEqual([]);
        expect(await editor.faintest()).toBeGreaterThanOrEqual(4.5);
        await page.locator("#earshot-bridge-close").press("Enter");
        await page.getByText(text("earshot-bridge", "condition.off")).waitFor();
        expect(await qr.count()).toBe(0);
        await editor.cancel();
        expect({ errors: editor.errors, foreign: editor.foreign }).toEqual({ errors: [], foreign: [] });
    });
});

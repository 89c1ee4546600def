import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { catalog } from "../nodes/package-nodes";
import { type FlowNode, type RunningNodeRed, startNodeRed } from "../runtime/runtime";
import { Editor, openBrowser } from "./browser";

const DE = catalog("de", "earshot-microphone");
const { PATH } = process.env;
let folder: string;
let nodeRed: RunningNodeRed;
let browser: Browser;
let editor: Editor;

/** In the place of PulseAudio's programs: one microphone, with a tone of a quarter of full scale. */
function program(name: string, code: string): void {
    const file = join(folder, name);
    writeFileSync(file, `#!${process.execPath}\n${code}\n`);
    chmodSync(file, 0o755);
}

const FLOW: readonly FlowNode[] = [
    { id: "hub", type: "earshot-hub", version: 1, language: "en", sites: [], folder: "earshot", home: "home" },
    { id: "home", type: "earshot-home", version: 1, floors: [], areas: [], devices: [] },
    { id: "tab", type: "tab", label: "Test" },
    { id: "microphone", type: "earshot-microphone", z: "tab", x: 200, y: 80, version: 1, hub: "hub", wires: [[]] },
];

beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "earshot-programs-"));
    program("parec", "setInterval(() => process.stdout.write(Buffer.from([0, 0x20, 0, 0x20])), 5);");
    program("pactl", 'console.log(JSON.stringify([{ name: "desk", description: "Desk microphone" }]));');
    browser = await openBrowser();
    process.env.PATH = folder;
    nodeRed = await startNodeRed();
    await nodeRed.deploy(FLOW);
    editor = await Editor.open(browser, nodeRed.url, { locale: "de-DE", dark: true });
});
afterAll(async () => {
    process.env.PATH = PATH;
    await browser.close();
    await nodeRed.stop();
    rmSync(folder, { recursive: true, force: true });
});

it("the microphone's dialog lists microphones, shows how loud it is, and keeps which was chosen", async () => {
    const { page } = editor;
    await editor.edit("microphone");
    expect(await editor.namelessFields()).toEqual([]);
    expect(await editor.faintest()).toBeGreaterThanOrEqual(4.5);
    const device = page.locator("#node-input-device");
    expect(await device.locator("option").first().textContent()).toBe(DE.get("option.systemDefault"));
    // A quarter of full scale is 12 decibels below it.
    await page.locator('#earshot-microphone-level[aria-valuetext="-12 dB"]').waitFor();
    await device.locator("option", { hasText: "Desk microphone" }).waitFor({ state: "attached" });
    await device.selectOption("desk");
    await editor.done();
    expect(await editor.node("microphone")).toMatchObject({ device: "desk" });
    expect({ errors: editor.errors, foreign: editor.foreign }).toEqual({ errors: [], foreign: [] });
});

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { catalog } from "../nodes/package-nodes";
import { type FlowNode, type RunningNodeRed, startNodeRed } from "../runtime/runtime";
import { Editor, type EditorOptions, openBrowser } from "./browser";

const DIALOGS = [
    ["retention-rules", "earshot-retention"],
    ["gate-gate", "earshot-gate"],
    ["history-list", "earshot-history"],
    ["example-hub", "earshot-hub"],
] as const;

let nodeRed: RunningNodeRed;
let browser: Browser;
let editor: Editor;

beforeAll(async () => {
    nodeRed = await startNodeRed();
    const examples = ["09 - Retention", "10 - Gate", "11 - History and deletion by voice"].flatMap((name) => {
        const file = fileURLToPath(new URL(`../../examples/${name}.json`, import.meta.url));
        return JSON.parse(readFileSync(file, "utf8")) as FlowNode[];
    });
    await nodeRed.deploy([...new Map(examples.map((node) => [node.id, node])).values()]);
    browser = await openBrowser();
});
afterAll(async () => {
    await browser.close();
    await nodeRed.stop();
});

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

const dialog = () => editor.page.locator(".red-ui-tray-content:visible").last();

describe("the dialogs about privacy", () => {
    useEditor();

    it.each(DIALOGS)("have a label at every field: %s", async (id) => {
        await editor.edit(id);
        expect(await editor.namelessFields()).toEqual([]);
        expect(await dialog().textContent()).not.toMatch(/\b(field|option|tip|grant|kind|keep)\.\w/);
    });

    it("keep rules of retention, with places of the hub to choose from", async () => {
        const { page } = editor;
        await editor.edit("retention-rules");
        await page.locator(".red-ui-editableList-addButton").click();
        const row = page.locator("#earshot-retention-rules li").last();
        await row.locator(".rule-kind").selectOption("sound");
        await row.locator(".rule-place").selectOption({ label: "Kitchen" });
        await row.locator(".rule-person").fill("ada");
        await row.locator(".rule-keep").selectOption("forever");
        expect(await row.locator(".rule-amount").isVisible()).toBe(false);
        await row.locator(".rule-keep").selectOption("months");
        await row.locator(".rule-amount").fill("18");
        await editor.done();
        const { rules } = (await editor.node("retention-rules")) as { rules: readonly unknown[] };
        expect(rules).toHaveLength(4);
        expect(rules[3]).toEqual({ kind: "sound", place: "kitchen", person: "ada", keep: "months", amount: 18 });
    });

    it("keep what a gate grants, sound only when somebody says so", async () => {
        const { page } = editor;
        await editor.edit("gate-gate");
        expect(await page.locator("#earshot-gate-grants input:checked").count()).toBe(1);
        await page.getByLabel("where", { exact: true }).check();
        await editor.done();
        expect((await editor.node("gate-gate")).grants).toEqual(["slots", "location"]);
    });

    it("show of the hub's only what is needed, and make a secret once", async () => {
        const { page } = editor;
        await editor.edit("example-hub");
        const isVisible = (field: string) => page.locator(`#${field}`).isVisible();
        await page.selectOption("#node-config-input-keep", "ephemeral");
        expect(await isVisible("node-config-input-keepAmount")).toBe(false);
        await page.selectOption("#node-config-input-keep", "months");
        expect(await isVisible("node-config-input-keepAmount")).toBe(true);
        await page.locator("#node-config-input-keepAmount").fill("3");
        expect(await isVisible("node-config-input-passphrase")).toBe(false);
        await page.selectOption("#node-config-input-keyGuard", "passphrase");
        expect(await isVisible("node-config-input-passphrase")).toBe(true);
        await page.selectOption("#node-config-input-keyGuard", "secret");
        expect(await isVisible("earshot-hub-contacts")).toBe(false);
        await page.selectOption("#node-config-input-redaction", "label");
        await page.locator("#earshot-hub-contacts").fill("Eve, Bob");
        await page.locator("#earshot-hub-sendingTypes").fill("telegram sender");
        await page.selectOption("#node-config-input-outflow", "block");
        await editor.done();
        expect(await editor.node("example-hub")).toMatchObject({
            keep: "months",
            keepAmount: "3",
            keyGuard: "secret",
            redaction: "label",
            redactionSound: "silence",
            contacts: ["Eve", "Bob"],
            outflow: "block",
            sendingTypes: ["telegram sender"],
        });
        const secret = () =>
            page.evaluate(() => {
                const { credentials } = RED.nodes.node("example-hub");
                return (credentials as { readonly keySecret: string }).keySecret;
            });
        const made = await secret();
        expect(made).toMatch(/^[0-9a-f]{64}$/);
        await editor.edit("example-hub");
        await editor.done();
        expect(await secret()).toBe(made);
    });
});

describe("the dialogs about privacy, in German and in the dark", () => {
    useEditor({ locale: "de-DE", dark: true });

    it.each(DIALOGS)("can be read: %s", async (id, type) => {
        await editor.edit(id);
        expect(await editor.faintest()).toBeGreaterThanOrEqual(4.5);
        const [label] = [...catalog("de", type)].filter(([key]) => key.startsWith("field.")).map(([, text]) => text);
        expect(await dialog().textContent()).toContain(label);
    });
});

/** Chromium for the editor's tests: the system's if there is one, else the one carried inside an npm package. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import chromiumInPackage from "@sparticuz/chromium";
import { type Browser, chromium, type Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
];

export async function openBrowser(): Promise<Browser> {
    const installed = (process.env.PATH ?? "")
        .split(delimiter)
        .flatMap((folder) => NAMES.map((name) => join(folder, name)))
        .find((path) => existsSync(path));
    return await chromium.launch({
        executablePath: installed ?? (await chromiumInPackage.executablePath()),
        args: QUIET,
    });
}

/** What of the editor's own API the tests use. */
interface EditorApi {
    readonly nodes: { node(id: string): EditedNode; getNodeHelp(type: string): string };
    readonly editor: { edit(node: EditedNode): void; editConfig(property: string, type: string, id: string): void };
    readonly workspaces: { show(id: string): void };
    readonly actions: { invoke(action: string): void };
}

interface EditedNode {
    readonly id: string;
    readonly type: string;
    readonly z?: string;
    readonly _def: { readonly category: string; readonly defaults: Readonly<Record<string, unknown>> };
    readonly [property: string]: unknown;
}

declare global {
    /** In the page. */
    var RED: EditorApi;
}

export interface EditorOptions {
    readonly locale?: string;
    readonly dark?: boolean;
    /** Who logs in, where there is a login. */
    readonly login?: { readonly username: string; readonly password: string };
}

/** One person's editor, and all that goes wrong in it. */
export class Editor {
    /** Uncaught errors of the page. */
    readonly errors: string[] = [];
    /** Requests to any host but Node-RED's. */
    readonly foreign: string[] = [];

    private constructor(readonly page: Page) {
        page.on("pageerror", (error) => this.errors.push(error.stack ?? error.message));
        page.on("request", (request) => {
            const { hostname, protocol } = new URL(request.url());
            if (/^(http|ws)/.test(protocol) && hostname !== "127.0.0.1") this.foreign.push(request.url());
        });
    }

    static async open(
        browser: Browser,
        url: string,
        { locale = "en-US", dark = false, login }: EditorOptions = {},
    ): Promise<Editor> {
        const context = await browser.newContext({
            locale,
            viewport: { width: 1280, height: 900 },
            reducedMotion: "reduce",
        });
        const editor = new Editor(await context.newPage());
        const { page } = editor;
        page.setDefaultTimeout(25_000);
        // Node-RED shows a tip a second after its editor began to load, and throws when the place for it is not there yet.
        const settings = { editor: { view: { "view-show-tips": false } } };
        await page.request.post(new URL("settings/user", url).href, { data: settings });
        await page.goto(url);
        if (login) {
            await page.locator("#node-dialog-login-username").fill(login.username);
            await page.locator("#node-dialog-login-password").fill(login.password);
            await page.locator("#node-dialog-login-password").press("Enter");
        }
        await page.locator(".red-ui-palette-node[data-palette-type=earshot-purge]").waitFor({ state: "attached" });
        await page.locator("#red-ui-loading-progress").waitFor({ state: "hidden" });
        if (dark) await page.evaluate(() => document.documentElement.classList.add("nr-theme-dark"));
        return editor;
    }

    /** Opens the dialog of a node and waits until it has slid in. */
    async edit(id: string): Promise<void> {
        await this.page.waitForFunction((edited) => globalThis.RED?.nodes.node(edited) !== undefined, id);
        await this.page.evaluate((edited) => {
            const node = RED.nodes.node(edited);
            if (node._def.category === "config") {
                RED.editor.editConfig("", node.type, node.id);
                return;
            }
            RED.workspaces.show(node.z ?? "");
            RED.editor.edit(node);
        }, id);
        await this.page.locator(".red-ui-tray:visible .red-ui-tray-content:visible .form-row").first().waitFor();
        await this.#settled();
    }

    /** Closes the dialog on top, keeping what was entered. */
    async done(): Promise<void> {
        await this.page.locator("#node-dialog-ok, #node-config-dialog-ok").last().click();
        await this.page.locator(".red-ui-tray").waitFor({ state: "detached" });
    }

    /** Closes whatever dialogs are open, forgetting what was entered. */
    async cancel(): Promise<void> {
        const trays = this.page.locator(".red-ui-tray");
        for (let open = await trays.count(); open > 0; open = await trays.count()) {
            await this.page.locator("#node-dialog-cancel, #node-config-dialog-cancel").last().click();
            await this.page.waitForFunction(
                (before) => document.querySelectorAll(".red-ui-tray").length < before,
                open,
            );
        }
    }

    /** Replaces what a field holds, key by key: the editor checks fields as people type. */
    async type(field: string, text: string): Promise<void> {
        await this.page.locator(field).press("ControlOrMeta+A");
        await this.page.locator(field).pressSequentially(text);
    }

    async newTab(): Promise<void> {
        await this.page.evaluate(() => RED.actions.invoke("core:add-flow"));
    }

    /** The settings of a node as the editor has them now. */
    async node(id: string): Promise<Record<string, unknown>> {
        return await this.page.evaluate((wanted) => {
            const node = RED.nodes.node(wanted);
            return Object.fromEntries(Object.keys(node._def.defaults).map((property) => [property, node[property]]));
        }, id);
    }

    /** As HTML. */
    async help(type: string): Promise<string> {
        return await this.page.evaluate((wanted) => RED.nodes.getNodeHelp(wanted), type);
    }

    /** Fields that a screen reader could not name, in the open dialog or another part of the page. */
    async namelessFields(part = ".red-ui-tray-content"): Promise<readonly string[]> {
        return await this.page.evaluate((selector) => {
            const panes = [...document.querySelectorAll<HTMLElement>(selector)];
            const dialog = panes.filter((pane) => pane.checkVisibility()).at(-1);
            const fields = [...(dialog?.querySelectorAll<HTMLInputElement>("input, select, button") ?? [])];
            if (fields.length === 0) throw new Error("The dialog shows no field.");
            // Node-RED's own bait for what fills in passwords, which nobody sees.
            const isBait = ({ id }: HTMLElement) => id.startsWith("red-ui-trap-");
            const seen = fields.filter((field) => field.type !== "hidden" && field.checkVisibility() && !isBait(field));
            const named = (field: HTMLInputElement) =>
                [...(field.labels ?? [])].some((label) => label.textContent?.trim()) ||
                field.getAttribute("aria-label") ||
                field.title ||
                field.textContent?.trim();
            return seen.filter((field) => !named(field)).map((field) => field.outerHTML);
        }, part);
    }

    /** The lowest contrast of a text with what is behind it, as WCAG counts it (1 to 21), in the open dialog or another part. */
    async faintest(part = ".red-ui-tray-content"): Promise<number> {
        return await this.page.evaluate((selector) => {
            const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
            const luminance = (color: string) => {
                const [red = 0, green = 0, blue = 0] = channels(color)
                    .slice(0, 3)
                    .map((channel) => channel / 255)
                    .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
                return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
            };
            const behind = (element: Element | null): string => {
                if (!element) return "rgb(255, 255, 255)";
                const { backgroundColor } = getComputedStyle(element);
                return channels(backgroundColor)[3] === 0 ? behind(element.parentElement) : backgroundColor;
            };
            const panes = [...document.querySelectorAll<HTMLElement>(selector)];
            const dialog = panes.filter((pane) => pane.checkVisibility()).at(-1);
            const texts = [...(dialog?.querySelectorAll<HTMLElement>("*") ?? [])].filter(
                (element) =>
                    element.checkVisibility() &&
                    !element.closest(":disabled") &&
                    [...element.childNodes].some(
                        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
                    ),
            );
            if (texts.length === 0) throw new Error("The dialog shows no text.");
            const contrasts = texts.map((element) => {
                const [one, other] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
                return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
            });
            return Math.min(...contrasts);
        }, part);
    }

    async screenshot(path: string): Promise<void> {
        await this.page.screenshot({ path });
    }

    async close(): Promise<void> {
        await this.page.context().close();
    }

    /** Trays slide in from the right; until they stand still, clicks miss. */
    async #settled(): Promise<void> {
        await this.page.waitForFunction(
            () => {
                const tray = [...document.querySelectorAll(".red-ui-tray")].at(-1);
                const right = tray?.getBoundingClientRect().left;
                const before = tray?.getAttribute("data-left");
                tray?.setAttribute("data-left", String(right));
                return before === String(right);
            },
            undefined,
            { polling: 100 },
        );
    }
}

/** Chromium for the editor's tests: the system's if there is one, else the one carried inside an npm package. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import chromiumInPackage from "@sparticuz/chromium";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

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

/** One person's editor, with all that went wrong in it. */
export interface Editor {
    readonly page: Page;
    /** Uncaught errors of the page. */
    readonly errors: readonly string[];
    /** Requests to any host but Node-RED's. */
    readonly foreign: readonly string[];
    close(): Promise<void>;
}

export async function openEditor(
    browser: Browser,
    url: string,
    { locale = "en-US", dark = false } = {},
): Promise<Editor> {
    const context = await browser.newContext({ locale, viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const errors: string[] = [];
    const foreign: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("request", (request) => {
        const { hostname, protocol } = new URL(request.url());
        if (/^(http|ws)/.test(protocol) && hostname !== "127.0.0.1") foreign.push(request.url());
    });
    await page.goto(url);
    await page.locator(".red-ui-palette-node[data-palette-type=earshot-purge]").waitFor({ state: "attached" });
    if (dark) await page.evaluate(() => document.documentElement.classList.add("nr-theme-dark"));
    await closeNotices(context, page);
    return { page, errors, foreign, close: () => context.close() };
}

/** The editor greets newcomers; what it says lies over what a test looks at. */
async function closeNotices(_context: BrowserContext, page: Page): Promise<void> {
    for (const notice of await page.locator(".red-ui-notification button").all()) await notice.click();
}

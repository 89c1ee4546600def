import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Hub } from "../../dist/src/hub";
import { catalog } from "../nodes/package-nodes";
import { ADMIN_AUTH, folderOf, hubFlow, hubOf, keep, loggedIn } from "../runtime/privacy-home";
import { type RunningNodeRed, startNodeRed } from "../runtime/runtime";
import { Editor, type EditorOptions, openBrowser } from "./browser";

const SIDEBAR = ".earshot-privacy";
const NASTY = `<img src="x" onerror="document.title='gotcha'"> {{x}} $t(title) __count__`;

describe("the Privacy sidebar", () => {
    let nodeRed: RunningNodeRed;
    let browser: Browser;
    let hub: Hub;
    /** In English and light; what doesn't need another language or person takes place here. */
    let owner: Editor;

    beforeAll(async () => {
        nodeRed = await startNodeRed({ adminAuth: ADMIN_AUTH });
        await nodeRed.deploy(hubFlow("hub", "attic"), {}, await loggedIn(nodeRed, "owner"));
        hub = await hubOf("hub");
        browser = await openBrowser();
        owner = await open("owner");
    });
    afterAll(async () => {
        await browser.close();
        await nodeRed.stop();
    });
    beforeEach(() => hub.erasure.purge([{ all: true }]));
    afterEach(() => expectClean(owner));

    async function open(person: "owner" | "reader", options: EditorOptions = {}): Promise<Editor> {
        const login = { username: person, password: person };
        const editor = await Editor.open(browser, nodeRed.url, { ...options, login });
        await editor.page.evaluate(() => RED.actions.invoke("earshot:show-privacy"));
        await editor.page.locator(`${SIDEBAR} [data-hub=hub]`).waitFor();
        return editor;
    }
    function expectClean({ errors, foreign }: Editor): void {
        expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
    }
    const rows = (page: Page) => page.locator(`${SIDEBAR} [data-recording]`);
    const said = (page: Page, text: string) => rows(page).filter({ hasText: text });
    const microphone = (page: Page, state: string) => page.locator(`${SIDEBAR} [data-hub=hub][data-state=${state}]`);
    const button = (within: Page | Locator, name: string | RegExp) => within.getByRole("button", { name });

    describe.each([
        ["en-US", false, /· Kitchen · 3\ssec$/, "Kept until"],
        ["de", true, /· Kitchen · 3\sSek\.$/, "Aufbewahrt bis"],
    ] as const)("(%s, dark: %s)", (locale, dark, meta, kept) => {
        const text = (key: string) => catalog(locale, "earshot-privacy").get(key) ?? "";

        it("shows what was said, where, for how long and until when it is kept, as text and nothing else", async () => {
            await hub.log.append({ what: "note" });
            await keep(hub, { text: "turn on the kitchen light", seconds: 3 });
            await keep(hub, { text: NASTY, site: "study", at: Date.now() - 86_400_000 });
            await keep(hub, { at: Date.now() - 2 * 86_400_000 });
            const editor = await open("owner", { locale, dark });
            const { page } = editor;
            await said(page, "turn on the kitchen light").getByText(meta).waitFor();
            await said(page, "turn on the kitchen light").getByText(kept).waitFor();
            expect(await said(page, "onerror").locator("q").textContent()).toBe(NASTY);
            await rows(page)
                .filter({ hasText: text("tip.noTranscript") })
                .waitFor();
            expect(await page.locator(`${SIDEBAR} h4`).count()).toBe(3);
            await page.getByText(text("verdict.good_other").split("__")[2] ?? "").waitFor();
            expect(await page.locator(`${SIDEBAR} img`).count()).toBe(0);
            expect(await page.title()).not.toBe("gotcha");
            expect(await page.locator(SIDEBAR).textContent()).not.toMatch(
                /\b(field|option|tip|action|kept|verdict|ask)\.\w/,
            );
            expect(await editor.namelessFields(SIDEBAR)).toEqual([]);
            expect(await editor.faintest(SIDEBAR)).toBeGreaterThanOrEqual(4.5);

            await button(page, text("action.deleteAll")).click();
            const dialog = page.locator(".earshot-privacy-dialog");
            await dialog.getByText(text("ask.deleteAll_other").replace("__shown__", "3")).waitFor();
            expect(await editor.faintest(".earshot-privacy-dialog")).toBeGreaterThanOrEqual(4.5);
            await button(dialog, text("action.cancel")).click();
            expect((await hub.vault.status()).recordings).toBe(3);
            expectClean(editor);
            await editor.close();
        });
    });

    it("is true at every moment, without a reload", async () => {
        const { page } = owner;
        await microphone(page, "closed").waitFor();
        const source = hub.sessions.open({ site: "kitchen" });
        await microphone(page, "open").getByText("Open, waiting: Kitchen").waitFor();
        const utterance = hub.sessions.branch(source, 0);
        await microphone(page, "listening").getByText("Listening: Kitchen").waitFor();
        utterance.end();
        await microphone(page, "open").waitFor();
        hub.mute(true);
        await microphone(page, "muted").waitFor();
        await button(microphone(page, "muted"), "Unmute").press("Enter");
        await microphone(page, "open").waitFor();
        expect(hub.isMuted).toBe(false);
        source.end();
        await microphone(page, "closed").waitFor();

        const { id } = await keep(hub, { text: "good morning" });
        await said(page, "good morning").waitFor();
        await hub.vault.replace(id, {
            transcript: { ...(await hub.vault.read(id)).transcript, text: "good night", words: [] } as never,
        });
        await said(page, "good night").waitFor();
        await hub.erasure.purge([{ ids: [id] }]);
        await page.getByText("Nothing is kept.").waitFor();

        const unseen = await keep(hub, { text: "walnuts" });
        await said(page, "walnuts").waitFor();
        await page.evaluate(() => RED.actions.invoke("core:show-info-tab"));
        await hub.erasure.purge([{ ids: [unseen.id] }]);
        await page.waitForFunction(() => !document.documentElement.outerHTML.includes("walnuts"));
        await page.evaluate(() => RED.actions.invoke("earshot:show-privacy"));
        await page.getByText("Nothing is kept.").waitFor();

        await hub.log.append({ what: "disclosed", to: "weather.service", fields: ["text", "location"] });
        await page
            .locator(`${SIDEBAR} .earshot-privacy-receiver`)
            .filter({ hasText: "weather.service" })
            .getByText("text: 1 · place: 1")
            .waitFor();
        await hub.setMode("guest", "study");
        await page.getByText("Guests: nothing is kept in Study").waitFor();
        await hub.setMode(undefined, "study");
        await page.getByText("Guests: nothing is kept in Study").waitFor({ state: "hidden" });
    });

    it("doesn't say what it doesn't know", async () => {
        const { page } = owner;
        await microphone(page, "closed").waitFor();
        await page.route("**/earshot/privacy/**", (route) => route.abort());
        hub.mute(true);
        await microphone(page, "unknown").waitFor();
        await page.getByText("Node-RED does not answer.").first().waitFor();
        await page.unroute("**/earshot/privacy/**");
        hub.mute(false);
        await microphone(page, "closed").waitFor();
        const complaints = page.getByText("Node-RED does not answer.").locator("visible=true");
        await expect.poll(() => complaints.count()).toBe(0);
    });

    it("is worked by keyboard: play, correct, delete", async () => {
        await keep(hub, { text: "turn on the kitten light", seconds: 6 });
        await keep(hub, { text: "what time is it", at: Date.now() - 5_000 });
        const { page } = owner;
        const row = said(page, "light");
        await row.waitFor();

        await button(row, /^Play/).press("Enter");
        const position = row.getByLabel("Where to play from");
        await page.waitForFunction(
            () => Number(document.querySelector<HTMLInputElement>(".earshot-privacy-position")?.value) > 300,
        );
        await button(row, /^Stop/).press("Space");
        await button(row, /^Play/).waitFor();
        await position.press("End");
        await page.keyboard.press("ArrowLeft");
        await button(row, /^Play/).waitFor();

        await button(row, /^Correct/).press("Enter");
        await page.keyboard.press("Control+A");
        await page.keyboard.type("turn on the kitchen light");
        await page.keyboard.press("Enter");
        await said(page, "kitchen light").waitFor();
        const [, corrected] = await Promise.all([
            page.getByText("The transcript is corrected.").waitFor(),
            hub.vault.list({ words: "kitchen" }),
        ]);
        expect(corrected).toHaveLength(1);

        const remove = button(said(page, "kitchen light"), /^Delete/);
        await remove.press("Enter");
        await page.keyboard.press("Escape");
        expect(await rows(page).count()).toBe(2);
        await remove.press("Enter");
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        await page.getByText("Deleted one recording.").waitFor();
        expect((await hub.vault.list()).map(({ durationMs }) => durationMs)).toEqual([1_000]);
        expect(await rows(page).count()).toBe(1);
    });

    it("deletes those that are chosen, those that are found, and all", async () => {
        for (let at = 0; at < 30; at++) {
            await keep(hub, { text: at % 2 ? "odd one out" : "even so", at: Date.now() - at * 60_000, seconds: 0.1 });
        }
        const { page } = owner;
        await page.waitForFunction(() => document.querySelectorAll("[data-recording] q").length === 25);
        await button(page, "Show more").press("Enter");
        await page.waitForFunction(() => document.querySelectorAll("[data-recording] q").length === 30);
        const sure = async (question: string) => {
            const dialog = page.locator(".earshot-privacy-dialog");
            await dialog.getByText(question).waitFor();
            await button(dialog, "Delete for good").click();
        };
        await rows(page).nth(0).getByRole("checkbox").check();
        await rows(page).nth(1).getByRole("checkbox").check();
        await button(page, "Delete the 2 chosen…").click();
        await sure("Delete 2 recordings?");
        await page.getByText("Deleted 2 recordings.").waitFor();

        await page.getByLabel("Search for words").fill("odd");
        await page.waitForFunction(() => document.querySelectorAll("[data-recording] q").length === 14);
        await button(page, "Delete what is found…").click();
        await sure("Delete all 14 recordings that are found?");
        await page.getByText("No recording is found.").waitFor();
        expect((await hub.vault.status()).recordings).toBe(14);

        await page.getByLabel("Search for words").fill("");
        await page.waitForFunction(() => document.querySelectorAll("[data-recording] q").length === 14);
        await button(page, "Delete all…").click();
        await sure("Delete all 14 recordings?");
        await page.getByText("Nothing is kept.").waitFor();
        expect((await hub.vault.status()).recordings).toBe(0);
    });

    it("saves a copy, says that it is not sealed, and leads to the hub's settings", async () => {
        await keep(hub, { text: "good morning" });
        const { page } = owner;
        await said(page, "good morning").waitFor();
        await button(page, "Save a copy…").click();
        const dialog = page.locator(".earshot-privacy-dialog");
        await dialog.getByText("It is not encrypted").waitFor();
        const [download] = await Promise.all([page.waitForEvent("download"), button(dialog, "Save a copy…").click()]);
        expect(download.suggestedFilename()).toMatch(/^earshot-\d{4}-\d\d-\d\d\.tar$/);
        const archive = readFileSync(await download.path());
        expect(archive.includes("good morning") && archive.includes("manifest.json")).toBe(true);
        await page.getByText("The copy is saved.").waitFor();
        await page.getByText("Archive you saved").waitFor();

        await button(page, "Settings of this hub").click();
        await page.locator(".red-ui-tray #node-config-input-language").waitFor();
        await owner.cancel();
    });

    it("shows green for a log that is whole, and red with the record that was changed", async () => {
        await hub.log.append({ what: "note" });
        const { page } = owner;
        const verdict = page.locator(`${SIDEBAR} [data-section=log] .earshot-privacy-box`);
        await button(page, "Check now").press("Enter");
        await verdict.getByText("none was changed").waitFor();
        expect(await verdict.getAttribute("data-tone")).toBe("good");
        const file = join(nodeRed.userDir, folderOf("hub"), "privacy.log");
        const before = readFileSync(file, "utf8");
        writeFileSync(file, before.replace('"what":"note"', '"what":"wake-word"'));
        await button(page, "Check now").press("Enter");
        await verdict.getByText(/privacy\.log, line \d+ \(it was changed\)/).waitFor();
        expect(await verdict.getAttribute("data-tone")).toBe("bad");
        writeFileSync(file, before);
        await button(page, "Check now").press("Enter");
        await verdict.getByText("none was changed").waitFor();
    });

    it("is for looking only with the permission to read", async () => {
        await keep(hub, { text: "good morning", seconds: 3 });
        const editor = await open("reader");
        const { page } = editor;
        await said(page, "good morning").waitFor();
        await button(said(page, "good morning"), /^Play/).click();
        await button(said(page, "good morning"), /^Stop/).waitFor();
        expect(await page.locator(`${SIDEBAR} [data-recording] input[type=checkbox]`).count()).toBe(0);
        for (const name of [/^Mute/, /^Correct/, /^Delete/, /^Save a copy/])
            expect(await button(page.locator(SIDEBAR), name).count()).toBe(0);
        expectClean(editor);
        await editor.close();
    });

    it("shows each hub, and what one of them keeps", async () => {
        await keep(hub, { text: "said in the flat" });
        const attic = await hubOf("attic");
        await keep(attic, { text: "said in the attic" });
        const { page } = owner;
        await page.locator(`${SIDEBAR} [data-hub=attic]`).waitFor();
        await page.locator(`${SIDEBAR} > select`).selectOption("attic");
        await said(page, "said in the attic").waitFor();
        expect(await said(page, "said in the flat").count()).toBe(0);
        await page.locator(`${SIDEBAR} > select`).selectOption("hub");
        await said(page, "said in the flat").waitFor();
    });

    it("warns when Node-RED says that strangers can look", async () => {
        const { page } = owner;
        await page.route("**/earshot/privacy/hubs*", async (route) => {
            const answer = await route.fetch();
            await route.fulfill({ json: { ...((await answer.json()) as object), exposure: "everyone" } });
        });
        hub.emit("microphone");
        await page.getByText("Node-RED has no login (adminAuth)").waitFor();
        await page.unroute("**/earshot/privacy/hubs*");
        hub.emit("microphone");
        await page.getByText("Node-RED has no login (adminAuth)").waitFor({ state: "hidden" });
    });
});

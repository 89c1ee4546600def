/** What is kept of what was said, the latest first: to hear, read, correct and delete. */
import { Deletion } from "./deletion.js";
import { edit } from "./dialog.js";
import { button, element } from "./element.js";
import { exportAll } from "./export.js";
import { Filter } from "./filter.js";
import { act, ask, type Hub, type Recording, type RecordingPage, type Words } from "./node-red.js";
import { Player } from "./player.js";
import { RecordingRow, type RowContext } from "./recording-row.js";
import { Refreshing } from "./refreshing.js";
import { count, dayOf, say } from "./words.js";

/** More are shown when they are asked for. */
const STEP = 25;
/** Node-RED tells at most so many at a time. */
const PAGE = 100;

export interface Reporter {
    onProblem(error: unknown): void;
    onDone(text: string): void;
}

export class Timeline {
    readonly content: HTMLElement;
    readonly #reporter: Reporter;
    readonly #player = new Player();
    readonly #filter = new Filter(() => this.#changed());
    readonly #list = element("div", { class: "earshot-privacy-list" });
    readonly #summary = element("span", { class: "earshot-privacy-quiet", role: "status" });
    readonly #all = element("input", {
        type: "checkbox",
        class: "earshot-privacy-check",
        "aria-label": say("field.chooseAll"),
        title: say("field.chooseAll"),
    });
    readonly #deletion: Deletion;
    readonly #more = button({ icon: "angle-down", label: say("action.more"), onclick: () => this.#showMore() });
    readonly #refreshing = new Refreshing(() => this.#load());
    readonly #words = new Map<string, Words>();
    #rows: readonly RecordingRow[] = [];
    #hub: Hub | undefined;
    #wantedRows = STEP;
    #inAll = 0;
    /** How often everything was forgotten: what was asked for before must not come back. */
    #forgotten = 0;

    constructor(reporter: Reporter) {
        this.#reporter = reporter;
        const mayWrite = RED.user.hasPermission("earshot.write");
        this.#deletion = new Deletion(reporter, async () => {
            this.#all.checked = false;
            await this.refresh();
            this.#focusList();
        });
        this.#all.addEventListener("change", () => {
            for (const row of this.#rows) row.isSelected = this.#all.checked;
            this.#selected();
        });
        const save = button({ icon: "download", label: say("action.export"), onclick: () => this.#export() });
        const tools = element("div", { class: "earshot-privacy-bar" }, this.#all, this.#deletion.content, save);
        this.content = element(
            "div",
            {},
            this.#filter.content,
            this.#summary,
            mayWrite ? tools : undefined,
            this.#list,
            this.#more,
        );
        this.#list.tabIndex = -1;
    }

    /** @param changed id of a recording whose words are others now */
    async refresh(changed?: string): Promise<void> {
        if (changed !== undefined) this.#words.delete(changed);
        if (this.#hub) await this.#refreshing.refresh();
    }

    /** @returns whether it is another than before */
    setHub(hub: Hub | undefined): boolean {
        const isOther = hub?.id !== this.#hub?.id;
        const isRenamed = namesIn(hub) !== namesIn(this.#hub);
        this.#hub = hub;
        if (isOther || isRenamed) {
            this.#filter.setSites(hub?.sites ?? []);
            this.forget();
        }
        return isOther || isRenamed;
    }

    /** Nothing of what was said is in the page any more, until it is refreshed. */
    forget(): void {
        this.#forgotten++;
        this.#player.stop();
        this.#words.clear();
        this.#rows = [];
        this.#list.replaceChildren();
        this.#more.hidden = true;
        this.#wantedRows = STEP;
        this.#inAll = 0;
        this.#selected();
    }

    async #load(): Promise<void> {
        const [hub, forgotten] = [this.#hub, this.#forgotten];
        if (!hub) return;
        try {
            const wanted = this.#filter.wanted;
            const found: Recording[] = [];
            let isLast = false;
            while (!isLast && found.length < this.#wantedRows) {
                const limit = Math.min(PAGE, this.#wantedRows - found.length);
                const page = await ask<RecordingPage>("recordings", {
                    hub: hub.id,
                    limit,
                    ...wanted,
                    before: found.at(-1)?.id,
                });
                if (forgotten !== this.#forgotten) return;
                found.push(...page.recordings);
                isLast = page.isLast;
                this.#inAll = page.inAll;
            }
            this.#show(hub, found);
            this.#more.hidden = isLast;
            await this.#read(hub, found);
        } catch (error) {
            this.#reporter.onProblem(error);
        }
    }

    /** Asks for the words that are not known yet: each time somebody gets them, that is in the log. */
    async #read(hub: Hub, found: readonly Recording[]): Promise<void> {
        const unknown = found
            .filter(({ id, hasTranscript }) => hasTranscript && !this.#words.has(id))
            .map(({ id }) => id);
        for (let at = 0; at < unknown.length; at += PAGE) {
            const id = unknown.slice(at, at + PAGE);
            const forgotten = this.#forgotten;
            const { words } = await ask<{ words: Record<string, Words> }>("words", { hub: hub.id, id });
            if (forgotten !== this.#forgotten) return;
            for (const [known, read] of Object.entries(words)) this.#words.set(known, read);
        }
        for (const row of this.#rows) row.setWords(this.#words.get(row.recording.id));
    }

    /** Rows that say the same stay: who has the focus in one keeps it, and what is playing plays on. */
    #show(hub: Hub, found: readonly Recording[]): void {
        const before = new Map(this.#rows.map((row) => [JSON.stringify(row.recording), row]));
        const context = this.#contextIn(hub);
        this.#rows = found.map((recording) => {
            const known = before.get(JSON.stringify(recording));
            before.delete(JSON.stringify(recording));
            return known ?? new RecordingRow(recording, context);
        });
        for (const row of before.values()) {
            row.close();
            if (!found.some(({ id }) => id === row.recording.id)) this.#words.delete(row.recording.id);
        }
        const wanted = grouped(this.#rows);
        const focused = document.activeElement;
        this.#list.replaceChildren(...wanted);
        if (focused instanceof HTMLElement && this.#list.contains(focused)) focused.focus({ preventScroll: true });
        const isEmpty = this.#rows.length === 0;
        if (isEmpty) this.#summary.textContent = say(this.#filter.isOn ? "tip.noneFound" : "tip.noneKept");
        else this.#summary.textContent = say("tip.kept", { count: this.#inAll, shown: count(this.#inAll) });
        this.#selected();
    }

    #contextIn(hub: Hub): RowContext {
        return {
            hub: hub.id,
            player: this.#player,
            mayWrite: RED.user.hasPermission("earshot.write"),
            nameOf: (site) => hub.sites?.find(({ id }) => id === site)?.name ?? site,
            onSelected: () => this.#selected(),
            onCorrect: (row) => void this.#correct(hub, row).catch(this.#reporter.onProblem),
            onDelete: (row) => this.#deletion.one(row.recording),
            onProblem: this.#reporter.onProblem,
        };
    }

    async #correct(hub: Hub, row: RecordingRow): Promise<void> {
        const question = {
            title: say("ask.correct"),
            text: say("ask.correctTip"),
            action: say("action.save"),
            icon: "check",
        };
        const text = await edit(question, row.text);
        if (text === undefined) return;
        await act("correct", { hub: hub.id, id: row.recording.id, text });
        await this.refresh(row.recording.id);
        this.#reporter.onDone(say("done.corrected"));
    }

    #selected(): void {
        const chosen = this.#rows.filter((row) => row.isSelected).map(({ recording }) => recording.id);
        this.#all.checked = this.#rows.length > 0 && chosen.length === this.#rows.length;
        this.#all.indeterminate = chosen.length > 0 && !this.#all.checked;
        this.#all.disabled = this.#rows.length === 0;
        this.#deletion.offer(
            this.#hub?.id ?? "",
            chosen,
            this.#filter.wanted,
            this.#inAll > 0 && this.#rows.length > 0,
        );
    }

    #export(): void {
        if (!this.#hub) return;
        const { onDone, onProblem } = this.#reporter;
        exportAll(this.#hub.id).then((isDone) => isDone && onDone(say("done.exported")), onProblem);
    }

    #changed(): void {
        this.#wantedRows = STEP;
        void this.refresh();
    }

    #showMore(): void {
        const last = this.#rows.length;
        this.#wantedRows = last + STEP;
        void this.refresh().then(() => this.#rows[last]?.content.querySelector<HTMLElement>("button, input")?.focus());
    }

    #focusList(): void {
        if (document.activeElement === document.body || document.activeElement === null) this.#list.focus();
    }
}

function namesIn(hub: Hub | undefined): string {
    return JSON.stringify(hub?.sites?.map(({ id, name }) => [id, name]));
}

/** A list for each day, under its name. */
function grouped(rows: readonly RecordingRow[]): readonly HTMLElement[] {
    const days = Map.groupBy(rows, ({ recording }) => dayOf(recording.startedAt));
    return Array.from(days, ([day, ofDay]) =>
        element("section", {}, element("h4", {}, day), element("ol", {}, ...ofDay.map(({ content }) => content))),
    );
}

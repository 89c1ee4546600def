/** What the privacy log says: who got what, and whether it is what it was. */
import { button, element, fillBox, type Tone } from "./element.js";
import { ask, type Receiver, Refusal, type Verification } from "./node-red.js";
import { Refreshing } from "./refreshing.js";
import { clockTime, count, moment, say, sayOr } from "./words.js";

type OnProblem = (error: unknown) => void;

/** Those who got something, or were to get it. */
export class Receivers {
    readonly content = element("div");
    readonly #onProblem: OnProblem;
    readonly #refreshing = new Refreshing(() => this.#load());
    #hub: string | undefined;

    constructor(onProblem: OnProblem) {
        this.#onProblem = onProblem;
    }

    async refresh(hub: string | undefined): Promise<void> {
        this.#hub = hub;
        await this.#refreshing.refresh();
    }

    async #load(): Promise<void> {
        if (this.#hub === undefined) return this.content.replaceChildren();
        try {
            const { receivers } = await ask<{ receivers: readonly Receiver[] }>("disclosures", { hub: this.#hub });
            this.content.replaceChildren(
                receivers.length > 0
                    ? element("ul", {}, ...receivers.map(receiverOf))
                    : element("p", {}, say("tip.nobodyGotAnything")),
            );
        } catch (error) {
            this.#onProblem(error);
        }
    }
}

function receiverOf({ to, name, type, got, withheld, fields, lastAt }: Receiver): HTMLElement {
    const what = Object.entries(fields).map(([field, times]) => `${sayOr(`grant.${field}`, field)}: ${count(times)}`);
    const counts = [say("receiver.got", { count: got, shown: count(got) })];
    if (withheld > 0) counts.push(say("receiver.withheld", { count: withheld, shown: count(withheld) }));
    const line = (...texts: readonly string[]) => element("div", { class: "earshot-privacy-quiet" }, texts.join(" · "));
    return element(
        "li",
        { class: "earshot-privacy-receiver", title: to },
        element("strong", {}, to === undefined ? say("receiver.archive") : (name ?? type ?? to)),
        line(...counts),
        what.length > 0 ? line(...what) : undefined,
        line(say("receiver.last", { date: moment(Date.parse(lastAt)) })),
    );
}

/** A long log takes a second to read: it is not read again for each new record. */
const RECHECK_MS = 30_000;

/** Green when the log is whole, red with the first bad record when it is not. */
export class LogCheck {
    readonly content: HTMLElement;
    readonly #result = element("div", { class: "earshot-privacy-box", role: "status" });
    readonly #button = button({
        icon: "check-square-o",
        label: say("action.verify"),
        onclick: () => void this.refresh(this.#hub),
    });
    readonly #refreshing = new Refreshing(() => this.#load());
    #hub: string | undefined;
    #checkedAt = Number.NEGATIVE_INFINITY;

    constructor() {
        this.content = element("div", {}, this.#result, this.#button);
    }

    async refresh(hub: string | undefined): Promise<void> {
        this.#hub = hub;
        await this.#refreshing.refresh();
    }

    /** The log has grown: looks at it again if the last look is not of just now. */
    async refreshSoon(hub: string): Promise<void> {
        if (performance.now() - this.#checkedAt > RECHECK_MS) await this.refresh(hub);
    }

    async #load(): Promise<void> {
        if (this.#hub === undefined) return this.#show("plain", "minus-circle", say("tip.noLog"));
        this.#button.disabled = true;
        try {
            const found = await ask<Verification>("verification", { hub: this.#hub });
            const { isEmpty, ok, records = 0, firstBad } = found;
            this.#checkedAt = isEmpty ? Number.NEGATIVE_INFINITY : performance.now();
            if (isEmpty) this.#show("plain", "minus-circle", say("tip.noLog"));
            else if (ok) this.#show("good", "check-circle", wholeOf(records), timeNow());
            else this.#show("bad", "exclamation-circle", faultOf(firstBad), timeNow());
        } catch (error) {
            // Not to be answered is no sign that somebody changed the log.
            const tone = error instanceof Refusal && error.status > 401 ? "bad" : "warning";
            this.#show(tone, "exclamation-circle", error instanceof Error ? error.message : String(error));
        } finally {
            this.#button.disabled = false;
        }
    }

    #show(tone: Tone, name: string, text: string, when?: string): void {
        const checked = when === undefined ? undefined : element("div", { class: "earshot-privacy-quiet" }, when);
        fillBox(this.#result, tone, name, element("span", {}, text, checked));
    }
}

function wholeOf(records: number): string {
    return say("verdict.good", { count: records, shown: count(records) });
}

function faultOf(bad: Verification["firstBad"]): string {
    if (!bad) return say("verdict.bad");
    const fault = sayOr(`fault.${bad.fault}`, bad.fault);
    return say("verdict.badAt", { file: bad.file, line: count(bad.line), fault });
}

function timeNow(): string {
    return say("tip.checkedAt", { time: clockTime(Date.now()) });
}

/** The Privacy sidebar: what Earshot hears and keeps, live, and in the hands of who looks at it. */
import { button, choice, element, fillBox } from "./element.js";
import { LogCheck, Receivers } from "./log-report.js";
import { Microphones } from "./microphones.js";
import type { Hub } from "./node-red.js";
import { Timeline } from "./timeline.js";
import { say } from "./words.js";

/** As Earshot's nodes publish it. */
const TOPIC = "earshot/privacy";
/** Asked this often, besides whenever something changes, whether the microphones are still as shown. */
const CHECK_MS = 5_000;

interface News {
    readonly hub: string;
    readonly what: "microphone" | "recordings" | "log";
    /** Id of a recording whose content is another now. */
    readonly changed?: string;
}

export class PrivacySidebar {
    readonly content: HTMLElement;
    readonly toolbar: HTMLElement;
    readonly #note = element("div", { class: "earshot-privacy-box", role: "status", hidden: true });
    readonly #choice = choice(say("field.hub"), []);
    readonly #settings = button({ icon: "cog", label: say("action.settings"), onclick: () => this.#openSettings() });
    readonly #microphones: Microphones;
    readonly #timeline: Timeline;
    readonly #receivers: Receivers;
    readonly #check: LogCheck;
    #hubs: readonly Hub[] = [];
    #isLost = false;

    constructor() {
        const onProblem = (error: unknown) => this.#say(error instanceof Error ? error.message : String(error), true);
        this.#microphones = new Microphones({
            onHubs: (hubs) => {
                // What was wrong with the connection isn't any more.
                if (this.#isLost) this.#note.hidden = true;
                this.#isLost = false;
                this.#setHubs(hubs);
            },
            onProblem: (error) => {
                onProblem(error);
                this.#isLost = true;
            },
        });
        this.#timeline = new Timeline({ onProblem, onDone: (text) => this.#say(text, false) });
        this.#receivers = new Receivers(onProblem);
        this.#check = new LogCheck();
        this.#choice.addEventListener("change", () => this.#setHubs(this.#hubs));
        this.content = element(
            "div",
            { class: "earshot-privacy", lang: RED.i18n.lang() },
            this.#microphones.warning,
            this.#microphones.content,
            this.#note,
            this.#choice,
            section("recordings", this.#timeline.content),
            section("receivers", this.#receivers.content),
            section("log", this.#check.content),
        );
        this.toolbar = element("div", { class: "earshot-privacy-toolbar" }, this.#settings);
        this.#setHubs([]);
    }

    start(): void {
        RED.comms.subscribe(TOPIC, (_topic, message) => this.#heard(message as News));
        RED.comms.subscribe("notification/runtime-deploy", () => this.refresh());
        RED.comms.on("connect", () => this.refresh());
        document.addEventListener("visibilitychange", () => this.refresh());
        new IntersectionObserver(() => this.refresh()).observe(this.content);
        setInterval(() => {
            if (this.#isSeen) void this.#microphones.refresh();
        }, CHECK_MS);
    }

    /** Brings everything up to date, if somebody looks: what nobody sees is not asked for. */
    refresh(): void {
        if (!this.#isSeen) return;
        void this.#microphones.refresh().then(() => this.#refreshHub());
    }

    get #isSeen(): boolean {
        return !document.hidden && this.content.offsetParent !== null;
    }

    get #hub(): Hub | undefined {
        return this.#hubs.find(({ id }) => id === this.#choice.value);
    }

    #heard({ hub, what, changed }: News): void {
        if (!this.#isSeen) {
            // What was deleted must not stay in a page that nobody looks at.
            if (what === "recordings") this.#timeline.forget();
            return;
        }
        if (what === "microphone") void this.#microphones.refresh();
        else if (hub !== this.#choice.value) return;
        else if (what === "recordings") void this.#timeline.refresh(changed);
        else void Promise.all([this.#receivers.refresh(hub), this.#check.refreshSoon(hub)]);
    }

    #setHubs(hubs: readonly Hub[]): void {
        const namesIn = (some: readonly Hub[]) => JSON.stringify(some.map(({ id, name }) => [id, name]));
        // A list that somebody has opened must not change under their hand.
        if (namesIn(hubs) !== namesIn(this.#hubs)) {
            const chosen = this.#choice.value;
            const names = hubs.map(({ id, name }) => element("option", { value: id }, name || say("field.hub")));
            this.#choice.replaceChildren(...names);
            this.#choice.value = (hubs.find(({ id }) => id === chosen) ?? hubs[0])?.id ?? "";
        }
        this.#hubs = hubs;
        this.#choice.hidden = hubs.length < 2;
        this.#settings.disabled = hubs.length === 0;
        const hub = this.#hub;
        if (this.#timeline.setHub(hub?.state === "up" ? hub : undefined)) void this.#refreshHub();
    }

    async #refreshHub(): Promise<void> {
        const id = this.#hub?.state === "up" ? this.#hub.id : undefined;
        await Promise.all([this.#timeline.refresh(), this.#receivers.refresh(id), this.#check.refresh(id)]);
    }

    #openSettings(): void {
        const hub = this.#hub;
        if (hub && RED.nodes.node(hub.id)) RED.editor.editConfig("", "earshot-hub", hub.id);
    }

    #say(text: string, isProblem: boolean): void {
        this.#note.hidden = false;
        const [tone, name] = isProblem ? (["bad", "exclamation-circle"] as const) : (["good", "check"] as const);
        fillBox(this.#note, tone, name, element("span", {}, text));
    }
}

function section(name: string, content: HTMLElement): HTMLElement {
    const summary = element("summary", {}, say(`section.${name}`));
    return element("details", { open: true, "data-section": name }, summary, content);
}

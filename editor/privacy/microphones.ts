/** What the microphones of each hub do at this moment. What is not known is not shown as if it were. */
import { box, button, element, fillBox, type Tone } from "./element.js";
import { act, ask, type Hub, type Hubs } from "./node-red.js";
import { Refreshing } from "./refreshing.js";
import { list, say } from "./words.js";

const LOOKS: Readonly<Record<string, readonly [Tone, string]>> = {
    muted: ["bad", "microphone-slash"],
    listening: ["active", "microphone"],
    open: ["good", "microphone"],
    closed: ["plain", "circle-o"],
    starting: ["plain", "hourglass-half"],
    down: ["warning", "power-off"],
    unknown: ["warning", "question-circle"],
};

export interface MicrophonesOptions {
    onHubs(hubs: readonly Hub[]): void;
    onProblem(error: unknown): void;
}

export class Microphones {
    readonly content = element("ul", {
        class: "earshot-privacy-hubs",
        "aria-live": "polite",
        "aria-label": say("field.microphones"),
    });
    readonly warning = element("div", { class: "earshot-privacy-box", role: "alert", hidden: true });
    readonly #options: MicrophonesOptions;
    readonly #refreshing = new Refreshing(() => this.#load());
    readonly #rows = new Map<string, { readonly shown: string; readonly row: HTMLElement }>();
    #hubs: readonly Hub[] = [];

    constructor(options: MicrophonesOptions) {
        this.#options = options;
    }

    async refresh(): Promise<void> {
        await this.#refreshing.refresh();
    }

    async #load(): Promise<void> {
        try {
            const { hubs, exposure } = await ask<Hubs>("hubs");
            this.#hubs = hubs;
            this.warning.hidden = exposure === undefined;
            if (exposure)
                fillBox(
                    this.warning,
                    "warning",
                    "exclamation-triangle",
                    element("span", {}, say(`exposed.${exposure}`)),
                );
            this.#show(hubs);
            this.#options.onHubs(hubs);
        } catch (error) {
            // Nobody knows now what they do.
            this.#show(this.#hubs.map(({ microphone: _known, ...hub }) => ({ ...hub, state: "up" })));
            this.#options.onProblem(error);
        }
    }

    #show(hubs: readonly Hub[]): void {
        const rows = hubs.map((hub) => this.#rowOf(hub));
        for (const id of this.#rows.keys()) if (!hubs.some((hub) => hub.id === id)) this.#rows.delete(id);
        if (rows.length === 0) rows.push(element("li", {}, say("tip.noHub")));
        const isAsShown =
            rows.length === this.content.children.length && rows.every((row, at) => this.content.children[at] === row);
        if (!isAsShown) this.content.replaceChildren(...rows);
    }

    /** A row that says the same stays as it is: whoever has the focus on its button keeps it. */
    #rowOf(hub: Hub): HTMLElement {
        const shown = JSON.stringify(hub);
        const known = this.#rows.get(hub.id);
        if (known?.shown === shown) return known.row;
        const hadFocus = known?.row.contains(document.activeElement) === true;
        const row = rowFor(hub, () => this.#mute(hub));
        this.#rows.set(hub.id, { shown, row });
        if (known && this.content.contains(known.row)) known.row.replaceWith(row);
        if (hadFocus) row.querySelector("button")?.focus();
        return row;
    }

    #mute({ id, microphone }: Hub): void {
        act("mute", { hub: id, muted: microphone?.state !== "muted" }).then(
            () => this.refresh(),
            (error: unknown) => this.#options.onProblem(error),
        );
    }
}

function rowFor(hub: Hub, mute: () => void): HTMLElement {
    const state = hub.state === "up" ? (hub.microphone?.state ?? "unknown") : hub.state;
    const places = (hub.microphone?.sites ?? []).map((site) => hub.sites?.find(({ id }) => id === site)?.name ?? site);
    const isMuted = state === "muted";
    const canMute = hub.microphone !== undefined && RED.user.hasPermission("earshot.write");
    const text = element(
        "span",
        {},
        element("strong", {}, hub.name || say("field.hub")),
        say(`microphone.${state}`, { places: list(places) }),
    );
    for (const line of modesOf(hub)) text.append(element("div", { class: "earshot-privacy-quiet" }, line));
    const toggle = canMute
        ? button({
              icon: isMuted ? "microphone" : "microphone-slash",
              label: say(isMuted ? "action.unmute" : "action.mute"),
              onclick: mute,
          })
        : undefined;
    const [tone, name] = LOOKS[state] ?? ["plain", "question-circle"];
    return element("li", { "data-hub": hub.id, "data-state": state }, box(tone, name, text, toggle));
}

/** A sentence for each mode that a place is in. */
function modesOf({ sites = [] }: Hub): readonly string[] {
    const byMode = Map.groupBy(sites, ({ mode }) => mode);
    return Array.from(byMode, ([mode, those]) =>
        mode ? say(`mode.${mode}`, { places: list(those.map(({ name }) => name)) }) : "",
    ).filter((line) => line !== "");
}

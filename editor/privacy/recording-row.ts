/** One recording in the timeline: what was said, when, where, how long, kept until when; playing, correcting, deleting it. */
import { button, element, relabel } from "./element.js";
import type { Recording, Words } from "./node-red.js";
import type { Player } from "./player.js";
import { clockTime, moment, say, sayOr, seconds, shortTime } from "./words.js";

export interface RowContext {
    readonly hub: string;
    readonly player: Player;
    readonly mayWrite: boolean;
    nameOf(site: string): string;
    onSelected(): void;
    onCorrect(row: RecordingRow): void;
    onDelete(row: RecordingRow): void;
    onProblem(error: unknown): void;
}

/** Of a recording that lasts this long, or longer, one can choose where to play it from, in milliseconds. */
const LONG_MS = 2_000;

export class RecordingRow {
    readonly content: HTMLElement;
    readonly recording: Recording;
    readonly #context: RowContext;
    readonly #text = element("div", { class: "earshot-privacy-text" });
    readonly #box = element("input", { type: "checkbox", class: "earshot-privacy-check" });
    readonly #play: HTMLButtonElement;
    readonly #position = element("input", { type: "range", min: "0", step: "100", class: "earshot-privacy-position" });
    #words: Words | undefined;

    constructor(recording: Recording, context: RowContext) {
        this.recording = recording;
        this.#context = context;
        const time = clockTime(recording.startedAt);
        this.#play = button({
            icon: "play",
            label: say("action.play", { time }),
            isIcon: true,
            onclick: () => this.#toggle(),
        });
        this.#play.classList.add("earshot-privacy-play");
        this.#position.max = String(recording.durationMs);
        this.#position.value = "0";
        this.#position.hidden = true;
        this.#position.setAttribute("aria-label", say("field.position"));
        this.#position.addEventListener("change", () => this.#start(Number(this.#position.value)));
        this.#box.setAttribute("aria-label", say("field.choose", { time }));
        this.#box.addEventListener("change", () => context.onSelected());
        const place = [context.nameOf(recording.site), recording.speaker].filter((each) => each !== undefined);
        this.content = element(
            "li",
            { class: "earshot-privacy-recording", "data-recording": recording.id },
            context.mayWrite ? this.#box : undefined,
            recording.hasSound ? this.#play : element("span", { class: "earshot-privacy-play" }),
            element(
                "div",
                { class: "earshot-privacy-what" },
                this.#text,
                element(
                    "div",
                    { class: "earshot-privacy-quiet" },
                    [shortTime(recording.startedAt), ...place, seconds(recording.durationMs)].join(" · "),
                ),
                element("div", { class: "earshot-privacy-quiet" }, keptUntil(recording)),
                this.#position,
            ),
            context.mayWrite ? this.#tools(time) : undefined,
        );
        this.setWords(undefined);
    }

    get isSelected(): boolean {
        return this.#box.checked;
    }

    set isSelected(isSelected: boolean) {
        this.#box.checked = isSelected;
    }

    /** Empty when there are none, or nobody knows them. */
    get text(): string {
        return this.#words?.text ?? "";
    }

    /** @param words undefined while they are being asked for */
    setWords(words: Words | undefined): void {
        this.#words = words;
        this.#text.classList.toggle("earshot-privacy-quiet", this.text === "");
        this.#text.replaceChildren(this.text === "" ? this.#withoutText() : element("q", {}, this.text));
    }

    #withoutText(): string {
        const { hasTranscript, hasSound } = this.recording;
        if (this.#words?.problem !== undefined) return sayOr(`problem.${this.#words.problem}`, this.#words.problem);
        if (hasTranscript) return this.#words ? say("tip.nothingHeard") : "…";
        return say(hasSound ? "tip.noTranscript" : "tip.nothingLeft");
    }

    /** It is in the list no more. */
    close(): void {
        if (this.#context.player.isPlaying(this.recording.id)) this.#context.player.stop();
    }

    #tools(time: string): HTMLElement {
        const tool = (name: string, key: string, onclick: () => void) =>
            button({ icon: name, label: say(key, { time }), isIcon: true, onclick });
        const correct = tool("pencil", "action.correct", () => this.#context.onCorrect(this));
        const remove = tool("trash-o", "action.delete", () => this.#context.onDelete(this));
        remove.classList.add("earshot-privacy-delete");
        return element("div", { class: "earshot-privacy-tools" }, correct, remove);
    }

    #toggle(): void {
        if (this.#context.player.isPlaying(this.recording.id)) this.#context.player.stop();
        else this.#start(Number(this.#position.value));
    }

    #start(fromMs: number): void {
        const { hub, player, onProblem } = this.#context;
        const { id, durationMs, startedAt } = this.recording;
        const time = clockTime(startedAt);
        player.play(hub, id, fromMs >= durationMs ? 0 : fromMs, {
            onPosition: (positionMs) => {
                this.#position.value = String(positionMs);
                this.#position.setAttribute("aria-valuetext", seconds(positionMs));
            },
            onStopped: (error) => {
                if (Number(this.#position.value) >= durationMs - 100) this.#position.value = "0";
                relabel(this.#play, "play", say("action.play", { time }), true);
                this.content.classList.remove("earshot-privacy-playing");
                if (error !== undefined) onProblem(error);
            },
        });
        this.#position.hidden = durationMs < LONG_MS;
        relabel(this.#play, "pause", say("action.stop", { time }), true);
        this.content.classList.add("earshot-privacy-playing");
    }
}

/** Both of them in one sentence where they are kept for as long. */
function keptUntil({ keptUntil: { sound, words } }: Recording): string {
    const when = (key: string, until: number | null) => {
        if (until === null) return say(`kept.${key}Always`);
        return until <= Date.now() ? say(`kept.${key}Over`) : say(`kept.${key}`, { date: moment(until) });
    };
    if (sound === undefined || words === undefined || sound === words) {
        const until = sound ?? words ?? null;
        return when("until", until);
    }
    return `${when("sound", sound)}, ${when("words", words)}`;
}

/** Deleting one recording, those that were chosen, those that were searched for, or all: asked about first, with their number. */
import { confirm } from "./dialog.js";
import { button, relabel } from "./element.js";
import type { Wanted } from "./filter.js";
import { act, type Recording } from "./node-red.js";
import type { Reporter } from "./timeline.js";
import { clockTime, count, dayOf, say } from "./words.js";

interface Offer {
    readonly hub: string;
    /** Ids of those that were chosen. */
    readonly chosen: readonly string[];
    readonly wanted: Wanted;
}

export class Deletion {
    readonly content = button({
        icon: "trash-o",
        label: say("action.deleteAll"),
        onclick: () => this.#run(() => this.#offered()),
    });
    readonly #reporter: Reporter;
    readonly #onDeleted: () => Promise<void>;
    #offer: Offer = { hub: "", chosen: [], wanted: {} };

    constructor(reporter: Reporter, onDeleted: () => Promise<void>) {
        this.#reporter = reporter;
        this.#onDeleted = onDeleted;
    }

    /** What its button deletes from now on: what was chosen, else what was searched for, else all. */
    offer(hub: string, chosen: readonly string[], wanted: Wanted, isAny: boolean): void {
        this.#offer = { hub, chosen, wanted };
        this.content.disabled = !isAny;
        const key = chosen.length > 0 ? "deleteChosen" : isFiltered(wanted) ? "deleteFound" : "deleteAll";
        relabel(this.content, "trash-o", say(`action.${key}`, { count: chosen.length }));
    }

    one({ id, startedAt }: Recording): void {
        const when = { day: dayOf(startedAt), time: clockTime(startedAt) };
        this.#run(async () =>
            (await this.#isSure(say("ask.deleteOne", when))) ? await this.#delete({ ids: [id] }) : 0,
        );
    }

    async #offered(): Promise<number> {
        const { hub, chosen: ids, wanted } = this.#offer;
        if (ids.length > 0) {
            const isSure = await this.#isSure(say("ask.delete", { count: ids.length, shown: count(ids.length) }));
            return isSure ? await this.#delete({ ids }) : 0;
        }
        const selection = isFiltered(wanted) ? wanted : { all: true };
        const asked = await act("delete/token", { hub, ...selection });
        const { token, recordings, isMore } = (await asked.json()) as {
            token: string;
            recordings: number;
            isMore?: boolean;
        };
        const shown = isMore ? say("ask.moreThan", { shown: count(recordings) }) : count(recordings);
        const key = isFiltered(wanted) ? "ask.deleteFound" : "ask.deleteAll";
        return (await this.#isSure(say(key, { count: recordings, shown }))) ? await this.#delete({ token }) : 0;
    }

    async #isSure(title: string): Promise<boolean> {
        return await confirm({ title, text: say("ask.forGood"), action: say("action.deleteForGood"), icon: "trash-o" });
    }

    async #delete(what: object): Promise<number> {
        const answer = await act("delete", { hub: this.#offer.hub, ...what });
        const { deleted } = (await answer.json()) as { deleted: number };
        await this.#onDeleted();
        this.#reporter.onDone(say("done.deleted", { count: deleted, shown: count(deleted) }));
        return deleted;
    }

    #run(work: () => Promise<number>): void {
        work().catch((error: unknown) => this.#reporter.onProblem(error));
    }
}

function isFiltered(wanted: Wanted): boolean {
    return Object.keys(wanted).length > 0;
}

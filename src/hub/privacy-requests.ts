/** What people ask of Earshot about themselves: to delete, to forget, to stop listening, and what it knows. */
import { type Answer, type DispatchContext, WaitingOrders } from "../home";
import { type Intent, type ReplyFacts, respond, type Spoken, sentence } from "../language";
import { MODES } from "../privacy";
import { countOf, meantBy, type Selected, selectionsOf } from "./deletion";
import type { Hub } from "./hub";
import type { DispatchResult } from "./orders";

interface Deletion {
    readonly intent: Intent;
    readonly selected: Selected;
}

type Request = (intent: Intent, spoken: Spoken) => Promise<DispatchResult>;

/** As many as one listens to. */
const MAX_HEARD = 5;

/** What somebody says to delete something, or answers to that, isn't kept either. */
export class PrivacyRequests {
    readonly #hub: Hub;
    readonly #now: () => number;
    readonly #waiting: WaitingOrders<Deletion>;
    readonly #requests: ReadonlyMap<string, Request> = new Map([
        ["EarshotDeleteRecordings", (intent, spoken) => this.#delete(intent, spoken)],
        ["EarshotForgetConversation", (intent, spoken) => this.#forgetConversation(intent, spoken)],
        ["EarshotMuteMicrophone", (intent) => this.#mute(intent, true)],
        ["EarshotUnmuteMicrophone", (intent) => this.#mute(intent, false)],
        ["EarshotStartMode", (intent, spoken) => this.#startMode(intent, spoken)],
        ["EarshotEndMode", async (intent) => this.#said(intent)],
        ["EarshotWhatDidYouHear", (intent, spoken) => this.#whatWasHeard(intent, spoken)],
        ["EarshotWhoCanHearMe", (intent) => this.#whoHears(intent)],
    ]);

    /** @param now in milliseconds, from any start */
    constructor(hub: Hub, now: () => number = () => performance.now()) {
        this.#hub = hub;
        this.#now = now;
        this.#waiting = new WaitingOrders(undefined, now);
    }

    /** Undefined for an intent that is about something else. */
    async answer(intent: Intent, spoken: Spoken): Promise<DispatchResult | undefined> {
        return await this.#requests.get(intent.name)?.(intent, spoken);
    }

    /** Undefined where nothing is to be deleted by that answer. */
    async answered({ yes, to }: Answer, spoken: Spoken): Promise<DispatchResult | undefined> {
        const waiting = this.#waiting.find(contextOf(spoken), to);
        if (!waiting) return undefined;
        this.#waiting.remove(waiting);
        await this.#hub.keeping.forget(spoken);
        const [deletion] = waiting.orders;
        if (!yes || !deletion) return undefined;
        return this.#isInMode(spoken) ? this.#notInMode() : await this.#deleted(deletion, spoken);
    }

    /** Somebody was asked about something else since: a yes is to that. */
    dropQuestion(spoken: Spoken): void {
        const waiting = this.#waiting.find(contextOf(spoken));
        if (waiting) this.#waiting.remove(waiting);
    }

    async #delete(intent: Intent, spoken: Spoken): Promise<DispatchResult> {
        const { vault, home, sites, keeping } = this.#hub;
        if (intent.slots.scope !== "last" && this.#isInMode(spoken)) return this.#notInMode();
        await keeping.forget(spoken);
        const { areas, floors } = home.description();
        const selected = await meantBy(intent, spoken, { sites, areas, floors }, vault, new Date());
        const count = await countOf(selected, vault);
        if (intent.slots.scope === "last" || count <= 1) return await this.#deleted({ intent, selected }, spoken);
        const context = contextOf(spoken);
        this.dropQuestion(spoken);
        const { id, by, until } = this.#waiting.add(context, { intent: { ...intent, text: "" }, selected }, "yes");
        this.#hub.conversations.asked(spoken, "confirmation");
        return { ...this.#said(intent, { toDelete: count }), asked: { id, by, withinMs: until - this.#now() } };
    }

    async #deleted({ intent, selected }: Deletion, { site, speaker }: Spoken): Promise<DispatchResult> {
        const { erasure, conversations, sessions } = this.#hub;
        const isLast = intent.slots.scope === "last";
        const places =
            selected === "everything" ? [undefined] : isLast ? [site] : selected.map((filter) => filter.site);
        for (const place of places) {
            // What is remembered for minutes goes as a whole.
            const whose = isLast && speaker !== undefined ? { speaker } : {};
            conversations.forget({ ...(place !== undefined && { site: place }), ...whose });
            sessions.forget(place);
        }
        const { ids } = await erasure.purge(selectionsOf(selected));
        return this.#said(intent, { deleted: ids.size });
    }

    async #forgetConversation(intent: Intent, spoken: Spoken): Promise<DispatchResult> {
        const { conversations, keeping, sessions } = this.#hub;
        const utterances = new Set([...conversations.utterancesOf(spoken), ...(spoken.utterances ?? [])]);
        conversations.takeOffRecord({ ...spoken, utterances: [] });
        sessions.forget(spoken.site);
        await keeping.forget({ ...spoken, utterances: [...utterances] });
        return this.#said(intent);
    }

    async #mute(intent: Intent, isMuted: boolean): Promise<DispatchResult> {
        this.#hub.mute(isMuted);
        return this.#said(intent);
    }

    async #startMode(intent: Intent, { site }: Spoken): Promise<DispatchResult> {
        const mode = MODES.find((each) => each === intent.slots.mode);
        if (!mode) throw new RangeError(`There is no mode "${intent.slots.mode}".`);
        // A guest is one in every room; what is on already, nobody makes less strict by saying another.
        if (!this.#isInMode({ ...(site !== undefined && { site }) })) await this.#hub.setMode(mode);
        return this.#said(intent);
    }

    async #whatWasHeard(intent: Intent, spoken: Spoken): Promise<DispatchResult> {
        const { vault, log } = this.#hub;
        if (this.#isInMode(spoken)) return this.#notInMode();
        const { site, speaker, utterances = [] } = spoken;
        const where = { ...(site !== undefined && { site }), ...(speaker !== undefined && { speaker }) };
        const recordings = (await vault.list({ ...where, limit: 4 * MAX_HEARD }))
            .filter(({ id, session }) => !utterances.includes(id) && !utterances.includes(session))
            .filter(({ hasTranscript }) => hasTranscript)
            .slice(0, MAX_HEARD);
        const contents = await Promise.all(recordings.map(({ id }) => vault.read(id)));
        const heard = contents.flatMap(({ transcript }) => transcript?.text || []);
        if (recordings.length > 0) {
            const known = this.#hub.sites.find(({ id }) => id === site);
            await log.append({ what: "recording-read", ...(known && { site: known.id }), count: recordings.length });
        }
        const result = this.#said(intent, { heard });
        // "Repeat that" would say it again: it goes with the recordings that it comes from.
        this.#hub.conversations.replied({ ...spoken, utterances: recordings.map(({ id }) => id) }, result.say);
        return result;
    }

    async #whoHears(intent: Intent): Promise<DispatchResult> {
        const { isMuted, sessions, sites, disclosures } = this.#hub;
        const open = isMuted ? [] : sites.filter(({ id }) => sessions.openSites.includes(id));
        const receivers = (await disclosures.receivers()).filter(({ got }) => got > 0);
        const passedOn = receivers.flatMap(({ to, got }) => (to === undefined ? [] : { name: to, count: got }));
        return this.#said(intent, { listening: open.map(({ name }) => name), passedOn });
    }

    #isInMode({ site }: Spoken): boolean {
        return this.#hub.modeAt(site) !== undefined;
    }

    #notInMode(): DispatchResult {
        return { devices: [], handled: true, say: sentence(this.#hub.language, "not_in_mode") };
    }

    #said(intent: Intent, facts: ReplyFacts = {}): DispatchResult {
        return { devices: [], handled: true, say: respond(this.#hub.language, intent, [], facts) };
    }
}

function contextOf({ site, speaker }: Spoken): DispatchContext {
    return { ...(site !== undefined && { site }), ...(speaker !== undefined && { speaker }) };
}

/**
 * What was understood a moment ago, for each place and speaker, so that "turn it off" has something to mean. In memory only,
 * for minutes, and never for anybody else: a conversation belongs to one site and one speaker.
 */
import type { Grammar } from "../grammar";
import type { Intent, Understanding } from "../intent";
import { afterwards, type Before, type Question } from "./before";

/** Where, by whom and in which utterance something was said. Without site and speaker nothing is remembered. */
export interface Spoken {
    readonly site?: string;
    /** Who spoke, where somebody knows; those nobody knows are one speaker of their own at each site. */
    readonly speaker?: string;
    /** Id of the area the speaker is in. */
    readonly area?: string;
    /** Ids under which the utterance is known elsewhere (its session, its recording), for `forget`. */
    readonly utterances?: readonly string[];
}

/** Everything that has all of the properties given; none given: everything. */
export interface Forgettable {
    readonly site?: string;
    readonly speaker?: string;
    /** An id that was given with what was said. */
    readonly utterance?: string;
}

/** Handed in, so that a test can hold the time. */
export interface ConversationClock {
    /** In milliseconds, from any start. */
    now(): number;
    /** Runs `task` once after `delayMs`; the returned function calls it off. */
    after(delayMs: number, task: () => void): () => void;
}

export interface ConversationOptions {
    readonly clock?: ConversationClock;
    /** How long after a sentence another may lean on it. Default: 5 minutes, as Home Assistant's conversations have it. */
    readonly keepMs?: number;
    /**
     * How long a question waits for its answer. Default: 1 minute: a bare "yes" or "the kitchen" that comes later is more
     * likely said to somebody else.
     */
    readonly answerMs?: number;
}

/** The one that was quiet for longest is forgotten for a new one. */
const MAX_CONVERSATIONS = 256;
/** Utterances that one conversation may come from, before it starts anew. */
const MAX_UTTERANCES = 64;

interface Conversation {
    readonly site: string | undefined;
    readonly speaker: string | undefined;
    readonly before: Before;
    /** Ids of all utterances that what is remembered comes from. */
    readonly utterances: ReadonlySet<string>;
    /** What was said to the speaker last. */
    readonly said?: string;
    /** Nothing of it may be kept anywhere. */
    readonly offRecord?: boolean;
    readonly at: number;
}

export class ConversationMemory {
    readonly #clock: ConversationClock;
    readonly #keepMs: number;
    readonly #answerMs: number;
    /** The one that was quiet for longest first. */
    readonly #conversations = new Map<string, Conversation>();
    #callOff: (() => void) | undefined;

    constructor({ clock = systemClock, keepMs = 300_000, answerMs = 60_000 }: ConversationOptions = {}) {
        this.#clock = clock;
        this.#keepMs = keepMs;
        this.#answerMs = answerMs;
    }

    /** What `text` asks for, given what was said before; remembers it. */
    understand(grammar: Grammar, text: string, spoken: Spoken): Understanding {
        const before = this.before(spoken);
        const understanding = grammar.understand(text, {
            ...(spoken.area === undefined ? {} : { area: spoken.area }),
            ...(before === undefined ? {} : { before }),
        });
        this.understood(spoken, understanding.intents);
        return understanding;
    }

    /** What the next sentence may lean on. */
    before(spoken: Spoken): Before | undefined {
        const known = this.#known(spoken);
        if (known === undefined) return undefined;
        if (this.#clock.now() - known.at <= this.#answerMs) return known.before;
        const { awaits: _, ...before } = known.before;
        return before;
    }

    /** Remembers what a sentence asked for; one that was not understood changes nothing. */
    understood(spoken: Spoken, intents: readonly Intent[]): void {
        if (intents.length === 0) return;
        // The words themselves are not needed to go on.
        const kept = intents.map((intent) => ({ ...intent, text: "" }));
        this.#remember(spoken, (known) => ({ before: afterwards(known?.before, kept) }));
    }

    /** From now on an answer to `question` is expected: for "which one?" it is noticed without being told. */
    asked(spoken: Spoken, question: Question): void {
        this.#remember(spoken, (known) => ({ before: { ...afterwards(known?.before, []), awaits: question } }));
    }

    /** Remembers what was said to the speaker, for "repeat that". */
    replied(spoken: Spoken, said: string): void {
        this.#remember(spoken, (known) => ({ before: known?.before ?? afterwards(undefined, []), said }));
    }

    lastReply(spoken: Spoken): string | undefined {
        return this.#known(spoken)?.said;
    }

    /** Ids of the utterances that what is remembered comes from. */
    utterancesOf(spoken: Spoken): readonly string[] {
        return [...(this.#known(spoken)?.utterances ?? [])];
    }

    /** What was said is forgotten; what follows in this conversation is off the record. */
    takeOffRecord(spoken: Spoken): void {
        const key = keyOf(spoken);
        if (key === undefined) return;
        this.#conversations.delete(key);
        this.#remember(spoken, () => ({ before: afterwards(undefined, []), offRecord: true }));
    }

    isOffRecord(spoken: Spoken): boolean {
        return this.#known(spoken)?.offRecord ?? false;
    }

    /** Everything that comes from what is named, also where only a part of it does. */
    forget(what: Forgettable): void {
        for (const [key, { site, speaker, utterances }] of this.#conversations) {
            const isMeant =
                (what.site === undefined || what.site === site) &&
                (what.speaker === undefined || what.speaker === speaker) &&
                (what.utterance === undefined || utterances.has(what.utterance));
            if (isMeant) this.#conversations.delete(key);
        }
        this.#scheduleSweep();
    }

    /** Every conversation that comes, wholly or in part, from an utterance that is meant. */
    forgetUtterances(isMeant: (utterance: string) => boolean): void {
        for (const [key, { utterances }] of this.#conversations) {
            if ([...utterances].some(isMeant)) this.#conversations.delete(key);
        }
        this.#scheduleSweep();
    }

    /** Forgets everything and waits for nothing. */
    stop(): void {
        this.forget({});
    }

    #known(spoken: Spoken): Conversation | undefined {
        this.#sweep();
        const key = keyOf(spoken);
        return key === undefined ? undefined : this.#conversations.get(key);
    }

    #remember(
        spoken: Spoken,
        next: (known?: Conversation) => Pick<Conversation, "before" | "said" | "offRecord">,
    ): void {
        const key = keyOf(spoken);
        if (key === undefined) return;
        const known = this.#known(spoken);
        const utterances = new Set([...(known?.utterances ?? []), ...(spoken.utterances ?? [])]);
        this.#conversations.delete(key);
        const [oldest] = this.#conversations.keys();
        if (this.#conversations.size >= MAX_CONVERSATIONS && oldest !== undefined) this.#conversations.delete(oldest);
        const { site, speaker } = spoken;
        const at = this.#clock.now();
        if (utterances.size > MAX_UTTERANCES) {
            const { offRecord = false } = known ?? {};
            const since = new Set(spoken.utterances);
            this.#conversations.set(key, { site, speaker, at, utterances: since, offRecord, ...next() });
        } else {
            this.#conversations.set(key, { ...known, site, speaker, at, utterances, ...next(known) });
        }
        this.#scheduleSweep();
    }

    /** Nothing stays for longer than it may, also where nobody says anything any more. */
    #sweep(): void {
        const oldest = this.#clock.now() - this.#keepMs;
        for (const [key, { at }] of this.#conversations) {
            if (at > oldest) break;
            this.#conversations.delete(key);
        }
    }

    #scheduleSweep(): void {
        const [oldest] = this.#conversations.values();
        if (oldest === undefined) {
            this.#callOff?.();
            this.#callOff = undefined;
        } else if (this.#callOff === undefined) {
            this.#callOff = this.#clock.after(Math.max(0, oldest.at + this.#keepMs - this.#clock.now()), () => {
                this.#callOff = undefined;
                this.#sweep();
                this.#scheduleSweep();
            });
        }
    }
}

const systemClock: ConversationClock = {
    now: () => performance.now(),
    after: (delayMs, task) => {
        const timer = setTimeout(task, delayMs);
        timer.unref();
        return () => clearTimeout(timer);
    },
};

function keyOf({ site, speaker }: Spoken): string | undefined {
    return site === undefined && speaker === undefined ? undefined : JSON.stringify([site ?? null, speaker ?? null]);
}

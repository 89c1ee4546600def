/** What a sentence may lean on: what was understood before it in the same conversation. Data only; nothing here expires. */
import type { Intent } from "../intent";

/** What was asked back, and not answered yet. */
export type Question =
    /** "Which one do you mean?": the last intent has candidates. */
    | "choice"
    /** "Shall I?": yes or no is an answer now, and no sentence at other times. */
    | "confirmation";

export interface Before {
    /** What the last sentence that was about devices asked for. */
    readonly last: readonly Intent[];
    /** What the last sentence that ordered something asked for: older than `last` where that was a question. */
    readonly orders: readonly Intent[];
    /** Ids of devices that could have been meant as well, when the speaker chose one: "the other one" is among them. */
    readonly others: readonly string[];
    readonly awaits?: Question;
}

/** Only asked, nothing changed. */
const QUESTION = /^Hass(?:Climate)?Get/;

const NOTHING: Before = { last: [], orders: [], others: [] };

/** What the next sentence may lean on; intents that are not about devices leave it as it was, but for what was asked. */
export function afterwards(before: Before | undefined, intents: readonly Intent[]): Before {
    const about = intents.filter(({ targets, candidates = [] }) => targets.length > 0 || candidates.length > 0);
    const { awaits: _, ...known } = before ?? NOTHING;
    if (about.length === 0) return known;
    const orders = about.filter(({ name }) => !QUESTION.test(name));
    const isOpen = about.some(({ candidates = [] }) => candidates.length > 0);
    return {
        last: about,
        orders: orders.length > 0 ? orders : known.orders,
        others: leftOut(known.last, about),
        ...(isOpen ? { awaits: "choice" as const } : {}),
    };
}

/** Candidates that were not chosen; none unless there was something to choose. */
function leftOut(asked: readonly Intent[], answers: readonly Intent[]): readonly string[] {
    const chosen = new Set(answers.flatMap(({ targets }) => targets));
    const candidates = asked.flatMap((intent) => intent.candidates ?? []);
    return candidates.some((id) => chosen.has(id)) ? candidates.filter((id) => !chosen.has(id)) : [];
}

/** What to say about what was done, in the language of the speaker; all words come from the language's `replies`. */
import type { Device } from "../../home";
import type { Intent, SlotValue } from "../intent";
import type { Language } from "../language";
import { deviceReplies } from "./device-replies";
import type { ReplyFacts } from "./facts";
import { otherReply } from "./other-replies";
import type { DeviceOutcome } from "./outcome";
import { ReplyWriter } from "./reply-writer";

/** Intents that are answered without anything being done. */
const ONLY_ANSWERED = new Set(["HassGetCurrentTime", "HassGetCurrentDate", "HassNevermind", "HassRespond"]);

/** Whether `respond` has all it needs for the reply without any device or service being asked. */
export function needsNoDevice({ name }: Pick<Intent, "name">): boolean {
    return ONLY_ANSWERED.has(name);
}

/**
 * The sentence to say after an intent was carried out, built from what the devices say their state is now.
 * Devices with the same state share a sentence; those that failed get their own.
 * @param candidates the devices of `intent.candidates`, for asking back by name
 */
export function respond(
    language: Language,
    intent: Intent,
    outcomes: readonly DeviceOutcome[],
    facts: ReplyFacts = {},
    candidates: readonly Device[] = [],
): string {
    const writer = new ReplyWriter(language);
    const other = otherReply(writer, intent, facts);
    if (other !== undefined) return other;
    if (outcomes.length === 0) {
        if (intent.candidates !== undefined && intent.candidates.length > 0) return askingBack(writer, candidates);
        return writer.sentence("no_device");
    }
    const done = outcomes.filter(({ ok }) => ok);
    const failed = outcomes.filter(({ ok }) => !ok);
    return [...deviceReplies(writer, intent, done), ...failures(writer, failed)].join(" ");
}

/** To ask before everything of a kind is touched: "That is about twelve lights. Shall I really do that?" */
export function confirmation(language: Language, devices: readonly Device[]): string {
    const writer = new ReplyWriter(language);
    const about = devices.map((device) => ({ device }));
    return writer.sentence("confirm", devices.length, { devices: writer.devices(about) });
}

/** The reply to what was not understood, with the nearest sentence that would have been. */
export function notUnderstood(language: Language, suggestions: readonly string[] = []): string {
    const [suggestion] = suggestions;
    if (suggestion === undefined) return sentence(language, "not_understood");
    return sentence(language, "not_understood_suggesting", { suggestion });
}

/** A fixed sentence of the language, such as `not_understood`, with `{values}` filled in. */
export function sentence(language: Language, key: string, values: Readonly<Record<string, SlotValue>> = {}): string {
    return new ReplyWriter(language).sentence(key, 1, values);
}

function askingBack(writer: ReplyWriter, candidates: readonly Device[]): string {
    const about = candidates.map((device) => ({ device }));
    const choices = about.length === 0 ? undefined : writer.choices(about);
    if (choices !== undefined) return writer.sentence("which_of", about.length, { choices });
    return writer.sentence("which");
}

function failures(writer: ReplyWriter, failed: readonly DeviceOutcome[]): string[] {
    const replyFor = (error: string | undefined) =>
        error !== undefined && writer.has(`failed_${error}`) ? `failed_${error}` : "failed";
    const groups = Map.groupBy(failed, ({ error }) => replyFor(error));
    return [...groups].map(([reply, same]) => writer.sentence(reply, same.length, { devices: writer.devices(same) }));
}

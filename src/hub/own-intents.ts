/** Intents that are about no device: what Earshot itself is asked. */
import { isForDevices } from "../home";
import { type Intent, type Language, needsNoDevice, respond, sentence } from "../language";
import type { DispatchResult } from "./orders";

export function isAboutDevices({ name, targets, candidates = [] }: Intent): boolean {
    return targets.length > 0 || candidates.length > 0 || isForDevices(name);
}

/** Intents of ours that a sentence answers. */
const ANSWERED = new Set(["EarshotRepeat", "EarshotHelp", "EarshotConfirm", "EarshotDecline"]);

/** What can be said at once is; the rest is left to the flow, and the reply says so. */
export function answerTo(intent: Intent, language: Language, lastReply: string | undefined): DispatchResult {
    const answered = (say: string) => ({ devices: [], handled: true, say });
    // A reply under the name of an intent is all that this intent needs.
    if (language.replies.has(intent.name)) return answered(sentence(language, intent.name));
    if (needsNoDevice(intent) || ANSWERED.has(intent.name)) {
        return answered(respond(language, intent, [], lastReply === undefined ? {} : { lastReply }));
    }
    return { devices: [], handled: false, say: sentence(language, "not_yet") };
}

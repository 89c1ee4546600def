/** What messages carry between the nodes, read from messages that anything may have been done to on the way. */
import type { Intent, Spoken } from "../src/language";
import type { Transcript } from "../src/speech";
import type { Message } from "./define-node";

/** Where the sentence of a message was said, or is meant to come from. */
export function siteOf({ voice, site }: Message): { readonly site?: string } {
    const said = property(voice, "site") ?? site;
    return typeof said === "string" && said !== "" ? { site: said } : {};
}

/** Where, by whom and in which utterance the sentence of a message was said. */
export function spokenOf(msg: Message): Spoken {
    const said = property(msg.voice, "speaker") ?? msg.speaker;
    // The first names the sentence: an `understand` node gives all intents of one the same `parts`.
    const ids = [property(msg.parts, "id"), property(msg.voice, "session"), recordingOf(msg)];
    const utterances = ids.filter((id) => typeof id === "string");
    return { ...siteOf(msg), ...(typeof said === "string" && said !== "" && { speaker: said }), utterances };
}

/** Id of the recording that a `recording` node kept of the message's sound. */
export function recordingOf({ voice }: Message): string | undefined {
    const recording = property(voice, "recording");
    return typeof recording === "string" ? recording : undefined;
}

/** The intent an `understand` node found, or one that somebody put together by hand. */
export function intentOf({ intent }: Message): Intent | undefined {
    const name = property(intent, "name");
    const targets = property(intent, "targets");
    if (typeof name !== "string" || !Array.isArray(targets)) return undefined;
    return { confidence: 1, slots: {}, text: "", ...(intent as object), name, targets: targets.map(String) };
}

/** Id of the question that a message of a `dispatch` node asks. */
export function askedOf({ result }: Message): string | undefined {
    const id = property(property(result, "asked"), "id");
    return typeof id === "string" ? id : undefined;
}

/** What `transcribe` wrote down of the message's sound. */
export function transcriptOf({ transcript }: Message): Transcript | undefined {
    return typeof property(transcript, "text") === "string" ? (transcript as Transcript) : undefined;
}

function property(value: unknown, name: string): unknown {
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** The places of a message that hold what was said, redacted in a copy: other branches may share the message. */
import { decodeWav, encodeWav, SAMPLE_RATE } from "../src/audio";
import {
    covered,
    largerCounts,
    type RedactionCounts,
    RedactionError,
    type Redactor,
    type SoundCover,
    type TimeRange,
    timesOf,
} from "../src/redact";
import type { Transcript } from "../src/speech";
import type { RecordingContent, Replacement } from "../src/vault";
import type { Message } from "./define-node";
import { transcriptOf } from "./message";

/** Deeper than any intent; what lies deeper goes. */
const MAX_DEPTH = 20;

export interface RedactedMessage {
    readonly message: Message;
    /** The more of what was found in the text and in the transcript: they say the same. */
    readonly counts: RedactionCounts;
}

/** @param cover for a recording in `payload`; as it is without one */
export function redactMessage(msg: Message, redactor: Redactor, cover?: SoundCover): RedactedMessage {
    const message: Message = { ...msg };
    const transcript = transcriptOf(msg);
    const ofTranscript = transcript && redactor.redactTranscript(transcript);
    if (ofTranscript) message.transcript = ofTranscript.transcript;
    let counts = ofTranscript?.counts ?? {};
    if (typeof msg.payload === "string") {
        const { text, counts: ofText } = redactor.redact(msg.payload);
        message.payload = text;
        counts = largerCounts(counts, ofText);
    } else if (cover && msg.payload instanceof Uint8Array) {
        const { format, samples } = decodeWav(msg.payload);
        const times = rangesOf(redactor, transcript);
        message.payload = encodeWav(covered(samples, times, cover, format.sampleRate), format.sampleRate);
    }
    for (const property of ["intent", "suggestions", "result"]) {
        if (msg[property] !== undefined) message[property] = redactStrings(msg[property], redactor);
    }
    return { message, counts };
}

/**
 * What replaces a kept recording; undefined when there is nothing to redact in it.
 * @throws RedactionError "no-times" when there is sound, and nobody knows what is said in it, or when
 */
export function redactRecording(
    { samples, transcript: kept, derived }: RecordingContent,
    msg: Message,
    redactor: Redactor,
    cover: SoundCover,
): Replacement | undefined {
    const transcript = kept ?? transcriptOf(msg);
    const times = samples ? rangesOf(redactor, transcript) : [];
    const redactedTranscript = kept && redactor.redactTranscript(kept);
    const redactedDerived = derived.map(({ kind, value }) => ({ kind, value: redactStrings(value, redactor) }));
    const replacement: Replacement = {
        ...(samples && times.length > 0 && { samples: covered(samples, times, cover, SAMPLE_RATE) }),
        ...(redactedTranscript &&
            redactedTranscript.transcript.text !== kept.text && { transcript: redactedTranscript.transcript }),
        ...(JSON.stringify(redactedDerived) !== JSON.stringify(derived) && { derived: redactedDerived }),
    };
    return Object.keys(replacement).length === 0 ? undefined : replacement;
}

function rangesOf(redactor: Redactor, transcript: Transcript | undefined): readonly TimeRange[] {
    if (!transcript) {
        throw new RedactionError(
            "no-times",
            "There is no transcript of this sound, so nobody knows what to cover in it.",
        );
    }
    return timesOf(redactor.redactTranscript(transcript), transcript.words);
}

function redactStrings(value: unknown, redactor: Redactor, depth = 0): unknown {
    if (typeof value === "string") return redactor.redact(value).text;
    if (typeof value !== "object" || value === null) return value;
    if (depth === MAX_DEPTH) return null;
    if (Array.isArray(value)) return value.map((entry: unknown) => redactStrings(entry, redactor, depth + 1));
    return Object.fromEntries(
        Object.entries(value).map(([name, entry]) => [name, redactStrings(entry, redactor, depth + 1)]),
    );
}

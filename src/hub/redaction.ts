/** What is heard loses its personal data before anybody is told of it: in the transcript, and in the sound in memory. */
import { SAMPLE_RATE } from "../audio";
import {
    covered,
    pseudonymKey,
    REDACTION_CLASSES,
    type RedactionCounts,
    Redactor,
    type SoundCover,
    type TextMode,
    timesOf,
} from "../redact";
import type { Transcript } from "../speech";
import type { Session } from "./session";

export interface RedactionSettings {
    readonly mode: TextMode;
    /** What is heard in the place of it; without it the sound stays as it is. */
    readonly cover?: SoundCover;
    /** Names that are redacted besides those that everybody knows. */
    readonly contacts: readonly string[];
}

export interface Redacted {
    readonly transcript: Transcript;
    readonly counts: RedactionCounts;
}

export class TranscriptRedaction {
    readonly #redactor: Redactor;
    readonly #cover: SoundCover | undefined;

    private constructor(redactor: Redactor, cover: SoundCover | undefined) {
        this.#redactor = redactor;
        this.#cover = cover;
    }

    /** @param keyFile of the key for pseudonyms; made when it is needed */
    static async open(
        { mode, cover, contacts }: RedactionSettings,
        language: string,
        keyFile: string,
    ): Promise<TranscriptRedaction> {
        const key = mode === "pseudonym" ? await pseudonymKey(keyFile) : undefined;
        const classes = REDACTION_CLASSES;
        return new TranscriptRedaction(new Redactor({ language, classes, mode, contacts, ...(key && { key }) }), cover);
    }

    /**
     * @param session that was transcribed from the start of what is in memory
     * @throws RedactionError "no-times" when its sound is to be redacted, and nobody knows where
     */
    redact(transcript: Transcript, session: Session): Redacted {
        const redacted = this.#redactor.redactTranscript(transcript);
        if (this.#cover) {
            const samples = session.samples();
            // What came after the transcript nobody has looked at.
            const unheard = { startMs: transcript.durationMs, endMs: (samples.length / SAMPLE_RATE) * 1_000 };
            const times = [
                ...timesOf(redacted, transcript.words),
                ...(unheard.startMs < unheard.endMs ? [unheard] : []),
            ];
            session.overwrite(covered(samples, times, this.#cover));
            samples.fill(0);
        }
        return { transcript: redacted.transcript, counts: redacted.counts };
    }
}

/** What a recording's row holds, sealed and opened: its keys by the page's key, its words by its own. */
import { encodePcm, SAMPLE_RATE } from "../audio";
import type { Samples, Transcript } from "../speech";
import type { Derived, ImportedKeepsake, Recording } from "./recording";
import { derivedKey, openValue, sealedSound, sealValue } from "./seal";
import type { SoundPlace } from "./sound-segments";
import type { KeyPage, SealedRow } from "./store-index";

export interface Words {
    readonly transcript?: Transcript;
    readonly derived: readonly Derived[];
}

export function recordingOf(keepsake: ImportedKeepsake): Recording {
    const { id, session, site, speaker, startedAt, durationMs = 0, keptAt, samples, transcript } = keepsake;
    return {
        id,
        session,
        site,
        ...(speaker !== undefined && { speaker }),
        startedAt,
        durationMs: samples ? durationOf(samples) : Math.round(durationMs),
        keptAt,
        hasSound: samples !== undefined,
        hasTranscript: transcript !== undefined,
    };
}

export function durationOf(samples: Samples): number {
    return Math.round((samples.length / SAMPLE_RATE) * 1_000);
}

export function sealedSamples(key: Buffer, samples: Samples, id: string): Iterable<Buffer> {
    return sealedSound(key, encodePcm(samples, "s16"), id);
}

/** @param sound where its sealed sound is; absent when it has none */
export function sealedRow(
    keepsake: ImportedKeepsake,
    sound: SoundPlace | undefined,
    wordsKey: Buffer,
    page: KeyPage,
): SealedRow {
    const { id, transcript, derived = [] } = keepsake;
    const words = sealedWords(id, { ...(transcript && { transcript }), derived }, wordsKey);
    return { recording: recordingOf(keepsake), page, hasWords: true, sound, ...words };
}

export function sealedWords(
    id: string,
    { transcript, derived }: Words,
    key: Buffer,
): Pick<SealedRow, "transcript" | "derived"> {
    return {
        transcript: transcript && sealed(key, transcript, "transcript", id),
        derived: derived.length > 0 ? sealed(key, derived, "derived", id) : undefined,
    };
}

/** @throws VaultError "damaged" */
export function openedWords({ recording: { id }, transcript, derived }: SealedRow, key: Buffer | undefined): Words {
    if (!key) return { derived: [] };
    return {
        ...(transcript && { transcript: opened(key, transcript, "transcript", id) as Transcript }),
        derived: derived ? (opened(key, derived, "derived", id) as readonly Derived[]) : [],
    };
}

function sealed(key: Buffer, value: unknown, what: string, id: string): Buffer {
    return sealValue(
        derivedKey(key, `earshot ${what}`),
        Buffer.from(JSON.stringify(value)),
        `${what} of recording ${id}`,
    );
}

function opened(key: Buffer, value: Uint8Array, what: string, id: string): unknown {
    return JSON.parse(openValue(derivedKey(key, `earshot ${what}`), value, `${what} of recording ${id}`).toString());
}

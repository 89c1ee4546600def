/** What a recording's row holds, sealed and opened: its keys by the page's key, its words by its own. */
import { encodePcm, SAMPLE_RATE } from "../audio";
import type { Samples, Transcript } from "../speech";
import type { Derived, ImportedKeepsake, Recording } from "./recording";
import { derivedKey, newKey, openValue, sealedSound, sealValue } from "./seal";
import type { SoundFile } from "./sound-files";
import type { KeyPage, SealedRow, WrappedKeys } from "./store-index";

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

export function soundFileOf(name: string, key: Buffer, samples: Samples, id: string): SoundFile {
    return { name, pieces: sealedSound(key, encodePcm(samples, "s16"), id) };
}

/** @param sound where its sealed sound is, and the key of it */
export function sealedRow(
    keepsake: ImportedKeepsake,
    sound: { readonly file: string; readonly key: Buffer } | undefined,
    page: KeyPage,
    pageKey: Buffer,
): SealedRow {
    const { id, transcript, derived = [] } = keepsake;
    return {
        recording: recordingOf(keepsake),
        page,
        soundFile: sound?.file,
        soundKey: sound && wrappedSoundKey(id, sound.key, pageKey),
        ...sealedWords(id, { ...(transcript && { transcript }), derived }, pageKey),
    };
}

/** Words under a new key. */
export function sealedWords(
    id: string,
    { transcript, derived }: Words,
    pageKey: Buffer,
): Pick<SealedRow, "wordsKey" | "transcript" | "derived"> {
    const key = newKey();
    try {
        return {
            wordsKey: sealValue(pageKey, key, wordsBond(id)),
            transcript: transcript && sealed(key, transcript, "transcript", id),
            derived: derived.length > 0 ? sealed(key, derived, "derived", id) : undefined,
        };
    } finally {
        key.fill(0);
    }
}

/** @throws VaultError "damaged" */
export function openedWords({ recording: { id }, wordsKey, transcript, derived }: SealedRow, pageKey: Buffer): Words {
    if (!wordsKey) return { derived: [] };
    const key = openValue(pageKey, wordsKey, wordsBond(id));
    try {
        return {
            ...(transcript && { transcript: opened(key, transcript, "transcript", id) as Transcript }),
            derived: derived ? (opened(key, derived, "derived", id) as readonly Derived[]) : [],
        };
    } finally {
        key.fill(0);
    }
}

export function wrappedSoundKey(id: string, key: Buffer, pageKey: Buffer): Buffer {
    return sealValue(pageKey, key, soundBond(id));
}

/** @throws VaultError "damaged" */
export function openedSoundKey(id: string, wrapped: Uint8Array, pageKey: Buffer): Buffer {
    return openValue(pageKey, wrapped, soundBond(id));
}

/** The same keys, wrapped by another page key. @throws VaultError "damaged" */
export function rewrapped({ id, wordsKey, soundKey }: WrappedKeys, from: Buffer, to: Buffer): WrappedKeys {
    const again = (key: Uint8Array | undefined, bond: string) => key && sealValue(to, openValue(from, key, bond), bond);
    return { id, wordsKey: again(wordsKey, wordsBond(id)), soundKey: again(soundKey, soundBond(id)) };
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

function wordsBond(id: string): string {
    return `key of the words of recording ${id}`;
}

function soundBond(id: string): string {
    return `key of the sound of recording ${id}`;
}

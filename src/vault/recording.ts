import { randomBytes } from "node:crypto";
import type { Samples, Transcript } from "../speech";

/** An utterance that was kept. Nothing here says what was said. */
export interface Recording {
    /**
     * UUID version 7 (RFC 9562) of `startedAt`: ids sort by time. It is the provenance id too: whatever comes of the
     * utterance, here or elsewhere, is kept under it, so that purging the utterance finds it.
     */
    readonly id: string;
    readonly session: string;
    readonly site: string;
    /** Id of who spoke, where that is known. */
    readonly speaker?: string;
    /** Milliseconds since 1970. */
    readonly startedAt: number;
    readonly durationMs: number;
    /**
     * When it was kept, in milliseconds since 1970, by a clock that is never set back: retention counts from then.
     * An imported recording keeps its own.
     */
    readonly keptAt: number;
    readonly hasSound: boolean;
    readonly hasTranscript: boolean;
}

/** Something that came of an utterance. */
export interface Derived {
    /** "intent", "reply", "list-item", …: one word. An intent is found by its value's `name`. */
    readonly kind: string;
    /** JSON. */
    readonly value: unknown;
}

/** An utterance to keep: its sound, its transcript, what came of it, or all of these. */
export interface Keepsake {
    readonly session: string;
    readonly site: string;
    readonly speaker?: string;
    /** Milliseconds since 1970. */
    readonly startedAt: number;
    /** Needed where there is no sound to tell it. */
    readonly durationMs?: number;
    readonly samples?: Samples;
    readonly transcript?: Transcript;
    readonly derived?: readonly Derived[];
}

/** A recording that comes from an export: it keeps its id. */
export interface ImportedKeepsake extends Keepsake {
    readonly id: string;
    readonly keptAt: number;
}

export interface RecordingContent {
    readonly recording: Recording;
    /** As they were kept, to 16 bits; absent when no sound was kept. */
    readonly samples?: Samples;
    readonly transcript?: Transcript;
    readonly derived: readonly Derived[];
}

/** A recording without its sound. */
export type RecordingWords = Omit<RecordingContent, "samples">;

/** What stands for what was there: an edited transcript, or a redacted copy. What is absent stays as it is. */
export interface Replacement {
    readonly samples?: Samples;
    readonly transcript?: Transcript;
    readonly derived?: readonly Derived[];
}

/** Every condition given has to hold. */
export interface RecordingFilter {
    readonly site?: string;
    /** null: nobody knows who spoke. */
    readonly speaker?: string | null;
    readonly session?: string;
    /** Started then or later, in milliseconds since 1970. */
    readonly from?: number;
    /** Started before then, in milliseconds since 1970. */
    readonly to?: number;
    /** The transcript has words that begin with each of these, whatever their case and accents. */
    readonly words?: string;
    /** Name of an intent that was found in it. */
    readonly intent?: string;
}

export interface RecordingPage extends RecordingFilter {
    /** 1 to 1,000; 100 when not given. */
    readonly limit?: number;
    /** Id of the last recording of the page before; it may have been purged since. */
    readonly before?: string;
}

/** A recording has these; each can be purged without the other. */
export const RECORDING_PARTS = [
    "sound",
    /** The transcript, and everything derived. */
    "words",
] as const;

export type RecordingPart = (typeof RECORDING_PARTS)[number];

/** What to purge; `all` stands alone, but for `part`. */
export interface RecordingSelection extends RecordingFilter {
    readonly ids?: readonly string[];
    readonly all?: boolean;
    /** Kept before then (`keptAt`), in milliseconds since 1970. */
    readonly keptBefore?: number;
    /** Only this of them; everything when not given. */
    readonly part?: RecordingPart;
}

/** What the vault holds, in numbers. */
export interface VaultStatus {
    readonly recordings: number;
    readonly durationMs: number;
    /** Milliseconds since 1970; absent when there is no recording. */
    readonly oldestStartedAt?: number;
    /** By the clock that is never set back. */
    readonly now: number;
    /** Who there are recordings of, and from where; the speaker is absent where nobody knows. */
    readonly groups: readonly { readonly site: string; readonly speaker?: string }[];
}

/** What one recording may be at most. */
export const RECORDING_LIMITS = {
    samples: 16_000 * 3_600,
    transcriptCharacters: 1024 * 1024,
    /** Of everything derived from one utterance, as JSON. */
    derivedCharacters: 256 * 1024,
    nameCharacters: 200,
    wordsCharacters: 1_000,
    idsPerPurge: 100_000,
    selectionsPerPurge: 1_000,
    page: 1_000,
} as const;

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function isRecordingId(id: unknown): id is string {
    return typeof id === "string" && ID.test(id);
}

export function newRecordingId(startedAt: number): string {
    const bytes = randomBytes(16);
    bytes.writeUIntBE(clampedTime(startedAt), 0, 6);
    bytes[6] = 0x70 | (bytes.readUInt8(6) & 0x0f);
    bytes[8] = 0x80 | (bytes.readUInt8(8) & 0x3f);
    return dashed(bytes.toString("hex"));
}

/** The least id of a recording that started at `time`. */
export function firstIdAt(time: number): string {
    return dashed(`${clampedTime(time).toString(16).padStart(12, "0")}${"0".repeat(20)}`);
}

/** `id` in 16 bytes. */
export function packedId(id: string): Buffer {
    return Buffer.from(id.replaceAll("-", ""), "hex");
}

export function unpackedId(bytes: Buffer): string {
    return dashed(bytes.toString("hex"));
}

function clampedTime(time: number): number {
    return Math.min(2 ** 48 - 1, Math.max(0, Math.ceil(time)));
}

function dashed(hex: string): string {
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

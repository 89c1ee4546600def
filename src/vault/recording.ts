import { randomBytes } from "node:crypto";
import type { Samples, Transcript } from "../speech";

/** An utterance that was kept. Nothing here says what was said. */
export interface Recording {
    /** UUID version 7 (RFC 9562) of `startedAt`: ids sort by time. */
    readonly id: string;
    readonly session: string;
    readonly site: string;
    /** Milliseconds since 1970. */
    readonly startedAt: number;
    readonly durationMs: number;
    readonly hasTranscript: boolean;
}

/** An utterance to keep. */
export interface Keepsake {
    readonly session: string;
    readonly site: string;
    /** Milliseconds since 1970. */
    readonly startedAt: number;
    readonly samples: Samples;
    readonly transcript?: Transcript;
}

export interface RecordingContent {
    readonly recording: Recording;
    /** As they were kept, to 16 bits. */
    readonly samples: Samples;
    readonly transcript?: Transcript;
}

/** Every condition given has to hold. */
export interface RecordingFilter {
    readonly site?: string;
    /** Started then or later, in milliseconds since 1970. */
    readonly from?: number;
    /** Started before then, in milliseconds since 1970. */
    readonly to?: number;
}

export interface RecordingPage extends RecordingFilter {
    /** 1 to 1,000; 100 when not given. */
    readonly limit?: number;
    /** Id of the last recording of the page before; it may have been purged since. */
    readonly before?: string;
}

/** What to purge; `all` stands alone. */
export interface RecordingSelection extends RecordingFilter {
    readonly ids?: readonly string[];
    readonly all?: boolean;
}

/** What one recording may be at most. */
export const RECORDING_LIMITS = {
    samples: 16_000 * 3_600,
    transcriptCharacters: 1024 * 1024,
    nameCharacters: 200,
    idsPerPurge: 100_000,
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

function clampedTime(time: number): number {
    return Math.min(2 ** 48 - 1, Math.max(0, Math.ceil(time)));
}

function dashed(hex: string): string {
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

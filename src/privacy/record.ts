/** A line of the privacy log: what happened, never what was said. There is no field that could hold words. */
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { PrivacyLogError } from "./error";

export const PRIVACY_EVENTS = [
    "microphone-opened",
    "microphone-closed",
    "wake-word",
    "button",
    "transcribed",
    "recording-kept",
    "recording-read",
    "recording-handed-out",
    "purged",
    /** A flow asked for a line. */
    "note",
    /** The last line was torn when the program stopped: its bytes are set aside in the file with the ending ".torn". */
    "log-repaired",
] as const;

export type PrivacyEventName = (typeof PRIVACY_EVENTS)[number];

export interface PrivacyEvent {
    readonly what: PrivacyEventName;
    /** Id of the Node-RED node. */
    readonly node?: string;
    /** Name of the site, as configured. */
    readonly site?: string;
    /** Of the sound concerned. */
    readonly durationMs?: number;
    readonly bytes?: number;
    /** Of the recordings concerned. */
    readonly count?: number;
}

export interface PrivacyRecord extends PrivacyEvent {
    /** From 1, without a gap. */
    readonly seq: number;
    /** When, in ISO 8601 and UTC, by the clock of the machine: it may have been set back. */
    readonly at: string;
    /** Hash of the record before; 64 zeros in the first. */
    readonly prev: string;
    /** SHA-256 over this record without this field, as it stands in the file, in hexadecimal digits. */
    readonly hash: string;
}

export const FIRST_PREV = "0".repeat(64);

/** Longer than any record can be. */
export const MAX_LINE_BYTES = 2_048;

const MAX_NAME_CHARACTERS = 100;

/**
 * @returns `event` with whole numbers, and without anything that has no place in the log
 * @throws PrivacyLogError "bad-event"
 */
export function checkedEvent(event: PrivacyEvent, sites: readonly string[] | undefined): PrivacyEvent {
    const { what, node, site, durationMs, bytes, count } = event;
    if (!PRIVACY_EVENTS.includes(what)) throw new PrivacyLogError("bad-event", "The privacy log has no such event.");
    if (node !== undefined && !isId(node)) throw new PrivacyLogError("bad-event", "That is not the id of a node.");
    if (site !== undefined && !(sites ? sites.includes(site) && isName(site) : isId(site))) {
        throw new PrivacyLogError("bad-event", "The privacy log takes the names of configured sites only.");
    }
    return {
        what,
        ...(node !== undefined && { node }),
        ...(site !== undefined && { site }),
        ...(durationMs !== undefined && { durationMs: wholeNumber(durationMs) }),
        ...(bytes !== undefined && { bytes: wholeNumber(bytes) }),
        ...(count !== undefined && { count: wholeNumber(count) }),
    };
}

export function sealedRecord(seq: number, at: string, event: PrivacyEvent, prev: string): PrivacyRecord {
    const record = { seq, at, ...event, prev };
    return { ...record, hash: hashOf(record) };
}

/** The line of a record, without the line break: its fields in one order, nothing between them. */
export function lineOf(record: PrivacyRecord): string {
    return JSON.stringify({ ...ordered(record), hash: record.hash });
}

export type LineFault = "not-a-record" | "changed";

/** A line as a record, if it is one, written as this program writes them, and its own hash is right. */
export function parseLine(bytes: Buffer): PrivacyRecord | LineFault {
    // Bytes that are no text would all look the same once they are one.
    if (!isUtf8(bytes)) return "not-a-record";
    const line = bytes.toString("utf8");
    let value: unknown;
    try {
        value = JSON.parse(line);
    } catch {
        return "not-a-record";
    }
    if (!isRecord(value)) return "not-a-record";
    return line === lineOf(value) && value.hash === hashOf(value) ? value : "changed";
}

function hashOf(record: Omit<PrivacyRecord, "hash">): string {
    return createHash("sha256")
        .update(JSON.stringify(ordered(record)))
        .digest("hex");
}

function ordered({ seq, at, what, node, site, durationMs, bytes, count, prev }: Omit<PrivacyRecord, "hash">) {
    return { seq, at, what, node, site, durationMs, bytes, count, prev };
}

function isRecord(value: unknown): value is PrivacyRecord {
    if (typeof value !== "object" || value === null) return false;
    const texts = ["at", "what", "prev", "hash"].every((key) => typeof Reflect.get(value, key) === "string");
    return texts && Number.isSafeInteger(Reflect.get(value, "seq"));
}

/** An id has no room for a sentence. */
function isId(text: string): boolean {
    return /^[\w.:-]{1,64}$/.test(text);
}

function isName(text: string): boolean {
    return text.length > 0 && text.length <= MAX_NAME_CHARACTERS && !/\p{Cc}/u.test(text);
}

function wholeNumber(value: number): number {
    const rounded = Math.round(value);
    if (Number.isSafeInteger(rounded) && rounded >= 0) return rounded;
    throw new PrivacyLogError("bad-event", "Lengths and counts in the privacy log are numbers from 0.");
}

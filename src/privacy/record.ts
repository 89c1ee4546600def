/** A line of the privacy log: what happened, never what was said. There is no field that could hold words. */
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { PrivacyLogError } from "./error";
import { GRANTS, type Grant } from "./gate";

export const PRIVACY_EVENTS = [
    "microphone-opened",
    "microphone-closed",
    "microphone-muted",
    "microphone-unmuted",
    "wake-word",
    "button",
    "transcribed",
    "recording-kept",
    "recording-read",
    "recording-played",
    "recording-handed-out",
    "recording-corrected",
    "recording-redacted",
    /** Something left the home's trust: `to` says which node or service got it. */
    "disclosed",
    /** A node without a grant got `[withheld]` in place of a field. */
    "withheld",
    "purged",
    /** Purged because its time was over. */
    "expired",
    "exported",
    "imported",
    "key-rotated",
    "settings-changed",
    "clock-set-back",
    /** A flow asked for a line. */
    "note",
] as const;

/** What the log has to say about itself. */
export const LOG_EVENTS = [
    /** The last lines were torn or unsigned when the program stopped: torn bytes are set aside in the file ending ".torn". */
    "log-repaired",
    /** Old files of the log were deleted on purpose: `count` is the number of the last record that went. */
    "log-trimmed",
    /** When the program started, records that the anchor knows of were missing: `count` of them. */
    "log-cut",
] as const;

export type PrivacyEventName = (typeof PRIVACY_EVENTS)[number];

export interface PrivacyEvent {
    readonly what: PrivacyEventName;
    /** Id of the Node-RED node. */
    readonly node?: string;
    /** Name of the site, as configured. */
    readonly site?: string;
    /** Id or type of the node or service that got something. */
    readonly to?: string;
    /** What was disclosed or withheld. */
    readonly fields?: readonly Grant[];
    /** Of the sound concerned. */
    readonly durationMs?: number;
    readonly bytes?: number;
    /** Of the recordings concerned. */
    readonly count?: number;
    /** SHA-256 over the ids of the recordings concerned, in hexadecimal digits. */
    readonly digest?: string;
}

/** An event of the log's own, or another. */
export type LoggedEvent = Omit<PrivacyEvent, "what"> & {
    readonly what: PrivacyEventName | (typeof LOG_EVENTS)[number];
};

export interface PrivacyRecord extends LoggedEvent {
    /** From 1, without a gap. */
    readonly seq: number;
    /** When, in ISO 8601 and UTC, by the clock of the machine: it may have been set back. */
    readonly at: string;
    /** Hash of the record before; 64 zeros in the first. */
    readonly prev: string;
    /** Id of the key that signed this record, and with it all before; records that were written together share one. */
    readonly by?: string;
    /** SHA-256 over this record without this field and the next, as it stands in the file, in hexadecimal digits. */
    readonly hash: string;
    /** Ed25519 (RFC 8032) over the hash, in base64url; where `by` is. */
    readonly sig?: string;
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
    const { what, node, site, to, fields, durationMs, bytes, count, digest } = event;
    if (!PRIVACY_EVENTS.includes(what)) throw new PrivacyLogError("bad-event", "The privacy log has no such event.");
    for (const id of [node, to]) {
        if (id !== undefined && !isId(id)) throw new PrivacyLogError("bad-event", "That is not the id of a node.");
    }
    if (site !== undefined && !(sites ? sites.includes(site) && isName(site) : isId(site))) {
        throw new PrivacyLogError("bad-event", "The privacy log takes the names of configured sites only.");
    }
    if (fields?.some((field) => !GRANTS.includes(field))) {
        throw new PrivacyLogError("bad-event", "The privacy log has no such field.");
    }
    if (digest !== undefined && !/^[0-9a-f]{64}$/.test(digest)) {
        throw new PrivacyLogError("bad-event", "A digest in the privacy log has 64 hexadecimal digits.");
    }
    return {
        what,
        ...(node !== undefined && { node }),
        ...(site !== undefined && { site }),
        ...(to !== undefined && { to }),
        ...(fields !== undefined && { fields }),
        ...(durationMs !== undefined && { durationMs: wholeNumber(durationMs) }),
        ...(bytes !== undefined && { bytes: wholeNumber(bytes) }),
        ...(count !== undefined && { count: wholeNumber(count) }),
        ...(digest !== undefined && { digest }),
    };
}

/** @param by id of the key that will sign it, if one will */
export function sealedRecord(
    seq: number,
    at: string,
    event: LoggedEvent,
    prev: string,
    by: string | undefined,
): PrivacyRecord {
    const record = { seq, at, ...event, prev, ...(by !== undefined && { by }) };
    return { ...record, hash: hashOf(record) };
}

/** The line of a record, without the line break: its fields in one order, nothing between them. */
export function lineOf(record: PrivacyRecord): string {
    return JSON.stringify({ ...ordered(record), hash: record.hash, sig: record.sig });
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
    const isAsWritten = line === lineOf(value) && value.hash === hashOf(value);
    return isAsWritten && (value.by === undefined) === (value.sig === undefined) ? value : "changed";
}

function hashOf(record: Omit<PrivacyRecord, "hash">): string {
    return createHash("sha256")
        .update(JSON.stringify(ordered(record)))
        .digest("hex");
}

function ordered(record: Omit<PrivacyRecord, "hash">) {
    const { seq, at, what, node, site, to, fields, durationMs, bytes, count, digest, prev, by } = record;
    return { seq, at, what, node, site, to, fields, durationMs, bytes, count, digest, prev, by };
}

function isRecord(value: unknown): value is PrivacyRecord {
    if (typeof value !== "object" || value === null) return false;
    const has = (key: string, type: string) => typeof Reflect.get(value, key) === type;
    const mayHave = (key: string, type: string) => Reflect.get(value, key) === undefined || has(key, type);
    return (
        ["at", "what", "prev", "hash"].every((key) => has(key, "string")) &&
        ["by", "sig", "digest"].every((key) => mayHave(key, "string")) &&
        mayHave("count", "number") &&
        (Reflect.get(value, "fields") === undefined || Array.isArray(Reflect.get(value, "fields"))) &&
        Number.isSafeInteger(Reflect.get(value, "seq"))
    );
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

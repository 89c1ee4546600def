/**
 * mDNS packets (RFC 6762 on the wire format of RFC 1035): decoding of what strangers send, encoding of our questions.
 *
 * Decoding is `dns-packet`'s, behind checks that make it cheap to be lied to. Encoding is our own because `dns-packet`
 * splits names at every dot, and "Dr. Lamp._hap._tcp.local" has one inside its first label.
 */
import { decode } from "dns-packet";

/** RFC 6762 §17: no packet may be larger, fragments included. */
export const MAX_PACKET_BYTES = 9000;

export type ResourceRecord = { readonly name: string; readonly ttlSeconds: number; readonly flush: boolean } & (
    | { readonly type: "PTR"; readonly target: string }
    | { readonly type: "SRV"; readonly host: string; readonly port: number; readonly priority: number }
    | { readonly type: "TXT"; readonly entries: Readonly<Record<string, string>> }
    | { readonly type: "A"; readonly address: string }
    | { readonly type: "AAAA"; readonly address: string }
);

export type RecordType = ResourceRecord["type"];

export interface Question {
    readonly name: readonly string[];
    readonly type: RecordType;
}

/** A pointer record that is known already, so that its owner need not repeat it (RFC 6762 §7.1). */
export interface KnownAnswer {
    readonly name: readonly string[];
    readonly target: readonly string[];
    readonly ttlSeconds: number;
}

const HEADER_BYTES = 12;
/** Root name, type, class. */
const MIN_QUESTION_BYTES = 5;
/** Root name, type, class, time to live, data length. */
const MIN_RECORD_BYTES = 11;
/** More than any honest packet holds; each one may cost a walk over a 254-byte name. */
const MAX_RECORDS = 600;
const TYPE_CODES: Readonly<Record<RecordType, number>> = { A: 1, PTR: 12, TXT: 16, AAAA: 28, SRV: 33 };
const CLASS_IN = 1;
/** Fits one Ethernet frame with room for IP and UDP headers. */
const MAX_QUERY_BYTES = 1400;

/** How many records a packet says it holds, or undefined when it is no response or can't hold that many. */
export function recordCount(packet: Buffer): number | undefined {
    if (packet.length < HEADER_BYTES || packet.length > MAX_PACKET_BYTES) return undefined;
    const flags = packet.readUInt16BE(2);
    const isResponse = (flags & 0x8000) !== 0;
    const opcodeAndResult = flags & 0x780f;
    if (!isResponse || opcodeAndResult !== 0) return undefined;
    const questions = packet.readUInt16BE(4);
    const records = packet.readUInt16BE(6) + packet.readUInt16BE(8) + packet.readUInt16BE(10);
    if (records === 0 || records > MAX_RECORDS) return undefined;
    const needed = HEADER_BYTES + questions * MIN_QUESTION_BYTES + records * MIN_RECORD_BYTES;
    return needed <= packet.length ? records : undefined;
}

/** The records of a response that discovery can use; undefined for queries and for anything malformed. */
export function decodeResponse(packet: Buffer): readonly ResourceRecord[] | undefined {
    if (recordCount(packet) === undefined) return undefined;
    let decoded: ReturnType<typeof decode>;
    try {
        decoded = decode(packet);
    } catch {
        return undefined;
    }
    // dns-packet reads on past the end of an address.
    if (decode.bytes > packet.length) return undefined;
    const records: ResourceRecord[] = [];
    for (const answer of [...(decoded.answers ?? []), ...(decoded.additionals ?? [])]) {
        const record = resourceRecord(answer);
        if (record) records.push(record);
    }
    return records;
}

type Answer = NonNullable<ReturnType<typeof decode>["answers"]>[number];

function resourceRecord(answer: Answer): ResourceRecord | undefined {
    if (!("class" in answer) || (answer.class ?? "IN") !== "IN") return undefined;
    const head = { name: answer.name, ttlSeconds: answer.ttl ?? 0, flush: answer.flush ?? false };
    switch (answer.type) {
        case "PTR":
            return { ...head, type: "PTR", target: answer.data };
        case "SRV": {
            const { target, port, priority } = answer.data;
            return { ...head, type: "SRV", host: target, port, priority: priority ?? 0 };
        }
        case "TXT":
            return { ...head, type: "TXT", entries: textEntries(answer.data) };
        case "A":
        case "AAAA":
            return { ...head, type: answer.type, address: answer.data };
        default:
            return undefined;
    }
}

/** `key=value` strings; keys in lower case as case means nothing there, the first of two wins (RFC 6763 §6.4). */
function textEntries(data: string | Buffer | readonly (string | Buffer)[]): Record<string, string> {
    const entries = new Map<string, string>();
    for (const item of Array.isArray(data) ? data : [data]) {
        const text = item.toString();
        const equals = text.indexOf("=");
        const key = (equals < 0 ? text : text.slice(0, equals)).toLowerCase();
        if (key !== "" && !entries.has(key)) entries.set(key, equals < 0 ? "" : text.slice(equals + 1));
    }
    return Object.fromEntries(entries);
}

/**
 * Packets that ask `questions` and say what is known; as many as needed, each small enough for one frame. Names that can't
 * be written are left out: strangers may have made them up.
 */
export function encodeQueries(questions: readonly Question[], knownAnswers: readonly KnownAnswer[] = []): Buffer[] {
    const packets: Buffer[] = [];
    let parts: Buffer[] = [];
    let bytes = HEADER_BYTES;
    let counts = { questions: 0, answers: 0 };
    const flush = (moreKnownAnswersFollow: boolean) => {
        if (counts.questions + counts.answers === 0) return;
        packets.push(Buffer.concat([queryHeader(counts, moreKnownAnswersFollow), ...parts]));
        parts = [];
        bytes = HEADER_BYTES;
        counts = { questions: 0, answers: 0 };
    };
    for (const question of questions.filter(({ name }) => canBeAsked(name))) {
        const part = Buffer.concat([encodedName(question.name), uint16(TYPE_CODES[question.type]), uint16(CLASS_IN)]);
        if (bytes + part.length > MAX_QUERY_BYTES) flush(false);
        parts.push(part);
        bytes += part.length;
        counts.questions++;
    }
    for (const { name, target, ttlSeconds } of knownAnswers.filter((known) => canBeAsked(known.target))) {
        const data = encodedName(target);
        const fields = Buffer.alloc(10);
        fields.writeUInt16BE(TYPE_CODES.PTR, 0);
        fields.writeUInt16BE(CLASS_IN, 2);
        fields.writeUInt32BE(ttlSeconds, 4);
        fields.writeUInt16BE(data.length, 8);
        const part = Buffer.concat([encodedName(name), fields, data]);
        if (bytes + part.length > MAX_QUERY_BYTES) flush(true);
        parts.push(part);
        bytes += part.length;
        counts.answers++;
    }
    flush(false);
    return packets;
}

/** The TC bit tells responders to wait for the rest of the known answers (RFC 6762 §7.2). */
function queryHeader(counts: { questions: number; answers: number }, truncated: boolean): Buffer {
    const header = Buffer.alloc(HEADER_BYTES);
    if (truncated) header.writeUInt16BE(0x0200, 2);
    header.writeUInt16BE(counts.questions, 4);
    header.writeUInt16BE(counts.answers, 6);
    return header;
}

/** Labels of 1 to 63 bytes, 255 in all with their lengths and the root (RFC 1035 §2.3.4). */
function canBeAsked(labels: readonly string[]): boolean {
    const lengths = labels.map((label) => Buffer.byteLength(label));
    const total = lengths.reduce((sum, length) => sum + 1 + length, 1);
    return total <= 255 && lengths.every((length) => length >= 1 && length <= 63);
}

function encodedName(labels: readonly string[]): Buffer {
    const parts = labels.flatMap((label) => {
        const bytes = Buffer.from(label);
        return [Buffer.of(bytes.length), bytes];
    });
    return Buffer.concat([...parts, Buffer.of(0)]);
}

function uint16(value: number): Buffer {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16BE(value);
    return bytes;
}

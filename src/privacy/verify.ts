/** Checks a privacy log without the program that wrote it. */
import { createReadStream } from "node:fs";
import { PrivacyLogError } from "./error";
import { FIRST_PREV, type LineFault, MAX_LINE_BYTES, parseLine } from "./record";

/**
 * - `not-a-record`: something else stands there
 * - `changed`: the record is not as it was written
 * - `out-of-order`: its number doesn't follow: records before it are missing, came in, or changed places
 * - `broken-chain`: it was written after another record than the one before it
 * - `incomplete`: the file ends within it, as after a crash; the next event repairs that
 */
export type RecordFault = LineFault | "out-of-order" | "broken-chain" | "incomplete";

export interface Verification {
    readonly ok: boolean;
    /** Good records, up to the first bad one. */
    readonly records: number;
    readonly firstBad?: {
        /** Counted from 1. */
        readonly line: number;
        readonly fault: RecordFault;
    };
}

/**
 * Reads the log from its beginning to the first fault. That records are missing at its end can't be seen in the file
 * alone.
 * @throws PrivacyLogError "not-found", or what the disk says
 */
export async function verifyPrivacyLog(path: string): Promise<Verification> {
    let records = 0;
    let prev = FIRST_PREV;
    try {
        for await (const line of linesOf(path)) {
            const fault = faultOf(line, records + 1, prev);
            if (typeof fault === "string") return { ok: false, records, firstBad: { line: records + 1, fault } };
            records++;
            prev = fault.hash;
        }
    } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
        throw new PrivacyLogError("not-found", `There is no privacy log ${path}.`);
    }
    return { ok: true, records };
}

function faultOf(line: Line, seq: number, prev: string): RecordFault | { readonly hash: string } {
    if (line === "too-long") return "not-a-record";
    if (!line.isComplete) return "incomplete";
    const record = parseLine(line.bytes);
    if (typeof record === "string") return record;
    if (record.seq !== seq) return "out-of-order";
    return record.prev === prev ? record : "broken-chain";
}

type Line = "too-long" | { readonly bytes: Buffer; readonly isComplete: boolean };

/** Lines of a file of any size; a line that is longer than a record can be is not read further. */
async function* linesOf(path: string): AsyncGenerator<Line> {
    let rest = Buffer.alloc(0);
    for await (const chunk of createReadStream(path)) {
        let bytes = Buffer.concat([rest, chunk]);
        for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a)) {
            yield { bytes: bytes.subarray(0, end), isComplete: true };
            bytes = bytes.subarray(end + 1);
        }
        if (bytes.length > MAX_LINE_BYTES) yield "too-long";
        rest = bytes;
    }
    if (rest.length > 0) yield { bytes: rest, isComplete: false };
}

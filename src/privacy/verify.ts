/** Checks a privacy log without the program that wrote it. */
import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { basename } from "node:path";
import { type LogAnchor, readAnchor, signedText } from "./anchor";
import { PrivacyLogError } from "./error";
import { fullFiles } from "./log-file";
import { FIRST_PREV, type LineFault, MAX_LINE_BYTES, type PrivacyRecord, parseLine } from "./record";
import { isSignedBy, type PublicKeys, readPublicKeys } from "./signing";

/**
 * - `not-a-record`: something else stands there
 * - `changed`: the record is not as it was written
 * - `out-of-order`: its number doesn't follow: records before it are missing, came in, or changed places
 * - `broken-chain`: it was written after another record than the one before it
 * - `bad-signature`: its signature is not one of the log's keys'
 * - `unsigned`: no signature follows it: it was added by somebody else, or the program stopped while it wrote; in the
 *   second case the next event repairs that
 * - `incomplete`: the file ends within it, as after a crash; the next event repairs that
 * - `missing`: records are missing here that an anchor knows of, or that were before the first
 */
export type RecordFault =
    | LineFault
    | "out-of-order"
    | "broken-chain"
    | "bad-signature"
    | "unsigned"
    | "incomplete"
    | "missing";

export interface Verification {
    readonly ok: boolean;
    /** Good records, up to the first bad one. */
    readonly records: number;
    readonly firstBad?: {
        /** Name of the file, without its folder. */
        readonly file: string;
        /** Counted from 1. */
        readonly line: number;
        readonly fault: RecordFault;
    };
    /** How many anchors the log was held against. Without any, a cut at its end does not show. */
    readonly anchors: number;
}

export interface VerifyOptions {
    /** File with the public keys; PATH.pub when not given. Whoever can write the log can write that, too. */
    readonly keys?: string;
    /** Files with anchors, besides PATH.anchor. */
    readonly anchors?: readonly string[];
}

/**
 * Reads the log from its beginning to the first fault.
 * @throws PrivacyLogError "not-found", "no-key", "damaged" for an anchor that is none, or what the disk says
 */
export async function verifyPrivacyLog(path: string, options: VerifyOptions = {}): Promise<Verification> {
    const files = await filesOf(path);
    const keys = await readPublicKeys(options.keys ?? `${path}.pub`);
    const anchors = await anchorsOf(path, options.anchors ?? []);
    const walk = new Walk(keys, anchors);
    for (const file of files) {
        let line = 0;
        for await (const bytes of linesOf(file)) await walk.step({ file: basename(file), line: ++line }, bytes);
        if (walk.firstBad) break;
    }
    await walk.end({ file: basename(path), line: 1 });
    const { firstBad, good } = walk;
    return { ok: !firstBad, records: good, ...(firstBad && { firstBad }), anchors: anchors.length };
}

interface Place {
    readonly file: string;
    readonly line: number;
}

interface Signed {
    readonly place: Place;
    readonly good: number;
    readonly isGenuine: Promise<boolean>;
}

/** Signatures that may be checked at the same time. */
const MAX_PENDING = 64;

class Walk {
    readonly #keys: PublicKeys;
    readonly #anchors: ReadonlyMap<number, LogAnchor>;
    readonly #pending: Signed[] = [];
    /** Anchors that were not come by yet. */
    readonly #ahead: Set<number>;
    #last: PrivacyRecord | undefined;
    #place: Place | undefined;
    /** Since the last signature. */
    #unsigned: Place | undefined;
    #firstSeq = 1;
    #trimmed = 0;
    firstBad: (Place & { readonly fault: RecordFault }) | undefined;
    good = 0;

    constructor(keys: PublicKeys, anchors: readonly LogAnchor[]) {
        this.#keys = keys;
        this.#anchors = new Map(anchors.map((anchor) => [anchor.seq, anchor]));
        this.#ahead = new Set(this.#anchors.keys());
    }

    async step(place: Place, line: Line): Promise<void> {
        if (this.firstBad) return;
        const record = this.#checked(line);
        if (typeof record === "string") {
            await this.#settle(0);
            this.#fail(place, record, this.good);
            return;
        }
        if (record.what === "log-trimmed") this.#trimmed = Math.max(this.#trimmed, record.count ?? 0);
        this.#unsigned ??= place;
        if (record.sig !== undefined) {
            this.#pending.push({ place, good: this.good, isGenuine: this.#isGenuine(record) });
            this.#unsigned = undefined;
        }
        this.#ahead.delete(record.seq);
        this.#last = record;
        this.#place = place;
        this.good++;
        await this.#settle(MAX_PENDING);
    }

    /** @param nowhere stands for a log without records */
    async end(nowhere: Place): Promise<void> {
        await this.#settle(0);
        if (this.firstBad) return;
        if (this.#firstSeq > this.#trimmed + 1) this.#fail({ ...nowhere, line: 1 }, "missing", 0);
        else if (this.#unsigned) this.#fail(this.#unsigned, "unsigned", this.good - 1);
        else if (this.#ahead.size > 0) {
            const { file, line } = this.#place ?? { ...nowhere, line: 0 };
            const isTrimmed = [...this.#ahead].every((seq) => seq < this.#firstSeq);
            if (!isTrimmed) this.#fail({ file, line: line + 1 }, "missing", this.good);
        }
    }

    #checked(line: Line): PrivacyRecord | RecordFault {
        if (line === "too-long") return "not-a-record";
        if (!line.isComplete) return "incomplete";
        const record = parseLine(line.bytes);
        if (typeof record === "string") return record;
        if (!this.#last) this.#firstSeq = record.seq;
        if (record.seq !== (this.#last ? this.#last.seq + 1 : record.seq)) return "out-of-order";
        const prev = this.#last?.hash ?? (record.seq === 1 ? FIRST_PREV : record.prev);
        if (record.prev !== prev) return "broken-chain";
        const anchor = this.#anchors.get(record.seq);
        if (anchor && anchor.hash !== record.hash) return "broken-chain";
        return record.what === "log-cut" ? "missing" : record;
    }

    async #isGenuine({ by = "", hash, sig = "" }: PrivacyRecord): Promise<boolean> {
        const key = this.#keys.get(by);
        return key !== undefined && (await isSignedBy(key, signedText(hash), sig));
    }

    /** Waits until at most `most` signatures are being checked. */
    async #settle(most: number): Promise<void> {
        while (this.#pending.length > most) {
            const signed = this.#pending.shift();
            if (!signed || (await signed.isGenuine)) continue;
            this.#pending.length = 0;
            this.#fail(signed.place, "bad-signature", signed.good);
        }
    }

    /** The first fault is the one that counts. */
    #fail({ file, line }: Place, fault: RecordFault, good: number): void {
        if (this.firstBad) return;
        this.firstBad = { file, line, fault };
        this.good = good;
    }
}

async function filesOf(path: string): Promise<readonly string[]> {
    const full = await fullFiles(path);
    const isThere = await access(path).then(
        () => true,
        () => false,
    );
    if (full.length === 0 && !isThere) throw new PrivacyLogError("not-found", `There is no privacy log ${path}.`);
    return isThere ? [...full, path] : full;
}

async function anchorsOf(path: string, others: readonly string[]): Promise<readonly LogAnchor[]> {
    const own = await readAnchor(`${path}.anchor`);
    const given = await Promise.all(others.map((file) => readAnchor(file)));
    const anchors = [...(own === undefined ? [] : [own]), ...given].map((anchor, index) => {
        if (anchor !== undefined && anchor !== "damaged") return anchor;
        const file = own === undefined || index > 0 ? others[own === undefined ? index : index - 1] : `${path}.anchor`;
        throw new PrivacyLogError(
            anchor === "damaged" ? "damaged" : "not-found",
            anchor === "damaged" ? `That is no anchor, or it was changed: ${file}.` : `There is no anchor ${file}.`,
        );
    });
    return anchors;
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
        if (bytes.length > MAX_LINE_BYTES) {
            yield "too-long";
            return;
        }
        rest = bytes;
    }
    if (rest.length > 0) yield { bytes: rest, isComplete: false };
}

/** Who listened when, and what became of the sound: append-only, chained by hashes, signed, without a word of what was said. */
import { EventEmitter } from "node:events";
import { type FileHandle, mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { anchorOf, readAnchor, signedText, writeAnchor } from "./anchor";
import { PrivacyLogError } from "./error";
import {
    endOf,
    fullFiles,
    isInPlace,
    type LogEnd,
    lastRecordOf,
    nextFullFile,
    openLogFile,
    setAside,
    writeEnd,
} from "./log-file";
import { LogLock } from "./log-lock";
import { checkedEvent, type LoggedEvent, lineOf, type PrivacyEvent, type PrivacyRecord, sealedRecord } from "./record";
import { type SigningKey, signingKeyOf } from "./signing";

export interface PrivacyLogOptions {
    /** Names of the sites that may be written. Without them a site has to be a single word, like an id. */
    readonly sites?: readonly string[];
    /** Where the anchor is written; PATH.anchor when not given. On another disk it shows more. */
    readonly anchor?: string;
    /** A file that is longer is called PATH.000001 and so on, and another one begun. */
    readonly maxFileBytes?: number;
    /** Milliseconds since 1970. */
    readonly now?: () => number;
}

export interface PrivacyLogEvents {
    /** These are on the disk now. */
    appended: [records: readonly PrivacyRecord[]];
}

interface Waiting {
    readonly event: LoggedEvent;
    readonly at: number;
    readonly resolve: (record: PrivacyRecord) => void;
    readonly reject: (error: unknown) => void;
}

/** Events that may wait for the disk; more are refused. */
const MAX_WAITING = 10_000;
/** Records written at a time: hashing them takes the event loop a millisecond or two. */
const BATCH = 200;

/**
 * One log has one writer. Its files are made with the first event.
 *
 * `append` resolves when the record is on the disk and would outlast a power cut (fdatasync); events that arrive while
 * the disk works are written together, with one wait for the disk and one signature on the last of them. A batch is
 * written with one call, so a program that is killed leaves at most its last line torn: the next writer sets its bytes
 * aside and records that it did.
 */
export class PrivacyLog extends EventEmitter<PrivacyLogEvents> {
    readonly path: string;
    readonly #anchor: string;
    readonly #sites: readonly string[] | undefined;
    readonly #maxFileBytes: number;
    readonly #now: () => number;
    readonly #waiting: Waiting[] = [];
    #lock: LogLock | undefined;
    #key: SigningKey | undefined;
    #file: FileHandle | undefined;
    #end: LogEnd | undefined;
    #writing: Promise<void> | undefined;
    #isClosed: boolean = false;

    constructor(path: string, options: PrivacyLogOptions = {}) {
        super();
        this.path = path;
        this.#anchor = options.anchor ?? `${path}.anchor`;
        this.#sites = options.sites;
        this.#maxFileBytes = options.maxFileBytes ?? 8 * 1024 * 1024;
        this.#now = options.now ?? Date.now;
    }

    /** @throws PrivacyLogError, or what the disk says */
    async append(event: PrivacyEvent): Promise<PrivacyRecord> {
        return await this.#add(checkedEvent(event, this.#sites));
    }

    /** The key that signs the records. @throws PrivacyLogError, or what the disk says */
    async signingKey(): Promise<SigningKey> {
        await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
        this.#lock ??= new LogLock(this.path);
        this.#key ??= await signingKeyOf(this.path);
        return this.#key;
    }

    /**
     * Deletes full files of which all records are from before `time`, in milliseconds since 1970, and records that it did.
     * @returns how many files
     */
    async trim(time: number): Promise<number> {
        const old: string[] = [];
        let count = 0;
        for (const file of await fullFiles(this.path)) {
            const last = await lastRecordOf(file);
            if (!last || Date.parse(last.at) >= time) break;
            old.push(file);
            count = last.seq;
        }
        if (old.length === 0) return 0;
        // First the record: files that are missing without it would look as if somebody had removed them.
        await this.#add({ what: "log-trimmed", count });
        for (const file of old) await rm(file);
        return old.length;
    }

    /** Resolves when nothing is being written. */
    async written(): Promise<void> {
        await this.#writing;
    }

    /** Waits for the events that were appended before. */
    async close(): Promise<void> {
        this.#isClosed = true;
        await this.#writing;
        await this.#letGo();
        this.#lock?.release();
        this.#lock = undefined;
    }

    async #add(event: LoggedEvent): Promise<PrivacyRecord> {
        if (this.#isClosed) throw new PrivacyLogError("closed", "The privacy log is closed.");
        if (this.#waiting.length >= MAX_WAITING) {
            throw new PrivacyLogError("overloaded", "Too many events wait for the privacy log: the disk is too slow.");
        }
        const { promise, resolve, reject } = Promise.withResolvers<PrivacyRecord>();
        this.#waiting.push({ event, at: this.#now(), resolve, reject });
        this.#writing ??= this.#writeAll();
        return await promise;
    }

    async #writeAll(): Promise<void> {
        // The events of this turn of the event loop go together.
        await Promise.resolve();
        for (let batch = this.#waiting.splice(0, BATCH); batch.length > 0; batch = this.#waiting.splice(0, BATCH)) {
            try {
                const records = await this.#write(batch);
                for (const [index, record] of records.entries()) batch[index]?.resolve(record);
                this.emit("appended", records);
            } catch (error) {
                // What of the batch is in the file shows when it is opened again.
                await this.#letGo().catch(() => {});
                for (const { reject } of batch) reject(error);
            }
        }
        // In the same turn in which nothing was left: an event that comes next starts anew.
        this.#writing = undefined;
    }

    async #write(batch: readonly Waiting[]): Promise<readonly PrivacyRecord[]> {
        const key = await this.signingKey();
        const { file, end, repairs } = await this.#opened();
        if (end.torn.length > 0) await setAside(this.path, end.torn);
        const events = [...repairs.map((event) => ({ event, at: this.#now() })), ...batch];
        let { seq, hash } = end;
        const records: PrivacyRecord[] = [];
        for (const [index, { event, at }] of events.entries()) {
            const by = index === events.length - 1 ? key.id : undefined;
            const record = sealedRecord(++seq, new Date(at).toISOString(), event, hash, by);
            hash = record.hash;
            records.push(by === undefined ? record : { ...record, sig: await key.sign(signedText(hash)) });
        }
        const bytes = Buffer.from(records.map((record) => `${lineOf(record)}\n`).join(""));
        await writeEnd(file, bytes, end.offset);
        this.#end = { offset: end.offset + bytes.length, seq, hash, isSigned: true, torn: Buffer.alloc(0) };
        const last = records.at(-1);
        if (last) await writeAnchor(this.#anchor, anchorOf(last, key));
        if (this.#end.offset > this.#maxFileBytes) await this.#beginFile();
        return records.slice(repairs.length);
    }

    /** The file is full: the next event makes another, whose first record goes on from the last one here. */
    async #beginFile(): Promise<void> {
        await this.#letGo();
        await rename(this.path, await nextFullFile(this.path));
    }

    /**
     * The file as it is now: if somebody moved it away or wrote into it, the chain goes on from what is there, and what has
     * to be said about it comes first.
     */
    async #opened(): Promise<{
        readonly file: FileHandle;
        readonly end: LogEnd;
        readonly repairs: readonly LoggedEvent[];
    }> {
        if (this.#file && this.#end && (await isInPlace(this.#file, this.path, this.#end.offset))) {
            return { file: this.#file, end: this.#end, repairs: [] };
        }
        await this.#letGo();
        this.#file = await openLogFile(this.path);
        const end = await endOf(this.#file, this.path);
        this.#end = end;
        const repairs: LoggedEvent[] = [];
        if (end.torn.length > 0 || !end.isSigned) repairs.push({ what: "log-repaired", bytes: end.torn.length });
        const anchor = await readAnchor(this.#anchor);
        if (anchor === "damaged") repairs.push({ what: "log-cut", count: 0 });
        else if (anchor && (anchor.seq > end.seq || (anchor.seq === end.seq && anchor.hash !== end.hash))) {
            repairs.push({ what: "log-cut", count: Math.max(0, anchor.seq - end.seq) });
        }
        return { file: this.#file, end, repairs };
    }

    async #letGo(): Promise<void> {
        const file = this.#file;
        this.#file = undefined;
        this.#end = undefined;
        await file?.close();
    }
}

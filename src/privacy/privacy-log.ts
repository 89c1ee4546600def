/** Who listened when, and what became of the sound: append-only, chained by hashes, without a word of what was said. */
import type { FileHandle } from "node:fs/promises";
import { PrivacyLogError } from "./error";
import { endOf, isInPlace, type LogEnd, openLogFile, setAside, writeEnd } from "./log-file";
import { checkedEvent, lineOf, type PrivacyEvent, type PrivacyRecord, sealedRecord } from "./record";

export interface PrivacyLogOptions {
    /** Names of the sites that may be written. Without them a site has to be a single word, like an id. */
    readonly sites?: readonly string[];
    /** Milliseconds since 1970. */
    readonly now?: () => number;
}

interface Waiting {
    readonly event: PrivacyEvent;
    readonly at: number;
    readonly resolve: (record: PrivacyRecord) => void;
    readonly reject: (error: unknown) => void;
}

/** Events that may wait for the disk; more are refused. */
const MAX_WAITING = 10_000;
/** Records written at a time. */
const BATCH = 500;

/**
 * One log file has one writer. The file is made with the first event.
 *
 * `append` resolves when the record is on the disk and would outlast a power cut (fdatasync); events that arrive while
 * the disk works are written together, with one wait for the disk. A record is written with one call, so a program that
 * is killed leaves at most the last line torn: the next writer sets its bytes aside and records that it did.
 */
export class PrivacyLog {
    readonly #path: string;
    readonly #sites: readonly string[] | undefined;
    readonly #now: () => number;
    readonly #waiting: Waiting[] = [];
    #file: FileHandle | undefined;
    #end: LogEnd | undefined;
    #writing: Promise<void> | undefined;
    #isClosed: boolean = false;

    constructor(path: string, { sites, now = Date.now }: PrivacyLogOptions = {}) {
        this.#path = path;
        this.#sites = sites;
        this.#now = now;
    }

    /** @throws PrivacyLogError, or what the disk says */
    async append(event: PrivacyEvent): Promise<PrivacyRecord> {
        if (this.#isClosed) throw new PrivacyLogError("closed", "The privacy log is closed.");
        const checked = checkedEvent(event, this.#sites);
        if (this.#waiting.length >= MAX_WAITING) {
            throw new PrivacyLogError("overloaded", "Too many events wait for the privacy log: the disk is too slow.");
        }
        const { promise, resolve, reject } = Promise.withResolvers<PrivacyRecord>();
        this.#waiting.push({ event: checked, at: this.#now(), resolve, reject });
        this.#writing ??= this.#writeAll();
        return await promise;
    }

    /** Waits for the events that were appended before. */
    async close(): Promise<void> {
        this.#isClosed = true;
        await this.#writing;
        await this.#letGo();
    }

    async #writeAll(): Promise<void> {
        // The events of this turn of the event loop go together.
        await Promise.resolve();
        for (let batch = this.#waiting.splice(0, BATCH); batch.length > 0; batch = this.#waiting.splice(0, BATCH)) {
            try {
                const records = await this.#write(batch);
                for (const [index, record] of records.entries()) batch[index]?.resolve(record);
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
        const { file, end } = await this.#opened();
        const events = batch.map(({ event, at }) => ({ event, at }));
        const repair: PrivacyEvent = { what: "log-repaired", bytes: end.torn.length };
        const repairs = end.torn.length > 0 ? [{ event: repair, at: this.#now() }] : [];
        if (end.torn.length > 0) await setAside(this.#path, end.torn);

        let { seq, hash } = end;
        const records = [...repairs, ...events].map(({ event, at }) => {
            const record = sealedRecord(++seq, new Date(at).toISOString(), event, hash);
            hash = record.hash;
            return record;
        });
        const bytes = Buffer.from(records.map((record) => `${lineOf(record)}\n`).join(""));
        await writeEnd(file, bytes, end.offset);
        this.#end = { offset: end.offset + bytes.length, seq, hash, torn: Buffer.alloc(0) };
        return records.slice(repairs.length);
    }

    /** The file as it is now: if somebody moved it away or wrote into it, the chain goes on from what is there. */
    async #opened(): Promise<{ readonly file: FileHandle; readonly end: LogEnd }> {
        if (this.#file && this.#end && (await isInPlace(this.#file, this.#path, this.#end.offset))) {
            return { file: this.#file, end: this.#end };
        }
        await this.#letGo();
        this.#file = await openLogFile(this.#path);
        this.#end = await endOf(this.#file, this.#path);
        return { file: this.#file, end: this.#end };
    }

    async #letGo(): Promise<void> {
        const file = this.#file;
        this.#file = undefined;
        this.#end = undefined;
        await file?.close();
    }
}

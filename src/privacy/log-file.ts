/** The file of the privacy log: where it ends, and what to do when it ends in the middle of a line. */
import { constants, type FileHandle, mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { PrivacyLogError } from "./error";
import { FIRST_PREV, MAX_LINE_BYTES, parseLine } from "./record";

const LINE_BREAK = 0x0a;
/** A power cut may leave this much of the last records torn, or as zeros. */
const MAX_TORN_BYTES = 512 * 1024;

export interface LogEnd {
    /** Where the next line goes, in bytes. */
    readonly offset: number;
    /** Of the last record; 0 when there is none. */
    readonly seq: number;
    readonly hash: string;
    /** Bytes of a line that was not written to its end. */
    readonly torn: Buffer;
}

export async function openLogFile(path: string): Promise<FileHandle> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return await openPrivately(path, constants.O_RDWR | constants.O_CREAT);
}

/** @throws PrivacyLogError "damaged" when the last whole line is no record: what comes after it could not be trusted */
export async function endOf(file: FileHandle, path: string): Promise<LogEnd> {
    const { size } = await file.stat();
    const window = Buffer.alloc(Math.min(size, MAX_TORN_BYTES + 2 * MAX_LINE_BYTES));
    await file.read(window, 0, window.length, size - window.length);
    const end = window.lastIndexOf(LINE_BREAK) + 1;
    const torn = window.subarray(end);
    if (torn.length > MAX_TORN_BYTES) throw damaged(path);
    if (end === 0) return { offset: 0, seq: 0, hash: FIRST_PREV, torn };
    const start = end > 1 ? window.lastIndexOf(LINE_BREAK, end - 2) + 1 : 0;
    const record = parseLine(window.subarray(start, end - 1));
    if (typeof record === "string") throw damaged(path);
    return { offset: size - torn.length, seq: record.seq, hash: record.hash, torn };
}

/** Puts the bytes of a torn line where they can be looked at: they are no evidence, but they are not lost either. */
export async function setAside(path: string, torn: Buffer): Promise<void> {
    const file = await openPrivately(`${path}.torn`, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND);
    try {
        await file.appendFile(Buffer.concat([torn, Buffer.of(LINE_BREAK)]));
        await file.datasync();
    } finally {
        await file.close();
    }
}

/** Whether `file` is still what stands at `path`, and as long as it was. */
export async function isInPlace(file: FileHandle, path: string, size: number): Promise<boolean> {
    const [held, there] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
    return held.size === size && there?.ino === held.ino && there.dev === held.dev;
}

/** Writes all of `bytes` at `offset`, cuts the file there, and waits for the disk. */
export async function writeEnd(file: FileHandle, bytes: Buffer, offset: number): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, at, bytes.length - at, offset + at);
        at += bytesWritten;
    }
    await file.truncate(offset + bytes.length);
    await file.datasync();
}

async function openPrivately(path: string, flags: number): Promise<FileHandle> {
    const file = await open(path, flags, 0o600);
    try {
        await file.chmod(0o600);
        return file;
    } catch (error) {
        await file.close();
        throw error;
    }
}

function damaged(path: string): PrivacyLogError {
    const message = `The last record of ${path} was changed. Check the log, and move the file away to begin a new one.`;
    return new PrivacyLogError("damaged", message);
}

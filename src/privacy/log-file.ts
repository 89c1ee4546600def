/** The files of the privacy log: the one written to, the full ones before it, and what to do about a torn end. */
import { constants, type FileHandle, mkdir, open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PrivacyLogError } from "./error";
import { FIRST_PREV, MAX_LINE_BYTES, type PrivacyRecord, parseLine } from "./record";

const LINE_BREAK = 0x0a;
/** A power cut may leave this much of the last records torn, or as zeros. */
const MAX_TORN_BYTES = 512 * 1024;

export interface LogEnd {
    /** Where the next line goes, in bytes. */
    readonly offset: number;
    /** Of the last record; 0 when there is none. */
    readonly seq: number;
    readonly hash: string;
    /** False when the program stopped between the records of a batch. */
    readonly isSigned: boolean;
    /** Bytes of a line that was not written to its end. */
    readonly torn: Buffer;
}

/** Files of the log at `path` that are full, the oldest first: PATH.000001, PATH.000002, … */
export async function fullFiles(path: string): Promise<readonly string[]> {
    const names = await readdir(dirname(path)).catch(() => []);
    const start = `${basename(path)}.`;
    return names
        .filter((name) => name.startsWith(start) && /^\d{6}$/.test(name.slice(start.length)))
        .toSorted((a, b) => a.localeCompare(b))
        .map((name) => join(dirname(path), name));
}

/** What the file at `path` is called once it is full. */
export async function nextFullFile(path: string): Promise<string> {
    const last = (await fullFiles(path)).at(-1);
    const number = last === undefined ? 1 : Number(last.slice(-6)) + 1;
    return `${path}.${String(number).padStart(6, "0")}`;
}

export async function openLogFile(path: string): Promise<FileHandle> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return await openPrivately(path, constants.O_RDWR | constants.O_CREAT);
}

/**
 * Where the log goes on: after the last record in `file`, or in the last full file.
 * @throws PrivacyLogError "damaged" when the last whole line is no record: what comes after it could not be trusted
 */
export async function endOf(file: FileHandle, path: string): Promise<LogEnd> {
    const { torn, last, offset } = await lastOf(file, path);
    if (last) return { offset, seq: last.seq, hash: last.hash, isSigned: last.sig !== undefined, torn };
    const full = (await fullFiles(path)).at(-1);
    const before = full === undefined ? undefined : await lastRecordOf(full);
    return { offset, seq: before?.seq ?? 0, hash: before?.hash ?? FIRST_PREV, isSigned: true, torn };
}

/** @throws PrivacyLogError "damaged" */
export async function lastRecordOf(path: string): Promise<PrivacyRecord | undefined> {
    const file = await open(path, "r");
    try {
        return (await lastOf(file, path)).last;
    } finally {
        await file.close();
    }
}

async function lastOf(file: FileHandle, path: string) {
    const { size } = await file.stat();
    const window = Buffer.alloc(Math.min(size, MAX_TORN_BYTES + 2 * MAX_LINE_BYTES));
    await file.read(window, 0, window.length, size - window.length);
    const end = window.lastIndexOf(LINE_BREAK) + 1;
    const torn = window.subarray(end);
    if (torn.length > MAX_TORN_BYTES) throw damaged(path);
    if (end === 0) return { offset: 0, last: undefined, torn };
    const start = end > 1 ? window.lastIndexOf(LINE_BREAK, end - 2) + 1 : 0;
    const last = parseLine(window.subarray(start, end - 1));
    if (typeof last === "string") throw damaged(path);
    return { offset: size - torn.length, last, torn };
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

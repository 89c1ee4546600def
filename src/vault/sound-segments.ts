/**
 * The files with sealed sound: segments, each with the sound of many recordings one behind the other, because a file system
 * takes longer to delete 100,000 files than to delete what is in them. A program writes to segments of its own, until they
 * are full; a segment that no row refers to yet has ".new" behind its name.
 */
import { randomBytes } from "node:crypto";
import {
    closeSync,
    existsSync,
    fstatSync,
    fsync,
    mkdirSync,
    openSync,
    readdirSync,
    readSync,
    renameSync,
    rmSync,
    statSync,
    truncateSync,
    writeSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { VaultError } from "./error";
import { chunkOf, openedChunk, SOUND_START_BYTES } from "./seal";
import { syncFolder } from "./store-key";

const NEW = ".new";
/** A segment of so many bytes gets no more. */
const FULL_BYTES = 8 * 1024 * 1024;
const COPIED_AT_A_TIME = 1024 * 1024;
/** Segments written to at a time: each waits for the disk. */
const AT_A_TIME = 8;
const ZEROS = Buffer.alloc(SOUND_START_BYTES);
const toDisk = promisify(fsync);

/** Where sealed sound is. */
export interface SoundPlace {
    readonly segment: string;
    /** In bytes from the start of the segment. */
    readonly at: number;
    readonly bytes: number;
}

export interface SoundChunk {
    readonly sound: Buffer;
    readonly isLast: boolean;
}

interface Growing {
    readonly segment: string;
    /** 0: there is no file yet. */
    readonly bytes: number;
}

export class SoundSegments {
    readonly #folder: string;
    readonly #lostFolder: string;
    /** The segment that the next sounds go to; none while some are being written. */
    #growing: Growing | undefined;
    /** As it was before sounds were written to it that have no rows yet, and what it has with them. */
    #unsettled: (Growing & { readonly written: number }) | undefined;

    /** @param folder of the vault */
    constructor(folder: string) {
        this.#folder = join(folder, "sound");
        this.#lostFolder = join(folder, "lost");
    }

    get folder(): string {
        return this.#folder;
    }

    /** @returns where each of `sounds` is now; all of them are on the disk when this resolves */
    async write(sounds: readonly Iterable<Buffer>[]): Promise<readonly SoundPlace[]> {
        if (sounds.length === 0) return [];
        const { segment, bytes } = this.#withRoom();
        this.#growing = undefined;
        this.#unsettled = { segment, bytes, written: bytes };
        const isNew = bytes === 0;
        const handle = openSync(this.#path(isNew ? segment + NEW : segment), isNew ? "wx" : "r+", 0o600);
        const places: SoundPlace[] = [];
        let end = bytes;
        try {
            for (const sound of sounds) {
                const at = end;
                for (const piece of sound) end += writtenAt(handle, piece, end);
                places.push({ segment, at, bytes: end - at });
            }
            await toDisk(handle);
        } finally {
            closeSync(handle);
        }
        if (isNew) syncFolder(this.#folder);
        this.#unsettled = { segment, bytes, written: end };
        return places;
    }

    /** The rows of what was written last are there. */
    settle(): void {
        if (!this.#unsettled) return;
        const { segment, bytes, written } = this.#unsettled;
        if (bytes === 0) renameSync(this.#path(segment + NEW), this.#path(segment));
        this.#unsettled = undefined;
        this.#growing = { segment, bytes: written };
    }

    /** The rows of what was written last could not be. */
    discard(): void {
        if (!this.#unsettled) return;
        const { segment, bytes } = this.#unsettled;
        this.#unsettled = undefined;
        if (bytes === 0) rmSync(this.#path(segment + NEW), { force: true });
        else truncateSync(this.#path(segment), bytes);
    }

    /**
     * Overwrites the salts of sounds: with them goes what the keys are of no use without, wherever a copy of these may be.
     * @param sounds where in a segment each begins
     */
    async erase(sounds: Iterable<readonly [segment: string, at: readonly number[]]>): Promise<void> {
        const waiting = sounds[Symbol.iterator]();
        const eraseSome = async () => {
            // All of them take from the same iterator.
            for (let next = waiting.next(); !next.done; next = waiting.next()) await this.#erase(...next.value);
        };
        await Promise.all(Array.from({ length: AT_A_TIME }, eraseSome));
    }

    remove(segments: readonly string[]): void {
        for (const segment of segments) {
            this.leave(segment);
            // The name was not changed yet when the program stopped.
            for (const name of [segment, segment + NEW]) rmSync(this.#path(name), { force: true });
        }
        if (segments.length > 0) syncFolder(this.#folder);
    }

    /** Writes nothing more to it. */
    leave(segment: string): void {
        if (this.#growing?.segment === segment) this.#growing = undefined;
    }

    /** 0 when it is missing. */
    sizeOf(segment: string): number {
        return statSync(this.#path(segment), { throwIfNoEntry: false })?.size ?? 0;
    }

    /** Sealed sound as it is, piece by piece. */
    *sealed({ segment, at, bytes }: SoundPlace): Generator<Buffer> {
        const file = openSync(this.#path(segment), "r");
        try {
            for (let done = 0; done < bytes; ) {
                const piece = bytesAt(file, at + done, Math.min(COPIED_AT_A_TIME, bytes - done));
                // What is missing is found when it is opened; moved it must not take of the next one.
                done += piece.length || bytes;
                yield piece;
            }
        } finally {
            closeSync(file);
        }
    }

    /** One chunk of the sound. @throws VaultError "damaged" */
    readChunk({ segment, at, bytes }: SoundPlace, key: Buffer, index: number, id: string): SoundChunk {
        const path = this.#path(segment);
        if (!existsSync(path)) throw new VaultError("damaged", `The sound of recording ${id} is missing.`);
        const chunk = chunkOf(bytes, index, id);
        const file = openSync(path, "r");
        try {
            const start = bytesAt(file, at, SOUND_START_BYTES);
            const sealed = bytesAt(file, at + chunk.offset, chunk.length);
            return { sound: openedChunk(key, start, sealed, index, chunk, id), isLast: chunk.isLast };
        } finally {
            closeSync(file);
        }
    }

    /**
     * Ends what an interrupted program began. Segments that nothing explains (as when an index was put back that is older
     * than they are) are set aside, because the program has no business deleting them.
     * @param known segments that rows refer to
     * @returns how many were set aside
     */
    recover(known: ReadonlySet<string>): number {
        let setAside = 0;
        for (const file of readdirSync(this.#folder)) {
            const isNew = file.endsWith(NEW);
            const segment = isNew ? file.slice(0, -NEW.length) : file;
            if (known.has(segment)) {
                if (isNew) renameSync(this.#path(file), this.#path(segment));
            } else if (isNew) {
                rmSync(this.#path(file));
            } else {
                mkdirSync(this.#lostFolder, { recursive: true, mode: 0o700 });
                renameSync(this.#path(file), join(this.#lostFolder, file));
                setAside++;
            }
        }
        return setAside;
    }

    removeSetAside(): void {
        rmSync(this.#lostFolder, { recursive: true, force: true });
    }

    async #erase(segment: string, at: readonly number[]): Promise<void> {
        const path = this.#path(segment);
        if (!existsSync(path)) return;
        const handle = openSync(path, "r+");
        try {
            const { size } = fstatSync(handle);
            for (const start of at) writtenAt(handle, ZEROS.subarray(0, Math.max(0, size - start)), start);
            await toDisk(handle);
        } finally {
            closeSync(handle);
        }
    }

    #withRoom(): Growing {
        if (this.#growing && this.#growing.bytes < FULL_BYTES) return this.#growing;
        return { segment: randomBytes(8).toString("hex"), bytes: 0 };
    }

    #path(name: string): string {
        return join(this.#folder, name);
    }
}

function writtenAt(file: number, bytes: Buffer, at: number): number {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
    return bytes.length;
}

function bytesAt(file: number, offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    let read = 0;
    for (let count = -1; read < length && count !== 0; read += count) {
        count = readSync(file, bytes, read, length - read, offset + read);
    }
    return bytes.subarray(0, read);
}

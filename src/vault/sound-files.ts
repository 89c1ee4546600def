/** The files with sealed sound. One is called after its recording; while its row is being written, with ".new" behind. */
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
    unlink,
    writeSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { VaultError } from "./error";
import { checkSoundStart, chunkOf, openedChunk, SOUND_START_BYTES, soundBytes } from "./seal";
import { syncFolder } from "./store-key";

const NEW = ".new";
const toDisk = promisify(fsync);
const unlinked = promisify(unlink);
/** Files removed at a time: more than Node's thread pool takes gains nothing. */
const AT_A_TIME = 8;

export interface SoundFile {
    readonly name: string;
    readonly pieces: Iterable<Buffer>;
}

export class SoundFiles {
    readonly #folder: string;
    readonly #lostFolder: string;

    /** @param folder of the vault */
    constructor(folder: string) {
        this.#folder = join(folder, "sound");
        this.#lostFolder = join(folder, "lost");
    }

    get folder(): string {
        return this.#folder;
    }

    /** Writes new files, which are on the disk when this resolves: together, because each wait for a disk is a long one. */
    async write(files: readonly SoundFile[]): Promise<void> {
        if (files.length === 0) return;
        const handles: number[] = [];
        try {
            for (const { name, pieces } of files) {
                const handle = openSync(this.#path(name + NEW), "wx", 0o600);
                handles.push(handle);
                for (const piece of pieces) for (let at = 0; at < piece.length; ) at += writeSync(handle, piece, at);
            }
            await Promise.all(handles.map((handle) => toDisk(handle)));
        } finally {
            for (const handle of handles) closeSync(handle);
        }
        syncFolder(this.#folder);
    }

    /** The rows of new files are written: from now on they have their own names. */
    settle(files: readonly SoundFile[]): void {
        for (const { name } of files) renameSync(this.#path(name + NEW), this.#path(name));
    }

    /** The rows of new files could not be written. */
    discard(files: readonly SoundFile[]): void {
        for (const { name } of files) rmSync(this.#path(name + NEW), { force: true });
    }

    /** Several at a time: each waits for the disk, and there may be 100,000. */
    async remove(names: readonly string[]): Promise<void> {
        const waiting = names.values();
        const removeSome = async () => {
            // All of them take from the same iterator.
            for (const name of waiting) await this.#remove(name);
        };
        await Promise.all(Array.from({ length: Math.min(AT_A_TIME, names.length) }, removeSome));
        if (names.length > 0) syncFolder(this.#folder);
    }

    /** Removes what no recording has. */
    async removeAllBut(known: ReadonlySet<string>): Promise<void> {
        const isKnown = (file: string) => known.has(file.endsWith(NEW) ? file.slice(0, -NEW.length) : file);
        await this.remove(readdirSync(this.#folder).filter((file) => !isKnown(file)));
    }

    async #remove(name: string): Promise<void> {
        try {
            await unlinked(this.#path(name));
        } catch (error) {
            if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
            // A file whose name was not changed before the program stopped.
            rmSync(this.#path(name + NEW), { force: true });
        }
    }

    /**
     * Ends what an interrupted program began. Files that nothing explains (as when an index was put back that is older than
     * they are) are set aside, because the program has no business deleting them.
     * @param known names of files that have rows
     * @returns how many files were set aside, and how many are missing
     */
    recover(known: ReadonlySet<string>): { readonly setAside: number; readonly missing: number } {
        let found = 0;
        let setAside = 0;
        for (const file of readdirSync(this.#folder)) {
            const isNew = file.endsWith(NEW);
            const name = isNew ? file.slice(0, -NEW.length) : file;
            if (known.has(name)) {
                found++;
                if (isNew) renameSync(this.#path(file), this.#path(name));
            } else if (isNew) {
                rmSync(this.#path(file));
            } else {
                mkdirSync(this.#lostFolder, { recursive: true, mode: 0o700 });
                renameSync(this.#path(file), join(this.#lostFolder, file));
                setAside++;
            }
        }
        return { setAside, missing: known.size - found };
    }

    removeSetAside(): void {
        rmSync(this.#lostFolder, { recursive: true, force: true });
    }

    /** Bytes of sound in a file. @throws VaultError "damaged" when it is missing */
    lengthOf(name: string, id: string): number {
        const stats = statSync(this.#path(name), { throwIfNoEntry: false });
        if (!stats) throw missing(id);
        return soundBytes(stats.size);
    }

    /** One chunk of the sound. @throws VaultError "damaged" */
    readChunk(
        name: string,
        key: Buffer,
        index: number,
        id: string,
    ): { readonly sound: Buffer; readonly isLast: boolean } {
        const path = this.#path(name);
        if (!existsSync(path)) throw missing(id);
        const file = openSync(path, "r");
        try {
            if (index === 0) checkSoundStart(bytesAt(file, 0, SOUND_START_BYTES), id);
            const { offset, length, isLast } = chunkOf(fstatSync(file).size, index, id);
            return { sound: openedChunk(key, bytesAt(file, offset, length), index, isLast, id), isLast };
        } finally {
            closeSync(file);
        }
    }

    #path(name: string): string {
        return join(this.#folder, name);
    }
}

function missing(id: string): VaultError {
    return new VaultError("damaged", `The sound of recording ${id} is missing.`);
}

function bytesAt(file: number, offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    let read = 0;
    for (let count = -1; read < length && count !== 0; read += count) {
        count = readSync(file, bytes, read, length - read, offset + read);
    }
    return bytes.subarray(0, read);
}

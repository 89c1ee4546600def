/**
 * Runs a command-line program in WebAssembly without letting it touch anything: its arguments come from here, its files
 * live in memory, its clock stands still, and it has no environment, no network and no input.
 *
 * Protocol: WASI snapshot preview 1, of which this is what a program that reads arguments and writes files calls
 * (https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md). Every other call gives "not supported".
 */

import { MemoryFile } from "./memory-file";

export interface ProgramRun {
    readonly exitCode: number;
    readonly stdout: string;
    readonly stderr: string;
    /** What the program wrote, by the path it opened, without the leading slash. */
    readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface ProgramLimits {
    /** Bytes of all files and of what is printed together; a write past it ends the program. */
    readonly maxBytes: number;
}

const MODULE = "wasi_snapshot_preview1";

/** Numbers of the errors and flags as in the snapshot's tables. */
const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const INVALID = 28;
const NO_SUCH_FILE = 44;
const NOT_SUPPORTED = 58;
const NOT_SEEKABLE = 70;
const CREATE = 1;
const TRUNCATE = 8;
const APPEND = 1;
const CHARACTER_DEVICE = 2;
const DIRECTORY = 3;
const REGULAR_FILE = 4;
/** The one directory the program starts with, "/". */
const ROOT = 3;

/**
 * Runs `program` from `_start` to its end, on this thread.
 * @param args argument zero, by custom the program's name, included
 * @throws OutputTooLong, WebAssembly.RuntimeError when the program breaks down, WebAssembly.LinkError when it is no WASI command
 */
export async function runInMemory(
    program: WebAssembly.Module,
    args: readonly string[],
    limits: ProgramLimits,
): Promise<ProgramRun> {
    const host = new Host(args, limits.maxBytes);
    const instance = await WebAssembly.instantiate(program, { [MODULE]: host.functions(program) });
    return host.run(instance);
}

/** The program wrote more than it may; many programs don't look at whether a write failed, so it is ended there. */
export class OutputTooLong extends Error {
    override readonly name = "OutputTooLong";

    constructor(readonly maxBytes: number) {
        super(`The program wrote more than the ${maxBytes} bytes it has room for.`);
    }
}

/** Thrown through the program when it calls `proc_exit`, which doesn't return. */
class Exit {
    constructor(readonly code: number) {}
}

interface OpenFile {
    readonly file: MemoryFile;
    readonly seekable: boolean;
    readonly append: boolean;
    position: number;
}

type WasiFunction = (...parameters: never[]) => number;

class Host {
    readonly #arguments: readonly Uint8Array[];
    readonly #maxBytes: number;
    readonly #stdout = new MemoryFile();
    readonly #stderr = new MemoryFile();
    readonly #files = new Map<string, MemoryFile>();
    readonly #open = new Map<number, OpenFile>();
    #memory = new WebAssembly.Memory({ initial: 0 });

    constructor(args: readonly string[], maxBytes: number) {
        this.#arguments = args.map((argument) => new TextEncoder().encode(`${argument}\0`));
        this.#maxBytes = maxBytes;
        this.#open.set(1, { file: this.#stdout, seekable: false, append: true, position: 0 });
        this.#open.set(2, { file: this.#stderr, seekable: false, append: true, position: 0 });
    }

    run(instance: WebAssembly.Instance): ProgramRun {
        const { memory, _start: start } = instance.exports;
        if (!(memory instanceof WebAssembly.Memory) || typeof start !== "function") {
            throw new WebAssembly.LinkError('A WASI command exports "memory" and "_start"; this module does not.');
        }
        this.#memory = memory;
        const exitCode = exitCodeOf(() => start());
        const text = new TextDecoder();
        return {
            exitCode,
            stdout: text.decode(this.#stdout.bytes),
            stderr: text.decode(this.#stderr.bytes),
            files: new Map([...this.#files].map(([path, file]) => [path, file.bytes])),
        };
    }

    /** What the program imports: the functions below, and a refusal for every other name. */
    functions(program: WebAssembly.Module): Record<string, WasiFunction> {
        const known: Record<string, WasiFunction> = {
            args_sizes_get: (count: number, bytes: number) => this.#argumentSizes(count, bytes),
            args_get: (pointers: number, bytes: number) => this.#copyArguments(pointers, bytes),
            clock_time_get: (_clock: number, _precision: bigint, result: number) => {
                this.#view().setBigUint64(result, 0n, true);
                return SUCCESS;
            },
            fd_close: (descriptor: number) => (this.#open.delete(descriptor) ? SUCCESS : BAD_DESCRIPTOR),
            fd_fdstat_get: (descriptor: number, result: number) => this.#describe(descriptor, result),
            fd_prestat_get: (descriptor: number, result: number) => this.#prestat(descriptor, result),
            fd_prestat_dir_name: (descriptor: number, path: number, length: number) => {
                if (descriptor !== ROOT) return BAD_DESCRIPTOR;
                if (length < 1) return INVALID;
                this.#view().setUint8(path, "/".charCodeAt(0));
                return SUCCESS;
            },
            fd_read: (descriptor: number, vectors: number, count: number, result: number) =>
                this.#read(descriptor, vectors, count, result),
            fd_write: (descriptor: number, vectors: number, count: number, result: number) =>
                this.#write(descriptor, vectors, count, result),
            fd_seek: (descriptor: number, offset: bigint, whence: number, result: number) =>
                this.#seek(descriptor, Number(offset), whence, result),
            path_open: (
                directory: number,
                _lookup: number,
                path: number,
                length: number,
                how: number,
                _rights: bigint,
                _inherited: bigint,
                flags: number,
                result: number,
            ) => this.#openPath(directory, this.#text(path, length), how, flags, result),
            proc_exit: (code: number) => {
                throw new Exit(code);
            },
        };
        const refusal: WasiFunction = () => NOT_SUPPORTED;
        const names = WebAssembly.Module.imports(program).filter(({ module }) => module === MODULE);
        return Object.fromEntries(names.map(({ name }) => [name, known[name] ?? refusal]));
    }

    /** Made anew for each use: the buffer of a memory that grows is replaced. */
    #view(): DataView {
        return new DataView(this.#memory.buffer);
    }

    #slice(pointer: number, length: number): Uint8Array {
        return new Uint8Array(this.#memory.buffer, pointer, length);
    }

    #text(pointer: number, length: number): string {
        return new TextDecoder().decode(this.#slice(pointer, length));
    }

    /** The pieces of memory a read fills or a write takes from. */
    #vectors(pointer: number, count: number): Uint8Array[] {
        const view = this.#view();
        return Array.from({ length: count }, (_, index) => {
            const vector = pointer + index * 8;
            return this.#slice(view.getUint32(vector, true), view.getUint32(vector + 4, true));
        });
    }

    #argumentSizes(count: number, bytes: number): number {
        const total = this.#arguments.reduce((sum, argument) => sum + argument.length, 0);
        this.#view().setUint32(count, this.#arguments.length, true);
        this.#view().setUint32(bytes, total, true);
        return SUCCESS;
    }

    #copyArguments(pointers: number, bytes: number): number {
        let to = bytes;
        for (const [index, argument] of this.#arguments.entries()) {
            this.#view().setUint32(pointers + index * 4, to, true);
            this.#slice(to, argument.length).set(argument);
            to += argument.length;
        }
        return SUCCESS;
    }

    #describe(descriptor: number, result: number): number {
        const open = this.#open.get(descriptor);
        if (!open && descriptor !== ROOT) return BAD_DESCRIPTOR;
        const view = this.#view();
        this.#slice(result, 24).fill(0);
        view.setUint8(result, !open ? DIRECTORY : open.seekable ? REGULAR_FILE : CHARACTER_DEVICE);
        view.setUint16(result + 2, open?.append ? APPEND : 0, true);
        // All rights: what may be done is decided here, call by call.
        view.setBigUint64(result + 8, 0xffff_ffffn, true);
        view.setBigUint64(result + 16, 0xffff_ffffn, true);
        return SUCCESS;
    }

    #prestat(descriptor: number, result: number): number {
        if (descriptor !== ROOT) return BAD_DESCRIPTOR;
        this.#view().setUint32(result, 0, true);
        this.#view().setUint32(result + 4, 1, true);
        return SUCCESS;
    }

    #openPath(directory: number, path: string, how: number, flags: number, result: number): number {
        if (directory !== ROOT) return BAD_DESCRIPTOR;
        let file = this.#files.get(path);
        if (!file) {
            if ((how & CREATE) === 0) return NO_SUCH_FILE;
            file = new MemoryFile();
            this.#files.set(path, file);
        }
        if ((how & TRUNCATE) !== 0) file.truncate();
        let descriptor = ROOT + 1;
        while (this.#open.has(descriptor)) descriptor += 1;
        this.#open.set(descriptor, { file, seekable: true, append: (flags & APPEND) !== 0, position: 0 });
        this.#view().setUint32(result, descriptor, true);
        return SUCCESS;
    }

    #read(descriptor: number, vectors: number, count: number, result: number): number {
        const open = this.#open.get(descriptor);
        if (!open?.seekable) return BAD_DESCRIPTOR;
        let total = 0;
        for (const target of this.#vectors(vectors, count)) {
            const piece = open.file.bytes.subarray(open.position, open.position + target.length);
            target.set(piece);
            open.position += piece.length;
            total += piece.length;
        }
        this.#view().setUint32(result, total, true);
        return SUCCESS;
    }

    #write(descriptor: number, vectors: number, count: number, result: number): number {
        const open = this.#open.get(descriptor);
        if (!open) return BAD_DESCRIPTOR;
        let total = 0;
        for (const piece of this.#vectors(vectors, count)) {
            if (open.append) open.position = open.file.length;
            const growth = Math.max(0, open.position + piece.length - open.file.length);
            if (this.#bytesHeld() + growth > this.#maxBytes) throw new OutputTooLong(this.#maxBytes);
            open.file.write(open.position, piece);
            open.position += piece.length;
            total += piece.length;
        }
        this.#view().setUint32(result, total, true);
        return SUCCESS;
    }

    #seek(descriptor: number, offset: number, whence: number, result: number): number {
        const open = this.#open.get(descriptor);
        if (!open) return BAD_DESCRIPTOR;
        if (!open.seekable) return NOT_SEEKABLE;
        const origin = [0, open.position, open.file.length][whence];
        if (origin === undefined || origin + offset < 0) return INVALID;
        open.position = origin + offset;
        this.#view().setBigUint64(result, BigInt(open.position), true);
        return SUCCESS;
    }

    #bytesHeld(): number {
        const files = [...this.#files.values(), this.#stdout, this.#stderr];
        return files.reduce((sum, file) => sum + file.length, 0);
    }
}

function exitCodeOf(run: () => void): number {
    try {
        run();
        return 0;
    } catch (error) {
        if (error instanceof Exit) return error.code;
        throw error;
    }
}

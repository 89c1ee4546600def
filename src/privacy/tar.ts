/** Archives as every system can open them: tar in its "ustar" form (POSIX.1-1988), regular files only. */
import type { FileHandle } from "node:fs/promises";

const BLOCK = 512;
const MAX_NAME = 100;

export class TarError extends Error {
    override readonly name = "TarError";
}

export interface TarEntry {
    readonly name: string;
    readonly content: Buffer;
}

/** Header, content and what fills the last block. @param at milliseconds since 1970 */
export function tarEntry(name: string, content: Buffer, at: number): Buffer {
    const header = Buffer.alloc(BLOCK);
    if (Buffer.byteLength(name) > MAX_NAME) throw new TarError(`A name in an archive has at most ${MAX_NAME} bytes.`);
    header.write(name, 0);
    header.write("0000600\0", 100);
    header.write("0000000\0", 108);
    header.write("0000000\0", 116);
    header.write(`${octal(content.length, 11)}\0`, 124);
    header.write(`${octal(Math.floor(at / 1_000), 11)}\0`, 136);
    header.write("0", 156);
    header.write("ustar\x0000", 257);
    header.write(`${octal(checksum(header), 6)}\0 `, 148);
    return Buffer.concat([header, content, Buffer.alloc(-content.length & (BLOCK - 1))]);
}

/** Two blocks of zeros. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

/**
 * The files of an archive, one after the other.
 * @param maxBytes the longest that one may be
 * @throws TarError, which says where
 */
export async function* tarEntries(file: FileHandle, maxBytes: number): AsyncGenerator<TarEntry, void, undefined> {
    for (let at = 0; ; ) {
        const header = await read(file, at, BLOCK);
        if (header.every((byte) => byte === 0)) return;
        const isGood = Number.parseInt(header.toString("latin1", 148, 156), 8) === checksum(header);
        if (!isGood || header.toString("latin1", 257, 262) !== "ustar") throw new TarError(`No archive at byte ${at}.`);
        const name = header.toString("utf8", 0, header.indexOf(0));
        const size = Number.parseInt(header.toString("latin1", 124, 136), 8);
        if (!(size >= 0 && size <= maxBytes)) throw new TarError(`The archive's "${name}" is too long.`);
        const blocks = await read(file, at + BLOCK, Math.ceil(size / BLOCK) * BLOCK);
        if (blocks.subarray(size).some((byte) => byte !== 0)) throw new TarError(`No archive after "${name}".`);
        yield { name, content: blocks.subarray(0, size) };
        at += BLOCK + blocks.length;
    }
}

async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, at);
    if (bytesRead < length) throw new TarError(`The archive ends in the middle, at byte ${at + bytesRead}.`);
    return bytes;
}

/** The sum of the header's bytes, its own field taken as spaces. */
function checksum(header: Buffer): number {
    return header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0);
}

function octal(value: number, digits: number): string {
    return value.toString(8).padStart(digits, "0");
}

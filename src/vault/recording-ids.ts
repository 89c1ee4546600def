/** Ids of recordings, any number of them: sorted, 16 bytes each, so that 100,000 cross between threads without a pause. */
import { createHash } from "node:crypto";
import { packedId, unpackedId } from "./recording";

const ID_BYTES = 16;

export class RecordingIds implements Iterable<string> {
    readonly #bytes: Buffer;

    /** @param bytes sorted */
    constructor(bytes: Uint8Array) {
        this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }

    static of(ids: Iterable<string>): RecordingIds {
        return new RecordingIds(Buffer.concat(Array.from(ids, packedId).sort(Buffer.compare)));
    }

    /** @param bytes in any order */
    static sorted(bytes: Uint8Array): RecordingIds {
        const ids = [...new RecordingIds(bytes)];
        return RecordingIds.of(new Set(ids));
    }

    /** 16 for each id. */
    get bytes(): Uint8Array {
        return this.#bytes;
    }

    get size(): number {
        return this.#bytes.length / ID_BYTES;
    }

    has(id: string): boolean {
        const wanted = packedId(id);
        if (wanted.length !== ID_BYTES) return false;
        for (let low = 0, high = this.size - 1; low <= high; ) {
            const middle = (low + high) >> 1;
            const order = this.#at(middle).compare(wanted);
            if (order === 0) return true;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return false;
    }

    /** SHA-256 over the ids, in hexadecimal digits: tells whoever has the ids that these were meant, and nobody else anything. */
    digest(): string {
        return createHash("sha256").update(this.#bytes).digest("hex");
    }

    *[Symbol.iterator](): IterableIterator<string> {
        for (let index = 0; index < this.size; index++) yield unpackedId(this.#at(index));
    }

    #at(index: number): Buffer {
        return this.#bytes.subarray(index * ID_BYTES, (index + 1) * ID_BYTES);
    }
}

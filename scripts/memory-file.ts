/** The bytes of a file that exists in memory only. */
export class MemoryFile {
    #bytes = new Uint8Array(0);
    #length = 0;

    get length(): number {
        return this.#length;
    }

    get bytes(): Uint8Array {
        return this.#bytes.subarray(0, this.#length);
    }

    write(at: number, bytes: Uint8Array): void {
        const end = at + bytes.length;
        if (end > this.#bytes.length) {
            const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2));
            grown.set(this.bytes);
            this.#bytes = grown;
        }
        this.#bytes.set(bytes, at);
        this.#length = Math.max(this.#length, end);
    }

    truncate(): void {
        this.#bytes.fill(0, 0, this.#length);
        this.#length = 0;
    }
}

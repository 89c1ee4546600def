/** A recording as a WAV file that is made while it is sent: any stretch of its bytes, none of them in clear on a disk. */
import { encodePcm, SAMPLE_RATE, wavHeader } from "../audio";
import type { Vault } from "../vault";

const BYTES_PER_SAMPLE = 2;

export class Playback {
    /** Of the whole file. */
    readonly bytes: number;
    readonly #vault: Vault;
    readonly #id: string;
    readonly #header: Buffer;

    private constructor(vault: Vault, id: string, samples: number) {
        this.#vault = vault;
        this.#id = id;
        this.#header = wavHeader(samples, SAMPLE_RATE);
        this.bytes = this.#header.length + samples * BYTES_PER_SAMPLE;
    }

    /** @throws VaultError "not-found" when there is no such recording, or none of its sound */
    static async of(vault: Vault, id: string): Promise<Playback> {
        return new Playback(vault, id, await vault.soundLength(id));
    }

    /** How much of the sound is in these bytes, in milliseconds. */
    durationMs(first: number, last: number): number {
        const soundBytes = last + 1 - Math.max(first, this.#header.length);
        return Math.max(0, soundBytes / BYTES_PER_SAMPLE / SAMPLE_RATE) * 1_000;
    }

    /**
     * The bytes from `first` to `last`, both included, as they are opened: the header comes with the first of the sound.
     * @throws VaultError, also in the middle: "not-found" when the recording is purged meanwhile
     */
    async *read(first: number, last: number): AsyncGenerator<Buffer, void, undefined> {
        let header = this.#header.subarray(first, last + 1);
        const from = Math.max(0, first - this.#header.length);
        let left = last + 1 - Math.max(first, this.#header.length);
        if (left <= 0) {
            yield header;
            return;
        }
        let skipped = from % BYTES_PER_SAMPLE;
        for await (const samples of this.#vault.sound(this.#id, Math.floor(from / BYTES_PER_SAMPLE))) {
            const piece = encodePcm(samples, "s16").subarray(skipped, skipped + left);
            yield Buffer.concat([header, piece]);
            header = Buffer.alloc(0);
            skipped = 0;
            left -= piece.length;
            if (left === 0) return;
        }
    }
}

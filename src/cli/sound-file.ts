/** A WAV file of any kind, piece by piece, as the library's sound. */
import { createReadStream } from "node:fs";
import { decodeSound } from "../audio";
import type { Samples } from "../speech";

/** Files are of any length: what is heard of them is bounded by whoever listens. */
const ANY_LENGTH = { maxMs: Number.POSITIVE_INFINITY };

/** @throws AudioFormatError, or what the file system says */
export async function* soundOf(file: string): AsyncGenerator<Samples, void, undefined> {
    const decoder = decodeSound({ format: "wav" }, ANY_LENGTH);
    for await (const bytes of createReadStream(file)) yield decoder.write(bytes);
    yield decoder.end();
}

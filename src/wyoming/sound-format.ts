import type { SampleEncoding, SoundFormat } from "../audio";
import { WyomingError } from "./error";
import type { WyomingData } from "./event";

/** By bytes a sample. */
const ENCODINGS: Readonly<Record<number, SampleEncoding>> = { 1: "u8", 2: "s16", 3: "s24", 4: "s32" };

/**
 * What `audio-start` and `audio-chunk` say about the sound that follows.
 *
 * @throws WyomingError for sound that isn't taken
 */
export function soundFormatOf({ rate, width, channels }: WyomingData): Extract<SoundFormat, { format: "raw" }> {
    const encoding = typeof width === "number" ? ENCODINGS[width] : undefined;
    if (encoding === undefined || typeof rate !== "number" || typeof channels !== "number") {
        const given = JSON.stringify({ rate, width, channels });
        throw new WyomingError(
            "not-supported",
            `Sound of ${given} isn't taken: expected 8,000 to 192,000 samples a second of 1 to 4 bytes.`,
        );
    }
    return { format: "raw", sampleRate: rate, encoding, channels };
}

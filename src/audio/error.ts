export type AudioFormatErrorCode = "not-wav" | "not-supported" | "damaged" | "truncated" | "too-long";

/** Sound that can't be decoded: `message` names the byte or the header field and what was expected there. */
export class AudioFormatError extends Error {
    override readonly name = "AudioFormatError";

    constructor(
        readonly code: AudioFormatErrorCode,
        /** Offset of the fault from the start of the sound, in bytes. */
        readonly byteOffset: number,
        message: string,
    ) {
        super(message);
    }
}

export type WyomingErrorCode = "malformed" | "too-large" | "too-slow" | "closed" | "not-supported";

/** What a peer sent can't be used, or it is gone; `message` is a sentence for people. */
export class WyomingError extends Error {
    override readonly name = "WyomingError";

    constructor(
        readonly code: WyomingErrorCode,
        message: string,
    ) {
        super(message);
    }
}

export type PrivacyLogErrorCode = "bad-event" | "damaged" | "not-found" | "overloaded" | "closed";

/** What the privacy log could not do, in a sentence for people. Faults of the disk come as Node's own errors. */
export class PrivacyLogError extends Error {
    override readonly name = "PrivacyLogError";

    constructor(
        readonly code: PrivacyLogErrorCode,
        message: string,
    ) {
        super(message);
    }
}

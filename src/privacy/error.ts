export type PrivacyLogErrorCode =
    | "bad-event"
    | "damaged"
    | "not-found"
    /** The public key that the log was signed with, or the private one that it is to be signed with, can't be read. */
    | "no-key"
    /** Another program writes this log. */
    | "in-use"
    | "overloaded"
    | "closed";

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

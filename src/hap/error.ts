export type HapErrorCode =
    /** Nothing listens at the accessory's address, or it isn't known. */
    | "unreachable"
    /** It was reached but didn't answer in time. */
    | "timeout"
    /** The connection broke off before the answer. */
    | "disconnected"
    /** The accessory doesn't accept our pairing (any more), or isn't the one it says it is. */
    | "authentication"
    | "already-paired"
    | "not-paired"
    | "invalid-pin"
    /** An imported pairing is none, or not for an accessory on the network. */
    | "invalid-pairing"
    | "wrong-pin"
    | "max-tries"
    | "max-peers"
    /** The accessory is busy pairing with someone else, or asks to wait. */
    | "busy"
    /** It sent something that is not HomeKit. */
    | "protocol"
    /** It answered that it won't: read-only, out of range, no such characteristic. */
    | "refused"
    | "unknown-accessory"
    | "store"
    | "closed";

/** What went wrong with an accessory: `message` is a sentence for people, without secrets. */
export class HapError extends Error {
    override readonly name = "HapError";

    constructor(
        readonly code: HapErrorCode,
        message: string,
        options?: ErrorOptions,
    ) {
        super(message, options);
    }
}

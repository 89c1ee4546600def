export type BridgeErrorCode =
    | "port-in-use"
    | "address-not-here"
    | "not-publishable"
    | "already-paired"
    | "too-many-accessories"
    | "identity"
    | "other-library";

/** The bridge can't do what it should; `message` is a sentence for people, without secrets. */
export class BridgeError extends Error {
    override readonly name = "BridgeError";

    constructor(
        readonly code: BridgeErrorCode,
        message: string,
        options?: ErrorOptions,
    ) {
        super(message, options);
    }
}

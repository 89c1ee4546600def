/**
 * - `bad-address`, `no-token`: the settings can't work
 * - `auth-invalid`: Home Assistant doesn't take the token; asking again would not help, and may get this machine banned
 * - `not-admin`: the token's user may not see which entities are exposed
 * - `unreachable`, `certificate`, `not-home-assistant`: no conversation came about
 * - `disconnected`, `timeout`, `protocol`: it ended, hung, or made no sense
 * - `busy`: too much is waiting for an answer already
 * - `refused`: Home Assistant said no to one command; `remoteCode` is its own word for it
 */
export type HomeAssistantErrorCode =
    | "bad-address"
    | "no-token"
    | "auth-invalid"
    | "not-admin"
    | "unreachable"
    | "certificate"
    | "not-home-assistant"
    | "disconnected"
    | "timeout"
    | "protocol"
    | "busy"
    | "refused";

/** `message` is a sentence for people: what is wrong and what to do. It never holds the token. */
export class HomeAssistantError extends Error {
    override readonly name = "HomeAssistantError";
    readonly remoteCode: string | undefined;

    constructor(
        readonly code: HomeAssistantErrorCode,
        message: string,
        { remoteCode, ...options }: ErrorOptions & { readonly remoteCode?: string } = {},
    ) {
        super(message, options);
        this.remoteCode = remoteCode;
    }

    /** Trying again can't help until a person has changed something. */
    get isFinal(): boolean {
        return this.code === "bad-address" || this.code === "no-token" || this.code === "auth-invalid";
    }
}

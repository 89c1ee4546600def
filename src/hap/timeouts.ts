/** How long an accessory may take. */
export interface HapTimeouts {
    /** For a command in all, waiting for its turn and connecting included. */
    readonly commandMs: number;
    /** For the answer to one request. */
    readonly requestMs: number;
    /** For all of an accessory's database: bridges that ask their devices for every value take long. */
    readonly databaseMs: number;
    /** For connecting and verifying. */
    readonly connectMs: number;
    /** How long a refused connection is tried again, as an accessory that restarts needs a moment. */
    readonly restartMs: number;
    /** After so long without a word on a kept connection the accessory is asked for a sign of life. */
    readonly keepAliveMs: number;
    /** Before the first attempt to reconnect; doubled after each. */
    readonly firstReconnectMs: number;
    readonly lastReconnectMs: number;
}

export const DEFAULT_TIMEOUTS: HapTimeouts = {
    commandMs: 6000,
    requestMs: 4000,
    databaseMs: 15_000,
    connectMs: 4000,
    restartMs: 4000,
    keepAliveMs: 60_000,
    firstReconnectMs: 1000,
    lastReconnectMs: 60_000,
};

/** How long things may take, in milliseconds. */
export interface HomeAssistantTimings {
    /** From opening the socket to `auth_ok`. Home Assistant itself gives up on a client after ten seconds. */
    readonly openMs: number;
    /** From a command to its result. */
    readonly commandMs: number;
    /** Between signs of life that are asked for while nothing else happens. */
    readonly pingEveryMs: number;
    readonly pongMs: number;
    /** The first and the longest pause before a lost connection is tried again; each is about twice the one before. */
    readonly firstRetryMs: number;
    readonly longestRetryMs: number;
    /** Registries change in flocks: they are read once no change has come for this long. */
    readonly settleMs: number;
    /** Exposing an entity that no registry knows is told by no event: looked up this often. */
    readonly lookUpEveryMs: number;
}

export const DEFAULT_TIMINGS: HomeAssistantTimings = {
    openMs: 10_000,
    commandMs: 10_000,
    pingEveryMs: 30_000,
    pongMs: 10_000,
    firstRetryMs: 1_000,
    longestRetryMs: 60_000,
    settleMs: 500,
    lookUpEveryMs: 300_000,
};

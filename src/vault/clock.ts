/** A clock that never goes back, so that what is kept for three months is not kept for longer when the clock is set back. */

/** What the machine's clocks say at one moment. */
export interface Moment {
    /** Milliseconds since 1970; it may be set forward and back. */
    readonly wall: number;
    /** Milliseconds since the program started; it only goes forward. */
    readonly elapsed: number;
}

export type Clock = () => Moment;

export const machineClock: Clock = () => ({ wall: Date.now(), elapsed: performance.now() });

/** Setting a clock right moves it by less than this. */
const TOLERANCE_MS = 60_000;

export class SteadyClock {
    #now: number;
    #elapsed: number | undefined;
    #isBehind = false;

    /** @param now where it stood last, in milliseconds since 1970 */
    constructor(now: number) {
        this.#now = now;
    }

    get now(): number {
        return this.#now;
    }

    /** Whether the machine's clock has been set back behind it. */
    get isBehind(): boolean {
        return this.#isBehind;
    }

    tick({ wall, elapsed }: Moment): number {
        const since = this.#elapsed === undefined ? 0 : Math.max(0, elapsed - this.#elapsed);
        this.#elapsed = elapsed;
        const steady = this.#now + since;
        this.#isBehind = wall < steady - TOLERANCE_MS;
        this.#now = Math.max(wall, Math.floor(steady));
        return this.#now;
    }
}

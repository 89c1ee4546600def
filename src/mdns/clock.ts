/** Time as discovery needs it: handed in, so that a test can hold it. */
export interface Clock {
    /** Milliseconds from an arbitrary start; never goes back. */
    now(): number;
    /** Runs `task` once after `delayMs`; the returned function calls it off. */
    after(delayMs: number, task: () => void): () => void;
}

export const systemClock: Clock = {
    now: () => performance.now(),
    after: (delayMs, task) => {
        const timer = setTimeout(task, delayMs);
        return () => clearTimeout(timer);
    },
};

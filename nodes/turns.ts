/** Work that has to be done one after the other, with a bound on how much may wait. */
export class Turns {
    readonly #max: number;
    #waiting = 0;
    #last: Promise<unknown> = Promise.resolve();

    constructor(max: number) {
        this.#max = max;
    }

    /** Settles as `work` does, once all that came before is done. @throws TooManyWaiting */
    take<T>(work: () => Promise<T>): Promise<T> {
        if (this.#waiting >= this.#max) throw new TooManyWaiting(this.#max);
        this.#waiting += 1;
        const turn = this.#last.then(work).finally(() => {
            this.#waiting -= 1;
        });
        // Whoever asked for the work hears of its failure; the next in line does not.
        this.#last = turn.catch(() => undefined);
        return turn;
    }
}

export class TooManyWaiting extends Error {
    override readonly name = "TooManyWaiting";
    readonly code = "too-many-waiting";

    constructor(readonly max: number) {
        super(`More than ${max} messages wait for their turn: they come faster than they can be dealt with.`);
    }
}

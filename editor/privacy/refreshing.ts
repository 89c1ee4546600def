/** Work that brings something up to date: done one at a time, and once more if it was asked for meanwhile. */

export class Refreshing {
    readonly #work: () => Promise<void>;
    #running: Promise<void> | undefined;
    #isStale = false;

    /** @param work deals with its own failures */
    constructor(work: () => Promise<void>) {
        this.#work = work;
    }

    /** Resolves when it is as new as at this call. */
    async refresh(): Promise<void> {
        this.#isStale = true;
        this.#running ??= this.#run();
        await this.#running;
    }

    async #run(): Promise<void> {
        try {
            while (this.#isStale) {
                this.#isStale = false;
                await this.#work();
            }
        } finally {
            this.#running = undefined;
        }
    }
}

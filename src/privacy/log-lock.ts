/**
 * One log has one writer. The lock is one of SQLite's, on a file that has nothing else in it: the system lets go of it when
 * a process ends, however it ends, so that none is left behind; Node has no other way to such a lock.
 */
import { DatabaseSync } from "node:sqlite";
import { PrivacyLogError } from "./error";

export class LogLock {
    readonly #database: DatabaseSync;

    /** @throws PrivacyLogError "in-use" */
    constructor(path: string) {
        // Without waiting, which would hold up the event loop: the next event tries again.
        this.#database = new DatabaseSync(`${path}.lock`, { timeout: 0 });
        try {
            this.#database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
        } catch (error) {
            this.#database.close();
            if (!(error instanceof Error && "errcode" in error && error.errcode === 5)) throw error;
            throw new PrivacyLogError("in-use", `Another program, or another hub, writes the privacy log ${path}.`);
        }
    }

    release(): void {
        this.#database.close();
    }
}

/** A child process with somebody who looks after it: what it said last is known when it dies, and it never outlives its owner. */
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { StartError } from "./waiting";

/** What is kept of its output to tell why it died. */
const MAX_LAST_LINES = 20;
const STOP_MS = 4_000;

export class OwnedProcess {
    /** Resolves when it is gone. */
    readonly gone: Promise<void>;
    readonly #name: string;
    readonly #child: ChildProcess;
    readonly #lastLines: string[] = [];
    #isGone = false;

    /** `onLine` takes its stdout line by line; without it stdout is kept for `obituary`, as stderr is. */
    constructor(name: string, child: ChildProcess, onLine?: (line: string) => void) {
        this.#name = name;
        this.#child = child;
        this.gone = new Promise((resolve) => {
            const end = () => {
                this.#isGone = true;
                resolve();
            };
            child.once("close", end);
            child.once("error", (error) => {
                this.note(error.message);
                if (child.pid === undefined) end();
            });
        });
        const keep = (line: string) => this.note(line);
        if (child.stdout) createInterface({ input: child.stdout }).on("line", onLine ?? keep);
        if (child.stderr) createInterface({ input: child.stderr }).on("line", keep);
    }

    /** Undefined when it could not be started. */
    get pid(): number | undefined {
        return this.#child.pid;
    }

    get isGone(): boolean {
        return this.#isGone;
    }

    /** Keeps a line for the obituary. */
    note(line: string): void {
        this.#lastLines.push(line);
        if (this.#lastLines.length > MAX_LAST_LINES) this.#lastLines.shift();
    }

    /** How it ended, with what it said last. */
    obituary(): StartError {
        const { exitCode, signalCode } = this.#child;
        const how = signalCode ? `by ${signalCode}` : `with exit code ${exitCode}`;
        const said = this.#lastLines.length > 0 ? `; it said:\n${this.#lastLines.join("\n")}` : ", without a word.";
        return new StartError(`${this.#name} ended ${how}${said}`);
    }

    /** Settles as `work` does, or rejects when the process dies first. */
    whileAlive<T>(work: Promise<T>): Promise<T> {
        const dies = this.gone.then(() => {
            throw this.obituary();
        });
        return Promise.race([work, dies]);
    }

    /** Asks it to end and resolves when it has; after four seconds it is not asked any more. */
    async stop(): Promise<void> {
        if (this.#isGone) return;
        const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
        this.#child.kill("SIGTERM");
        await this.gone;
        clearTimeout(timer);
    }
}

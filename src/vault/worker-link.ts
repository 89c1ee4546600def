/** The vault's end of the line to its worker thread: calls out, answers in, each within its time. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { VaultError } from "./error";
import type { VaultProblem } from "./problem";
import { type Answer, type Request, soundIn, type VaultCalls, type VaultMethod, type WorkerSettings } from "./protocol";
import type { KeyGuard } from "./store-key";

interface Waiting {
    readonly resolve: (result: unknown) => void;
    readonly reject: (error: VaultError) => void;
}

/** These go through all of the vault. */
const LONG_CALLS: ReadonlySet<VaultMethod> = new Set<VaultMethod>(["purge", "settle", "rotate", "close"]);
const LONG_FACTOR = 10;

export class WorkerLink {
    #settings: WorkerSettings;
    readonly #timeoutMs: number;
    readonly #onProblem: (problem: VaultProblem) => void;
    readonly #waiting = new Map<number, Waiting>();
    #calls = 0;
    #worker: Worker | undefined;

    /** @param timeoutMs for a call; those that go through all of the vault may take ten times as long */
    constructor(settings: WorkerSettings, timeoutMs: number, onProblem: (problem: VaultProblem) => void) {
        this.#settings = settings;
        this.#timeoutMs = timeoutMs;
        this.#onProblem = onProblem;
    }

    get isUp(): boolean {
        return this.#worker !== undefined;
    }

    /** What the next thread opens the vault with. */
    guardWith(guard: KeyGuard): void {
        this.#settings = { ...this.#settings, guard };
    }

    /** Starts the thread if there is none. @throws VaultError */
    async call<Method extends VaultMethod>(
        method: Method,
        ...parameters: Parameters<VaultCalls[Method]>
    ): Promise<ReturnType<VaultCalls[Method]>> {
        const worker = this.#worker ?? this.#start();
        const call = ++this.#calls;
        const { promise, resolve, reject } = Promise.withResolvers<unknown>();
        const timeoutMs = this.#timeoutMs * (LONG_CALLS.has(method) ? LONG_FACTOR : 1);
        const timer = setTimeout(
            () => reject(new VaultError("timeout", `The vault did not ${method} within ${timeoutMs / 1_000} s.`)),
            timeoutMs,
        );
        this.#waiting.set(call, { resolve, reject });
        worker.ref();
        try {
            worker.postMessage({ call, method, parameters } as Request, soundIn(parameters));
            return (await promise) as ReturnType<VaultCalls[Method]>;
        } finally {
            clearTimeout(timer);
            this.#waiting.delete(call);
            // An idle vault doesn't keep the program alive.
            if (this.#waiting.size === 0) worker.unref();
        }
    }

    /** Waits for the calls under way, and ends the thread. */
    async close(): Promise<void> {
        const worker = this.#worker;
        if (!worker) return;
        try {
            await this.call("close");
        } finally {
            this.#worker = undefined;
            await worker.terminate();
        }
    }

    #start(): Worker {
        const worker = new Worker(join(__dirname, "worker.js"), {
            name: "earshot-vault",
            workerData: this.#settings,
            execArgv: ["--disable-warning=ExperimentalWarning"],
        });
        this.#worker = worker;
        worker.on("message", (answer: Answer) => this.#answered(worker, answer));
        worker.on("error", (error) =>
            this.#lost(worker, new VaultError("failed", `The vault failed: ${error.message}.`)),
        );
        worker.on("exit", () => this.#lost(worker, new VaultError("failed", "The vault's thread ended.")));
        return worker;
    }

    #answered(worker: Worker, answer: Answer): void {
        if ("problem" in answer) this.#onProblem(answer.problem);
        else if (answer.call === undefined) {
            if ("code" in answer) this.#lost(worker, new VaultError(answer.code, answer.message));
        } else {
            const waiting = this.#waiting.get(answer.call);
            if ("code" in answer) waiting?.reject(new VaultError(answer.code, answer.message));
            else waiting?.resolve(answer.result);
        }
    }

    /** The next call starts another worker. */
    #lost(worker: Worker, error: VaultError): void {
        if (this.#worker !== worker) return;
        this.#worker = undefined;
        for (const { reject } of this.#waiting.values()) reject(error);
    }
}

/** Recordings and transcripts at rest: each sealed with a key of its own, found by when and where, gone when purged. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { VaultError } from "./error";
import { type Answer, type Request, soundIn, type VaultCalls, type VaultMethod } from "./protocol";
import {
    isRecordingId,
    type Keepsake,
    RECORDING_LIMITS,
    type Recording,
    type RecordingContent,
    type RecordingPage,
    type RecordingSelection,
} from "./recording";
import { isVaultFolder } from "./store";

export interface VaultOptions {
    /** How long a call may take, in milliseconds; a purge may take ten times as long. */
    readonly timeoutMs?: number;
    /** Seconds of sound that may wait to be kept; more is refused. */
    readonly maxWaitingSeconds?: number;
}

interface Waiting {
    readonly resolve: (result: unknown) => void;
    readonly reject: (error: VaultError) => void;
}

/**
 * Nothing is on the disk, and no thread runs, until the first recording is kept. Calls are carried out one after the
 * other, in a thread of their own; they reject with `VaultError`.
 *
 * Purging replaces the store key, so that a copy of the folder from before can't be opened with what is there after it.
 * It can be opened with a copy of the store key from before: whoever has both has the recordings.
 */
export class Vault {
    readonly #folder: string;
    readonly #timeoutMs: number;
    readonly #maxWaitingSamples: number;
    readonly #waiting = new Map<number, Waiting>();
    #waitingSamples = 0;
    #calls = 0;
    #isOpen: boolean = false;
    #worker: Worker | undefined;

    constructor(folder: string, options: VaultOptions = {}) {
        this.#folder = folder;
        this.#timeoutMs = options.timeoutMs ?? 60_000;
        this.#maxWaitingSamples = (options.maxWaitingSeconds ?? 3_600) * 16_000;
    }

    /** Ends what an interrupted program began, if there is a vault. */
    async open(): Promise<void> {
        if (this.#isOpen) return;
        this.#isOpen = true;
        try {
            if (isVaultFolder(this.#folder)) await this.#call("list", { limit: 1 });
        } catch (error) {
            this.#isOpen = false;
            throw error;
        }
    }

    /** Waits for the calls under way. */
    async close(): Promise<void> {
        this.#isOpen = false;
        const worker = this.#worker;
        if (!worker) return;
        try {
            await this.#call("close");
        } finally {
            this.#worker = undefined;
            await worker.terminate();
        }
    }

    /** Resolves when the recording is on the disk and would outlast a power cut. */
    async keep(keepsake: Keepsake): Promise<Recording> {
        this.#requireOpen();
        checkKeepsake(keepsake);
        const { session, site, startedAt, samples, transcript } = keepsake;
        if (this.#waitingSamples + samples.length > this.#maxWaitingSamples) {
            throw new VaultError("busy", "Too many recordings wait to be kept: the disk is too slow.");
        }
        this.#waitingSamples += samples.length;
        try {
            // A copy of its own: the caller may go on writing into the buffer, and a view would bring the whole of it.
            const copy = samples.slice();
            return await this.#call("keep", {
                session,
                site,
                startedAt,
                samples: copy,
                ...(transcript && { transcript }),
            });
        } finally {
            this.#waitingSamples -= samples.length;
        }
    }

    async read(id: string): Promise<RecordingContent> {
        this.#requireOpen();
        if (!isRecordingId(id)) throw new VaultError("bad-request", "That is not the id of a recording.");
        if (this.#isUnused()) throw new VaultError("not-found", `There is no recording ${id}.`);
        return await this.#call("read", id);
    }

    /** The latest first. */
    async list(page: RecordingPage = {}): Promise<readonly Recording[]> {
        this.#requireOpen();
        const { limit = 100, before } = page;
        if (!Number.isInteger(limit) || limit < 1 || limit > RECORDING_LIMITS.page) {
            throw new VaultError("bad-request", `A page holds 1 to ${RECORDING_LIMITS.page} recordings, not ${limit}.`);
        }
        if (before !== undefined && !isRecordingId(before)) {
            throw new VaultError("bad-request", "A page begins before the id of a recording.");
        }
        return this.#isUnused() ? [] : await this.#call("list", page);
    }

    /**
     * Destroys the keys of the selected recordings, then all else of them.
     * @returns how many recordings that were
     */
    async purge(selection: RecordingSelection): Promise<number> {
        this.#requireOpen();
        checkSelection(selection);
        return this.#isUnused() ? 0 : await this.#call("purge", selection);
    }

    #requireOpen(): void {
        if (!this.#isOpen) throw new VaultError("closed", "The vault is closed.");
    }

    #isUnused(): boolean {
        return !this.#worker && !isVaultFolder(this.#folder);
    }

    async #call<Method extends VaultMethod>(
        method: Method,
        ...parameters: Parameters<VaultCalls[Method]>
    ): Promise<ReturnType<VaultCalls[Method]>> {
        const worker = this.#worker ?? this.#startWorker();
        const call = ++this.#calls;
        const { promise, resolve, reject } = Promise.withResolvers<unknown>();
        const timeoutMs = method === "purge" ? this.#timeoutMs * 10 : this.#timeoutMs;
        const timer = setTimeout(
            () => reject(new VaultError("timeout", `The vault did not ${method} within ${timeoutMs / 1_000} s.`)),
            timeoutMs,
        );
        this.#waiting.set(call, { resolve, reject });
        worker.ref();
        try {
            worker.postMessage({ call, method, parameters } as Request, soundIn(parameters[0]));
            return (await promise) as ReturnType<VaultCalls[Method]>;
        } finally {
            clearTimeout(timer);
            this.#waiting.delete(call);
            // An idle vault doesn't keep the program alive.
            if (this.#waiting.size === 0) worker.unref();
        }
    }

    #startWorker(): Worker {
        const worker = new Worker(join(__dirname, "worker.js"), {
            name: "earshot-vault",
            workerData: { folder: this.#folder },
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
        if (answer.call === undefined) {
            if ("code" in answer) this.#lost(worker, new VaultError(answer.code, answer.message));
            return;
        }
        const waiting = this.#waiting.get(answer.call);
        if ("code" in answer) waiting?.reject(new VaultError(answer.code, answer.message));
        else waiting?.resolve(answer.result);
    }

    /** The next call starts another worker. */
    #lost(worker: Worker, error: VaultError): void {
        if (this.#worker !== worker) return;
        this.#worker = undefined;
        for (const { reject } of this.#waiting.values()) reject(error);
    }
}

function checkKeepsake({ session, site, startedAt, samples, transcript }: Keepsake): void {
    for (const [what, name] of [
        ["session", session],
        ["site", site],
    ] as const) {
        if (name.length > RECORDING_LIMITS.nameCharacters) {
            throw new VaultError("bad-request", `The name of a ${what} has at most 200 characters.`);
        }
    }
    if (!Number.isInteger(startedAt) || startedAt < 0 || startedAt >= 2 ** 48) {
        throw new VaultError("bad-request", `${startedAt} is no time in milliseconds since 1970.`);
    }
    if (samples.length > RECORDING_LIMITS.samples)
        throw new VaultError("too-long", "A recording lasts one hour at most.");
    if (transcript && JSON.stringify(transcript).length > RECORDING_LIMITS.transcriptCharacters) {
        throw new VaultError("too-long", "A transcript has one million characters at most.");
    }
}

/** An empty selection is a mistake, not a wish to lose everything. */
function checkSelection({ ids, site, from, to, all }: RecordingSelection): void {
    const isFiltered = [ids, site, from, to].some((condition) => condition !== undefined);
    if (all ? isFiltered : !isFiltered) {
        throw new VaultError("bad-request", "Purging needs ids, a site, a time, or all, and all stands alone.");
    }
    if (ids && (ids.length > RECORDING_LIMITS.idsPerPurge || !ids.every(isRecordingId))) {
        throw new VaultError("bad-request", "Purging takes at most 100,000 ids of recordings.");
    }
    if ([from, to].some((time) => time !== undefined && !Number.isFinite(time))) {
        throw new VaultError("bad-request", "A time is a number of milliseconds since 1970.");
    }
}

/** Recordings and transcripts at rest: each sealed with keys of its own, found by when, where, who and what, gone when purged. */
import { EventEmitter } from "node:events";
import type { Samples } from "../speech";
import {
    checkDerived,
    checkGuard,
    checkId,
    checkImported,
    checkKeepsake,
    checkPage,
    checkReplacement,
    checkSelections,
} from "./checks";
import { type Clock, machineClock } from "./clock";
import { Cascade, type DerivedStore } from "./derived-store";
import { VaultError } from "./error";
import type { VaultProblem } from "./problem";
import type {
    Derived,
    ImportedKeepsake,
    Keepsake,
    Recording,
    RecordingContent,
    RecordingPage,
    RecordingSelection,
    RecordingWords,
    Replacement,
    VaultStatus,
} from "./recording";
import { RecordingIds } from "./recording-ids";
import { CHUNK_SAMPLES } from "./seal";
import { isVaultFolder } from "./store";
import type { KeyGuard } from "./store-key";
import { WorkerLink } from "./worker-link";

export interface VaultOptions {
    /**
     * What guards the store key; its file alone when not given. A vault that was guarded by its file alone is guarded anew
     * when it is opened with a passphrase or a secret.
     */
    readonly guard?: KeyGuard;
    /** How long a call may take, in milliseconds; a purge or a rotation may take ten times as long. */
    readonly timeoutMs?: number;
    /** Seconds of sound that may wait to be kept; more is refused. */
    readonly maxWaitingSeconds?: number;
    readonly clock?: Clock;
}

export interface VaultEvents {
    kept: [recording: Recording];
    /** Its sound, its transcript or what came of it is another now. */
    changed: [recording: Recording];
    /** Everything of them, or a part. */
    purged: [ids: RecordingIds];
    problem: [problem: VaultProblem];
}

/** Recordings without sound that may wait to be kept. */
const MAX_WAITING = 10_000;

/**
 * Nothing is on the disk, and no thread runs, until the first recording is kept. Calls are carried out one after the
 * other, in a thread of their own; they reject with `VaultError`.
 *
 * Purging replaces the store key, so that a copy of the folder from before can't be opened with what is there after it.
 * It can be opened with a copy of the store key from before: whoever has both has the recordings.
 */
export class Vault extends EventEmitter<VaultEvents> {
    readonly #folder: string;
    readonly #link: WorkerLink;
    readonly #clock: Clock;
    readonly #cascade = new Cascade();
    readonly #maxWaitingSamples: number;
    #waitingSamples = 0;
    #waitingRecordings = 0;
    #isOpen: boolean = false;
    #purging: Promise<unknown> = Promise.resolve();

    /** @throws VaultError "bad-request" for a guard that guards nothing */
    constructor(folder: string, options: VaultOptions = {}) {
        super();
        const { guard = { kind: "file" }, timeoutMs = 60_000, clock = machineClock } = options;
        checkGuard(guard);
        this.#folder = folder;
        this.#clock = clock;
        this.#maxWaitingSamples = (options.maxWaitingSeconds ?? 3_600) * 16_000;
        this.#link = new WorkerLink({ folder, guard }, timeoutMs, (problem) => this.emit("problem", problem));
    }

    /**
     * Names a place outside the vault that keeps what came of utterances: a purge goes through it before it resolves. Those
     * that outlive the program are named before `open`, which ends the purges that an interrupted program began.
     * @returns takes it away again
     */
    addDerivedStore(store: DerivedStore): () => void {
        return this.#cascade.add(store);
    }

    /** Ends what an interrupted program began, if there is a vault. */
    async open(): Promise<void> {
        if (this.#isOpen) return;
        this.#isOpen = true;
        try {
            if (isVaultFolder(this.#folder)) await this.#forget(await this.#link.call("unforgotten"));
        } catch (error) {
            this.#isOpen = false;
            await this.#link.close().catch(() => undefined);
            throw error;
        }
    }

    /** Waits for the calls under way. */
    async close(): Promise<void> {
        this.#isOpen = false;
        await this.#link.close();
    }

    /** Resolves when the recording is on the disk and would outlast a power cut. */
    async keep(keepsake: Keepsake): Promise<Recording> {
        this.#requireOpen();
        checkKeepsake(keepsake);
        const recording = await this.#taking(keepsake, (taken) => this.#link.call("keep", taken, this.#clock()));
        this.emit("kept", recording);
        return recording;
    }

    /** Keeps what an export holds, with the id it had. @returns undefined when it is here already */
    async import(keepsake: ImportedKeepsake): Promise<Recording | undefined> {
        this.#requireOpen();
        checkImported(keepsake);
        const recording = await this.#taking(keepsake, (taken) => this.#link.call("import", taken, this.#clock()));
        if (recording) this.emit("kept", recording);
        return recording;
    }

    async read(id: string): Promise<RecordingContent> {
        this.#requireUsed(id);
        return await this.#link.call("read", id);
    }

    /** What was said and what came of it, without the sound. */
    async words(id: string): Promise<RecordingWords> {
        this.#requireUsed(id);
        return await this.#link.call("words", id);
    }

    /** How long the sound is, in samples. */
    async soundLength(id: string): Promise<number> {
        this.#requireUsed(id);
        return await this.#link.call("soundLength", id);
    }

    /**
     * The sound piece by piece, to be played while it is read: two seconds each, none of it kept in memory.
     * @param fromSample where to begin, at most at its end
     */
    async *sound(id: string, fromSample = 0): AsyncGenerator<Samples, void, undefined> {
        this.#requireUsed(id);
        let skipped = fromSample % CHUNK_SAMPLES;
        for (let index = Math.floor(fromSample / CHUNK_SAMPLES), isLast = false; !isLast; index++) {
            const chunk = await this.#link.call("readSound", id, index);
            isLast = chunk.isLast;
            yield chunk.samples.subarray(skipped);
            skipped = 0;
        }
    }

    /** The latest first. */
    async list(page: RecordingPage = {}): Promise<readonly Recording[]> {
        this.#requireOpen();
        checkPage(page);
        return this.#isUnused() ? [] : await this.#link.call("list", page);
    }

    /** How many recordings there are. */
    async count(): Promise<number> {
        this.#requireOpen();
        return this.#isUnused() ? 0 : await this.#link.call("count");
    }

    /** Goes through all of them. */
    async status(): Promise<VaultStatus> {
        this.#requireOpen();
        const moment = this.#clock();
        if (this.#isUnused()) return { recordings: 0, durationMs: 0, now: moment.wall, groups: [] };
        return await this.#link.call("status", moment);
    }

    /** Corrects a transcript, or puts a redacted copy in the place of the original, whose key is destroyed. */
    async replace(id: string, replacement: Replacement): Promise<Recording> {
        this.#requireUsed(id);
        checkReplacement(replacement);
        const recording = await this.#taking(replacement, (taken) => this.#link.call("replace", id, taken));
        this.emit("changed", recording);
        return recording;
    }

    /** Puts something that came of an utterance under it, to be purged with it. */
    async attach(id: string, ...derived: readonly Derived[]): Promise<Recording> {
        this.#requireUsed(id);
        checkDerived(derived);
        const recording = await this.#link.call("attach", id, derived);
        this.emit("changed", recording);
        return recording;
    }

    /**
     * Destroys the keys of the selected recordings, then all else of them, then what came of them in other places.
     * @param selections several are purged as one; each recording that any of them is about
     * @throws NotForgotten when only the last failed: it is tried again with the next purge and at the next start
     */
    async purge(...selections: readonly RecordingSelection[]): Promise<RecordingIds> {
        this.#requireOpen();
        checkSelections(selections);
        if (this.#isUnused() || selections.length === 0) return RecordingIds.of([]);
        const purged = this.#purging.then(async () => {
            const outcome = await this.#link.call("purge", selections, this.#clock());
            const ids = new RecordingIds(outcome.purged);
            if (ids.size > 0) this.emit("purged", ids);
            await this.#forget(outcome.unforgotten);
            return ids;
        });
        this.#purging = purged.catch(() => undefined);
        return await purged;
    }

    /** Replaces the store key. @param guard from now on; as before when not given */
    async rotate(guard?: KeyGuard): Promise<void> {
        this.#requireOpen();
        if (guard) checkGuard(guard);
        if (this.#isUnused()) throw new VaultError("not-found", `There is no vault in ${this.#folder}.`);
        await this.#link.call("rotate", guard);
        if (guard) this.#link.guardWith(guard);
    }

    async #forget(unforgotten: Uint8Array): Promise<void> {
        if (unforgotten.length === 0) return;
        await this.#cascade.forget(new RecordingIds(unforgotten));
        await this.#link.call("settle");
    }

    /** Hands a copy of the sound over: the caller may go on writing into its buffer, and a view would bring the whole of it. */
    async #taking<T extends { readonly samples?: Samples }, R>(taken: T, work: (taken: T) => Promise<R>): Promise<R> {
        const samples = taken.samples?.length ?? 0;
        if (this.#waitingSamples + samples > this.#maxWaitingSamples || this.#waitingRecordings >= MAX_WAITING) {
            throw new VaultError("busy", "Too many recordings wait to be kept: the disk is too slow.");
        }
        this.#waitingSamples += samples;
        this.#waitingRecordings++;
        try {
            return await work({ ...taken, ...(taken.samples && { samples: taken.samples.slice() }) });
        } finally {
            this.#waitingSamples -= samples;
            this.#waitingRecordings--;
        }
    }

    #requireOpen(): void {
        if (!this.#isOpen) throw new VaultError("closed", "The vault is closed.");
    }

    #requireUsed(id: string): void {
        this.#requireOpen();
        checkId(id);
        if (this.#isUnused()) throw new VaultError("not-found", `There is no recording ${id}.`);
    }

    #isUnused(): boolean {
        return !this.#link.isUp && !isVaultFolder(this.#folder);
    }
}

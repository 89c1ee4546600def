/** The way into the vault for what is said: nothing gets in where a mode forbids it, or after somebody asked to forget it. */
import type { Spoken } from "../language";
import type { Erasure, PrivacyLog } from "../privacy";
import {
    type Derived,
    isRecordingId,
    type Keepsake,
    type Recording,
    type RecordingIds,
    type Vault,
    VaultError,
} from "../vault";

export interface KeepingOptions {
    readonly vault: Vault;
    readonly erasure: Erasure;
    readonly log: PrivacyLog;
    /** Whether what is said there, by them may be kept at the moment. */
    readonly isAllowed: (spoken: Spoken) => boolean;
}

/** Sessions are over within minutes; of more, the first to be forgotten may be kept again. */
const MAX_FORGOTTEN = 1_000;

export class Keeping {
    readonly #options: KeepingOptions;
    /** Sessions of which nothing is kept any more, oldest first. */
    readonly #forgotten = new Set<string>();

    constructor(options: KeepingOptions) {
        this.#options = options;
    }

    /**
     * @param node id of the node that keeps it
     * @returns undefined where it may not be kept
     */
    async keep(keepsake: Keepsake, node?: string): Promise<Recording | undefined> {
        const { vault, erasure, log } = this.#options;
        if (!this.#mayKeep(keepsake)) return undefined;
        const recording = await vault.keep(keepsake);
        const { id, site, durationMs } = recording;
        // Somebody may have asked to forget it while the disk was at work.
        if (!this.#mayKeep(keepsake)) {
            await erasure.purge([{ ids: [id] }]);
            return undefined;
        }
        await log.append({ what: "recording-kept", ...(node !== undefined && { node }), site, durationMs });
        return recording;
    }

    /** Puts what came of an utterance under its recording, where there is one: it is deleted with it. */
    async derive({ utterances = [] }: Spoken, ...derived: readonly Derived[]): Promise<void> {
        for (const id of utterances.filter(isRecordingId)) {
            try {
                await this.#options.vault.attach(id, ...derived);
            } catch (error) {
                // It may have asked for its own deletion.
                if (!(error instanceof VaultError && error.code === "not-found")) throw error;
            }
        }
    }

    /** Deletes what was kept of an utterance, and sees to it that nothing of it is kept later: a flow may do so in any order. */
    async forget({ utterances = [] }: Spoken): Promise<RecordingIds> {
        for (const utterance of utterances) this.#forgotten.add(utterance);
        for (const oldest of this.#forgotten) {
            if (this.#forgotten.size <= MAX_FORGOTTEN) break;
            this.#forgotten.delete(oldest);
        }
        const ids = utterances.filter(isRecordingId);
        const selections = utterances.map((session) => ({ session }));
        return (await this.#options.erasure.purge(ids.length > 0 ? [...selections, { ids }] : selections)).ids;
    }

    #mayKeep({ session, site, speaker }: Keepsake): boolean {
        const spoken = { site, ...(speaker !== undefined && { speaker }) };
        return !this.#forgotten.has(session) && this.#options.isAllowed(spoken);
    }
}

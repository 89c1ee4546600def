/** Deleting for good, with proof: the vault purges, the log says so, and a signed receipt is kept. */
import { appendFile, chmod } from "node:fs/promises";
import { NotForgotten, type RecordingIds, type RecordingSelection, type Vault } from "../vault";
import type { PrivacyLog } from "./privacy-log";
import { type DeletionReceipt, signedReceipt } from "./receipt";

export interface ErasureOptions {
    readonly vault: Vault;
    readonly log: PrivacyLog;
}

export interface ErasureReason {
    /** `expired` when a period is over; `purged`, when not given, when somebody wants it so. */
    readonly what?: "purged" | "expired";
    /** Id of the node that asks for it. */
    readonly node?: string;
    /** The place whose recordings are meant, if it is one. */
    readonly site?: string;
}

export interface Erased {
    readonly ids: RecordingIds;
    /** Absent when there was nothing to delete. */
    readonly receipt?: DeletionReceipt;
}

export class Erasure {
    readonly #vault: Vault;
    readonly #log: PrivacyLog;

    constructor({ vault, log }: ErasureOptions) {
        this.#vault = vault;
        this.#log = log;
    }

    /** Receipts, a JSON line each. */
    get receiptsFile(): string {
        return `${this.#log.path}.receipts`;
    }

    /**
     * Purges recordings with everything that came of them.
     * @throws NotForgotten when something that came of them is still somewhere: then there is a line in the log, and no
     *     receipt; VaultError and PrivacyLogError
     */
    async purge(selections: readonly RecordingSelection[], reason: ErasureReason = {}): Promise<Erased> {
        const { what = "purged", node, site } = reason;
        const record = (ids: RecordingIds) =>
            this.#log.append({
                what,
                ...(node !== undefined && { node }),
                ...(site !== undefined && { site }),
                count: ids.size,
                digest: ids.digest(),
            });
        let ids: RecordingIds;
        try {
            ids = await this.#vault.purge(...selections);
        } catch (error) {
            if (error instanceof NotForgotten) await record(error.unforgotten);
            throw error;
        }
        if (ids.size === 0) return { ids };
        const receipt = await signedReceipt(await record(ids), await this.#log.signingKey());
        await appendFile(this.receiptsFile, `${JSON.stringify(receipt)}\n`, { mode: 0o600, flush: true });
        await chmod(this.receiptsFile, 0o600);
        return { ids, receipt };
    }
}

/** Places outside the vault that keep what came of utterances, and how a purge goes through all of them. */
import { VaultError } from "./error";
import type { RecordingIds } from "./recording-ids";

/**
 * Keeps things under the id of the utterance they came of: conversation context, cached replies, context stores, lists.
 * Such a place asks of each thing it has whether `purged` has its id, and removes those.
 */
export interface DerivedStore {
    /** For messages to people. */
    readonly name: string;
    /** May be called with ids it knows nothing of, and again with the same ones. Resolves when nothing of them is left. */
    forget(purged: RecordingIds): void | Promise<void>;
}

/** The recordings are purged, but a place that keeps what came of them could not forget it yet. */
export class NotForgotten extends VaultError {
    constructor(
        /** All of which something may be left; with those of purges before. */
        readonly unforgotten: RecordingIds,
        places: readonly string[],
        cause: unknown,
    ) {
        const message = `The recordings are purged, but something that came of them may still be in: ${places.join(", ")}.`;
        super("not-forgotten", message, { cause });
    }
}

const PATIENCE_MS = 30_000;

export class Cascade {
    readonly #stores = new Set<DerivedStore>();

    /** @returns takes it away again */
    add(store: DerivedStore): () => void {
        this.#stores.add(store);
        return () => this.#stores.delete(store);
    }

    /** Asks all of them, whether or not one fails. @throws NotForgotten */
    async forget(purged: RecordingIds): Promise<void> {
        const stores = [...this.#stores];
        const results = await Promise.allSettled(stores.map((store) => inTime(store, purged)));
        const failed = stores.filter((_, index) => results[index]?.status === "rejected").map(({ name }) => name);
        if (failed.length === 0) return;
        const cause = results.find((result) => result.status === "rejected")?.reason;
        throw new NotForgotten(purged, failed, cause);
    }
}

async function inTime(store: DerivedStore, purged: RecordingIds): Promise<void> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
        () => reject(new Error(`${store.name} did not forget within ${PATIENCE_MS} ms.`)),
        PATIENCE_MS,
    );
    try {
        await Promise.race([promise, (async () => store.forget(purged))()]);
    } finally {
        clearTimeout(timer);
    }
}

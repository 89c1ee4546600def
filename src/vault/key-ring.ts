/** The keys between the file with the store key and the rows: page keys, and how keys are destroyed. */
import { newKey, openValue, sealValue } from "./seal";
import type { StoreStep } from "./store";
import type { KeyPage, StoreIndex } from "./store-index";
import type { StoreKeyFile } from "./store-key";

/** Seals what is left on a page with another key. */
export type Rekey = (page: KeyPage, from: Buffer, to: Buffer) => void;

export class KeyRing {
    readonly #index: StoreIndex;
    readonly #file: StoreKeyFile;
    readonly #onStep: (step: StoreStep) => void;
    #storeKey: Buffer;

    /** @throws VaultError "no-key", "wrong-key" */
    constructor(index: StoreIndex, file: StoreKeyFile, onStep: (step: StoreStep) => void) {
        this.#index = index;
        this.#file = file;
        this.#onStep = onStep;
        this.#storeKey = this.#unlocked();
    }

    close(): void {
        this.#storeKey.fill(0);
    }

    /** @throws VaultError "damaged" */
    keyOf({ id, wrapped }: KeyPage): Buffer {
        return openValue(this.#storeKey, wrapped, pageBond(id));
    }

    /** The page that the next recording goes to. */
    pageWithRoom(): KeyPage {
        const there = this.#index.pageWithRoom();
        if (there) return there;
        const id = this.#index.nextPageId();
        const page = { id, wrapped: sealValue(this.#storeKey, newKey(), pageBond(id)), recordings: 0 };
        this.#index.addPage(page);
        return page;
    }

    /**
     * Destroys keys: what `work` takes away from the pages that it returns has no key any more, and neither has it in a copy
     * of the folder from before, because all page keys are wrapped anew by another store key.
     */
    shred(work: () => ReadonlySet<number>, rekey: Rekey): void {
        // Should the file of the key in force not have come to its place the last time, it does now.
        const inForce = this.#index.storeKeyId();
        if (inForce) this.#file.recover(inForce);
        const next = this.#file.prepare();
        this.#onStep("key prepared");
        this.#index.transaction(() => {
            const touched = work();
            for (const page of this.#index.pages()) {
                const key = this.keyOf(page);
                const kept = touched.has(page.id) ? this.#replaced(page, key, rekey) : key;
                if (kept)
                    this.#index.rewrapPage({ id: page.id, wrapped: sealValue(next.key, kept, pageBond(page.id)) });
            }
            this.#index.setStoreKeyId(next.id);
        });
        this.#storeKey.fill(0);
        this.#storeKey = next.key;
        this.#onStep("keys taken");
        this.#file.activate();
        this.#onStep("key replaced");
    }

    /** A page key that was in use together with destroyed keys would open a copy of them. */
    #replaced(page: KeyPage, key: Buffer, rekey: Rekey): Buffer | undefined {
        if (this.#index.recountPage(page.id) === 0) return undefined;
        const replacement = newKey();
        rekey(page, key, replacement);
        return replacement;
    }

    /** The store key that the index is sealed with; a new one for a new index. */
    #unlocked(): Buffer {
        const storeKeyId = this.#index.storeKeyId();
        if (storeKeyId) return this.#file.recover(storeKeyId).key;
        const { id, key } = this.#file.prepare();
        this.#onStep("key prepared");
        this.#file.activate();
        this.#onStep("key replaced");
        this.#index.setUp(id);
        return key;
    }
}

function pageBond(id: number): string {
    return `key page ${id}`;
}

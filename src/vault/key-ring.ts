/**
 * All keys: the store key wraps a key for each page, which wraps the keys of up to 256 recordings. Destroying some of
 * them replaces the keys of their pages and the store key: whatever was wrapped with these, in a copy too, stays closed.
 */
import { createSecretKey, type KeyObject } from "node:crypto";
import { VaultError } from "./error";
import { decodeKeys, encodeKeys, type RecordingKeys } from "./page-keys";
import { newKey, openValue, sealValue } from "./seal";
import type { StoreStep } from "./step";
import type { KeyPage, StoreIndex } from "./store-index";
import type { StoreKeyFile } from "./store-key";

interface KnownKey {
    readonly wrapped: Uint8Array;
    readonly key: Buffer;
    /** The same key as OpenSSL has it: with its bytes each opening takes twice as long. */
    readonly handle: KeyObject;
}

/** A page and its key, open. */
export interface OpenPage {
    readonly page: KeyPage;
    readonly key: Buffer;
}

export class KeyRing {
    readonly #index: StoreIndex;
    readonly #file: StoreKeyFile;
    readonly #onStep: (step: StoreStep) => void;
    /** Page keys that were opened, by what they are wrapped in: a search needs all of them. */
    readonly #known = new Map<number, KnownKey>();
    #storeKey: Buffer;

    /** @throws VaultError "no-key", "wrong-key" */
    constructor(index: StoreIndex, file: StoreKeyFile, onStep: (step: StoreStep) => void) {
        this.#index = index;
        this.#file = file;
        this.#onStep = onStep;
        this.#storeKey = this.#unlocked();
    }

    close(): void {
        this.#forget();
        this.#storeKey.fill(0);
    }

    /** @throws VaultError "damaged" */
    open(page: KeyPage): OpenPage {
        return { page, key: this.#keyOf(page).key };
    }

    /** Opens what is sealed with the key of a page. @throws VaultError "damaged" */
    unsealed(page: KeyPage, sealed: Uint8Array, bond: string): Buffer {
        return openValue(this.#keyOf(page).handle, sealed, bond);
    }

    /** The page that the next recording goes to. */
    pageWithRoom(): OpenPage {
        const there = this.#index.pageWithRoom();
        if (there) return this.open(there);
        const id = this.#index.nextPageId();
        const key = newKey();
        const page = { id, wrapped: sealValue(this.#storeKey, key, pageBond(id)), recordings: 0 };
        this.#index.addPage(page);
        return { page, key };
    }

    /** @throws VaultError "damaged" */
    keysOf(open: OpenPage, id: string): RecordingKeys {
        const keys = this.#keys(open).get(id);
        if (keys) return keys;
        throw new VaultError("damaged", `The vault's index is damaged: the keys of recording ${id} are missing.`);
    }

    /** Puts keys on a page, in place of those that the same recordings had. */
    setKeys(open: OpenPage, added: ReadonlyMap<string, RecordingKeys>): void {
        this.#seal(open, new Map([...this.#keys(open), ...added]));
    }

    /**
     * Destroys the keys of everything that `work` takes out of the index.
     * @param work the pages that it took something of
     * @param rekey seals what else a page has with another page key
     */
    shred(work: () => ReadonlySet<number>, rekey: (from: OpenPage, to: OpenPage) => void): void {
        // Should the file of the key in force not have come to its place the last time, it does now.
        const inForce = this.#index.storeKeyId();
        if (inForce) this.#file.settle(inForce);
        const next = this.#file.prepare();
        this.#onStep("key prepared");
        this.#index.transaction(() => {
            const touched = work();
            for (const page of this.#index.pages()) {
                const before = this.open(page);
                const after = touched.has(page.id) ? this.#replaced(before, rekey) : before;
                if (!after) continue;
                this.#index.rewrapPage({ id: page.id, wrapped: sealValue(next.key, after.key, pageBond(page.id)) });
            }
            this.#index.setStoreKeyId(next.id);
        });
        this.#forget();
        this.#storeKey.fill(0);
        this.#storeKey = next.key;
        this.#onStep("keys taken");
        this.#file.activate();
        this.#onStep("key replaced");
    }

    #keyOf({ id, wrapped }: KeyPage): KnownKey {
        const before = this.#known.get(id);
        if (before && Buffer.compare(before.wrapped, wrapped) === 0) return before;
        const key = openValue(this.#storeKey, wrapped, pageBond(id));
        const known = { wrapped, key, handle: createSecretKey(key) };
        this.#known.set(id, known);
        return known;
    }

    #forget(): void {
        for (const { key } of this.#known.values()) key.fill(0);
        this.#known.clear();
    }

    /** @returns none for a page that is empty now */
    #replaced(from: OpenPage, rekey: (from: OpenPage, to: OpenPage) => void): OpenPage | undefined {
        const parts = this.#index.partsOn(from.page.id);
        if (parts.size === 0) {
            this.#index.removePage(from.page.id);
            return undefined;
        }
        this.#index.setCount(from.page.id, parts.size);
        const to = { page: from.page, key: newKey() };
        const kept = new Map<string, RecordingKeys>();
        for (const [id, { words, sound }] of this.#keys(from)) {
            const has = parts.get(id);
            if (has) kept.set(id, { words: has.words ? words : undefined, sound: has.sound ? sound : undefined });
        }
        this.#seal(to, kept);
        rekey(from, to);
        return to;
    }

    #keys({ page, key }: OpenPage): Map<string, RecordingKeys> {
        const sealed = this.#index.keysOn(page.id);
        return sealed ? decodeKeys(openValue(key, sealed, keysBond(page.id))) : new Map();
    }

    #seal({ page, key }: OpenPage, keys: ReadonlyMap<string, RecordingKeys>): void {
        const bytes = encodeKeys(keys);
        this.#index.setKeysOn(page.id, sealValue(key, bytes, keysBond(page.id)));
        bytes.fill(0);
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

function keysBond(id: number): string {
    return `keys of page ${id}`;
}

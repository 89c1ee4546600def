/** The sealed catalogues of all pages: adding to them, and searching through them. */
import { type CatalogueEntry, decodeCatalogue, encodeCatalogue, foundIn, type Wanted } from "./catalogue";
import type { KeyRing } from "./key-ring";
import { openValue, sealValue } from "./seal";
import type { KeyPage, StoreIndex } from "./store-index";

export class Catalogues {
    readonly #index: StoreIndex;
    readonly #keys: KeyRing;

    constructor(index: StoreIndex, keys: KeyRing) {
        this.#index = index;
        this.#keys = keys;
    }

    /** Adds entries, in place of those with the same ids. */
    add(page: KeyPage, pageKey: Buffer, added: readonly CatalogueEntry[]): void {
        const ids = new Set(added.map(({ id }) => id));
        const others = this.#entries(page, pageKey).filter(({ id }) => !ids.has(id));
        this.#seal(page, pageKey, [...others, ...added]);
    }

    /** Seals the catalogue with another page key, without entries that `isKept` says no to. */
    rekey(page: KeyPage, from: Buffer, to: Buffer, isKept: (id: string) => boolean): void {
        const entries = this.#entries(page, from).filter(({ id }) => isKept(id));
        this.#seal(page, to, entries);
    }

    /** Ids of all recordings that have what is wanted, in no order. */
    search(wanted: Wanted): readonly string[] {
        return [...this.searchLatest(wanted)].flat();
    }

    /** Lists of ids: each is sorted, the latest first, and all in it are later than those in the lists after it. */
    *searchLatest(wanted: Wanted): Generator<readonly string[]> {
        let found: string[] = [];
        for (const { page, last, sealed } of this.#index.catalogues()) {
            // What is on the pages to come is no later than `last`.
            yield latestFirst(found.filter((id) => id > last));
            found = found.filter((id) => id <= last);
            found.push(...foundIn(openValue(this.#keys.keyOf(page), sealed, bond(page.id)), wanted));
        }
        yield latestFirst(found);
    }

    #entries(page: KeyPage, pageKey: Buffer): readonly CatalogueEntry[] {
        const there = this.#index.catalogueOf(page.id);
        return there ? decodeCatalogue(openValue(pageKey, there.sealed, bond(page.id))) : [];
    }

    #seal(page: KeyPage, pageKey: Buffer, entries: readonly CatalogueEntry[]): void {
        const last = latestFirst(entries.map(({ id }) => id))[0] ?? "";
        this.#index.setCatalogue(page.id, last, sealValue(pageKey, encodeCatalogue(entries), bond(page.id)));
    }
}

function latestFirst(ids: readonly string[]): readonly string[] {
    return ids.toSorted((a, b) => (a < b ? 1 : -1));
}

function bond(page: number): string {
    return `catalogue of page ${page}`;
}

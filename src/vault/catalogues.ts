/** The sealed catalogues of all pages: adding to them, and searching through them. */
import {
    type CatalogueEntry,
    decodeCatalogue,
    encodeCatalogue,
    encodeVocabulary,
    foundIn,
    isWorthSearching,
    type Wanted,
} from "./catalogue";
import type { KeyRing, OpenPage } from "./key-ring";
import { openValue, sealValue } from "./seal";
import type { StoreIndex } from "./store-index";

export class Catalogues {
    readonly #index: StoreIndex;
    readonly #keys: KeyRing;

    constructor(index: StoreIndex, keys: KeyRing) {
        this.#index = index;
        this.#keys = keys;
    }

    /** Adds entries, in place of those with the same ids. */
    add(open: OpenPage, added: readonly CatalogueEntry[]): void {
        const ids = new Set(added.map(({ id }) => id));
        const others = this.#entries(open).filter(({ id }) => !ids.has(id));
        this.#seal(open, [...others, ...added]);
    }

    /** Seals the catalogue of a page with another key, without entries of recordings whose words are gone. */
    rekey(from: OpenPage, to: OpenPage): void {
        const parts = this.#index.partsOn(from.page.id);
        this.#seal(
            to,
            this.#entries(from).filter(({ id }) => parts.get(id)?.words),
        );
    }

    /** Ids of all recordings that have what is wanted, in no order. */
    search(wanted: Wanted): readonly string[] {
        return [...this.searchLatest(wanted)].flat();
    }

    /** Lists of ids: each is sorted, the latest first, and all in it are later than those in the lists after it. */
    *searchLatest(wanted: Wanted): Generator<readonly string[]> {
        let found: string[] = [];
        for (const { page, last, vocabulary } of this.#index.catalogues(wanted.from, wanted.before)) {
            const open = this.#keys.open(page);
            const known = openValue(open.key, vocabulary, vocabularyBond(page.id));
            if (!isWorthSearching(known, wanted)) continue;
            // What is on the pages to come is no later than `last`.
            yield latestFirst(found.filter((id) => id > last));
            found = found.filter((id) => id <= last);
            found.push(...foundIn(this.#catalogue(open), wanted));
        }
        yield latestFirst(found);
    }

    #entries(open: OpenPage): readonly CatalogueEntry[] {
        return decodeCatalogue(this.#catalogue(open));
    }

    #catalogue({ page, key }: OpenPage): Buffer {
        const sealed = this.#index.catalogueOf(page.id);
        return sealed ? openValue(key, sealed, bond(page.id)) : Buffer.alloc(0);
    }

    #seal({ page, key }: OpenPage, entries: readonly CatalogueEntry[]): void {
        const ids = latestFirst(entries.map(({ id }) => id));
        this.#index.setCatalogue({
            page: page.id,
            first: ids.at(-1) ?? "",
            last: ids[0] ?? "",
            vocabulary: sealValue(key, encodeVocabulary(entries), vocabularyBond(page.id)),
            sealed: sealValue(key, encodeCatalogue(entries), bond(page.id)),
        });
    }
}

function latestFirst(ids: readonly string[]): readonly string[] {
    return ids.toSorted((a, b) => (a < b ? 1 : -1));
}

function bond(page: number): string {
    return `catalogue of page ${page}`;
}

function vocabularyBond(page: number): string {
    return `vocabulary of page ${page}`;
}

/** The sealed catalogues of all pages: adding to them, and searching through them. */
import { type CatalogueEntry, decodeCatalogue, encodeCatalogue, foundIn, type Wanted } from "./catalogue";
import type { KeyRing, OpenPage } from "./key-ring";
import type { Recording, RecordingPage } from "./recording";
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
        return [...this.#searchLatest(wanted)].flat();
    }

    /** The latest recordings that have what is wanted, and what else `page` asks for. */
    list(page: RecordingPage, wanted: Wanted): readonly Recording[] {
        const { limit = 100 } = page;
        const recordings: Recording[] = [];
        let found: string[] = [];
        const take = () => {
            for (; found.length > 0 && recordings.length < limit; found = found.slice(limit)) {
                const some = { ...page, limit: limit - recordings.length };
                recordings.push(...this.#index.list(some, found.slice(0, limit)));
            }
        };
        for (const ids of this.#searchLatest(wanted)) {
            found.push(...ids);
            if (recordings.length + found.length >= limit) take();
            if (recordings.length === limit) return recordings;
        }
        take();
        return recordings;
    }

    /** Lists of ids: each is sorted, the latest first, and all in it are later than those in the lists after it. */
    *#searchLatest(wanted: Wanted): Generator<readonly string[]> {
        let found: string[] = [];
        for (const { page, last, sealed } of this.#index.catalogues(wanted.from, wanted.before)) {
            // What is on the pages to come is no later than `last`.
            yield latestFirst(found.filter((id) => id > last));
            found = found.filter((id) => id <= last);
            found.push(...foundIn(openValue(this.#keys.open(page).key, sealed, bond(page.id)), wanted));
        }
        yield latestFirst(found);
    }

    #entries({ page, key }: OpenPage): readonly CatalogueEntry[] {
        const sealed = this.#index.catalogueOf(page.id);
        return sealed ? decodeCatalogue(openValue(key, sealed, bond(page.id))) : [];
    }

    #seal({ page, key }: OpenPage, entries: readonly CatalogueEntry[]): void {
        const ids = latestFirst(entries.map(({ id }) => id));
        const sealed = sealValue(key, encodeCatalogue(entries), bond(page.id));
        this.#index.setCatalogue(page.id, ids.at(-1) ?? "", ids[0] ?? "", sealed);
    }
}

function latestFirst(ids: readonly string[]): readonly string[] {
    return ids.toSorted((a, b) => (a < b ? 1 : -1));
}

function bond(page: number): string {
    return `catalogue of page ${page}`;
}

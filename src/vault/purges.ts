/** Purging: keys first, then what they opened; in small pieces when the disk is full. */
import { wantedBy } from "./catalogue";
import type { Catalogues } from "./catalogues";
import { vaultError } from "./error";
import type { KeyRing } from "./key-ring";
import type { RecordingPart, RecordingSelection } from "./recording";
import { RecordingIds } from "./recording-ids";
import type { Reserve } from "./reserve";
import type { Sounds } from "./sounds";
import type { StoreIndex } from "./store-index";

/** Purged at a time when the disk is full. */
const PIECE = 200;
const PARTS: readonly (RecordingPart | undefined)[] = [undefined, "sound", "words"];

export interface PurgesParts {
    readonly index: StoreIndex;
    readonly keys: KeyRing;
    readonly catalogues: Catalogues;
    readonly sounds: Sounds;
    readonly reserve: Reserve;
}

export class Purges {
    readonly #parts: PurgesParts;

    constructor(parts: PurgesParts) {
        this.#parts = parts;
    }

    /** @returns ids of all that any selection is about, or of which it is about a part */
    async purge(selections: readonly RecordingSelection[], now: number): Promise<ReadonlySet<string>> {
        const { sounds, reserve } = this.#parts;
        const purged = new Set<string>();
        try {
            await this.#purge(selections, now, purged);
        } catch (error) {
            if (vaultError(error, "The vault could not purge").code !== "disk-full") throw error;
            reserve.give();
            await this.finish();
            while ((await this.#purge(selections, now, purged, PIECE)) > 0);
            reserve.take();
        }
        if (selections.some(({ all }) => all)) sounds.removeSetAside();
        forgetLastMatch();
        await sounds.pack();
        return purged;
    }

    /** Destroys what was sealed with keys that are gone. */
    async finish(): Promise<void> {
        await this.#parts.sounds.shred();
        this.#parts.index.compact();
    }

    /** @param most recordings at a time. @returns how many were done, and adds their ids to `purged` */
    async #purge(
        selections: readonly RecordingSelection[],
        now: number,
        purged: Set<string>,
        most?: number,
    ): Promise<number> {
        const { index, keys, catalogues } = this.#parts;
        const { purging } = index;
        const selected = selections.map((selection) => {
            const wanted = wantedBy(selection);
            return { selection, ...(wanted && { found: catalogues.search(wanted) }) };
        });
        if (purging.choose(selected) === 0) return 0;
        const ids: string[] = [];
        keys.shred(
            () => {
                const touched = new Set<number>();
                const forgotten: string[] = [];
                for (const part of PARTS) {
                    purging.choose(selected.filter(({ selection }) => selection.part === part));
                    if (most !== undefined) purging.chooseFewer(most);
                    for (const page of purging.chosenPages()) touched.add(page);
                    const chosen = purging.chosenIds();
                    for (const id of chosen) ids.push(id);
                    // Sound leaves nothing behind elsewhere; words do.
                    if (part !== "sound") for (const id of chosen) forgotten.push(id);
                    purging.takeChosen(part);
                }
                purging.remember(RecordingIds.of(forgotten).bytes);
                index.setClock(now);
                return touched;
            },
            (from, to) => catalogues.rekey(from, to),
        );
        for (const id of ids) purged.add(id);
        await this.finish();
        return ids.length;
    }
}

/** V8 keeps the text that a regular expression matched last, for `RegExp.$_`: it may have been a transcript. */
function forgetLastMatch(): void {
    /^/.test("");
}

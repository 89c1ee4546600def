/** The part of the index that purges work on: which recordings are to go, and what is gone but not all of it yet. */
import { type Condition, selectionCondition } from "./conditions";
import { bytesOf, type IndexDatabase } from "./database";
import type { RecordingPart, RecordingSelection } from "./recording";
import type { SoundPlace } from "./sound-segments";

export class PurgeIndex {
    readonly #database: IndexDatabase;

    constructor(database: IndexDatabase) {
        this.#database = database;
    }

    /** What `takeChosen` takes: recordings that any selection is about. @returns how many there are */
    choose(
        selections: readonly { readonly selection: RecordingSelection; readonly found?: readonly string[] }[],
    ): number {
        this.#database.run("DELETE FROM temp.chosen");
        for (const { selection, found } of selections) {
            const { sql, parameters }: Condition = selectionCondition(selection, found);
            const has = { sound: "sound_segment IS NOT NULL", words: "has_words = 1" };
            const part = selection.part ? has[selection.part] : "TRUE";
            const insert = `INSERT OR IGNORE INTO temp.chosen SELECT rowid FROM recordings WHERE ${sql} AND ${part}`;
            this.#database.run(insert, ...parameters);
        }
        return this.#chosen();
    }

    /** Of the chosen recordings keeps `most`, to be taken now. */
    chooseFewer(most: number): void {
        this.#database.run("DELETE FROM temp.chosen WHERE row NOT IN (SELECT row FROM temp.chosen LIMIT ?)", most);
    }

    /** Pages that hold keys of chosen recordings. */
    chosenPages(): readonly number[] {
        const sql = `SELECT DISTINCT page FROM recordings WHERE ${IS_CHOSEN}`;
        return this.#database.all(sql).map((row) => Number(row.page));
    }

    chosenIds(): readonly string[] {
        const sql = `SELECT id FROM recordings WHERE ${IS_CHOSEN} ORDER BY id`;
        return this.#database.all(sql).map(({ id }) => String(id));
    }

    /**
     * Takes the chosen recordings out, and dooms their sound.
     * @param part when only their sound or their words are to go
     */
    takeChosen(part: RecordingPart | undefined): void {
        if (part !== "words") this.#doomChosenSounds();
        if (part === "sound") {
            this.#database.run(`UPDATE recordings SET ${NO_SOUND} WHERE ${IS_CHOSEN}`);
            this.#database.run(`DELETE FROM recordings WHERE has_words = 0 AND ${IS_CHOSEN}`);
        } else if (part === "words") {
            const sql = "UPDATE recordings SET has_words = 0, transcript = NULL, derived = NULL";
            this.#database.run(`${sql} WHERE ${IS_CHOSEN}`);
            this.#database.run(`DELETE FROM recordings WHERE sound_segment IS NULL AND ${IS_CHOSEN}`);
        } else {
            // SQLite is much faster when all rows go.
            const isAll =
                this.#chosen() === Number(this.#database.one("SELECT count(*) AS there FROM recordings")?.there);
            this.#database.run(isAll ? "DELETE FROM recordings" : `DELETE FROM recordings WHERE ${IS_CHOSEN}`);
        }
    }

    doom({ segment, at }: Pick<SoundPlace, "segment" | "at">): void {
        this.#database.run("INSERT OR IGNORE INTO doomed (segment, at) VALUES (?, ?)", segment, at);
    }

    /** Where doomed sounds begin, by segment. */
    doomed(): ReadonlyMap<string, readonly number[]> {
        const doomed = new Map<string, number[]>();
        for (const { segment, at } of this.#database.all("SELECT segment, at FROM doomed")) {
            const name = String(segment);
            const there = doomed.get(name);
            if (there) there.push(Number(at));
            else doomed.set(name, [Number(at)]);
        }
        return doomed;
    }

    forgetDoomed(): void {
        this.#database.run("DELETE FROM doomed");
    }

    /** @param ids packed */
    remember(ids: Uint8Array): void {
        this.#database.run("INSERT INTO unforgotten (ids) VALUES (?)", ids);
    }

    /** Packed ids, in no order. */
    unforgotten(): Uint8Array {
        return Buffer.concat(this.#database.all("SELECT ids FROM unforgotten").map(({ ids }) => bytesOf(ids)));
    }

    forget(): void {
        this.#database.run("DELETE FROM unforgotten");
    }

    #doomChosenSounds(): void {
        const chosen = `SELECT sound_segment AS segment, min(sound_at) AS at, count(*) AS sounds FROM recordings
            WHERE sound_segment IS NOT NULL AND ${IS_CHOSEN} GROUP BY sound_segment`;
        // Of a segment that goes as a whole one place is enough.
        this.#database.run(`INSERT OR IGNORE INTO doomed SELECT segment, at FROM (${chosen})`);
        this.#database.run(`WITH partly AS MATERIALIZED (SELECT segment FROM (${chosen})
                WHERE sounds < (SELECT count(*) FROM recordings WHERE sound_segment = segment))
            INSERT OR IGNORE INTO doomed SELECT sound_segment, sound_at FROM recordings
                WHERE ${IS_CHOSEN} AND sound_segment IN (SELECT segment FROM partly)`);
    }

    #chosen(): number {
        return Number(this.#database.one("SELECT count(*) AS chosen FROM temp.chosen")?.chosen);
    }
}

const NO_SOUND = "sound_segment = NULL, sound_at = NULL, sound_bytes = NULL";
const IS_CHOSEN = "recordings.rowid IN (SELECT row FROM temp.chosen)";

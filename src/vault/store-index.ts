/** The vault's index: which recordings there are, each with its wrapped keys, its sealed transcript and what came of it. */

import { filterCondition } from "./conditions";
import { bytesOf, IndexDatabase, type Row } from "./database";
import { PurgeIndex } from "./purge-index";
import type { Recording, RecordingPage, VaultStatus } from "./recording";
import type { SoundPlace } from "./sound-segments";

/**
 * Keys of utterances are wrapped by a page key, page keys by the store key. A purge replaces the page keys that it
 * touches and the store key: some hundred wrappings instead of one for every recording.
 */
const RECORDINGS_PER_PAGE = 256;

export interface KeyPage {
    readonly id: number;
    readonly wrapped: Uint8Array;
    readonly recordings: number;
}

/** The sealed catalogue of a page. */
export interface SealedCatalogue {
    readonly page: KeyPage;
    /** The latest id in it. */
    readonly last: string;
    readonly sealed: Uint8Array;
}

export interface SealedRow {
    readonly recording: Recording;
    readonly page: KeyPage;
    /** False once the words were purged. */
    readonly hasWords: boolean;
    readonly sound: SoundPlace | undefined;
    readonly transcript: Uint8Array | undefined;
    readonly derived: Uint8Array | undefined;
}

export class StoreIndex {
    /** What is to go, and what is gone but not all of it yet. */
    readonly purging: PurgeIndex;
    readonly #database: IndexDatabase;

    private constructor(database: IndexDatabase) {
        this.#database = database;
        this.purging = new PurgeIndex(database);
    }

    static open(path: string): StoreIndex {
        return new StoreIndex(IndexDatabase.open(path));
    }

    close(): void {
        this.#database.close();
    }

    transaction<T>(work: () => T): T {
        return this.#database.transaction(work);
    }

    compact(): void {
        this.#database.compact();
    }

    setUp(storeKeyId: Uint8Array): void {
        this.#database.setUp(storeKeyId);
    }

    /** Id of the store key that everything is sealed with; undefined in an index that was not set up. */
    storeKeyId(): Uint8Array | undefined {
        if (!this.#database.isSetUp()) return undefined;
        return bytesOf(this.#database.one("SELECT store_key FROM seal")?.store_key);
    }

    setStoreKeyId(id: Uint8Array): void {
        this.#database.run("UPDATE seal SET store_key = ?", id);
    }

    clock(): number {
        return Number(this.#database.one("SELECT clock FROM seal")?.clock);
    }

    setClock(now: number): void {
        this.#database.run("UPDATE seal SET clock = ? WHERE clock < ?", now, now);
    }

    pages(): readonly KeyPage[] {
        return this.#database.all("SELECT id, wrapped, recordings FROM pages").map(keyPage);
    }

    /** The page that the next recording goes to; undefined when all are full. */
    pageWithRoom(): KeyPage | undefined {
        const sql = "SELECT id, wrapped, recordings FROM pages WHERE recordings < ? ORDER BY id DESC LIMIT 1";
        const row = this.#database.one(sql, RECORDINGS_PER_PAGE);
        return row && keyPage(row);
    }

    roomOn(page: KeyPage): number {
        return RECORDINGS_PER_PAGE - page.recordings;
    }

    nextPageId(): number {
        return Number(this.#database.one("SELECT coalesce(max(id), 0) + 1 AS id FROM pages")?.id);
    }

    addPage({ id, wrapped }: KeyPage): void {
        this.#database.run("INSERT INTO pages (id, wrapped, recordings) VALUES (?, ?, 0)", id, wrapped);
    }

    rewrapPage({ id, wrapped }: Pick<KeyPage, "id" | "wrapped">): void {
        this.#database.run("UPDATE pages SET wrapped = ? WHERE id = ?", wrapped, id);
    }

    setCount(page: number, recordings: number): void {
        this.#database.run("UPDATE pages SET recordings = ? WHERE id = ?", recordings, page);
    }

    removePage(id: number): void {
        this.#database.run("DELETE FROM pages WHERE id = ?", id);
        this.#database.run("DELETE FROM page_keys WHERE page = ?", id);
        this.#database.run("DELETE FROM catalogues WHERE page = ?", id);
    }

    /** What there is of the recordings on a page. */
    partsOn(page: number): ReadonlyMap<string, { readonly words: boolean; readonly sound: boolean }> {
        const sql = "SELECT id, has_words, sound_segment IS NOT NULL AS has_sound FROM recordings WHERE page = ?";
        const rows = this.#database.all(sql, page);
        return new Map(rows.map((row) => [String(row.id), { words: row.has_words === 1, sound: row.has_sound === 1 }]));
    }

    keysOn(page: number): Uint8Array | undefined {
        const row = this.#database.one("SELECT sealed FROM page_keys WHERE page = ?", page);
        return row && bytesOf(row.sealed);
    }

    setKeysOn(page: number, sealed: Uint8Array): void {
        this.#database.run("INSERT OR REPLACE INTO page_keys (page, sealed) VALUES (?, ?)", page, sealed);
    }

    catalogueOf(page: number): Uint8Array | undefined {
        const row = this.#database.one("SELECT sealed FROM catalogues WHERE page = ?", page);
        return row && bytesOf(row.sealed);
    }

    setCatalogue(page: number, first: string, last: string, sealed: Uint8Array): void {
        const sql = "INSERT OR REPLACE INTO catalogues (page, first, last, sealed) VALUES (?, ?, ?, ?)";
        this.#database.run(sql, page, first, last, sealed);
    }

    /** Those that may have ids from `from` on and before `before`; with the latest first. */
    *catalogues(from: string, before: string): Generator<SealedCatalogue> {
        const sql = `SELECT pages.id, wrapped, recordings, last, sealed FROM catalogues JOIN pages ON pages.id = page
            WHERE last >= ? AND first < ? ORDER BY last DESC`;
        for (const row of this.#database.each(sql, from, before)) {
            yield { page: keyPage(row), last: String(row.last), sealed: bytesOf(row.sealed) };
        }
    }

    add({ recording, page, hasWords, sound, transcript, derived }: SealedRow): void {
        const { id, session, site, speaker, startedAt, durationMs, keptAt } = recording;
        this.#database.run(
            `INSERT INTO recordings (id, session, site, speaker, started_at, duration_ms, kept_at, page, has_words,
                sound_segment, sound_at, sound_bytes, transcript, derived)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
            ...[id, session, site, speaker ?? null, startedAt, durationMs, keptAt, page.id, hasWords ? 1 : 0],
            ...[sound?.segment ?? null, sound?.at ?? null, sound?.bytes ?? null],
            ...[transcript ?? null, derived ?? null],
        );
        this.#database.run("UPDATE pages SET recordings = recordings + 1 WHERE id = ?", page.id);
    }

    replaceWords(id: string, { transcript, derived }: Pick<SealedRow, "transcript" | "derived">): void {
        const sql = "UPDATE recordings SET has_words = 1, transcript = ?, derived = ? WHERE id = ?";
        this.#database.run(sql, transcript ?? null, derived ?? null, id);
    }

    replaceSound(id: string, sound: SoundPlace, durationMs: number): void {
        this.moveSound(id, sound);
        this.#database.run("UPDATE recordings SET duration_ms = ? WHERE id = ?", durationMs, id);
    }

    moveSound(id: string, { segment, at, bytes }: SoundPlace): void {
        const sql = "UPDATE recordings SET sound_segment = ?, sound_at = ?, sound_bytes = ? WHERE id = ?";
        this.#database.run(sql, segment, at, bytes, id);
    }

    find(id: string): SealedRow | undefined {
        const row = this.#database.one(
            `SELECT ${RECORDING}, has_words, sound_segment, sound_at, sound_bytes, transcript, derived,
                pages.id AS page, pages.wrapped AS page_wrapped, pages.recordings AS page_recordings
                FROM recordings JOIN pages ON pages.id = page WHERE recordings.id = ?`,
            id,
        );
        if (!row) return undefined;
        return {
            recording: recordingOf(row),
            page: keyPage({ id: row.page, wrapped: row.page_wrapped, recordings: row.page_recordings }),
            hasWords: row.has_words === 1,
            sound: row.sound_segment === null ? undefined : soundPlace(row),
            transcript: optionalBytes(row.transcript),
            derived: optionalBytes(row.derived),
        };
    }

    /** The latest first. @param found ids that have the words and the intent that the page is about, if it is */
    list({ before, limit = 100, ...filter }: RecordingPage, found?: readonly string[]): readonly Recording[] {
        const { sql: where, parameters } = filterCondition(filter, found);
        const [older, last] = before === undefined ? ["TRUE", []] : ["recordings.id < ?", [before]];
        const sql = `SELECT ${RECORDING} FROM recordings WHERE ${where} AND ${older} ORDER BY id DESC LIMIT ?`;
        return this.#database.all(sql, ...parameters, ...last, limit).map(recordingOf);
    }

    count(): number {
        return Number(this.#database.one("SELECT count(*) AS recordings FROM recordings")?.recordings);
    }

    status(now: number): VaultStatus {
        const sums = this.#database.one(
            "SELECT count(*) AS recordings, total(duration_ms) AS duration_ms, min(id) AS oldest FROM recordings",
        );
        const oldest = typeof sums?.oldest === "string" ? this.find(sums.oldest)?.recording.startedAt : undefined;
        return {
            recordings: Number(sums?.recordings),
            durationMs: Number(sums?.duration_ms),
            ...(oldest !== undefined && { oldestStartedAt: oldest }),
            now,
            groups: this.#database.all("SELECT DISTINCT site, speaker FROM recordings").map(({ site, speaker }) => ({
                site: String(site),
                ...(speaker !== null && { speaker: String(speaker) }),
            })),
        };
    }

    hasSoundIn(segment: string): boolean {
        return this.#database.one("SELECT 1 FROM recordings WHERE sound_segment = ?", segment) !== undefined;
    }

    hasSoundAt({ segment, at }: SoundPlace): boolean {
        const sql = "SELECT 1 FROM recordings WHERE sound_segment = ? AND sound_at = ?";
        return this.#database.one(sql, segment, at) !== undefined;
    }

    /** Sounds in a segment, in order, with the ids of their recordings. */
    soundsIn(segment: string): readonly (SoundPlace & { readonly id: string })[] {
        const sql = `SELECT id, sound_segment, sound_at, sound_bytes FROM recordings WHERE sound_segment = ? ORDER BY sound_at`;
        return this.#database.all(sql, segment).map((row) => ({ id: String(row.id), ...soundPlace(row) }));
    }

    /** Segments that recordings have their sound in: where the last sound ends, and how many bytes all of them have. */
    segments(): ReadonlyMap<string, { readonly end: number; readonly bytes: number }> {
        const sql = `SELECT sound_segment, max(sound_at + sound_bytes) AS end, sum(sound_bytes) AS bytes FROM recordings
            WHERE sound_segment IS NOT NULL GROUP BY sound_segment`;
        const rows = this.#database.all(sql);
        return new Map(
            rows.map((row) => [String(row.sound_segment), { end: Number(row.end), bytes: Number(row.bytes) }]),
        );
    }
}

const RECORDING = `recordings.id AS id, session, site, speaker, started_at, duration_ms, kept_at,
    sound_segment IS NOT NULL AS has_sound, transcript IS NOT NULL AS has_transcript`;

function recordingOf(row: Row): Recording {
    return {
        id: String(row.id),
        session: String(row.session),
        site: String(row.site),
        ...(row.speaker !== null && { speaker: String(row.speaker) }),
        startedAt: Number(row.started_at),
        durationMs: Number(row.duration_ms),
        keptAt: Number(row.kept_at),
        hasSound: row.has_sound === 1,
        hasTranscript: row.has_transcript === 1,
    };
}

function soundPlace(row: Row): SoundPlace {
    return { segment: String(row.sound_segment), at: Number(row.sound_at), bytes: Number(row.sound_bytes) };
}

function keyPage(row: Row): KeyPage {
    return { id: Number(row.id), wrapped: bytesOf(row.wrapped), recordings: Number(row.recordings) };
}

function optionalBytes(value: unknown): Uint8Array | undefined {
    return value === null ? undefined : bytesOf(value);
}

/** The vault's index: which recordings there are, each with its wrapped key and its sealed transcript. */
import { chmodSync, closeSync, openSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { VaultError } from "./error";
import {
    firstIdAt,
    type Recording,
    type RecordingFilter,
    type RecordingPage,
    type RecordingSelection,
} from "./recording";

/**
 * Keys of utterances are wrapped by a page key, page keys by the store key. A purge replaces the page keys that it
 * touches and the store key: some hundred wrappings instead of one for every recording.
 */
const RECORDINGS_PER_PAGE = 256;

/** How long another program may take to let go of the vault, such as one that is just ending. */
const LOCK_TIMEOUT_MS = 1_000;

const VERSION = 1;
const SCHEMA = `
    CREATE TABLE seal (id INTEGER PRIMARY KEY CHECK (id = 1), store_key BLOB NOT NULL) STRICT;
    CREATE TABLE pages (id INTEGER PRIMARY KEY, wrapped BLOB NOT NULL, recordings INTEGER NOT NULL) STRICT;
    CREATE TABLE recordings (
        id TEXT NOT NULL UNIQUE,
        session TEXT NOT NULL,
        site TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        duration_ms INTEGER NOT NULL,
        page INTEGER NOT NULL,
        wrapped BLOB, -- none: being purged
        transcript BLOB
    ) STRICT;
    CREATE INDEX recordings_by_site ON recordings (site, id);
    CREATE INDEX recordings_by_page ON recordings (page);
    PRAGMA user_version = ${VERSION};
`;

export interface KeyPage {
    readonly id: number;
    readonly wrapped: Uint8Array;
}

export interface SealedRow {
    readonly recording: Recording;
    readonly page: KeyPage;
    readonly wrapped: Uint8Array;
    readonly transcript: Uint8Array | undefined;
}

type Row = Readonly<Record<string, unknown>>;
type Condition = readonly [sql: string, parameters: readonly SQLInputValue[]];

export class StoreIndex {
    readonly #database: DatabaseSync;
    readonly #statements = new Map<string, StatementSync>();

    private constructor(database: DatabaseSync) {
        this.#database = database;
    }

    static open(path: string): StoreIndex {
        // The file is made here for its mode; SQLite gives its other files the same.
        closeSync(openSync(path, "a", 0o600));
        chmodSync(path, 0o600);
        const database = new DatabaseSync(path, { timeout: LOCK_TIMEOUT_MS });
        try {
            database.exec(`
                PRAGMA locking_mode = EXCLUSIVE;
                PRAGMA auto_vacuum = INCREMENTAL;
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA secure_delete = ON;
                PRAGMA temp_store = MEMORY;
                PRAGMA trusted_schema = OFF;
                BEGIN IMMEDIATE; COMMIT;
            `);
            const index = new StoreIndex(database);
            const version = Number(index.#one("PRAGMA user_version")?.user_version);
            if (version > VERSION)
                throw new VaultError("failed", "The vault was written by a newer version of Earshot.");
            return index;
        } catch (error) {
            database.close();
            throw error;
        }
    }

    close(): void {
        this.#database.close();
    }

    /** All of `work` or nothing of it, on the disk when this returns. */
    transaction<T>(work: () => T): T {
        this.#database.exec("BEGIN IMMEDIATE");
        try {
            const result = work();
            this.#database.exec("COMMIT");
            return result;
        } catch (error) {
            if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
            throw error;
        }
    }

    /** Id of the store key that everything is sealed with; undefined in an index that was not set up. */
    storeKeyId(): Uint8Array | undefined {
        const isSetUp = this.#one("SELECT 1 FROM sqlite_schema WHERE name = 'seal'") !== undefined;
        return isSetUp ? bytes(this.#one("SELECT store_key FROM seal")?.store_key) : undefined;
    }

    setUp(storeKeyId: Uint8Array): void {
        this.transaction(() => {
            this.#database.exec(SCHEMA);
            this.#run("INSERT INTO seal (id, store_key) VALUES (1, ?)", storeKeyId);
        });
    }

    setStoreKeyId(id: Uint8Array): void {
        this.#run("UPDATE seal SET store_key = ?", id);
    }

    pages(): readonly KeyPage[] {
        return this.#all("SELECT id, wrapped FROM pages").map(keyPage);
    }

    pageWithRoom(): KeyPage | undefined {
        const sql = "SELECT id, wrapped FROM pages WHERE recordings < ? ORDER BY id DESC LIMIT 1";
        const row = this.#one(sql, RECORDINGS_PER_PAGE);
        return row && keyPage(row);
    }

    nextPageId(): number {
        return Number(this.#one("SELECT coalesce(max(id), 0) + 1 AS id FROM pages")?.id);
    }

    addPage(page: KeyPage): void {
        this.#run("INSERT INTO pages (id, wrapped, recordings) VALUES (?, ?, 0)", page.id, page.wrapped);
    }

    rewrapPage(page: KeyPage): void {
        this.#run("UPDATE pages SET wrapped = ? WHERE id = ?", page.wrapped, page.id);
    }

    /** Counts the recordings of a page anew; a page without any vanishes. */
    recountPage(id: number): void {
        const count = "SELECT count(*) FROM recordings WHERE page = ?1 AND wrapped IS NOT NULL";
        this.#run(`UPDATE pages SET recordings = (${count}) WHERE id = ?1`, id);
        this.#run("DELETE FROM pages WHERE id = ? AND recordings = 0", id);
    }

    add(row: Omit<SealedRow, "page"> & { readonly page: number }): void {
        const { id, session, site, startedAt, durationMs } = row.recording;
        this.#run(
            `INSERT INTO recordings (id, session, site, started_at, duration_ms, page, wrapped, transcript)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
            ...[id, session, site, startedAt, durationMs, row.page, row.wrapped, row.transcript ?? null],
        );
        this.#run("UPDATE pages SET recordings = recordings + 1 WHERE id = ?", row.page);
    }

    find(id: string): SealedRow | undefined {
        const row = this.#one(
            `SELECT recordings.*, pages.wrapped AS page_wrapped FROM recordings JOIN pages ON pages.id = page
                WHERE recordings.id = ? AND recordings.wrapped IS NOT NULL`,
            id,
        );
        return (
            row && {
                recording: recordingOf(row),
                page: { id: Number(row.page), wrapped: bytes(row.page_wrapped) },
                wrapped: bytes(row.wrapped),
                transcript: row.transcript === null ? undefined : bytes(row.transcript),
            }
        );
    }

    /** The latest first. */
    list({ before, limit = 100, ...filter }: RecordingPage): readonly Recording[] {
        const conditions = filterConditions(filter);
        if (before !== undefined) conditions.push(["id < ?", [before]]);
        const [where, parameters] = joined(conditions);
        const sql = `SELECT id, session, site, started_at, duration_ms, transcript IS NOT NULL AS transcript FROM recordings
            WHERE wrapped IS NOT NULL AND ${where} ORDER BY id DESC LIMIT ?`;
        return this.#all(sql, ...parameters, limit).map(recordingOf);
    }

    /** Pages that hold the keys of selected recordings. */
    pagesOf(selection: RecordingSelection): readonly number[] {
        const [where, parameters] = joined(selectionConditions(selection));
        const sql = `SELECT DISTINCT page FROM recordings WHERE wrapped IS NOT NULL AND ${where}`;
        return this.#all(sql, ...parameters).map((row) => Number(row.page));
    }

    /** Takes the keys and the transcripts of the selected recordings away; the rows stay until `removePurged`. */
    takeKeys(selection: RecordingSelection): number {
        const [where, parameters] = joined(selectionConditions(selection));
        const sql = `UPDATE recordings SET wrapped = NULL, transcript = NULL WHERE wrapped IS NOT NULL AND ${where}`;
        return this.#run(sql, ...parameters);
    }

    wrappedKeysOf(page: number): readonly { readonly id: string; readonly wrapped: Uint8Array }[] {
        const sql = "SELECT id, wrapped FROM recordings WHERE page = ? AND wrapped IS NOT NULL";
        return this.#all(sql, page).map((row) => ({ id: String(row.id), wrapped: bytes(row.wrapped) }));
    }

    rewrapKey(id: string, wrapped: Uint8Array): void {
        this.#run("UPDATE recordings SET wrapped = ? WHERE id = ?", wrapped, id);
    }

    isKept(id: string): boolean {
        return this.#one("SELECT 1 FROM recordings WHERE id = ? AND wrapped IS NOT NULL", id) !== undefined;
    }

    /** Whether a purge began and did not end. */
    hasPurged(): boolean {
        return this.#one("SELECT 1 FROM recordings WHERE wrapped IS NULL LIMIT 1") !== undefined;
    }

    purgedIds(): readonly string[] {
        return this.#all("SELECT id FROM recordings WHERE wrapped IS NULL").map((row) => String(row.id));
    }

    removePurged(): void {
        this.#run("DELETE FROM recordings WHERE wrapped IS NULL");
    }

    /** Gives free pages back to the disk and empties the write-ahead log, so that neither holds what was. */
    compact(): void {
        this.#database.exec(`
            PRAGMA wal_checkpoint(TRUNCATE);
            PRAGMA incremental_vacuum;
            PRAGMA wal_checkpoint(TRUNCATE);
        `);
    }

    #prepared(sql: string): StatementSync {
        const known = this.#statements.get(sql);
        if (known) return known;
        const statement = this.#database.prepare(sql);
        this.#statements.set(sql, statement);
        return statement;
    }

    #one(sql: string, ...parameters: SQLInputValue[]): Row | undefined {
        return this.#prepared(sql).get(...parameters);
    }

    #all(sql: string, ...parameters: SQLInputValue[]): readonly Row[] {
        return this.#prepared(sql).all(...parameters);
    }

    /** @returns the number of rows changed */
    #run(sql: string, ...parameters: SQLInputValue[]): number {
        return Number(this.#prepared(sql).run(...parameters).changes);
    }
}

/** Times are conditions on ids, which sort by them. */
function filterConditions({ site, from, to }: RecordingFilter): Condition[] {
    const conditions: Condition[] = [];
    if (site !== undefined) conditions.push(["site = ?", [site]]);
    if (from !== undefined) conditions.push(["id >= ?", [firstIdAt(from)]]);
    if (to !== undefined) conditions.push(["id < ?", [firstIdAt(to)]]);
    return conditions;
}

function selectionConditions({ ids, ...filter }: RecordingSelection): Condition[] {
    const conditions = filterConditions(filter);
    if (ids) conditions.push(["id IN (SELECT value FROM json_each(?))", [JSON.stringify(ids)]]);
    return conditions;
}

function joined(conditions: readonly Condition[]): Condition {
    return [["TRUE", ...conditions.map(([sql]) => sql)].join(" AND "), conditions.flatMap(([, values]) => values)];
}

function recordingOf(row: Row): Recording {
    return {
        id: String(row.id),
        session: String(row.session),
        site: String(row.site),
        startedAt: Number(row.started_at),
        durationMs: Number(row.duration_ms),
        hasTranscript: row.transcript !== null && row.transcript !== 0,
    };
}

function keyPage(row: Row): KeyPage {
    return { id: Number(row.id), wrapped: bytes(row.wrapped) };
}

function bytes(value: unknown): Uint8Array {
    if (value instanceof Uint8Array) return value;
    throw new VaultError("damaged", "The vault's index is damaged: a key is missing.");
}

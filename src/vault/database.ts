/** The file of the vault's index: its tables, and the settings under which what is deleted is overwritten. */
import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, existsSync, openSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { VaultError } from "./error";

/** How long another program may take to let go of the vault, such as one that is just ending. */
const LOCK_TIMEOUT_MS = 1_000;

const VERSION = 4;
const SCHEMA = `
    -- clock: milliseconds since 1970 that were last seen; it never goes back
    CREATE TABLE seal (id INTEGER PRIMARY KEY CHECK (id = 1), vault TEXT NOT NULL, store_key BLOB NOT NULL,
        clock INTEGER NOT NULL) STRICT;
    CREATE TABLE pages (id INTEGER PRIMARY KEY, wrapped BLOB NOT NULL, recordings INTEGER NOT NULL) STRICT;
    CREATE TABLE page_keys (page INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
    -- first, last: the least and the greatest id in it
    CREATE TABLE catalogues (page INTEGER PRIMARY KEY, first TEXT NOT NULL, last TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;
    CREATE INDEX catalogues_by_last ON catalogues (last);
    CREATE TABLE recordings (
        id TEXT NOT NULL UNIQUE,
        session TEXT NOT NULL,
        site TEXT NOT NULL,
        speaker TEXT,
        started_at INTEGER NOT NULL,
        duration_ms INTEGER NOT NULL,
        kept_at INTEGER NOT NULL,
        page INTEGER NOT NULL,
        has_words INTEGER NOT NULL, -- 0: they were purged
        -- where its sound is; none: there is no sound, or it was purged
        sound_segment TEXT,
        sound_at INTEGER,
        sound_bytes INTEGER,
        transcript BLOB,
        derived BLOB
    ) STRICT;
    CREATE INDEX recordings_by_site ON recordings (site, id);
    CREATE INDEX recordings_by_speaker ON recordings (speaker, id) WHERE speaker IS NOT NULL;
    CREATE INDEX recordings_by_page ON recordings (page);
    CREATE INDEX recordings_by_segment ON recordings (sound_segment, sound_at) WHERE sound_segment IS NOT NULL;
    -- sealed sound whose key is gone, to be deleted; of a segment that no recording has any more one place is enough
    CREATE TABLE doomed (segment TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (segment, at)) STRICT, WITHOUT ROWID;
    -- ids of purged utterances, 16 bytes each, of which something may be left outside the vault
    CREATE TABLE unforgotten (purge INTEGER PRIMARY KEY, ids BLOB NOT NULL) STRICT;
    PRAGMA user_version = ${VERSION};
`;

export type Row = Readonly<Record<string, unknown>>;

export class IndexDatabase {
    readonly #database: DatabaseSync;
    readonly #statements = new Map<string, StatementSync>();

    private constructor(database: DatabaseSync) {
        this.#database = database;
    }

    /** Nobody else can open it until it is closed, or the process ends. @throws VaultError, or SQLite's errors */
    static open(path: string): IndexDatabase {
        // The file is made here for its mode; SQLite gives its other files the same. One that is there is not opened: closing
        // it would take away the lock of another vault in this process (fcntl(2), "Record locks").
        if (!existsSync(path)) closeSync(openSync(path, "wx", 0o600));
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
                PRAGMA cache_size = -16384;
                BEGIN IMMEDIATE; COMMIT;
                CREATE TEMP TABLE chosen (row INTEGER PRIMARY KEY);
            `);
            const opened = new IndexDatabase(database);
            const version = Number(opened.one("PRAGMA user_version")?.user_version);
            if (version !== VERSION && opened.isSetUp()) {
                throw new VaultError("failed", "The vault was written by another version of Earshot.");
            }
            return opened;
        } catch (error) {
            database.close();
            throw error;
        }
    }

    close(): void {
        this.#database.close();
    }

    isSetUp(): boolean {
        return this.one("SELECT 1 FROM sqlite_schema WHERE name = 'seal'") !== undefined;
    }

    setUp(storeKeyId: Uint8Array): void {
        this.transaction(() => {
            this.#database.exec(SCHEMA);
            const vault = randomBytes(16).toString("hex");
            this.run("INSERT INTO seal (id, vault, store_key, clock) VALUES (1, ?, ?, 0)", vault, storeKeyId);
        });
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

    /** Gives free pages back to the disk and empties the write-ahead log, so that neither holds what was. */
    compact(): void {
        this.#database.exec(`
            PRAGMA wal_checkpoint(TRUNCATE);
            PRAGMA incremental_vacuum;
            PRAGMA wal_checkpoint(TRUNCATE);
        `);
    }

    one(sql: string, ...parameters: readonly SQLInputValue[]): Row | undefined {
        return this.#prepared(sql).get(...parameters);
    }

    all(sql: string, ...parameters: readonly SQLInputValue[]): readonly Row[] {
        return this.#prepared(sql).all(...parameters);
    }

    /** Row by row; the database must not be changed meanwhile. */
    each(sql: string, ...parameters: readonly SQLInputValue[]): IterableIterator<Row> {
        return this.#prepared(sql).iterate(...parameters);
    }

    /** @returns the number of rows changed */
    run(sql: string, ...parameters: readonly SQLInputValue[]): number {
        return Number(this.#prepared(sql).run(...parameters).changes);
    }

    #prepared(sql: string): StatementSync {
        const known = this.#statements.get(sql);
        if (known) return known;
        const statement = this.#database.prepare(sql);
        this.#statements.set(sql, statement);
        return statement;
    }
}

/** @throws VaultError "damaged" when there are none */
export function bytesOf(value: unknown): Uint8Array {
    if (value instanceof Uint8Array) return value;
    throw new VaultError("damaged", "The vault's index is damaged: a key is missing.");
}

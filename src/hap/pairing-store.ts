/**
 * The pairings of this hub in one file. Losing it means resetting every accessory, and whoever reads it commands them all:
 * so it is sealed, written whole or not at all, kept twice, readable by its owner only, and never written over unread.
 */
import { chmod, copyFile, mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Endpoint } from "./connection";
import { HapError } from "./error";
import { fromRecord, type PairingRecord, type StoredPairing, toRecord } from "./pairing-record";
import { PairingSeal } from "./pairing-seal";

/** Before 1.0 the pairings stood in the file in clear; such a file is sealed when it is opened. */
type PairingFile =
    | { readonly version: 1; readonly pairings: readonly PairingRecord[] }
    | { readonly version: 2; readonly sealed: string };

const FILE = "pairings.json";
const BACKUP = "pairings.backup.json";
const MAX_FILE_BYTES = 4 * 1024 * 1024;

export class PairingStore {
    readonly #folder: string;
    readonly #seal: PairingSeal;
    #pairings: ReadonlyMap<string, StoredPairing> | undefined;
    /** The file on disk is not what was loaded, and has to be put aside before anything is written. */
    #isDamaged: boolean = false;
    /** Something on disk is not sealed yet. */
    #isInClear: boolean = false;
    #warning: HapError | undefined;
    #lastWrite: Promise<unknown> = Promise.resolve();

    /** @param folder a folder for the pairings alone; it is made, and closed to other users of the machine. */
    constructor(folder: string) {
        this.#folder = folder;
        this.#seal = new PairingSeal(folder);
    }

    get folder(): string {
        return this.#folder;
    }

    /** Set when the backup had to be used, or the file could not be sealed: what happened, and where the file is. */
    get warning(): HapError | undefined {
        return this.#warning;
    }

    /**
     * Reads the file.
     *
     * @throws {HapError} `store` when neither it nor its backup can be read. Nothing is written then, now or later.
     */
    async open(): Promise<void> {
        const file = join(this.#folder, FILE);
        const backup = join(this.#folder, BACKUP);
        try {
            await mkdir(this.#folder, { recursive: true, mode: 0o700 });
            await chmod(this.#folder, 0o700);
        } catch (cause) {
            throw new HapError("store", `The folder for pairings, ${this.#folder}, can't be used: ${reason(cause)}.`, {
                cause,
            });
        }
        const current = await this.#load(file);
        if (current instanceof Map) {
            this.#pairings = current;
            await this.#sealUp();
            return;
        }
        const previous = await this.#load(backup);
        if (previous instanceof Map) {
            this.#pairings = previous;
            this.#isDamaged = current !== "absent";
            const what = current === "absent" ? "is missing" : `can't be read (${current.message})`;
            this.#warning = new HapError(
                "store",
                `${file} ${what}. The backup beside it is used: the last change may be lost.`,
            );
            await this.#sealUp();
        } else if (current === "absent" && previous === "absent") {
            this.#pairings = new Map();
        } else {
            const why = current === "absent" ? "it is missing" : current.message;
            throw new HapError(
                "store",
                `The pairings in ${file} can't be read (${why}), nor can its backup. Nothing is written over them: restore the file, or move both away to start afresh.`,
            );
        }
    }

    list(): readonly StoredPairing[] {
        return [...this.#opened().values()];
    }

    get(accessoryId: string): StoredPairing | undefined {
        return this.#opened().get(accessoryId.toUpperCase());
    }

    /** Adds a pairing or replaces the accessory's old one. Resolves when it is on the disk. */
    put(pairing: StoredPairing): Promise<void> {
        return this.#change((pairings) => pairings.set(pairing.accessoryId.toUpperCase(), pairing));
    }

    remove(accessoryId: string): Promise<void> {
        return this.#change((pairings) => pairings.delete(accessoryId.toUpperCase()));
    }

    /** Notes where an accessory was reached, if that is news. */
    async noteEndpoint(accessoryId: string, endpoint: Endpoint): Promise<void> {
        const pairing = this.get(accessoryId);
        const { lastEndpoint } = pairing ?? {};
        if (!pairing || (lastEndpoint?.host === endpoint.host && lastEndpoint.port === endpoint.port)) return;
        await this.put({ ...pairing, lastEndpoint: endpoint });
    }

    /** Resolves when all changes so far have been written, or have failed. */
    async written(): Promise<void> {
        await this.#lastWrite;
    }

    #opened(): ReadonlyMap<string, StoredPairing> {
        if (this.#pairings) return this.#pairings;
        throw new HapError("store", `The pairings in ${this.#folder} have not been read.`);
    }

    /** One change after the other; what is in memory changes only when the disk has. */
    #change(change: (pairings: Map<string, StoredPairing>) => unknown): Promise<void> {
        const done = this.#lastWrite.then(async () => {
            const pairings = new Map(this.#opened());
            change(pairings);
            await this.#save(pairings);
            this.#pairings = pairings;
        });
        this.#lastWrite = done.catch(() => {});
        return done;
    }

    /** What is not sealed is written anew, the backup too. The pairings can be used all the same when that fails. */
    async #sealUp(): Promise<void> {
        if (!this.#isInClear) return;
        await this.#change(() => {}).catch((error: HapError) => {
            this.#warning ??= error;
        });
    }

    async #save(pairings: ReadonlyMap<string, StoredPairing>): Promise<void> {
        const file = join(this.#folder, FILE);
        try {
            const records = JSON.stringify([...pairings.values()].map(toRecord));
            const content: PairingFile = { version: 2, sealed: await this.#seal.close(records) };
            const text = `${JSON.stringify(content, undefined, 4)}\n`;
            if (this.#isDamaged) await rename(file, join(this.#folder, `pairings.damaged-${Date.now()}.json`));
            else if (!this.#isInClear) await this.#backUp(file);
            this.#isDamaged = false;
            await this.#replace(FILE, text);
            if (this.#isInClear) await this.#replace(BACKUP, text);
            this.#isInClear = false;
            await syncFolder(this.#folder);
        } catch (cause) {
            throw new HapError("store", `${file} could not be written: ${reason(cause)}.`, { cause });
        }
    }

    async #replace(name: string, text: string): Promise<void> {
        await writeDurably(join(this.#folder, `${name}.new`), text);
        await rename(join(this.#folder, `${name}.new`), join(this.#folder, name));
    }

    /** Renamed into place, so that at any moment there is one whole backup. */
    async #backUp(file: string): Promise<void> {
        const copy = join(this.#folder, `${BACKUP}.new`);
        try {
            await copyFile(file, copy);
        } catch (error) {
            if (isAbsent(error)) return; // The first pairing has nothing before it.
            throw error;
        }
        await chmod(copy, 0o600);
        const handle = await open(copy, "r+");
        await handle.sync().finally(() => handle.close());
        await rename(copy, join(this.#folder, BACKUP));
    }

    async #load(path: string): Promise<Map<string, StoredPairing> | "absent" | Error> {
        try {
            const handle = await open(path, "r");
            try {
                const { size } = await handle.stat();
                if (size > MAX_FILE_BYTES) throw new Error(`it is ${size} bytes long`);
            } finally {
                await handle.close();
            }
            await chmod(path, 0o600);
            return await this.#fromFile(JSON.parse(await readFile(path, "utf8")));
        } catch (error) {
            if (isAbsent(error)) return "absent";
            return error instanceof Error ? error : new Error(String(error));
        }
    }

    async #fromFile(content: unknown): Promise<Map<string, StoredPairing>> {
        const file = (content ?? {}) as Partial<PairingFile>;
        if (file.version === 2) {
            if (typeof file.sealed !== "string") throw new Error("it has no sealed pairings");
            return fromRecords(JSON.parse(await this.#seal.open(file.sealed)));
        }
        if (file.version !== 1) throw new Error("it has another version than 1 and 2");
        const pairings = fromRecords(file.pairings);
        this.#isInClear = true;
        return pairings;
    }
}

function fromRecords(records: unknown): Map<string, StoredPairing> {
    if (!Array.isArray(records)) throw new Error("it has no list of pairings");
    return new Map(
        (records as readonly Partial<PairingRecord>[]).map((record, index) => {
            const pairing = fromRecord(record ?? {}, `pairing ${index + 1}`);
            return [pairing.accessoryId.toUpperCase(), pairing];
        }),
    );
}

async function writeDurably(path: string, text: string): Promise<void> {
    const handle = await open(path, "w", 0o600);
    try {
        await handle.chmod(0o600);
        await handle.writeFile(text);
        await handle.sync();
    } finally {
        await handle.close();
    }
}

/** The rename itself reaches the disk with the folder. Windows can't open one, and needs no such thing. */
async function syncFolder(folder: string): Promise<void> {
    if (process.platform === "win32") return;
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
}

function isAbsent(error: unknown): boolean {
    return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function reason(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

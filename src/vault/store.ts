/**
 * The vault itself, with blocking calls: it runs in a worker thread.
 *
 * On the disk: `store.key`, `index.sqlite` (its keys and transcripts sealed) and one sealed file for each recording in
 * `sound/`. A recording exists when its row holds its key: its sound is written before, and removed after.
 */
import {
    chmodSync,
    closeSync,
    existsSync,
    fsyncSync,
    mkdirSync,
    openSync,
    readdirSync,
    readFileSync,
    unlinkSync,
    writeSync,
} from "node:fs";
import { join } from "node:path";
import { encodePcm, PcmDecoder, SAMPLE_RATE } from "../audio";
import { VaultError } from "./error";
import {
    type Keepsake,
    newRecordingId,
    type Recording,
    type RecordingContent,
    type RecordingPage,
    type RecordingSelection,
} from "./recording";
import { derivedKey, newKey, openedSound, openValue, sealedSound, sealValue } from "./seal";
import { type KeyPage, StoreIndex } from "./store-index";
import { StoreKeyFile, syncFolder } from "./store-key";

/** What has just been done, for tests that stop the process there. */
export type StoreStep =
    | "key prepared"
    | "sound written"
    | "row added"
    | "keys taken"
    | "key replaced"
    | "sounds removed"
    | "rows removed";

/** Whether `folder` holds a vault, or the beginning of one. */
export function isVaultFolder(folder: string): boolean {
    return ["index.sqlite", "store.key", "store.key.next"].some((file) => existsSync(join(folder, file)));
}

export class VaultStore {
    readonly #soundFolder: string;
    readonly #index: StoreIndex;
    readonly #keyFile: StoreKeyFile;
    readonly #onStep: (step: StoreStep) => void;
    #storeKey: Buffer;

    private constructor(
        folder: string,
        index: StoreIndex,
        keyFile: StoreKeyFile,
        storeKey: Buffer,
        onStep: (step: StoreStep) => void,
    ) {
        this.#soundFolder = soundFolder(folder);
        this.#index = index;
        this.#keyFile = keyFile;
        this.#storeKey = storeKey;
        this.#onStep = onStep;
    }

    /** Opens the vault in `folder`, makes one if there is none, and ends what an interrupted program began. */
    static open(folder: string, onStep: (step: StoreStep) => void = () => {}): VaultStore {
        for (const path of [folder, soundFolder(folder)]) {
            mkdirSync(path, { recursive: true, mode: 0o700 });
            chmodSync(path, 0o700);
        }
        const index = StoreIndex.open(join(folder, "index.sqlite"));
        try {
            if (!index.storeKeyId() && readdirSync(soundFolder(folder)).length > 0) {
                throw new VaultError(
                    "damaged",
                    `The vault's index is missing, and with it the keys of its recordings: ${folder}.`,
                );
            }
            const keyFile = new StoreKeyFile(folder);
            const store = new VaultStore(folder, index, keyFile, unlocked(index, keyFile, onStep), onStep);
            store.#recover();
            return store;
        } catch (error) {
            index.close();
            throw error;
        }
    }

    close(): void {
        this.#storeKey.fill(0);
        this.#index.close();
    }

    keep({ session, site, startedAt, samples, transcript }: Keepsake): Recording {
        const id = newRecordingId(startedAt);
        const durationMs = Math.round((samples.length / SAMPLE_RATE) * 1_000);
        const recording = { id, session, site, startedAt, durationMs, hasTranscript: transcript !== undefined };
        const key = newKey();
        let isKept: boolean = false;
        try {
            this.#writeSound(id, sealedSound(key, encodePcm(samples, "s16"), id));
            this.#onStep("sound written");
            this.#index.transaction(() => {
                const page = this.#index.pageWithRoom() ?? this.#newPage();
                const wrapped = sealValue(this.#pageKey(page, this.#storeKey), key, keyBond(id));
                const words = transcript && Buffer.from(JSON.stringify(transcript));
                const sealedWords = words && sealValue(transcriptKey(key), words, transcriptBond(id));
                this.#index.add({ recording, page: page.id, wrapped, transcript: sealedWords });
            });
            isKept = true;
            this.#onStep("row added");
            return recording;
        } finally {
            key.fill(0);
            if (!isKept) this.#removeSound(id);
        }
    }

    read(id: string): RecordingContent {
        const row = this.#index.find(id);
        if (!row) throw new VaultError("not-found", `There is no recording ${id}.`);
        const path = this.#soundPath(id);
        if (!existsSync(path)) throw new VaultError("damaged", `The sound of recording ${id} is missing.`);
        const key = openValue(this.#pageKey(row.page, this.#storeKey), row.wrapped, keyBond(id));
        try {
            const sound = openedSound(key, readFileSync(path), id);
            const samples = new PcmDecoder({ encoding: "s16", channels: 1 }).write(sound);
            if (!row.transcript) return { recording: row.recording, samples };
            const words = openValue(transcriptKey(key), row.transcript, transcriptBond(id));
            return { recording: row.recording, samples, transcript: JSON.parse(words.toString()) };
        } finally {
            key.fill(0);
        }
    }

    list(page: RecordingPage): readonly Recording[] {
        return this.#index.list(page);
    }

    /** Keys first: once the new store key is in force, nothing on the disk opens what was selected. */
    purge(selection: RecordingSelection): number {
        const touched = new Set(this.#index.pagesOf(selection));
        if (touched.size === 0) return 0;
        const next = this.#keyFile.prepare();
        this.#onStep("key prepared");
        const count = this.#index.transaction(() => {
            const taken = this.#index.takeKeys(selection);
            for (const page of this.#index.pages()) {
                const pageKey = this.#pageKey(page, this.#storeKey);
                const newPageKey = touched.has(page.id) ? this.#replacePageKey(page.id, pageKey) : pageKey;
                this.#index.rewrapPage({ id: page.id, wrapped: sealValue(next.key, newPageKey, pageBond(page.id)) });
            }
            this.#index.setStoreKeyId(next.id);
            return taken;
        });
        this.#onStep("keys taken");
        this.#keyFile.activate();
        this.#storeKey.fill(0);
        this.#storeKey = next.key;
        this.#onStep("key replaced");
        this.#finishPurge();
        return count;
    }

    /** A page key that was in use together with purged keys would open a copy of them. */
    #replacePageKey(page: number, pageKey: Buffer): Buffer {
        const replacement = newKey();
        for (const { id, wrapped } of this.#index.wrappedKeysOf(page)) {
            const key = openValue(pageKey, wrapped, keyBond(id));
            this.#index.rewrapKey(id, sealValue(replacement, key, keyBond(id)));
        }
        this.#index.recountPage(page);
        return replacement;
    }

    #finishPurge(): void {
        for (const id of this.#index.purgedIds()) this.#removeSound(id);
        syncFolder(this.#soundFolder);
        this.#onStep("sounds removed");
        this.#index.transaction(() => this.#index.removePurged());
        this.#onStep("rows removed");
        this.#index.compact();
    }

    #recover(): void {
        if (this.#index.hasPurged()) this.#finishPurge();
        // What was being kept when the program stopped: no key of it exists.
        for (const id of readdirSync(this.#soundFolder)) {
            if (!this.#index.isKept(id)) this.#removeSound(id);
        }
    }

    #newPage(): KeyPage {
        const id = this.#index.nextPageId();
        const page = { id, wrapped: sealValue(this.#storeKey, newKey(), pageBond(id)) };
        this.#index.addPage(page);
        return page;
    }

    #pageKey({ id, wrapped }: KeyPage, storeKey: Buffer): Buffer {
        return openValue(storeKey, wrapped, pageBond(id));
    }

    #writeSound(id: string, pieces: Iterable<Buffer>): void {
        const file = openSync(this.#soundPath(id), "wx", 0o600);
        try {
            for (const piece of pieces) {
                for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
            }
            fsyncSync(file);
        } finally {
            closeSync(file);
        }
        syncFolder(this.#soundFolder);
    }

    #removeSound(id: string): void {
        try {
            unlinkSync(this.#soundPath(id));
        } catch (error) {
            if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
        }
    }

    #soundPath(id: string): string {
        return join(this.#soundFolder, id);
    }
}

/** The store key that `index` is sealed with; a new one for a new index. */
function unlocked(index: StoreIndex, keyFile: StoreKeyFile, onStep: (step: StoreStep) => void): Buffer {
    const storeKeyId = index.storeKeyId();
    if (storeKeyId) return keyFile.recover(storeKeyId).key;
    const { id, key } = keyFile.prepare();
    onStep("key prepared");
    keyFile.activate();
    onStep("key replaced");
    index.setUp(id);
    return key;
}

function soundFolder(folder: string): string {
    return join(folder, "sound");
}

function transcriptKey(key: Buffer): Buffer {
    return derivedKey(key, "earshot transcript");
}

function keyBond(id: string): string {
    return `key of recording ${id}`;
}

function transcriptBond(id: string): string {
    return `transcript of recording ${id}`;
}

function pageBond(id: number): string {
    return `key page ${id}`;
}

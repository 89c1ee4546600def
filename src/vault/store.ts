/**
 * The vault itself: it runs in a worker thread, and one call after the other.
 *
 * On the disk: `store.key`, `index.sqlite` (its keys, transcripts and search words sealed) and segments with the sealed
 * sound of recordings in `sound/`. A recording exists when its row holds its keys: its sound is written before, and
 * destroyed after.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { PcmDecoder } from "../audio";
import { type CatalogueEntry, entryOf, wantedBy } from "./catalogue";
import { Catalogues } from "./catalogues";
import { type Moment, SteadyClock } from "./clock";
import { VaultError, vaultError } from "./error";
import { inUse, removeHolder, writeHolder } from "./holder";
import { KeyRing, type OpenPage } from "./key-ring";
import type { RecordingKeys } from "./page-keys";
import type { VaultProblem } from "./problem";
import { Purges } from "./purges";
import {
    type Derived,
    type ImportedKeepsake,
    type Keepsake,
    newRecordingId,
    RECORDING_LIMITS,
    type Recording,
    type RecordingContent,
    type RecordingPage,
    type RecordingSelection,
    type RecordingWords,
    type Replacement,
    type VaultStatus,
} from "./recording";
import { RecordingIds } from "./recording-ids";
import { Reserve } from "./reserve";
import { newKey, samplesIn } from "./seal";
import { durationOf, openedWords, sealedRow, sealedSamples, sealedWords, type Words } from "./sealed-row";
import { Sounds } from "./sounds";
import type { StoreStep } from "./step";
import { type SealedRow, StoreIndex } from "./store-index";
import { type KeyGuard, StoreKeyFile } from "./store-key";

export interface StoreOptions {
    readonly guard?: KeyGuard;
    readonly onStep?: (step: StoreStep) => void;
    readonly onProblem?: (problem: VaultProblem) => void;
}

/** Ids in 16 bytes each, sorted. */
export interface PurgeOutcome {
    readonly purged: Uint8Array;
    /** Of which something may be left elsewhere; from purges before, too. */
    readonly unforgotten: Uint8Array;
}

export interface SoundChunk {
    readonly samples: Float32Array;
    readonly isLast: boolean;
}

/** Whether `folder` holds a vault, or the beginning of one. */
export function isVaultFolder(folder: string): boolean {
    return ["index.sqlite", "store.key", "store.key.next"].some((file) => existsSync(join(folder, file)));
}

export class VaultStore {
    readonly #folder: string;
    readonly #index: StoreIndex;
    readonly #keyFile: StoreKeyFile;
    readonly #keys: KeyRing;
    readonly #catalogues: Catalogues;
    readonly #sounds: Sounds;
    readonly #reserve: Reserve;
    readonly #purges: Purges;
    readonly #clock: SteadyClock;
    readonly #onStep: (step: StoreStep) => void;
    readonly #onProblem: (problem: VaultProblem) => void;
    #saidBehind: boolean = false;

    private constructor(folder: string, index: StoreIndex, options: StoreOptions) {
        this.#folder = folder;
        this.#onStep = options.onStep ?? (() => {});
        this.#onProblem = options.onProblem ?? (() => {});
        this.#index = index;
        this.#keyFile = new StoreKeyFile(folder, options.guard ?? { kind: "file" });
        this.#keys = new KeyRing(index, this.#keyFile, this.#onStep);
        this.#catalogues = new Catalogues(index, this.#keys);
        this.#sounds = new Sounds(folder, index, this.#onStep);
        this.#reserve = new Reserve(folder);
        this.#purges = new Purges({
            index,
            keys: this.#keys,
            catalogues: this.#catalogues,
            sounds: this.#sounds,
            reserve: this.#reserve,
        });
        this.#clock = new SteadyClock(index.clock());
    }

    /** Opens the vault in `folder`, makes one if there is none, and ends what an interrupted program began. */
    static async open(folder: string, options: StoreOptions = {}): Promise<VaultStore> {
        for (const path of [folder, join(folder, "sound")]) {
            mkdirSync(path, { recursive: true, mode: 0o700 });
            chmodSync(path, 0o700);
        }
        const index = openedIndex(folder);
        try {
            if (!index.storeKeyId() && readdirSync(join(folder, "sound")).length > 0) {
                throw new VaultError(
                    "damaged",
                    `The vault's index is missing, and with it the keys of its recordings: ${folder}.`,
                );
            }
            const store = new VaultStore(folder, index, options);
            await store.#recover();
            return store;
        } catch (error) {
            index.close();
            throw error;
        }
    }

    close(): void {
        this.#keys.close();
        removeHolder(this.#folder);
        this.#index.close();
    }

    /** All of them are on the disk when this resolves, or none. */
    async keep(keepsakes: readonly Keepsake[], moment: Moment): Promise<readonly Recording[]> {
        const keptAt = this.#tick(moment);
        return await this.#keep(
            keepsakes.map((keepsake) => ({ ...keepsake, id: newRecordingId(keepsake.startedAt), keptAt })),
        );
    }

    /** @returns undefined when the recording is there already */
    async import(keepsake: ImportedKeepsake, moment: Moment): Promise<Recording | undefined> {
        const now = this.#tick(moment);
        if (this.#index.find(keepsake.id)) return undefined;
        const [recording] = await this.#keep([{ ...keepsake, keptAt: Math.min(keepsake.keptAt, now) }]);
        return recording;
    }

    read(id: string): RecordingContent {
        const { row, keys } = this.#opened(id);
        const chunks: Float32Array[] = [];
        for (let isLast = keys.sound === undefined; !isLast; ) {
            const chunk = this.#chunk(row, keys, chunks.length);
            chunks.push(chunk.samples);
            isLast = chunk.isLast;
        }
        return {
            recording: row.recording,
            ...(keys.sound && { samples: joined(chunks) }),
            ...openedWords(row, keys.words),
        };
    }

    /** @param index from 0; each chunk but the last has two seconds */
    readSound(id: string, index: number): SoundChunk {
        const { row, keys } = this.#opened(id);
        return this.#chunk(row, keys, index);
    }

    /** In samples. */
    soundLength(id: string): number {
        const { row } = this.#opened(id);
        if (!row.sound) throw withoutSound(id);
        return samplesIn(row.sound.bytes);
    }

    words(id: string): RecordingWords {
        const { row, keys } = this.#opened(id);
        return { recording: row.recording, ...openedWords(row, keys.words) };
    }

    list(page: RecordingPage): readonly Recording[] {
        const wanted = wantedBy(page);
        return wanted ? this.#catalogues.list(page, wanted) : this.#index.list(page);
    }

    count(): number {
        return this.#index.count();
    }

    status(moment: Moment): VaultStatus {
        return this.#index.status(this.#tick(moment));
    }

    /** Keys first: once the new store key is in force, nothing on the disk opens what was selected. */
    async purge(selections: readonly RecordingSelection[], moment: Moment): Promise<PurgeOutcome> {
        const purged = await this.#purges.purge(selections, this.#tick(moment));
        return { purged: RecordingIds.of(purged).bytes, unforgotten: this.unforgotten() };
    }

    unforgotten(): Uint8Array {
        return RecordingIds.sorted(this.#index.purging.unforgotten()).bytes;
    }

    /** What came of purged utterances is gone everywhere. */
    settle(): void {
        this.#index.transaction(() => this.#index.purging.forget());
        this.#index.compact();
    }

    /** What stood there before can't be read any more, nor in a copy: its keys are destroyed. */
    async replace(id: string, { samples, transcript, derived }: Replacement): Promise<Recording> {
        const sound = samples && { samples, key: newKey() };
        await this.#sounds.add(sound ? [sealedSamples(sound.key, sound.samples, id)] : [], ([place]) => {
            const { row, keys, open } = this.#opened(id);
            const words = openedWords(row, keys.words);
            this.#keys.shred(() => {
                const wordsKey = transcript || derived ? newKey() : keys.words;
                this.#keys.setKeys(open, new Map([[id, { words: wordsKey, sound: sound?.key ?? keys.sound }]]));
                if (wordsKey && wordsKey !== keys.words) {
                    const replaced = { ...words, ...(transcript && { transcript }), ...(derived && { derived }) };
                    this.#setWords(row, open, replaced, wordsKey);
                }
                if (sound && place) {
                    if (row.sound) this.#index.purging.doom(row.sound);
                    this.#index.replaceSound(id, place, durationOf(sound.samples));
                }
                return new Set([row.page.id]);
            }, this.#rekey);
        });
        await this.#purges.finish();
        await this.#sounds.pack();
        return this.#opened(id).row.recording;
    }

    /** Adds to what came of an utterance. */
    attach(id: string, derived: readonly Derived[]): Recording {
        const { row, keys, open } = this.#opened(id);
        const { words: key } = keys;
        if (!key) throw new VaultError("not-found", `The words of recording ${id} were purged.`);
        const before = openedWords(row, key);
        const words = { ...before, derived: [...before.derived, ...derived] };
        if (JSON.stringify(words.derived).length > RECORDING_LIMITS.derivedCharacters) {
            throw new VaultError("too-long", `Too much is attached to recording ${id}.`);
        }
        this.#index.transaction(() => this.#setWords(row, open, words, key));
        return row.recording;
    }

    /** Replaces the store key. @param guard of the new one; as before when not given */
    async rotate(guard?: KeyGuard): Promise<void> {
        const before = { guard: this.#keyFile.guard, key: this.#index.storeKeyId() };
        if (guard) this.#keyFile.guardWith(guard);
        try {
            this.#keys.shred(() => new Set(), this.#rekey);
        } catch (error) {
            const now = this.#index.storeKeyId();
            if (now && before.key && Buffer.compare(now, before.key) === 0) this.#keyFile.guardWith(before.guard);
            throw error;
        }
        await this.#purges.finish();
    }

    async #recover(): Promise<void> {
        const { setAside, missing } = await this.#sounds.recover();
        if (setAside > 0) {
            const message = `${setAside} files that belong to no recording were moved to "lost" in ${this.#folder}.`;
            this.#onProblem({ code: "sound-set-aside", message });
        }
        if (missing > 0) {
            const message = `The sound of ${missing} recordings is missing in ${this.#sounds.folder}.`;
            this.#onProblem({ code: "sound-missing", message });
        }
        await this.#sounds.pack();
        if (!this.#keyFile.isGuarded()) await this.rotate();
        this.#reserve.take();
        writeHolder(this.#folder);
    }

    #tick(moment: Moment): number {
        const now = this.#clock.tick(moment);
        if (this.#clock.isBehind && !this.#saidBehind) {
            const [shown, known] = [moment.wall, now].map((time) => new Date(time).toISOString());
            const message = `The clock was set back: it says ${shown}, after ${known}. Periods are counted on from there.`;
            this.#onProblem({ code: "clock-set-back", message });
        }
        this.#saidBehind = this.#clock.isBehind;
        return now;
    }

    async #keep(keepsakes: readonly ImportedKeepsake[]): Promise<readonly Recording[]> {
        const kept = keepsakes.map((keepsake) => ({
            keepsake,
            words: newKey(),
            sound: keepsake.samples && newKey(),
        }));
        const sounds = kept.flatMap(({ keepsake: { id, samples }, sound }) =>
            samples && sound ? [sealedSamples(sound, samples, id)] : [],
        );
        const recordings = await this.#sounds.add(sounds, (places) =>
            this.#index.transaction(() => {
                const placesLeft = places.values();
                const added: Recording[] = [];
                while (added.length < kept.length) {
                    const open = this.#keys.pageWithRoom();
                    const keys = new Map<string, RecordingKeys>();
                    const entries: CatalogueEntry[] = [];
                    const room = this.#index.roomOn(open.page);
                    for (const { keepsake, words, sound } of kept.slice(added.length, added.length + room)) {
                        const place = sound && placesLeft.next().value;
                        const row = sealedRow(keepsake, place, words, open.page);
                        this.#index.add(row);
                        added.push(row.recording);
                        keys.set(keepsake.id, { words, sound });
                        entries.push(entryOf(row.recording, keepsake.transcript, keepsake.derived ?? []));
                    }
                    this.#keys.setKeys(open, keys);
                    this.#catalogues.add(open, entries);
                }
                this.#index.setClock(this.#clock.now);
                return added;
            }),
        );
        for (const { words, sound } of kept) for (const key of [words, sound]) key?.fill(0);
        return recordings;
    }

    readonly #rekey = (from: OpenPage, to: OpenPage) => this.#catalogues.rekey(from, to);

    #setWords({ recording }: SealedRow, open: OpenPage, words: Words, key: Buffer): void {
        this.#index.replaceWords(recording.id, sealedWords(recording.id, words, key));
        this.#catalogues.add(open, [entryOf(recording, words.transcript, words.derived)]);
    }

    #chunk({ recording: { id }, sound: place }: SealedRow, { sound: key }: RecordingKeys, index: number): SoundChunk {
        if (!key || !place) throw withoutSound(id);
        const { sound, isLast } = this.#sounds.chunk(place, key, index, id);
        return { samples: new PcmDecoder({ encoding: "s16", channels: 1 }).write(sound), isLast };
    }

    /** @throws VaultError "not-found" */
    #opened(id: string): { readonly row: SealedRow; readonly open: OpenPage; readonly keys: RecordingKeys } {
        const row = this.#index.find(id);
        if (!row) throw new VaultError("not-found", `There is no recording ${id}.`);
        const open = this.#keys.open(row.page);
        return { row, open, keys: this.#keys.keysOf(open, id) };
    }
}

/** @throws VaultError "in-use", or what is wrong with the index */
function openedIndex(folder: string): StoreIndex {
    try {
        return StoreIndex.open(join(folder, "index.sqlite"));
    } catch (error) {
        const failure = vaultError(error, "The vault's index could not be opened");
        throw failure.code === "in-use" ? inUse(folder) : failure;
    }
}

function withoutSound(id: string): VaultError {
    return new VaultError("not-found", `Recording ${id} has no sound.`);
}

function joined(chunks: readonly Float32Array[]): Float32Array {
    const whole = new Float32Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
    let at = 0;
    for (const chunk of chunks) {
        whole.set(chunk, at);
        at += chunk.length;
    }
    return whole;
}

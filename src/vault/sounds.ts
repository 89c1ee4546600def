/** The sound of recordings: kept where the index says, destroyed where it no longer does, and packed where little is left. */
import { vaultError } from "./error";
import { type SoundChunk, type SoundPlace, SoundSegments } from "./sound-segments";
import type { StoreStep } from "./step";
import type { StoreIndex } from "./store-index";

/** Segments packed in one go, so that a purge doesn't have to wait for gigabytes: the next one goes on. */
const PACKED_AT_A_TIME = 16;

export class Sounds {
    readonly #index: StoreIndex;
    readonly #segments: SoundSegments;
    readonly #onStep: (step: StoreStep) => void;
    /** Segments that something was taken out of. */
    readonly #loose = new Set<string>();

    /** @param folder of the vault */
    constructor(folder: string, index: StoreIndex, onStep: (step: StoreStep) => void) {
        this.#index = index;
        this.#segments = new SoundSegments(folder);
        this.#onStep = onStep;
    }

    get folder(): string {
        return this.#segments.folder;
    }

    /** Writes sealed sounds, then the rows that refer to them: `work` is told where each is. */
    async add<T>(sounds: readonly Iterable<Buffer>[], work: (places: readonly SoundPlace[]) => T): Promise<T> {
        if (sounds.length === 0) return work([]);
        let places: readonly SoundPlace[] = [];
        try {
            places = await this.#segments.write(sounds);
            this.#onStep("sound written");
            return work(places);
        } finally {
            // Whatever was thrown: what the rows say is what counts.
            if (places[0] && this.#index.hasSoundAt(places[0])) {
                this.#onStep("row added");
                this.#segments.settle();
            } else this.#segments.discard();
        }
    }

    /** @throws VaultError "damaged" */
    chunk(place: SoundPlace, key: Buffer, index: number, id: string): SoundChunk {
        return this.#segments.readChunk(place, key, index, id);
    }

    /** Destroys the sounds that are doomed: their keys are gone already. */
    async shred(): Promise<void> {
        const doomed = this.#index.purging.doomed();
        const isLeft = new Map([...doomed.keys()].map((segment) => [segment, this.#index.hasSoundIn(segment)]));
        await this.#segments.erase([...doomed].filter(([segment]) => isLeft.get(segment)));
        this.#segments.remove([...doomed.keys()].filter((segment) => !isLeft.get(segment)));
        this.#onStep("sounds removed");
        if (doomed.size > 0) this.#index.transaction(() => this.#index.purging.forgetDoomed());
        for (const [segment, isThere] of isLeft) if (isThere) this.#loose.add(segment);
        this.#onStep("rows removed");
    }

    /** Moves what is left of segments that are more than half empty, and deletes these: the disk has its room back. */
    async pack(): Promise<void> {
        for (const segment of this.#loose) if (!this.#isWasteful(segment)) this.#loose.delete(segment);
        const some = [...this.#loose].slice(0, PACKED_AT_A_TIME);
        // None of them is moved into another.
        for (const segment of some) this.#segments.leave(segment);
        for (const segment of some) {
            if (!(await this.#move(segment))) return;
            this.#loose.delete(segment);
        }
    }

    /**
     * Ends what an interrupted program began.
     * @returns how many files no recording explains, and how many recordings have lost their sound
     */
    async recover(): Promise<{ readonly setAside: number; readonly missing: number }> {
        const { purging } = this.#index;
        const known = this.#index.segments();
        const doomed = purging.doomed();
        const setAside = this.#segments.recover(new Set([...known.keys(), ...doomed.keys()]));
        if (doomed.size > 0) await this.shred();
        let missing = 0;
        for (const [segment, { end, bytes }] of known) {
            const size = this.#segments.sizeOf(segment);
            if (size < end)
                missing += this.#index.soundsIn(segment).filter((sound) => sound.at + sound.bytes > size).length;
            else if (2 * bytes < size) this.#loose.add(segment);
        }
        return { setAside, missing };
    }

    removeSetAside(): void {
        this.#segments.removeSetAside();
    }

    #isWasteful(segment: string): boolean {
        const bytes = this.#index.soundsIn(segment).reduce((sum, sound) => sum + sound.bytes, 0);
        return 2 * bytes < this.#segments.sizeOf(segment);
    }

    /** @returns false when there is no room on the disk to do it in; it is tried again */
    async #move(segment: string): Promise<boolean> {
        const sounds = this.#index.soundsIn(segment);
        const sealed = sounds.map((sound) => this.#segments.sealed(sound));
        try {
            await this.add(sealed, (places) =>
                this.#index.transaction(() => {
                    for (const [index, place] of places.entries())
                        this.#index.moveSound(sounds[index]?.id ?? "", place);
                    this.#index.purging.doom({ segment, at: 0 });
                }),
            );
        } catch (error) {
            if (vaultError(error, "").code === "disk-full") return false;
            throw error;
        }
        await this.shred();
        return true;
    }
}

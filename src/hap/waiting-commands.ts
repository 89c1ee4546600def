/**
 * Commands that wait for their turn can still be changed: of a slider's values only the newest is sent, and reads of the
 * same characteristics are answered by one.
 */
import { type CharacteristicId, characteristicKey } from "./database";
import type { CharacteristicWrite, ReadResult } from "./session";

interface WaitingWrite {
    readonly keys: ReadonlySet<string>;
    /** Replaced while it waits. */
    writes: readonly CharacteristicWrite[];
    readonly isReplaceable: boolean;
    result: Promise<void>;
}

export class WaitingCommands {
    /** In the order of the queue. */
    readonly #writes = new Set<WaitingWrite>();
    /** By the characteristics that are read. */
    readonly #reads = new Map<string, Promise<readonly ReadResult[]>>();

    /**
     * @param isReplaceable whether a later write of the same characteristics may take the place of this one
     * @param enqueue puts the command in the queue; calls its argument when it begins, for what is to be written then
     */
    write(
        writes: readonly CharacteristicWrite[],
        isReplaceable: boolean,
        enqueue: (begin: () => readonly CharacteristicWrite[]) => Promise<void>,
    ): Promise<void> {
        const keys = new Set(writes.map(characteristicKey));
        // A write that touches only some of them, or a door's, has to keep its place in the order.
        const last = [...this.#writes].findLast((waiting) => !waiting.keys.isDisjointFrom(keys));
        const isSame = last?.keys.size === keys.size && last.keys.isSubsetOf(keys);
        if (last && isSame && last.isReplaceable && isReplaceable) {
            last.writes = writes;
            return last.result;
        }
        // A read that waits already is not to tell what is written after it.
        this.#reads.clear();
        const waiting: WaitingWrite = { keys, writes, isReplaceable, result: Promise.resolve() };
        this.#writes.add(waiting);
        waiting.result = enqueue(() => {
            this.#writes.delete(waiting);
            return waiting.writes;
        }).finally(() => this.#writes.delete(waiting));
        return waiting.result;
    }

    /**
     * Whoever shares a read shares its time too.
     *
     * @param enqueue puts the command in the queue; calls its argument when it begins
     */
    read(
        ids: readonly CharacteristicId[],
        enqueue: (begin: () => void) => Promise<readonly ReadResult[]>,
    ): Promise<readonly ReadResult[]> {
        const key = ids.map(characteristicKey).join();
        const known = this.#reads.get(key);
        if (known !== undefined) return known;
        const forget = () => {
            if (this.#reads.get(key) === result) this.#reads.delete(key);
        };
        const result = enqueue(forget).finally(forget);
        this.#reads.set(key, result);
        return result;
    }
}

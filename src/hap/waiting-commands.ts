/**
 * Commands that wait for their turn go together: of a slider's values only the newest is sent, fifty lamps behind one
 * bridge are switched with one request and read with another.
 */
import { type CharacteristicId, type CharacteristicValue, characteristicKey } from "./database";
import { HapError } from "./error";
import type { CharacteristicWrite, ReadResult, WriteFailures } from "./session";

/** Characteristics in one request: some accessories have small buffers. */
const MAX_WRITES = 40;
const MAX_READS = 200;
/** However often a slider moves. */
const MAX_COMMANDS = 256;

/** Puts a command in the queue. When it begins, and again when it is repeated, it asks `latest` what it is about. */
export type Enqueue<Item, Result> = (latest: () => readonly Item[]) => Promise<Result>;

/** Commands that wait together for one answer; whoever joins later shares the time of the first. */
interface Batch<Item, Result> {
    /** By characteristic key, in the order in which they came. */
    readonly items: Map<string, Item>;
    commands: number;
    readonly answer: Promise<Result>;
}

export class WaitingCommands {
    /** The last write in the queue, while it waits and can be joined. */
    #writes: Batch<CharacteristicWrite, WriteFailures> | undefined;
    /** The same of reads; a write that comes after them has to be told by others. */
    #reads: Batch<CharacteristicId, readonly ReadResult[]> | undefined;

    /**
     * @param isAlone a door's: it joins no other and none joins it
     * @throws {HapError} what became of these writes, not of those they were sent with
     */
    async write(
        writes: readonly CharacteristicWrite[],
        isAlone: boolean,
        enqueue: Enqueue<CharacteristicWrite, WriteFailures>,
    ): Promise<void> {
        let batch = this.#writes;
        if (isAlone || !batch || !canJoin(batch, writes)) {
            this.#reads = undefined;
            this.#writes = undefined;
            batch = this.#queued(enqueue, () => {
                if (this.#writes === batch) this.#writes = undefined;
            });
            if (!isAlone) this.#writes = batch;
        }
        join(batch, writes);
        const failures = await answerOf(batch, () => enqueue(() => writes));
        const failure = writes.map((write) => failures.get(characteristicKey(write))).find(Boolean);
        if (failure) throw failure;
    }

    async read(
        ids: readonly CharacteristicId[],
        enqueue: Enqueue<CharacteristicId, readonly ReadResult[]>,
    ): Promise<readonly ReadResult[]> {
        let batch = this.#reads;
        if (!batch || batch.items.size + ids.length > MAX_READS || batch.commands >= MAX_COMMANDS) {
            batch = this.#queued(enqueue, () => {
                if (this.#reads === batch) this.#reads = undefined;
            });
            this.#reads = batch;
        }
        join(batch, ids);
        const results = await answerOf(batch, () => enqueue(() => ids));
        const byKey = new Map(results.map((result) => [characteristicKey(result), result]));
        return ids.flatMap((id) => byKey.get(characteristicKey(id)) ?? []);
    }

    /** @param leave called when the command begins, or will never */
    #queued<Item, Result>(enqueue: Enqueue<Item, Result>, leave: () => void): Batch<Item, Result> {
        const items = new Map<string, Item>();
        const answer = enqueue(() => {
            leave();
            return [...items.values()];
        }).finally(leave);
        return { items, commands: 0, answer };
    }
}

/** A quantity may be overtaken by a newer one; on and then off is a pulse, of which neither may be lost. */
function canJoin(
    { items, commands }: Batch<CharacteristicWrite, unknown>,
    writes: readonly CharacteristicWrite[],
): boolean {
    if (items.size + writes.length > MAX_WRITES || commands >= MAX_COMMANDS) return false;
    return writes.every((write) => {
        const waiting = items.get(characteristicKey(write));
        return !waiting || waiting.value === write.value || (isQuantity(waiting.value) && isQuantity(write.value));
    });
}

function isQuantity(value: CharacteristicValue): boolean {
    return typeof value === "number";
}

function join<Item extends CharacteristicId>(batch: Batch<Item, unknown>, items: readonly Item[]): void {
    batch.commands++;
    for (const item of items) batch.items.set(characteristicKey(item), item);
}

/** An accessory that refuses a request as a whole may mean one command of several only: each is asked again by itself. */
async function answerOf<Item, Result>(batch: Batch<Item, Result>, again: () => Promise<Result>): Promise<Result> {
    try {
        return await batch.answer;
    } catch (error) {
        if (batch.commands > 1 && error instanceof HapError && error.code === "refused") return await again();
        throw error;
    }
}

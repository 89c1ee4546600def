/** Orders that wait for a yes: one for each site and speaker, for a minute, in memory only. */
import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import type { DispatchContext } from "./rights";

/** As long as a conversation waits for an answer. */
export const ANSWER_MS = 60_000;
/** The one that has waited longest is dropped for a new one. */
const MAX_WAITING = 64;
/** A sentence holds no more than that many orders that are asked about; of more, the last are done. */
const MAX_OF_SENTENCE = 8;
/** After so many wrong PINs in a row nobody's is taken for a while: 10,000 would take more than two days. */
const MAX_WRONG_PINS = 3;
const PIN_PAUSE_MS = 60_000;

export interface Waiting<Order> {
    readonly id: string;
    /** Several where one sentence held several that were asked about: one answer is to all of them. */
    readonly orders: readonly Order[];
    readonly by: "yes" | "pin";
    readonly sentence: string | undefined;
    /** On the clock that was handed in. */
    readonly until: number;
}

export class WaitingOrders<Order> {
    readonly #now: () => number;
    readonly #pin: string | undefined;
    /** Oldest first. */
    readonly #orders = new Map<string, Waiting<Order>>();
    #wrongPins = 0;
    #pinsAgainAt = Number.NEGATIVE_INFINITY;

    /** @param now in milliseconds, from any start */
    constructor(pin: string | undefined, now: () => number) {
        this.#pin = pin;
        this.#now = now;
    }

    /** What waited at that site for that speaker is dropped, unless it is of the same sentence. */
    add(context: DispatchContext, order: Order, by: "yes" | "pin"): Waiting<Order> {
        const { sentence } = context;
        const before = this.find(context);
        const isSame = sentence !== undefined && before?.sentence === sentence;
        const id = isSame ? before.id : randomUUID();
        const key = keyOf(context) ?? id;
        this.#orders.delete(key);
        const [oldest] = this.#orders.keys();
        if (this.#orders.size >= MAX_WAITING && oldest !== undefined) this.#orders.delete(oldest);
        const waiting = {
            id,
            orders: isSame ? [...before.orders, order].slice(-MAX_OF_SENTENCE) : [order],
            by: isSame && before.by === "pin" ? before.by : by,
            sentence,
            until: this.#now() + ANSWER_MS,
        };
        this.#orders.set(key, waiting);
        return waiting;
    }

    /** @param id of the question that is answered, where the answer names one: without site and speaker it has to */
    find(context: DispatchContext, id?: string): Waiting<Order> | undefined {
        for (const [key, { until }] of this.#orders) if (until <= this.#now()) this.#orders.delete(key);
        const key = keyOf(context) ?? id;
        const waiting = key === undefined ? undefined : this.#orders.get(key);
        return id === undefined || waiting?.id === id ? waiting : undefined;
    }

    /** @returns false when it was answered before */
    remove({ id }: Waiting<Order>): boolean {
        for (const [key, waiting] of this.#orders) if (waiting.id === id) return this.#orders.delete(key);
        return false;
    }

    /** Also false, whatever was said, for a while after several that were wrong. */
    isPin(said: string): boolean {
        if (this.#pin === undefined || this.#now() < this.#pinsAgainAt) return false;
        const isRight = timingSafeEqual(digest(said), digest(this.#pin));
        this.#wrongPins = isRight ? 0 : this.#wrongPins + 1;
        if (this.#wrongPins >= MAX_WRONG_PINS) {
            this.#wrongPins = 0;
            this.#pinsAgainAt = this.#now() + PIN_PAUSE_MS;
        }
        return isRight;
    }
}

/** Undefined for an order of which nobody knows where and by whom it was given: nobody can be told from anybody there. */
export function keyOf({ site, speaker }: DispatchContext): string | undefined {
    return site === undefined && speaker === undefined ? undefined : JSON.stringify([site ?? null, speaker ?? null]);
}

function digest(text: string): Buffer {
    return createHash("sha256").update(text).digest();
}

/** Chance that is the same every time. */
export class Chance {
    #state: number;

    constructor(seed: number) {
        this.#state = seed >>> 0;
    }

    /** From 0 to below 1: mulberry32, by Tommy Ettinger, in the public domain. */
    next(): number {
        this.#state = (this.#state + 0x6d2b79f5) >>> 0;
        let mixed = this.#state;
        mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    }

    /** A whole number, both ends included. */
    int(from: number, to: number): number {
        return from + Math.floor(this.next() * (to - from + 1));
    }

    pick<T>(list: readonly T[]): T {
        const picked = list[this.int(0, list.length - 1)];
        if (picked === undefined) throw new RangeError("Nothing to pick from.");
        return picked;
    }

    /** `#` becomes a digit, `%` one from 1 to 9. */
    digits(pattern: string): string {
        return pattern.replace(/[#%]/g, (sign) => String(this.int(sign === "%" ? 1 : 0, 9)));
    }

    /** Letters of `alphabet`. */
    letters(count: number, alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"): string {
        return Array.from({ length: count }, () => alphabet.charAt(this.int(0, alphabet.length - 1))).join("");
    }
}

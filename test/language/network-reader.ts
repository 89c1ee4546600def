/** Walks the network that is made for the recogniser, plainly: to ask what it accepts, for samples, and for all there is. */
import type { WordNetwork } from "../../dist/src/language";

export class NetworkReader {
    readonly #next: ReadonlyMap<string, number>[];
    readonly #ends: ReadonlySet<number>;

    /** @throws Error where one word leads from a state to two */
    constructor({ words, states, arcs, ends }: WordNetwork) {
        const next = Array.from({ length: states }, () => new Map<string, number>());
        for (let at = 0; at < arcs.length; at += 3) {
            const [from = 0, to = 0, word = 0] = arcs.subarray(at, at + 3);
            if (next[from]?.has(words[word] ?? "")) throw new Error(`"${words[word]}" leaves state ${from} twice`);
            next[from]?.set(words[word] ?? "", to);
        }
        this.#next = next;
        this.#ends = new Set(ends);
    }

    accepts(sentence: string): boolean {
        let state: number | undefined = 0;
        for (const word of sentence.split(" ")) {
            state = this.#next[state]?.get(word);
            if (state === undefined) return false;
        }
        return this.#ends.has(state);
    }

    sample(random: () => number): string {
        const words: string[] = [];
        for (let state = 0; ; ) {
            const ways = [...(this.#next[state] ?? [])];
            const way = ways[Math.floor(random() * (ways.length + (this.#ends.has(state) ? 1 : 0)))];
            if (way === undefined) return words.join(" ");
            words.push(way[0]);
            state = way[1];
        }
    }

    /** Every sentence; only for small networks. */
    sentences(state = 0): string[] {
        const longer = [...(this.#next[state] ?? [])].flatMap(([word, target]) =>
            this.sentences(target).map((rest) => (rest === "" ? word : `${word} ${rest}`)),
        );
        return this.#ends.has(state) ? ["", ...longer] : longer;
    }
}

/** The same numbers, from 0 to 1, every time. */
export function numbersFrom(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state * 48_271) % 2_147_483_647;
        return state / 2_147_483_647;
    };
}

/** How alike two words sound, from their phones in the CMU Pronouncing Dictionary (ARPAbet without stress). */

/** Phones that are heard as one another: cheaper to replace than others. Vowels by place, consonants by manner and place. */
const ALIKE: readonly (readonly [phones: string, cost: number])[] = [
    ["IY IH", 0.3],
    ["IH EH AH", 0.4],
    ["EH AE", 0.3],
    ["AE AH AA", 0.4],
    ["AA AO AH", 0.3],
    ["AO OW", 0.4],
    ["UW UH", 0.3],
    ["OW UW", 0.5],
    ["EY EH IY", 0.5],
    ["AY EY OY", 0.5],
    ["AW OW AA", 0.5],
    ["ER AO AH", 0.5],
    ["P B", 0.4],
    ["T D", 0.4],
    ["K G", 0.4],
    ["F V", 0.4],
    ["S Z", 0.3],
    ["SH ZH CH JH", 0.5],
    ["TH DH", 0.3],
    ["TH F S T", 0.5],
    ["DH D V", 0.5],
    ["M N NG", 0.4],
    ["P T K", 0.6],
    ["B D G", 0.6],
    ["L R W", 0.6],
    ["S SH", 0.5],
];
const VOWEL = /^[AEIOU]/;
const OTHER_VOWEL = 0.8;
const VOWEL_FOR_CONSONANT = 1.3;
const MISSING = 0.8;
/** A consonant that is hardly heard where it ends a word. */
const MISSING_AT_END = 0.6;

const costs = new Map<string, number>();
for (const [phones, cost] of ALIKE) {
    const group = phones.split(" ");
    for (const one of group) {
        for (const other of group) {
            const key = `${one} ${other}`;
            costs.set(key, one === other ? 0 : Math.min(cost, costs.get(key) ?? 1));
        }
    }
}

/** Phones replaced, missing and added, each by what it weighs; more than `limit` is any number above it. */
export function distance(a: readonly string[], b: readonly string[], limit: number): number {
    let last = Array.from({ length: b.length + 1 }, (_, index) => index * MISSING);
    for (let i = 1; i <= a.length; i += 1) {
        const row = [i * MISSING];
        let least = row[0] ?? 0;
        for (let j = 1; j <= b.length; j += 1) {
            const best = Math.min(
                (last[j - 1] ?? 0) + replacing(a[i - 1] ?? "", b[j - 1] ?? ""),
                (last[j] ?? 0) + (i === a.length ? MISSING_AT_END : MISSING),
                (row[j - 1] ?? 0) + (j === b.length ? MISSING_AT_END : MISSING),
            );
            row.push(best);
            least = Math.min(least, best);
        }
        if (least > limit) return least;
        last = row;
    }
    return last[b.length] ?? 0;
}

function replacing(one: string, other: string): number {
    if (one === other) return 0;
    const known = costs.get(`${one} ${other}`);
    if (known !== undefined) return known;
    const vowels = Number(VOWEL.test(one)) + Number(VOWEL.test(other));
    return vowels === 2 ? OTHER_VOWEL : vowels === 1 ? VOWEL_FOR_CONSONANT : 1;
}

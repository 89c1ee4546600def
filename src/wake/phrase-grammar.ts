/**
 * Grammar of the spotter: any sequence of single phones and, among them, the phrases. A phrase competes with the phones that
 * fit best, so it is heard only where its own sounds in their order explain the speech nearly as well.
 */

/** Phones of CMU's dictionary, those that English needs. */
const PHONES =
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH".split(" ");

/** More words are a sentence, not a phrase to wake with. */
const MAX_WORDS = 8;
/** A grammar of more phrases is too slow for small machines. */
const MAX_PHRASES = 16;
/** No likelihood of speech is worth more than this, and the weights have to stay far from where numbers overflow. */
const MAX_ADVANTAGE = 80;

export type WakePhraseErrorCode = "nothing-to-say" | "too-long" | "too-many" | "none";

/** Phrases that can't be listened for. */
export class WakePhraseError extends Error {
    override readonly name = "WakePhraseError";

    constructor(
        readonly code: WakePhraseErrorCode,
        message: string,
    ) {
        super(message);
    }
}

export interface SpokenPhrase {
    /** Names of its words in the grammar. */
    readonly names: readonly string[];
    /** Number of its phones, in the shortest way to say it. */
    readonly phones: number;
}

export interface PhraseGrammar {
    readonly jsgf: string;
    readonly pronunciations: ReadonlyMap<string, readonly string[]>;
    readonly phrases: readonly SpokenPhrase[];
}

/** Words of each phrase in lower case, without punctuation. */
export function wordsOf(phrases: readonly string[]): string[][] {
    if (phrases.length === 0) throw new WakePhraseError("none", "There is no phrase to listen for.");
    if (phrases.length > MAX_PHRASES) {
        throw new WakePhraseError(
            "too-many",
            `There are ${phrases.length} phrases; up to ${MAX_PHRASES} can be listened for.`,
        );
    }
    return phrases.map((phrase) => {
        const words = phrase.toLowerCase().match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? [];
        if (words.length === 0) {
            throw new WakePhraseError(
                "nothing-to-say",
                `The phrase ${JSON.stringify(phrase)} has no word that can be said.`,
            );
        }
        if (words.length > MAX_WORDS) {
            throw new WakePhraseError("too-long", `The phrase "${phrase}" has more than ${MAX_WORDS} words.`);
        }
        return words;
    });
}

/**
 * @param phrases words of each phrase
 * @param pronunciations of every word, phones separated by blanks
 * @param advantagePerPhone how much less likely than the best sequence of phones a phrase may be, as the logarithm of the
 * ratio of likelihoods for each of its phones
 */
export function phraseGrammar(
    phrases: readonly (readonly string[])[],
    pronunciations: ReadonlyMap<string, readonly string[]>,
    advantagePerPhone: number,
): PhraseGrammar {
    const said = new Map<string, readonly string[]>(PHONES.map((phone) => [fillerName(phone), [phone]]));
    const alternatives = PHONES.map((phone) => `/1/ ${fillerName(phone)}`);
    const spoken = phrases.map((words): SpokenPhrase => {
        const ways = words.map((word) => pronunciations.get(word) ?? []);
        const names = ways.map(wordName);
        for (const [index, name] of names.entries()) said.set(name, ways[index] ?? []);
        return { names, phones: ways.reduce((sum, alternatives) => sum + fewestPhones(alternatives), 0) };
    });
    for (const { names, phones } of spoken) {
        // Each phone pays for one choice among all of them, a phrase pays only once.
        const saved = (phones - 1) * Math.log(PHONES.length);
        const advantage = Math.max(0, Math.min(MAX_ADVANTAGE, phones * advantagePerPhone) - saved);
        // The decoder reads no exponents.
        alternatives.push(`/${BigInt(Math.round(Math.exp(advantage)))}/ (${names.join(" ")})`);
    }
    const jsgf = `#JSGF V1.0;\ngrammar wake;\npublic <sound> = (${alternatives.join(" | ")})+;\n`;
    return { jsgf, pronunciations: said, phrases: spoken };
}

/** Whether a text that was heard holds anything of a phrase. */
export function holdsPhrase(text: string): boolean {
    return text.includes(WORD);
}

const WORD = "wake-";

/** A name that stands for one set of pronunciations for ever: the recogniser keeps the words it has learnt. */
function wordName(ways: readonly string[]): string {
    return `${WORD}${ways.join(".").replaceAll(" ", "").toLowerCase()}`;
}

function fewestPhones(ways: readonly string[]): number {
    return Math.min(...ways.map((way) => way.split(" ").length));
}

function fillerName(phone: string): string {
    return `phone-${phone.toLowerCase()}`;
}

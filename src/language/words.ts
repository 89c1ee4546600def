/**
 * How text becomes words: the same for what is said, for templates and for the names in the home, so that they meet.
 * Lower case, NFC, ß as ss; digits are words of their own ("20%" is "20", "%"; "tv2" is "tv", "2");
 * an apostrophe stays inside a contraction ("what's", "z'n") and ends a word in an elision ("l'" + "entrée", "qu'" + "il").
 */

/** A word of an utterance and where it stood in the text. */
export interface Word {
    readonly text: string;
    readonly from: number;
    readonly to: number;
}

/**
 * What stands before an apostrophe and is a word of its own where at least two letters follow; anything else needs three, as
 * the ends of contractions ("it'll") have two at most. English has no contraction that begins with these.
 */
const ELIDED = "(?:[cdjlmnst]|qu)";
const WORD = new RegExp(
    String.raw`(?<![\p{L}\p{M}\d])[-−](?=\d)\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*|` +
        String.raw`(?<![\p{L}\p{M}])${ELIDED}'(?=\p{L}{2})|` +
        String.raw`[\p{L}\p{M}]+(?:'(?:[\p{L}\p{M}]{1,2}(?![\p{L}\p{M}])|(?=[\p{L}\p{M}]{3})))?|[%°]`,
    "giu",
);

const CHARACTER = /(?<![\p{L}\p{M}\d])[-−](?=\d)\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*|\p{L}\p{M}*|[%°]/gu;

/** What is a word: in a language that writes without spaces every letter is one. */
export type WordKind = "word" | "letter";

/** At most `limit` words; longer text is cut, and the caller can tell by the last word's end. */
export function wordsOf(text: string, limit = Number.POSITIVE_INFINITY, kind: WordKind = "word"): Word[] {
    const words: Word[] = [];
    // Lower-casing before matching would move offsets for a few letters (İ), so each word is folded by itself.
    const plain = text.replaceAll("’", "'");
    for (const match of plain.matchAll(kind === "word" ? WORD : CHARACTER)) {
        if (words.length >= limit) break;
        const [found] = match;
        words.push({ text: folded(found), from: match.index, to: match.index + found.length });
    }
    return words;
}

/** A piece of a template's text: letters that may be glued to what stands next to them, or a place where a word ends. */
export type Fragment = { readonly text: string } | "boundary";

const PIECE = /-?\d+(?:[.,]\d+)*|['\p{L}\p{M}]+|[%°]|[^'\p{L}\p{M}\d%°]+/gu;

/** Splits a template's text where words end. */
export function fragmentsOf(text: string, kind: WordKind = "word"): Fragment[] {
    if (kind === "letter") {
        return wordsOf(text, Number.POSITIVE_INFINITY, kind).flatMap((word) => [
            "boundary",
            { text: word.text },
            "boundary",
        ]);
    }
    const fragments: Fragment[] = [];
    for (const [piece] of text.replaceAll("’", "'").matchAll(PIECE)) {
        if (/^[\p{L}\p{M}']/u.test(piece)) {
            fragments.push(...letterFragments(piece));
        } else if (/^-?\d|^[%°]/.test(piece)) {
            fragments.push("boundary", { text: folded(piece) }, "boundary");
        } else {
            fragments.push("boundary");
        }
    }
    return fragments;
}

const AFTER_ELISION = new RegExp(
    String.raw`(?<=^${ELIDED}')(?=$|\p{L}{2})|(?<=[\p{L}\p{M}]')(?=$|[\p{L}\p{M}]{3})`,
    "iu",
);

/** "l'" ends a word, "what's" doesn't, and "'s" continues one. */
function letterFragments(piece: string): Fragment[] {
    const fragments: Fragment[] = [];
    const parts = piece.split(AFTER_ELISION);
    for (const part of parts) {
        fragments.push({ text: folded(part) });
        if (part.length > 1 && part.endsWith("'")) fragments.push("boundary");
    }
    return fragments;
}

/** How many characters of a word as it was written make the first `letters` of the word as `wordsOf` gives it. */
export function writtenLength(written: string, letters: number): number {
    let length = 0;
    while (length < written.length && folded(written.slice(0, length)).length < letters) length += 1;
    return length;
}

function folded(word: string): string {
    const plain = word.normalize("NFC").toLowerCase().replaceAll("ß", "ss").replace("−", "-");
    if (!/^-?\d/.test(plain)) return plain;
    // "1,000" and "1.000" are a thousand; any other comma or point between digits starts the decimals.
    const grouped = /^(-?\d{1,3})((?:[.,]\d{3})+)$/.exec(plain);
    if (grouped && !/^-?0/.test(plain)) return `${grouped[1]}${(grouped[2] ?? "").replaceAll(/[.,]/g, "")}`;
    return plain.replace(",", ".");
}

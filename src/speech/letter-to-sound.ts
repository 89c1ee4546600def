/** How a word that stands in no dictionary is said: names of devices, rooms and people, by the rules of English spelling. */
import { folded } from "./pronunciation/folded";
import { GERMAN_SPELLING_RULES } from "./pronunciation/german-spelling-rules";
import { ruleTable, type Sound, soundsOf } from "./pronunciation/rule-table";
import { DIGIT_NAMES, LETTER_NAMES, SIGN_NAMES } from "./pronunciation/spelled";
import { SPELLING_RULES } from "./pronunciation/spelling-rules";

/** Ways to say a word that `pronounce` gives at most, the likeliest first. */
export const MAX_VARIANTS = 3;
/** Letters of a word that are looked at; the rest is not said. */
const MAX_LETTERS = 40;
/** Phones of one way to say a word, at most. */
export const MAX_PHONES = 120;
/** Runs of letters that can't be said as a word are spelled up to this length ("tv", "hdmi"). */
const MAX_SPELLED = 5;
/** Runs up to this length may be an abbreviation even though they can be said ("led", "usb"). */
const MAX_ABBREVIATION = 3;

/**
 * A word with no letter, digit or sign that is known here (other scripts) is said as the English word "unknown": the
 * recogniser takes no word without a sound, and one of a phone or two would be heard everywhere.
 */
const UNKNOWN = "AH N N OW N";

const PIECE = /[a-zäöüß]+(?:'[a-z]+)*'?|[0-9]|[&+%@°]/g;
/** As in "café": the one accent of a borrowed word that changes how English speakers say it. */
const FINAL_E_ACUTE = /(?:é|e\u0301)e?(?!\p{L})/giu;
const GERMAN_LETTER = /[äöüß]/;
const VOWEL = /[aeiouy]/;

/** How words said in English begin and end, so far as consonants go. Short runs that do otherwise are spelled. */
const SAYABLE_START =
    /^(?:[bcdfghjklmnpqrstvwyz]|[bcfgks]l|[bcdfgkptvw]r|[dgkst]w|[gks]n|[cgkprstwz]h|[cst]hr|p[ns]|s[cmptv]|sc[hlr]|sch[lmnrw]|shr|sp[hlr]|squ|str|ts|[cst]z|mc.*)?$/;
const SAYABLE_END =
    /^h?(?:[bdfgklmnprstvwxz]+|[bdfgklmnprstvwxz]*(?:c|ch|ck|cks|ct|cts|cht|gh|h|j|ph|phs|q|sh|th|ths))?$/;

const english = ruleTable(SPELLING_RULES);
const german = ruleTable(GERMAN_SPELLING_RULES + SPELLING_RULES);

/**
 * One to three ways to say a word, each as phones of the CMU dictionary (ARPAbet without stress) separated by blanks, the
 * likeliest first. Any text gives valid phones: signs and scripts that are unknown are left out.
 */
export function pronounce(word: string): string[] {
    const letters = folded(word.slice(0, MAX_LETTERS).replace(FINAL_E_ACUTE, "ay"));
    const pieces = [...letters.matchAll(PIECE)].map(([piece]) => waysToSay(piece));
    const ways = Array.from({ length: MAX_VARIANTS }, (_, index) =>
        pieces
            .flatMap((piece) => piece[index] ?? piece[0] ?? [])
            .slice(0, MAX_PHONES)
            .join(" "),
    );
    const distinct = [...new Set(ways)].filter((way) => way !== "");
    return distinct.length > 0 ? distinct : [UNKNOWN];
}

/** Ways to say a run of letters, a digit or a sign, each as a list of phones. */
function waysToSay(piece: string): string[][] {
    const named = DIGIT_NAMES[piece] ?? SIGN_NAMES[piece];
    if (named !== undefined) return [named.split(" ")];
    const [stem = "", possessive] = piece.endsWith("'s") ? [piece.slice(0, -2), true] : [piece, false];
    const ways = waysToSayLetters(stem.replaceAll("'", ""));
    return possessive ? ways.map((way) => [...way, ...possessiveAfter(way.at(-1))]) : ways;
}

function waysToSayLetters(letters: string): string[][] {
    if (GERMAN_LETTER.test(letters)) {
        const asEnglish = letters.replace(GERMAN_LETTERS, (letter) => WITHOUT_UMLAUT[letter] ?? letter);
        return [
            ...variants(soundsOf(letters, german)).slice(0, 2),
            ...variants(soundsOf(asEnglish, english)).slice(0, 1),
        ];
    }
    const spelled = [...letters].flatMap((letter) => LETTER_NAMES[letter]?.split(" ") ?? []);
    if (!isSayable(letters) && letters.length <= MAX_SPELLED) return [spelled];
    const said = variants(soundsOf(letters, english));
    return letters.length <= MAX_ABBREVIATION ? [...said.slice(0, MAX_VARIANTS - 1), spelled] : said;
}

const GERMAN_LETTERS = /[äöüß]/g;
const WITHOUT_UMLAUT: Readonly<Record<string, string>> = { ä: "a", ö: "o", ü: "u", ß: "ss" };

function isSayable(letters: string): boolean {
    if (letters.length === 1 || !VOWEL.test(letters)) return false;
    const [start = ""] = /^[^aeiouy]*/.exec(letters) ?? [];
    const [end = ""] = /[^aeiouy]*$/.exec(letters) ?? [];
    return (SAYABLE_START.test(start) || letters.startsWith("y")) && SAYABLE_END.test(end);
}

/** The likeliest way, then those in which one doubtful place is said the other way, the first such place first. */
function variants(sounds: readonly Sound[]): string[][] {
    const doubtful = sounds.flatMap((sound, index) => (sound.ways.length > 1 ? [index] : []));
    const changes = [-1, ...doubtful.slice(0, MAX_VARIANTS - 1)];
    return changes.map((changed) => sounds.flatMap(({ ways }, index) => ways[index === changed ? 1 : 0] ?? []));
}

/** "'s" after a hiss has a vowel of its own; elsewhere it has the voice of what it follows. */
function possessiveAfter(phone: string | undefined): string[] {
    if (phone !== undefined && /^(?:S|Z|SH|ZH|CH|JH)$/.test(phone)) return ["IH", "Z"];
    return phone !== undefined && /^(?:P|T|K|F|TH)$/.test(phone) ? ["S"] : ["Z"];
}

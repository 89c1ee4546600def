/**
 * Roughly how an English word sounds, from its spelling, and how alike two words sound. Words that a transcriber mixes up come
 * out equal or nearly so; that is all it is for, so a sound is a letter and what hardly tells words apart is left out.
 */

/**
 * By first letter: spelling → sounds, the first that fits counts. `^` is the beginning of the word and `$` its end.
 * Sounds: A (hot, law) a e I @ (cut, about) U, i (see) u (too) E (day) Y (my) o (go) W (now) 3 (her); consonants as written, with
 * S (sh) C (ch) J (jam) T (thin, then) N (sing).
 */
const SPELLINGS: Readonly<Record<string, string>> = {
    a: "augh=A au=A aw=A ai=E ay=E all$=Al al(?=k)=A are$=er air=er ar=Ar a(?=[bcdfgklmnpstvz]e)=E a(?=ng[e])=E a(?=ste)=E a(?=tion)=E a$=@ a=a",
    b: "b(?=t$)= bb=b b=b",
    c: "ch(?=r)=k ch=C cian=S@n cious=S@s ck=k cc(?=[eiy])=ks cc=k c(?=[eiy])=s c=k",
    d: "dge=J dg(?=[ei])=J dd=d ded$=d@d d=d",
    e: "eigh=E ear(?=[cdlnt])=3 ear=ir eer=ir ere$=ir ea(?=d$|dy|ther|lth|sur)=e ee=i ea=i ei=i ey$=i eu=u ew=u er=3 e(?=[bdfklmnpstz]e$)=i ed$=d es$=s e$= e=e",
    f: "ff=f f=f",
    g: "^gn=n gh(?=t)= ^gh=g gh= gg=g g(?=et|iv|ir|ear)=g g(?=[eiy])=J gu(?=[ei])=g g=g",
    h: "^ho(?=ur|nest)=A (?<=[aeiou])h(?![aeiou])= h=h",
    i: "igh=Y ign$=Yn (?<=^[dlptv])ie$=Y ie=i ir(?=e)=Y3 ir=3 i(?=[bcdfgklmnpstvz]es?$)=Y i(?=ld$|nd$)=Y i$=i i=I",
    j: "j=J",
    k: "^kn=n kk=k k=k",
    l: "ll=l le$=@l l=l",
    m: "mb$=m mm=m m=m",
    n: "ng$=N ng=Ng nk=Nk nn=n n=n",
    o: "ough=A oo(?=k|d$)=U oo=u oar=Ar oa=o oe$=o oi=AI oy=AI ou(?=ld)=U our=Ar ous$=@s ou=W ow(?=n|d|er|l)=W ow$=o ow=W or=Ar o(?=[bcdfgklmnpstvz]es?$)=o o(?=ld|st$)=o o$=o o=A",
    p: "ph=f ^ps=s pp=p p=p",
    q: "qu=kw q=k",
    r: "rr=r rh=r r=r",
    s: "sch=sk sh=S sion=S@n ssion=S@n sure=S3 sc(?=[ei])=s ss=s sten$=s@n s=s",
    t: "tch=C tion=S@n ture$=C3 th=T tt=t tial=S@l t=t",
    u: "ur=3 ui=u ue=u uy=Y u(?=[bcdfgklmnpstz]e)=u u$=u u=@",
    v: "vv=v v=v",
    w: "^wr=r ^who=hu wh=w war=wAr wor=w3 wa(?=[nstl])=wA w=w",
    x: "^x=z x=ks",
    y: "^y=y ye$=Y y(?=[bcdfgklmnpstvz]e$)=Y ^[b-z]y$=Y y$=i y=I",
    z: "zz=z z=z",
};

/** Words that are not said as they are spelled. */
const SPECIAL: Readonly<Record<string, string>> = {
    a: "@",
    all: "Al",
    any: "eni",
    are: "Ar",
    aren: "Arn",
    awe: "A",
    ball: "bAl",
    be: "bi",
    been: "bIn",
    blood: "bl@d",
    by: "bY",
    bye: "bY",
    buy: "bY",
    call: "kAl",
    check: "Cek",
    clothes: "klos",
    color: "k@l3",
    colour: "k@l3",
    come: "k@m",
    curtain: "k3t@n",
    curtains: "k3t@ns",
    degree: "d@gri",
    degrees: "d@gris",
    do: "du",
    does: "d@s",
    done: "d@n",
    door: "dAr",
    doors: "dArs",
    eight: "Et",
    eye: "Y",
    fall: "fAl",
    floor: "flAr",
    floors: "flArs",
    four: "fAr",
    for: "fAr",
    fore: "fAr",
    front: "fr@nt",
    from: "fr@m",
    full: "fUl",
    garage: "g@rAJ",
    give: "gIv",
    gone: "gAn",
    half: "haf",
    have: "hav",
    he: "hi",
    heat: "hit",
    here: "hir",
    hear: "hir",
    hour: "W3",
    hours: "W3s",
    i: "Y",
    "i'd": "Yd",
    "i'm": "Ym",
    is: "Is",
    island: "Yl@nd",
    live: "lIv",
    living: "lIvIN",
    love: "l@v",
    many: "meni",
    me: "mi",
    minute: "mIn@t",
    minutes: "mIn@ts",
    mall: "mAl",
    my: "mY",
    of: "@v",
    off: "Af",
    oh: "o",
    on: "An",
    one: "w@n",
    once: "w@ns",
    our: "W3",
    people: "pip@l",
    pull: "pUl",
    put: "pUt",
    quiet: "kwY@t",
    read: "red",
    red: "red",
    said: "sed",
    says: "ses",
    she: "Si",
    shall: "Sal",
    small: "smAl",
    some: "s@m",
    son: "s@n",
    sure: "S3",
    tall: "tAl",
    temperature: "tempr@C3",
    the: "T@",
    their: "Ter",
    there: "Ter",
    they: "TE",
    through: "Tru",
    thus: "T@s",
    to: "tu",
    today: "t@dE",
    tv: "tivi",
    two: "tu",
    too: "tu",
    vacuum: "vakyum",
    wall: "wAl",
    want: "wAnt",
    war: "wAr",
    warm: "wArm",
    was: "w@s",
    water: "wAt3",
    we: "wi",
    weather: "weT3",
    were: "w3",
    what: "w@t",
    "what's": "w@ts",
    where: "wer",
    "where's": "wers",
    which: "wIC",
    white: "wYt",
    who: "hu",
    wind: "wInd",
    window: "wIndo",
    windows: "wIndos",
    won: "w@n",
    work: "w3k",
    would: "wUd",
    you: "yu",
    your: "yAr",
    yours: "yArs",
};

interface Spelling {
    readonly pattern: RegExp;
    readonly atStart: boolean;
    readonly sounds: string;
}

const spellings = new Map(
    Object.entries(SPELLINGS).map(([letter, rules]) => [
        letter,
        rules.split(" ").map((rule): Spelling => {
            // A lookahead has an equals sign of its own.
            const at = rule.lastIndexOf("=");
            const [pattern, sounds] = [rule.slice(0, at), rule.slice(at + 1)];
            return { pattern: new RegExp(pattern.replace("^", ""), "y"), atStart: pattern.startsWith("^"), sounds };
        }),
    ]),
);
/** Letters that are looked at. */
const MAX_LETTERS = 30;

/** A letter for each sound; the word's own letters where it is not English. */
export function soundsOf(word: string): string {
    const special = SPECIAL[word];
    if (special !== undefined) return special;
    const letters = word.slice(0, MAX_LETTERS);
    let sounds = "";
    for (let at = 0; at < letters.length; ) {
        const rule = spellings.get(letters[at] ?? "")?.find(({ pattern, atStart }) => {
            pattern.lastIndex = at;
            return (!atStart || at === 0) && pattern.test(letters);
        });
        at = rule === undefined ? at + 1 : Math.max(at + 1, rule.pattern.lastIndex);
        const added = rule?.sounds ?? (letters[at - 1] === "'" ? "" : (letters[at - 1] ?? ""));
        // A sound that is said twice is heard once.
        sounds += added !== "" && sounds.endsWith(added[0] ?? "") ? added.slice(1) : added;
    }
    return sounds;
}

const VOWELS = "AaeI@UiuEYoW3";
/** Sounds that are taken for each other, and what that weighs; other vowels weigh OTHER_VOWEL and other consonants 1. */
const ALIKE: readonly (readonly [sounds: string, weight: number])[] = [
    ["sz", 0.1],
    ["AaeI@Uo3", 0.4],
    ["A@", 0.3],
    ["Iie", 0.3],
    ["uUo", 0.4],
    ["AoW", 0.4],
    ["eEai", 0.4],
    ["YEAa", 0.5],
    ["3@r", 0.3],
    ["pb", 0.4],
    ["td", 0.4],
    ["kg", 0.4],
    ["fv", 0.4],
    ["SCJ", 0.4],
    ["Td", 0.3],
    ["Tdtfsv", 0.5],
    ["mnN", 0.4],
    ["ptk", 0.6],
    ["bdg", 0.6],
    ["lrw", 0.6],
    ["sS", 0.4],
];
const OTHER_VOWEL = 0.6;
const VOWEL_FOR_CONSONANT = 1.2;
const MISSING_VOWEL = 0.6;
const MISSING_CONSONANT = 0.8;
/** At the end of a word, where it is hardly heard. */
const MISSING_LAST = 0.6;
const MISSING_LAST_S = 0.45;

const vowelCodes = new Uint8Array(128);
for (const vowel of VOWELS) vowelCodes[vowel.charCodeAt(0)] = 1;

/** Square table of what it weighs to take one sound for the other, by character code. */
const CODES = 128;
const weights = new Float32Array(CODES * CODES);
for (let one = 0; one < CODES; one += 1) {
    for (let other = 0; other < CODES; other += 1) {
        const vowels = Number(isVowel(one)) + Number(isVowel(other));
        weights[one * CODES + other] =
            one === other ? 0 : vowels === 2 ? OTHER_VOWEL : vowels === 1 ? VOWEL_FOR_CONSONANT : 1;
    }
}
for (const [sounds, weight] of ALIKE) {
    for (const one of sounds) {
        for (const other of sounds) {
            const at = one.charCodeAt(0) * CODES + other.charCodeAt(0);
            if (one !== other) weights[at] = Math.min(weight, weights[at] ?? 1);
        }
    }
}

/** What it weighs to hear `b` for `a`; some number above `limit` where it is more. Sounds are those of `soundsOf`. */
export function unlikeness(a: string, b: string, limit: number): number {
    let last = new Float32Array(b.length + 1);
    let row = new Float32Array(b.length + 1);
    for (let j = 1; j <= b.length; j += 1) last[j] = (last[j - 1] ?? 0) + missing(b, j - 1);
    for (let i = 1; i <= a.length; i += 1) {
        const gone = missing(a, i - 1);
        const from = (a.charCodeAt(i - 1) & (CODES - 1)) * CODES;
        let least = (last[0] ?? 0) + gone;
        row[0] = least;
        for (let j = 1; j <= b.length; j += 1) {
            const replaced = (last[j - 1] ?? 0) + (weights[from + (b.charCodeAt(j - 1) & (CODES - 1))] ?? 1);
            const best = Math.min(replaced, (last[j] ?? 0) + gone, (row[j - 1] ?? 0) + missing(b, j - 1));
            row[j] = best;
            if (best < least) least = best;
        }
        if (least > limit) return least;
        [last, row] = [row, last];
    }
    return last[b.length] ?? 0;
}

function missing(sounds: string, at: number): number {
    const code = sounds.charCodeAt(at);
    if (isVowel(code)) return MISSING_VOWEL;
    if (at < sounds.length - 1) return MISSING_CONSONANT;
    return sounds[at] === "s" || sounds[at] === "z" ? MISSING_LAST_S : MISSING_LAST;
}

function isVowel(code: number): boolean {
    return vowelCodes[code] === 1;
}

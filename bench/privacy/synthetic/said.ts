/** How people say numbers and addresses aloud, in words, as recognisers write them down. */
import type { Chance } from "./random";

export type Tongue = "en" | "de" | "fr" | "es";

const DIGITS: Readonly<Record<Tongue, readonly string[]>> = {
    en: ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    de: ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
    fr: ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
    es: ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
};

const SIGNS: Readonly<Record<Tongue, Readonly<Record<string, string>>>> = {
    en: { "@": "at", ".": "dot", "-": "dash", _: "underscore", "+": "plus" },
    de: { "@": "at", ".": "punkt", "-": "bindestrich", _: "unterstrich", "+": "plus" },
    fr: { "@": "arobase", ".": "point", "-": "tiret", _: "underscore", "+": "plus" },
    es: { "@": "arroba", ".": "punto", "-": "guion", _: "subrayado", "+": "más" },
};

/** Digit by digit; English speakers say "oh" and "double". Letters stand alone. */
export function spelled(text: string, tongue: Tongue, chance: Chance): string {
    const words: string[] = [];
    const characters = text.replace(/[^\p{L}\d+]/gu, "");
    for (let at = 0; at < characters.length; at++) {
        const character = characters.charAt(at);
        const digit = DIGITS[tongue][Number.parseInt(character, 10)];
        const isTwice = tongue === "en" && digit !== undefined && characters.charAt(at + 1) === character;
        if (isTwice && chance.next() < 0.5) {
            words.push("double", digit);
            at += 1;
        } else if (tongue === "en" && character === "0" && chance.next() < 0.5) words.push("oh");
        else if (tongue === "de" && character === "2" && chance.next() < 0.3) words.push("zwo");
        else words.push(digit ?? SIGNS[tongue][character] ?? character.toLowerCase());
    }
    return words.join(" ");
}

/** In pairs, as French numbers are: "zéro six douze trente-quatre". */
export function inFrenchPairs(digits: string): string {
    return (digits.match(/\d\d/g) ?? []).map(frenchPair).join(" ");
}

function frenchPair(pair: string): string {
    const value = Number(pair);
    if (value < 10) return `zéro ${DIGITS.fr[value]}`;
    const teens = ["dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"];
    const tens = [
        "",
        "",
        "vingt",
        "trente",
        "quarante",
        "cinquante",
        "soixante",
        "soixante",
        "quatre-vingt",
        "quatre-vingt",
    ];
    if (value < 20) return teens[value - 10] ?? "";
    const ten = Math.floor(value / 10);
    const rest = value - (ten === 7 || ten === 9 ? ten - 1 : ten) * 10;
    if (rest === 0) return ten === 8 ? "quatre-vingts" : (tens[ten] ?? "");
    const link = (rest === 1 || rest === 11) && ten < 8 ? " et " : "-";
    return `${tens[ten]}${link}${rest > 9 ? teens[rest - 10] : DIGITS.fr[rest]}`;
}

export function saidAddress(email: string, tongue: Tongue): string {
    return email.replace(/[@._-]/g, (sign) => ` ${SIGNS[tongue][sign]} `);
}

/** From 1 to 99. */
export function saidNumber(value: number, tongue: Tongue): string {
    const tens: Readonly<Record<Tongue, string>> = {
        en: "twenty thirty forty fifty sixty seventy eighty ninety",
        de: "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
        fr: "",
        es: "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    };
    const teens: Readonly<Record<Tongue, string>> = {
        en: "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
        de: "zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
        fr: "",
        es: "diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve",
    };
    const unit = DIGITS[tongue][value % 10] ?? "";
    if (value < 10) return unit;
    if (tongue === "fr") return frenchPair(String(value));
    if (value < 20) return teens[tongue].split(" ")[value - 10] ?? "";
    const ten = tens[tongue].split(" ")[Math.floor(value / 10) - 2] ?? "";
    if (value % 10 === 0) return ten;
    if (tongue === "de") return `${value % 10 === 1 ? "ein" : unit}und${ten}`;
    if (tongue === "en") return `${ten} ${unit}`;
    return value < 30 ? `veinti${unit}` : `${ten} y ${unit}`;
}

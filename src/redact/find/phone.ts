import type { Reading } from "../readings";
import type { PhoneCountry } from "../words/language-words";

/** What knows the world's numbers takes 11 MB, and only flows that redact need it. */
const library = (): typeof import("libphonenumber-js") => require("libphonenumber-js");

/** ITU-T E.164: fifteen digits, and the two of "00". */
export const MAX_PHONE_DIGITS = 17;

/** What a national number looks like at all; only such are looked up, which is the slow part. */
const NATIONAL: Readonly<Record<PhoneCountry, RegExp>> = {
    US: /^1?[2-9]\d{2}[2-9]\d{6}$/,
    GB: /^0[1-9]\d{8,9}$/,
    DE: /^0[1-9]\d{5,12}$/,
    AT: /^0[1-9]\d{5,12}$/,
    CH: /^0[1-9]\d{8}$/,
    FR: /^0[1-9]\d{8}$/,
    BE: /^0[1-9]\d{7,8}$/,
    ES: /^[6-9]\d{8}$/,
};

const INTERNATIONAL = /^(?:\+|00)([1-9]\d{7,14})$/;

/** All of these are mobiles, whoever has them; the library leaves out ranges that are set apart for films. */
const UK_MOBILE = /^07\d{9}$/;

/** Where a longer number of which only a part would be one is more likely another thing. */
const MIN_PARTIAL_DIGITS = 9;

/** @param isWhole no further digits follow */
export function isPhone(text: string, atoms: Reading, countries: readonly PhoneCountry[], isWhole: boolean): boolean {
    if (text.length > MAX_PHONE_DIGITS + 2 || (!isWhole && text.length < MIN_PARTIAL_DIGITS)) return false;
    const international = INTERNATIONAL.exec(withoutTrunkZero(text, atoms));
    if (international) return library().isValidPhoneNumber(`+${international[1]}`);
    if (isWhole && countries.includes("GB") && UK_MOBILE.test(text)) return true;
    return countries.some((country) => NATIONAL[country].test(text) && library().isValidPhoneNumber(text, country));
}

/** "+44 (0)20 7946 0958": the zero in brackets is for calls from within the country. */
function withoutTrunkZero(text: string, atoms: Reading): string {
    if (!text.startsWith("+") && !text.startsWith("00")) return text;
    return atoms.map(({ characters, after }) => (characters === "0" && after.endsWith("(") ? "" : characters)).join("");
}

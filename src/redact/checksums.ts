/** Check digits of account, card and identity numbers. All take digits and capital letters without spaces. */

/** ISO/IEC 7812-1, annex B. */
export function isLuhn(digits: string): boolean {
    let sum = 0;
    for (let at = digits.length - 1, doubles = false; at >= 0; at--, doubles = !doubles) {
        const digit = digits.charCodeAt(at) - 48;
        sum += doubles ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
    }
    return digits.length > 1 && sum % 10 === 0;
}

/** Lengths by country, from the IBAN registry of SWIFT. */
const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
    (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 " +
        "GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 " +
        "MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 " +
        "TN24 TR26 UA29 VA22 VG24 XK20"
    )
        .split(" ")
        .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** How long an IBAN that begins like this is; undefined when none does. */
export function ibanLength(text: string): number | undefined {
    return /^[A-Z]{2}\d\d/.test(text) ? IBAN_LENGTHS.get(text.slice(0, 2)) : undefined;
}

/** ISO 13616: the remainder by 97 of the number with letters as 10 to 35, the first four characters last, is 1. */
export function isIban(text: string): boolean {
    if (ibanLength(text) !== text.length || !/^[A-Z0-9]+$/.test(text)) return false;
    let remainder = 0;
    for (const character of text.slice(4) + text.slice(0, 4)) {
        const value = Number.parseInt(character, 36);
        remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
    }
    return remainder === 1;
}

/** German tax number of a person: ISO/IEC 7064, MOD 11,10; one digit of the first ten occurs two or three times. */
export function isSteuerId(digits: string): boolean {
    if (!/^[1-9]\d{10}$/.test(digits)) return false;
    const times = new Map<string, number>();
    for (const digit of digits.slice(0, 10)) times.set(digit, (times.get(digit) ?? 0) + 1);
    const repeated = [...times.values()].filter((count) => count > 1);
    if (repeated.length !== 1 || (repeated[0] ?? 0) > 3) return false;
    let product = 10;
    for (const digit of digits.slice(0, 10)) {
        const sum = (Number(digit) + product) % 10 || 10;
        product = (sum * 2) % 11;
    }
    return (11 - product) % 10 === Number(digits[10]);
}

/** German identity card and passport: nine characters and a check digit, weights 7, 3, 1 (ICAO Doc 9303). */
export function isAusweis(text: string): boolean {
    if (!/^[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ\d]{8}\d$/.test(text)) return false;
    return weighed(text.slice(0, 9), [7, 3, 1]) % 10 === Number(text[9]);
}

function weighed(text: string, weights: readonly number[]): number {
    let sum = 0;
    for (let at = 0; at < text.length; at++) {
        sum += Number.parseInt(text.charAt(at), 36) * (weights[at % weights.length] ?? 0);
    }
    return sum;
}

/** German pension insurance: area, day of birth, letter of the surname, serial, check digit (VKVV § 2 and 4). */
export function isRentenversicherung(text: string): boolean {
    const parts = /^(\d{2})(\d{2})(\d{2})\d{2}([A-Z])\d{2}(\d)$/.exec(text);
    if (!parts) return false;
    const letter = String((parts[4] ?? "A").charCodeAt(0) - 64).padStart(2, "0");
    const number = text.slice(0, 8) + letter + text.slice(9, 11);
    const weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
    let sum = 0;
    weights.forEach((weight, at) => {
        const product = Number(number[at]) * weight;
        sum += Math.floor(product / 10) + (product % 10);
    });
    return sum % 10 === Number(parts[5]);
}

/**
 * French NIR: thirteen characters and a key of 97 minus the remainder by 97; Corsica's 2A and 2B count as 19 and 18.
 * It begins with 1 or 2; the provisional ones that begin with 3, 4, 7 or 8 look like cards.
 */
export function isNir(text: string): boolean {
    if (!/^[12]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{8}$/.test(text)) return false;
    const number = Number(text.slice(0, 13).replace("2A", "19").replace("2B", "18"));
    return 97 - (number % 97) === Number(text.slice(13));
}

/** Spanish DNI and NIE: the letter of the remainder by 23; X, Y and Z of an NIE count as 0, 1 and 2. */
export function isDni(text: string): boolean {
    const parts = /^([XYZ]?)(\d{7,8})([A-Z])$/.exec(text);
    if (!parts || (parts[1] === "") !== (parts[2]?.length === 8)) return false;
    const lead = parts[1] === "" ? "" : String("XYZ".indexOf(parts[1] ?? ""));
    return "TRWAGMYFPDXBNJZSQVHLCKE"[Number(lead + parts[2]) % 23] === parts[3];
}

/** Number of a US Social Security card, as far as it can be told: no part is all zeros, and areas 666 and 9xx are not given. */
export function isSsn(digits: string): boolean {
    return /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(digits);
}

/** UK National Insurance number; prefixes that are not given are left out. */
export function isNino(text: string): boolean {
    return /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/.test(text);
}

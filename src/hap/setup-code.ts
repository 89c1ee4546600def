/** The eight-digit code that stands on an accessory and lets its owner pair it (HAP R2, "Setup Code"). */
import { HapError } from "./error";

/** Codes that HAP R2 forbids because they would be tried first. */
const TRIVIAL = new Set([...Array.from({ length: 10 }, (_, digit) => String(digit).repeat(8)), "12345678", "87654321"]);

/**
 * Brings a code as people write it (`123-45-678`, `12345678`, blanks around it) into the form that pairing needs.
 *
 * @throws {HapError} `invalid-pin` when it has another form or is one of the codes that HomeKit forbids.
 */
export function parseSetupCode(text: string): string {
    const match = /^(\d{3})-?(\d{2})-?(\d{3})$/.exec(text.trim());
    if (!match) {
        throw new HapError(
            "invalid-pin",
            "A HomeKit code has eight digits, written 123-45-678. It stands on the accessory, its box or its manual.",
        );
    }
    const [, first = "", second = "", third = ""] = match;
    if (TRIVIAL.has(first + second + third)) {
        throw new HapError("invalid-pin", `${first}-${second}-${third} is a code that HomeKit does not allow.`);
    }
    return `${first}-${second}-${third}`;
}

export function isTrivialSetupCode(digits: string): boolean {
    return TRIVIAL.has(digits);
}

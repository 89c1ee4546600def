/** A PIN in what was said: "one two three four", "1234", "the code is twelve thirty-four". */
import type { Language } from "../language";

const MIN_DIGITS = 4;
/** Besides the digits: "the PIN is". */
const MAX_OTHER_WORDS = 3;

export function pinIn(text: string, numbers: Language["numbers"]): string | undefined {
    const words = text.toLowerCase().match(/\p{L}+|\d/gu) ?? [];
    let digits = "";
    let others = 0;
    for (let at = 0; at < words.length; ) {
        const readings = numbers.readingsAt(words, at).filter(({ value }) => value >= 0 && value < 100);
        const longest = readings.toSorted((one, other) => other.words - one.words)[0];
        if (longest && Number.isInteger(longest.value)) digits += longest.value;
        else others += 1;
        at += longest?.words ?? 1;
    }
    return digits.length >= MIN_DIGITS && others <= MAX_OTHER_WORDS ? digits : undefined;
}

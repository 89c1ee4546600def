/** The test set: sentences with personal data, marked, and as many that only look like it. The same for the same seed. */
import type { RedactionClass } from "../../../src/redact";
import { Chance } from "./random";
import type { Tongue } from "./said";
import { HARMLESS, INTRODUCED, TELLING, TITLED } from "./templates";
import {
    address,
    birth,
    card,
    customerNumber,
    digits,
    email,
    firstName,
    iban,
    id,
    phone,
    rareName,
    titled,
} from "./values";

export interface Marked {
    readonly class: RedactionClass;
    readonly start: number;
    readonly end: number;
}

export interface TestSentence {
    readonly language: Tongue;
    readonly text: string;
    readonly marked: readonly Marked[];
}

export const TONGUES: readonly Tongue[] = ["en", "de", "fr", "es"];
/** What the home of the test set has set up. */
export const CONTACTS: readonly string[] = ["Gran Wendeline", "Björn Åkesson", "Tía Maruja"];
export const PATTERNS: readonly string[] = ["kd #####"];
export const SEED = 20_261_122;

const VALUES = { phone, email, iban, card, id, birth, address, digits } as const;
const CLASSES = Object.keys(VALUES) as (keyof typeof VALUES)[];
const CONTACTS_SAID = ["wendeline", "Björn Åkesson", "bjorn", "Tía Maruja", "maruja"];
const PER_CLASS = 40;
/** The other half of a sentence may have no data in it: most do not. */
const HARMLESS_PER_LANGUAGE = 400;

export function testSet(seed = SEED): TestSentence[] {
    const chance = new Chance(seed);
    return TONGUES.flatMap((language) => [
        ...CLASSES.flatMap((kind) =>
            times(PER_CLASS, () =>
                filled(language, kind, chance.pick(TELLING[language][kind]), VALUES[kind](chance, language)),
            ),
        ),
        ...times(PER_CLASS, () =>
            filled(language, "name", chance.pick(TELLING[language].name), firstName(chance, language)),
        ),
        ...times(8, () => filled(language, "name", chance.pick(TELLING[language].name), chance.pick(CONTACTS_SAID))),
        ...times(12, () => filled(language, "name", chance.pick(INTRODUCED[language]), rareName(chance, language))),
        ...times(8, () => {
            const [title, name] = titled(chance, language);
            return filled(language, "name", TITLED[language].replace("<>", title), name);
        }),
        ...times(20, () =>
            filled(language, "own", chance.pick(TELLING[language].iban), customerNumber(chance, language)),
        ),
        ...times(HARMLESS_PER_LANGUAGE, () => ({
            language,
            text: chance.digits(chance.pick(HARMLESS[language])),
            marked: [],
        })),
    ]);
}

function filled(language: Tongue, kind: RedactionClass, template: string, value: string): TestSentence {
    const start = template.indexOf("{}");
    const text = template.replace("{}", () => value);
    return { language, text, marked: [{ class: kind, start, end: start + value.length }] };
}

function times<T>(count: number, make: () => T): T[] {
    return Array.from({ length: count }, make);
}

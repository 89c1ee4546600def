export type PhoneCountry = "US" | "GB" | "DE" | "AT" | "CH" | "FR" | "BE" | "ES";

/** What the finders know of a language. Lists are words separated by spaces, spelled with their accents. */
export interface LanguageWords {
    /** Ten lists: how 0 to 9 are said. */
    readonly units: readonly string[];
    /** Ten lists: 10 to 19. */
    readonly teens: readonly string[];
    /** Eight lists: 20 to 90. */
    readonly tens: readonly string[];
    /** 21 to 99 said as one word, by their value. */
    readonly compounds: Readonly<Record<string, number>>;
    /** Between a ten and a unit: "treinta y dos". */
    readonly numberLinks: string;
    /** After a unit, they make it a round number: "eight hundred". */
    readonly hundreds: string;
    /** Words before a digit that repeat it. */
    readonly doubles: string;
    readonly triples: string;
    readonly plus: string;
    /** Said between digits or letters, and not part of them. */
    readonly dashes: string;
    readonly underscores: string;
    readonly dots: string;
    readonly ats: string;

    readonly months: string;
    /** Ordinals and number words that occur in dates and years. */
    readonly dateWords: string;
    /** How words for years begin where they are one word, folded. */
    readonly yearBeginnings: readonly string[];
    /** Between the words of a date. */
    readonly dateLinks: string;
    /** Make a date near them one of birth. */
    readonly birth: string;

    /** Name a way, and hardly anything else. */
    readonly streets: string;
    /** Name a way, and other things. */
    readonly unsureStreets: string;
    /** In which order the number, the name and the word for the way stand: "14 Baker Street" is the first. */
    readonly streetOrder: "number-name-street" | "name-street-number" | "number-street-name" | "street-name-number";
    /** Ends of words that name a way. */
    readonly streetEndings: readonly string[];
    /** Words with such an ending that name none. */
    readonly noStreets: string;
    /** Before a number in an address: "número". */
    readonly numberSigns: string;
    /** Say that an address comes. */
    readonly addressBefore: string;

    /** Say that a secret number comes. */
    readonly codeBefore: string;
    readonly phoneBefore: string;
    readonly idBefore: string;

    /** A name where they stand, whatever stands around them. */
    readonly firstNames: string;
    /** First names that are words too. */
    readonly unsureNames: string;
    readonly surnames: string;
    /** Between a first name and a surname. */
    readonly nameLinks: string;
    /** A person comes after them: "call". */
    readonly personBefore: string;
    /** Any word after them is a surname. */
    readonly titles: string;
    /** Titles that are words too. */
    readonly unsureTitles: string;
    /** What is said before one's name; whatever comes after is a name. */
    readonly introductions: readonly string[];
    /** Words that are no name and belong to no address. */
    readonly stops: string;
    /** Capital letters tell names. */
    readonly capitalsTellNames: boolean;
    /** Where a phone number without a country code may be from, most likely first. */
    readonly countries: readonly PhoneCountry[];
}

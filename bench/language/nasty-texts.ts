/** Texts of 2,000 characters that are as bad for a matcher as their makers could think of. */
import { MAX_UTTERANCE_WORDS } from "../../src/language";
import { randomNumbers } from "../commands/noise";

const LENGTH = 2_000;
const SEED = 13;

export function nastyTexts(): string[] {
    const random = randomNumbers(SEED);
    const words =
        "turn on off the light lights lamp in of all and to set kitchen living room twenty five a hundred percent red".split(
            " ",
        );
    const mixed = () => Array.from({ length: LENGTH }, () => words[Math.floor(random() * words.length)]).join(" ");
    const letters = (alphabet: string) =>
        Array.from({ length: LENGTH }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
    const repeated = [
        "a",
        "1 ",
        "the ",
        "lamp ",
        "turn on ",
        "turn on the light and ",
        "light ",
        "kitchen ",
        "twenty ",
        "one hundred and ",
        "minus one point ",
        "add milk to ",
        "broadcast ",
        "in five minutes ",
        "turn on the light in five minutes ",
        "kitchn lihgt ",
        "ceilingkitchenlamp ",
        "northkitchen",
        "upper kichen ceilin lihgt ",
        "please could you ",
        "'",
        "l'",
        "ß",
        "é",
        "İ",
        "👩‍👩‍👧 ",
        "1,000.",
        "-",
        "%",
        "\n",
        "\u0000",
    ].map((text) => text.repeat(LENGTH));
    const mixtures = Array.from({ length: 5 }, mixed);
    // As many words as are looked at.
    const hundred = [...repeated, ...mixtures].map((text) => text.split(" ").slice(0, MAX_UTTERANCE_WORDS).join(" "));
    return [...repeated, ...mixtures, ...Array.from({ length: 5 }, () => letters("aeinst ")), ...hundred].map((text) =>
        text.slice(0, LENGTH),
    );
}

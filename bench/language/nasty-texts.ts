/** Texts of 2,000 characters that are as bad for a matcher as their makers could think of. */
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
    const random200 = Array.from({ length: 5 }, mixed);
    // Short enough to be looked at as a whole: a hundred words at most.
    const hundred = repeated
        .map((text) => text.slice(0, 60).trim())
        .flatMap((text) => [text, `${text} and then nothing`]);
    return [
        ...repeated,
        ...random200,
        ...random200.map((text) => text.split(" ").slice(0, 99).join(" ")),
        ...Array.from({ length: 5 }, () => letters("aeinst ")),
        ...hundred,
    ].map((text) => text.slice(0, LENGTH));
}

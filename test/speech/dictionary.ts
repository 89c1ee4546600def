import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const model = join(dirname(createRequire(import.meta.url).resolve("soundswallower")), "model", "en-us");

/** The pronunciation dictionary that the recogniser's model comes with. */
export const DICTIONARY = join(model, "dict.txt");

const phones = JSON.parse(readFileSync(join(model, "phoneset.json"), "utf8")) as Record<string, string>;

/** Phones of speech that the model knows, without silence and noises. */
export const PHONES: ReadonlySet<string> = new Set(
    Object.keys(phones).filter((phone) => phone !== "SIL" && !phone.startsWith("+")),
);

/** Every word of the dictionary with all its entries, read the plain way. */
export function wholeDictionary(): Map<string, string[]> {
    const words = new Map<string, string[]>();
    for (const line of readFileSync(DICTIONARY, "utf8").split("\n")) {
        if (line === "" || line.startsWith(";;")) continue;
        const [entry = "", ...said] = line.split(" ");
        const word = entry.replace(/\(\d+\)$/, "");
        words.set(word, [...(words.get(word) ?? []), said.join(" ")]);
    }
    return words;
}

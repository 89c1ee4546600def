import { readFileSync } from "node:fs";
export function readPronunciations(dictionaryFile: string, words: Iterable<string>): Map<string, string[]> {
    const wanted = new Set(words);
    const found = new Map<string, string[]>();
    for (const line of readFileSync(dictionaryFile, "utf8").split("\n")) {
        const space = line.indexOf(" ");
        const word = line.slice(0, space).replace(/\(\d+\)$/, "");
        if (wanted.has(word)) found.set(word, [...(found.get(word) ?? []), line.slice(space + 1)]);
    }
    return found;
}

/** What an engine with an open vocabulary should expect to hear in a home: its names above all. */
import type { HomeDescription } from "../../home/model";
import type { Language } from "../language";
import { wordsOf } from "../words";

/** More than any prompt or list of hot words takes; Whisper's prompt has room for about 100. */
const MAX_BIAS_PHRASES = 300;
/** No name of a thing is longer; what is would crowd out the others. */
const MAX_PHRASE_LETTERS = 60;

/**
 * Rooms and devices in turn as long as they bring a word that is not among them yet, as an engine that has the words gets the
 * names too; then the words of the sentences, without numbers and articles, which every engine knows; then the other names.
 */
export function biasOf(language: Language, home: HomeDescription, spokenWords: readonly string[]): readonly string[] {
    const things = [...home.floors, ...home.areas, ...home.devices];
    const names = things
        .flatMap(({ name, aliases = [] }) => [name, ...aliases])
        .map((name) => name.trim().replaceAll(/\s+/g, " "))
        .filter((name) => name.length <= MAX_PHRASE_LETTERS);
    const covered = new Set<string>();
    const first: string[] = [];
    const others: string[] = [];
    for (const name of names) {
        const words = wordsOf(name).map(({ text }) => text);
        (words.some((text) => !covered.has(text)) ? first : others).push(name);
        for (const text of words) covered.add(text);
    }
    const { fillers = [], droppable = [] } = language.tolerance ?? {};
    const known = new Set([...covered, ...language.numbers.vocabulary, ...fillers, ...droppable]);
    const plain = spokenWords.filter((text) => !known.has(text) && text.length <= MAX_PHRASE_LETTERS);
    const unique = new Map<string, string>();
    for (const phrase of [...first, ...plain, ...others]) {
        const key = phrase.toLowerCase();
        if (!unique.has(key)) unique.set(key, phrase);
        if (unique.size === MAX_BIAS_PHRASES) break;
    }
    return [...unique.values()];
}

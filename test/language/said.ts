/** For tests of a language's sentences: what is understood of many ways to say the same. */

import type { Device, HomeDescription } from "../../dist/src/home";
import { compile, type Grammar, loadLanguage } from "../../dist/src/language";

/** An intent, its slots, the devices meant (undefined: not about devices), and sentences that all say so. */
export type Meant = readonly [
    name: string,
    slots: Readonly<Record<string, string | number>>,
    targets: readonly string[] | undefined,
    ...sentences: readonly string[],
];

/** Each with a name for its test. */
export function named(meant: readonly Meant[]): readonly (readonly [string, Meant])[] {
    return meant.map((each) => [`${each[0]} ${JSON.stringify(each[1])}`, each]);
}

export function grammarFor(code: string, home: HomeDescription): Grammar {
    const language = loadLanguage(code);
    const [problem] = language.problems;
    if (problem !== undefined) throw problem;
    return compile(language, home);
}

/** Sentences, each with what was understood where that is not what was meant. */
export function misunderstood(grammar: Grammar, [name, slots, targets, ...sentences]: Meant, area: string): string[] {
    return sentences.flatMap((sentence) => {
        const [intent] = grammar.understand(sentence, { area }).intents;
        const understood = JSON.stringify([
            intent?.name,
            sorted(intent?.slots),
            targets && inOrder(intent?.targets ?? []),
        ]);
        const meant = JSON.stringify([name, sorted(slots), targets && inOrder(targets)]);
        return understood === meant ? [] : [`${sentence} → ${understood}`];
    });
}

/** Sentences that were taken for an order or a question though they are none. */
export function wronglyAccepted(grammar: Grammar, sentences: readonly string[], area: string): string[] {
    return sentences.flatMap((sentence) => {
        const [intent] = grammar.understand(sentence, { area }).intents;
        return intent === undefined ? [] : [`${sentence} → ${intent.name} ${JSON.stringify(intent.slots)}`];
    });
}

export function device(id: string, name: string, type: string, area?: string, deviceClass?: string): Device {
    return {
        id,
        name,
        type,
        ...(area === undefined ? {} : { area }),
        ...(deviceClass === undefined ? {} : { attributes: { device_class: deviceClass } }),
    };
}

function inOrder(ids: readonly string[]): string[] {
    return [...ids].sort((a, b) => (a < b ? -1 : 1));
}

function sorted(slots: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    return Object.fromEntries(Object.entries(slots).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the home's names mean: the values of `{name}`, `{area}` and `{floor}`. */
import type { Area, Device, Floor, HomeDescription } from "../../home/model";
import { fragmentsOf, type WordKind } from "../words";
import type { HomeList } from "./list-source";
import { sequence, type WordExpression, word } from "./word-expression";

/** Everything in the home that goes by the same name. */
export interface HomeValue {
    /** As the home writes it: what the slot holds, whichever alias was said. */
    readonly name: string;
    /** As it is said: the name or an alias. */
    readonly said: string;
    /** `said` as words. */
    readonly words: readonly string[];
    readonly devices: readonly Device[];
    readonly areas: readonly Area[];
    readonly floors: readonly Floor[];
}

/** Two devices called "lamp" are one value with two devices. */
export function homeValues(home: HomeDescription, list: HomeList, kind: WordKind = "word"): HomeValue[] {
    if (list === "name") return valuesOf(home.devices, kind, (devices) => ({ devices, areas: [], floors: [] }));
    if (list === "area") return valuesOf(home.areas, kind, (areas) => ({ devices: [], areas, floors: [] }));
    return valuesOf(home.floors, kind, (floors) => ({ devices: [], areas: [], floors }));
}

function valuesOf<T extends Device | Area | Floor>(
    things: readonly T[],
    kind: WordKind,
    meaning: (things: readonly T[]) => Pick<HomeValue, "devices" | "areas" | "floors">,
): HomeValue[] {
    const values = new Map<string, Pick<HomeValue, "name" | "said" | "words"> & { readonly things: T[] }>();
    for (const thing of things) {
        for (const said of new Set([thing.name, ...(thing.aliases ?? [])])) {
            const words = lettersOf(said, kind);
            if (words.length === 0) continue;
            const key = `${thing.name}\n${words.join(" ")}`;
            const known = values.get(key);
            // Of "Lamp" and its alias "lamp" there is only one value, and only one lamp.
            if (known === undefined) values.set(key, { name: thing.name, said, words, things: [thing] });
            else if (known.things.at(-1) !== thing) known.things.push(thing);
        }
    }
    return [...values.values()].map(({ name, said, words, things: meant }) => ({
        name,
        said,
        words,
        ...meaning(meant),
    }));
}

/** A name's words, with letters glued to the first and the last. */
export function nameWords(name: string, prefix: string, suffix: string): WordExpression {
    const words = lettersOf(name);
    return sequence(
        words.map((text, index) =>
            word((index === 0 ? prefix : "") + text + (index === words.length - 1 ? suffix : "")),
        ),
    );
}

function lettersOf(name: string, kind: WordKind = "word"): string[] {
    const words: string[] = [];
    let open = "";
    for (const fragment of [...fragmentsOf(name, kind), "boundary" as const]) {
        if (fragment !== "boundary") open += fragment.text;
        else if (open !== "") words.push(open);
        if (fragment === "boundary") open = "";
    }
    return words;
}

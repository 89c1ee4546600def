/** What the home's names mean: the values of `{name}`, `{area}` and `{floor}`. */
import type { Area, Device, Floor, HomeDescription } from "../../home/model";
import { fragmentsOf } from "../words";
import type { HomeList } from "./list-source";
import { sequence, type WordExpression, word } from "./word-expression";

/** Everything in the home that goes by the same name. */
export interface HomeValue {
    /** As the home writes it: what the slot holds, whichever alias was said. */
    readonly name: string;
    /** As it is said: the name or an alias. */
    readonly said: string;
    readonly devices: readonly Device[];
    readonly areas: readonly Area[];
    readonly floors: readonly Floor[];
}

/** Two devices called "lamp" are one value with two devices. */
export function homeValues(home: HomeDescription, list: HomeList): HomeValue[] {
    const values = new Map<string, { -readonly [K in keyof HomeValue]: HomeValue[K] }>();
    const add = (thing: Device | Area | Floor, kind: "devices" | "areas" | "floors") => {
        for (const said of new Set([thing.name, ...(thing.aliases ?? [])])) {
            const key = `${thing.name}\n${lettersOf(said).join(" ")}`;
            if (lettersOf(said).length === 0) continue;
            const known = values.get(key) ?? { name: thing.name, said, devices: [], areas: [], floors: [] };
            values.set(key, { ...known, [kind]: [...known[kind], thing] });
        }
    };
    if (list === "name") for (const device of home.devices) add(device, "devices");
    if (list === "area") for (const area of home.areas) add(area, "areas");
    if (list === "floor") for (const floor of home.floors) add(floor, "floors");
    return [...values.values()];
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

function lettersOf(name: string): string[] {
    const words: string[] = [];
    let open = "";
    for (const fragment of [...fragmentsOf(name), "boundary" as const]) {
        if (fragment !== "boundary") open += fragment.text;
        else if (open !== "") words.push(open);
        if (fragment === "boundary") open = "";
    }
    return words;
}

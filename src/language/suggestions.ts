/** Sentences that would have been understood, for when nothing was. */
import type { Device, HomeDescription } from "../home/model";
import type { HomeNames } from "./automaton/home-names";
import type { HomeValue } from "./automaton/home-values";
import type { HomeList } from "./automaton/list-source";
import type { Example, Examples } from "./examples";
import type { BuiltBlock } from "./language";
import { deviceContext, domainsOf, meets } from "./match/targets";
import { wordsOf } from "./words";

const MAX_SUGGESTIONS = 3;
/** Words of a text that are looked at; what follows makes no suggestion better. */
const MAX_WORDS = 30;
/** A share of the words, weighed by how rare they are, below which a suggestion would only puzzle. */
const LEAST_LIKENESS = 0.2;
/** Weight of a word that stands in no sentence: it speaks against all of them alike. */
const UNKNOWN_WEIGHT = 0.2;
/** Names with a word in common that are compared; where more have it, it tells little. */
const MAX_RIVALS = 50;
/** Sentences looked at that have nothing in common with what was said but a name. */
const MAX_BY_NAME = 5;

/** Names that fit the same place of an example, and the examples they fit. */
class Names {
    readonly examples: Example[] = [];
    readonly #byWord = new Map<string, HomeValue[]>();

    constructor(readonly all: readonly HomeValue[]) {
        for (const name of all) {
            for (const word of name.words) {
                const known = this.#byWord.get(word);
                if (known === undefined) this.#byWord.set(word, [name]);
                else known.push(name);
            }
        }
    }

    /** The name that shares most with what was said. */
    nearest(said: ReadonlySet<string>): HomeValue | undefined {
        let best: HomeValue | undefined;
        let most = 0;
        for (const word of said) {
            for (const name of this.#byWord.get(word)?.slice(0, MAX_RIVALS) ?? []) {
                let shared = 0;
                for (const each of name.words) if (said.has(each)) shared += 1;
                if (shared / (name.words.length + 1) <= most) continue;
                most = shared / (name.words.length + 1);
                best = name;
            }
        }
        return best;
    }
}

interface Ranked {
    readonly example: Example;
    readonly name: HomeValue | undefined;
    readonly likeness: number;
}

export class Suggestions {
    /** Examples that this home can fill; undefined: there is nothing to fill in. */
    readonly #usable = new Map<Example, Names | undefined>();
    readonly #names: readonly Names[];

    constructor(
        readonly examples: Examples,
        home: HomeDescription,
        names: HomeNames,
    ) {
        const kinds = new Kinds(home, names, examples);
        for (const example of examples.all) {
            const about = kinds.about(example.block);
            if (about === undefined) continue;
            const fitting = example.list === undefined ? undefined : kinds.names(example.list, about);
            if (fitting?.all.length === 0) continue;
            fitting?.examples.push(example);
            this.#usable.set(example, fitting);
        }
        this.#names = kinds.allNames();
        for (const { examples: fitting } of this.#names) fitting.sort((one, other) => one.weight - other.weight);
    }

    /** Up to three, nearest first; none where nothing is near. */
    near(text: string): string[] {
        const said = new Set(wordsOf(text, MAX_WORDS).map((word) => word.text));
        const nearest = new Map<Names, HomeValue>();
        const shared = new Map<Example, number>();
        for (const names of this.#names) {
            const name = names.nearest(said);
            if (name === undefined) continue;
            nearest.set(names, name);
            for (const example of names.examples.slice(0, MAX_BY_NAME)) shared.set(example, 0);
        }
        let total = 0;
        for (const word of said) {
            const containing = this.examples.containing(word);
            const weight = containing.length === 0 ? UNKNOWN_WEIGHT : this.examples.weightOf(word);
            total += weight;
            for (const example of containing) {
                if (this.#usable.has(example)) shared.set(example, (shared.get(example) ?? 0) + weight);
            }
        }
        const ranked: Ranked[] = [];
        for (const [example, common] of shared) {
            const names = this.#usable.get(example);
            const name = names === undefined ? undefined : (nearest.get(names) ?? names.all[0]);
            const likeness = this.#likeness(said, total, example, common, name);
            if (likeness >= LEAST_LIKENESS) ranked.push({ example, name, likeness });
        }
        ranked.sort(
            (one, other) => other.likeness - one.likeness || one.example.parts.length - other.example.parts.length,
        );
        const suggestions = new Set<string>();
        for (const { example, name } of ranked) {
            suggestions.add(this.#filled(example, name));
            if (suggestions.size === MAX_SUGGESTIONS) break;
        }
        return [...suggestions];
    }

    /**
     * Shared words among all words of both, each worth more the fewer examples have it.
     * @param total weight of what was said
     * @param common weight of the said words that the example has
     */
    #likeness(
        said: ReadonlySet<string>,
        total: number,
        { words, weight }: Example,
        common: number,
        name: HomeValue | undefined,
    ): number {
        let shared = common;
        let all = total + weight - common;
        for (const word of name?.words ?? []) {
            if (words.has(word)) continue;
            const worth = this.examples.weightOf(word);
            if (!said.has(word)) all += worth;
            else {
                shared += worth;
                if (this.examples.containing(word).length === 0) all += worth - UNKNOWN_WEIGHT;
            }
        }
        return shared === 0 ? 0 : shared / all;
    }

    #filled({ parts }: Example, name: HomeValue | undefined): string {
        const texts = parts.map((part) => {
            if (typeof part === "string") return part;
            if (part.source.kind !== "home") return this.examples.valueOf(part);
            return `${part.prefix}${name?.said ?? ""}${part.suffix}`;
        });
        return texts.join(" ");
    }
}

/** Devices that no sentence tells apart are looked at only once. */
class Kinds {
    readonly #kinds: readonly (readonly Device[])[];
    readonly #byBlock = new Map<BuiltBlock, readonly number[] | undefined>();
    readonly #names = new Map<string, Names>();

    constructor(
        readonly home: HomeDescription,
        readonly homeNames: HomeNames,
        examples: Examples,
    ) {
        const blocks = new Set(examples.all.map(({ block }) => block));
        const keys = new Set(
            [...blocks].flatMap(({ requires, excludes }) => Object.keys({ ...requires, ...excludes })),
        );
        keys.delete("domain");
        const kindOf = (device: Device) =>
            [device.type, ...[...keys].map((key) => `${key}=${String(device.attributes?.[key])}`)].join("\n");
        this.#kinds = [...Map.groupBy(home.devices, kindOf).values()];
    }

    /** Kinds of devices that a block is about; undefined where it needs one that the home lacks. */
    about(block: BuiltBlock): readonly number[] | undefined {
        if (!this.#byBlock.has(block)) this.#byBlock.set(block, this.#about(block));
        return this.#byBlock.get(block);
    }

    names(list: HomeList, kinds: readonly number[]): Names {
        const key = `${list} ${kinds.join(" ")}`;
        const known = this.#names.get(key) ?? new Names(this.#fitting(list, kinds));
        this.#names.set(key, known);
        return known;
    }

    allNames(): readonly Names[] {
        return [...this.#names.values()];
    }

    #about(block: BuiltBlock): readonly number[] | undefined {
        const domains = domainsOf(block, block.slots);
        const about = this.#kinds.flatMap(([device], index) => {
            if (device === undefined) return [];
            const fits =
                domains.length > 0
                    ? domains.includes(device.type)
                    : meets(block.requires, block.excludes, deviceContext(device));
            return fits ? [index] : [];
        });
        return domains.length > 0 && about.length === 0 ? undefined : about;
    }

    #fitting(list: HomeList, kinds: readonly number[]): HomeValue[] {
        const devices = kinds.flatMap((kind) => this.#kinds[kind] ?? []);
        const { values } = this.homeNames.of(list);
        const ids = new Set(devices.map(({ id }) => id));
        if (list === "name") return values.filter((value) => value.devices.some(({ id }) => ids.has(id)));
        const areas = new Set(devices.map(({ area }) => area));
        if (list === "area") return values.filter((value) => value.areas.some(({ id }) => areas.has(id)));
        const floors = new Set(this.home.areas.filter(({ id }) => areas.has(id)).map(({ floor }) => floor));
        return values.filter((value) => value.floors.some(({ id }) => floors.has(id)));
    }
}

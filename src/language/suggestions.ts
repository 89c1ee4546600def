/** Sentences that would have been understood, for when nothing was. */
import type { Device, HomeDescription } from "../home/model";
import type { HomeNames } from "./automaton/home-names";
import type { HomeValue } from "./automaton/home-values";
import type { HomeList } from "./automaton/list-source";
import type { BuiltBlock } from "./build/build";
import type { Example, Examples } from "./examples";
import type { Language } from "./language";
import { deviceContext, domainsOf, meets } from "./match/targets";
import { wordsOf } from "./words";

const MAX_SUGGESTIONS = 3;
/** Words of a text that are looked at; what follows makes no suggestion better. */
const MAX_WORDS = 30;
/** A share of the words, weighed by how rare they are, below which a suggestion would only puzzle. */
const LEAST_LIKENESS = 0.2;
/** Weight of a word that stands in no sentence: it speaks against all of them alike. */
const UNKNOWN_WEIGHT = 0.2;
/** Sentences looked at that have nothing in common with what was said but a name. */
const MAX_BY_NAME = 5;

/** Kept while looking for the likeliest: several may read the same once they are filled in. */
const MAX_RANKED = 12;
const NO_NAME = { shared: 0, all: 0 };
/** Of a name that has nothing in common with what was said. */
const OTHER_NAME = { shared: 0, all: 1 };

/** Names that fit the same place of an example, and the examples they fit. */
class Names {
    readonly examples: Example[] = [];
    /** What is likest to the text that is being looked at; absent between texts. */
    nearest: Nearest | undefined;
    /** By the place of a name among all of the home. */
    readonly #members: Uint8Array;

    constructor(
        readonly list: HomeList,
        readonly all: readonly HomeValue[],
        values: readonly HomeValue[],
    ) {
        const members = new Set(all);
        this.#members = Uint8Array.from(values, (value) => Number(members.has(value)));
    }

    /** The likest of those found; the first of several. */
    likest({ found, likeness }: NamesFound): number | undefined {
        let best: number | undefined;
        let most = 0;
        for (const index of found) {
            const like = likeness[index] ?? 0;
            if (like <= most || this.#members[index] !== 1) continue;
            best = index;
            most = like;
        }
        return best;
    }
}

/** Names of a list that have something in common with a text. */
interface NamesFound {
    readonly found: readonly number[];
    /** By the place of a name among all of the home. */
    readonly likeness: Float64Array;
}

/** A name to fill in, and what it adds to the likeness of the sentences that it fills. */
interface Nearest {
    readonly name: HomeValue;
    /** Weight of its words that were said. */
    readonly shared: number;
    /** What all its words add to the weight of what either has. */
    readonly all: number;
}

export class Suggestions {
    readonly examples: Examples;
    /** By index of the example: names that fill it; none: there is nothing to fill in; undefined: this home can't fill it. */
    readonly #names: readonly (Names | "none" | undefined)[];
    readonly #allNames: readonly Names[];
    /** Weight of the said words that an example has; all zero between calls. */
    readonly #common: Float64Array;
    /** What each name has in common with what was said; all zero between calls. */
    readonly #likeness = new Map<HomeList, Float64Array>();

    constructor(
        readonly language: Pick<Language, "examples" | "wordKind">,
        home: HomeDescription,
        readonly names: HomeNames,
    ) {
        const { examples } = language;
        this.examples = examples;
        const kinds = new Kinds(home, names, examples);
        this.#names = examples.all.map((example) => {
            const about = kinds.about(example.block);
            if (about === undefined) return undefined;
            if (example.list === undefined) return "none";
            const fitting = kinds.names(example.list, about);
            if (fitting.all.length === 0) return undefined;
            fitting.examples.push(example);
            return fitting;
        });
        this.#allNames = kinds.allNames();
        for (const { list } of this.#allNames) {
            this.#likeness.set(list, new Float64Array(names.of(list).values.length));
        }
        for (const { examples: fitting } of this.#allNames) fitting.sort((one, other) => one.weight - other.weight);
        this.#common = new Float64Array(examples.all.length);
    }

    /** Up to three, nearest first; none where nothing is near. */
    near(text: string): string[] {
        const said = new Set(wordsOf(text, MAX_WORDS, this.language.wordKind).map((word) => word.text));
        const candidates: number[] = [];
        this.#findNames(said, candidates);
        let total = 0;
        for (const word of said) {
            const containing = this.examples.containing(word);
            const weight = containing.length === 0 ? UNKNOWN_WEIGHT : this.examples.weightOf(word);
            total += weight;
            for (const index of containing) {
                const common = this.#common[index] ?? 0;
                if (common === 0) candidates.push(index);
                this.#common[index] = common + weight;
            }
        }
        const ranked = this.#ranked(candidates, total);
        for (const index of candidates) this.#common[index] = 0;
        const suggestions = new Set<string>();
        for (const { example } of ranked) {
            const names = this.#names[example.index];
            const filling = names instanceof Names ? (names.nearest?.name ?? names.all[0]) : undefined;
            suggestions.add(this.#filled(example, filling));
            if (suggestions.size === MAX_SUGGESTIONS) break;
        }
        return [...suggestions];
    }

    /** The likest name for each kind of place, and some sentences with it. */
    #findNames(said: ReadonlySet<string>, candidates: number[]): void {
        const foundIn = new Map<HomeList, NamesFound>();
        for (const [list, likeness] of this.#likeness) {
            foundIn.set(list, { found: this.names.of(list).near(said, likeness), likeness });
        }
        for (const names of this.#allNames) {
            const inList = foundIn.get(names.list);
            const index = inList && names.likest(inList);
            const name = index === undefined ? undefined : this.names.of(names.list).values[index];
            names.nearest = name && this.#nearest(said, name);
            if (name === undefined) continue;
            for (let at = 0; at < names.examples.length && at < MAX_BY_NAME; at += 1) {
                const example = names.examples[at];
                if (example !== undefined) candidates.push(example.index);
            }
        }
        for (const { found, likeness } of foundIn.values()) for (const index of found) likeness[index] = 0;
    }

    /**
     * The likeliest: shared words among all words of both, each worth more the fewer examples have it.
     * @param total weight of what was said
     */
    #ranked(candidates: readonly number[], total: number): { readonly example: Example; readonly likeness: number }[] {
        const best: { example: Example; likeness: number }[] = [];
        for (const index of candidates) {
            const names = this.#names[index];
            const example = this.examples.all[index];
            if (names === undefined || example === undefined) continue;
            const common = this.#common[index] ?? 0;
            const name = names === "none" ? NO_NAME : (names.nearest ?? OTHER_NAME);
            const likeness = (common + name.shared) / (total + example.weight - common + name.all);
            if (likeness < LEAST_LIKENESS) continue;
            if (best.length === MAX_RANKED && likeness <= (best.at(-1)?.likeness ?? 0)) continue;
            const at = best.findIndex((other) => isNearer(example, likeness, other));
            best.splice(at < 0 ? best.length : at, 0, { example, likeness });
            if (best.length > MAX_RANKED) best.pop();
        }
        return best;
    }

    #nearest(said: ReadonlySet<string>, name: HomeValue): Nearest {
        let shared = 0;
        let all = 0;
        for (const word of name.words) {
            const worth = this.examples.weightOf(word);
            if (!said.has(word)) all += worth;
            else {
                shared += worth;
                if (this.examples.containing(word).length === 0) all += worth - UNKNOWN_WEIGHT;
            }
        }
        return { name, shared, all };
    }

    #filled({ parts }: Example, name: HomeValue | undefined): string {
        const texts = parts.map((part) => {
            if (typeof part === "string") return part;
            if (part.source.kind !== "home") return this.examples.valueOf(part);
            return `${part.prefix}${name?.said ?? ""}${part.suffix}`;
        });
        return texts.join(this.language.wordKind === "word" ? " " : "");
    }
}

function isNearer(example: Example, likeness: number, than: { readonly example: Example; readonly likeness: number }) {
    if (likeness !== than.likeness) return likeness > than.likeness;
    return example.parts.length < than.example.parts.length;
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
        const known =
            this.#names.get(key) ?? new Names(list, this.#fitting(list, kinds), this.homeNames.of(list).values);
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

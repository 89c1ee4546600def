/** The sentences a home can be told aloud: numbers spelled, what the home lacks left out, free text left out. */
import type { HomeDescription } from "../../home/model";
import { type HomeValue, homeValues, nameWords } from "../automaton/home-values";
import { glueOf, type ListUse } from "../automaton/list-source";
import { anyOrder, choice, sequence, type WordExpression, word } from "../automaton/word-expression";
import type { BuiltBlock } from "../build/build";
import type { NumberRange } from "../file/model";
import type { SlotValue } from "../intent";
import type { Language } from "../language";
import { deviceContext, domainsOf, meets } from "../match/targets";
import { wordsOf } from "../words";

/** Numbers of a range that are written out; a wider range is said in coarser steps. */
const MAX_NUMBERS = 200;

export interface SpokenSentence {
    readonly intent: string;
    readonly words: WordExpression;
}

export class SpokenSentences {
    /** Values that may stand in the same places are one object, so that what is built of them is built once. */
    readonly #classes = new Map<string, WordExpression | undefined>();
    readonly #rewritten = new Map<WordExpression, Map<string, WordExpression | undefined>>();
    readonly #names: readonly HomeValue[];

    constructor(
        readonly language: Language,
        readonly home: HomeDescription,
    ) {
        this.#names = homeValues(home, "name");
    }

    /** With the intent that each asks for. */
    sentences(): SpokenSentence[] {
        const blocks = this.language.blocks.filter((block) => block.metadata.for !== "text" && this.#suits(block));
        return blocks.flatMap((block) => {
            // Where a sentence is said is not known when the grammar is made.
            const requires = Object.fromEntries(Object.entries(block.requires).filter(([key]) => key !== "area"));
            const domains = kindsOf(block);
            const key = JSON.stringify([requires, block.excludes, domains]);
            const fits = { requires, excludes: block.excludes, domains, key };
            return block.words.flatMap((words): SpokenSentence[] => {
                const spoken = this.#rewrite(words, fits);
                return spoken === undefined ? [] : [{ intent: block.intent, words: spoken }];
            });
        });
    }

    /** What text can ask for in this home. */
    intents(): Set<string> {
        const blocks = this.language.blocks.filter((block) => block.metadata.for !== "recogniser");
        return new Set(blocks.filter((block) => this.#suits(block)).map(({ intent }) => intent));
    }

    /** Whether the home has any device of the kinds that the block is about. */
    #suits(block: BuiltBlock): boolean {
        const domains = kindsOf(block);
        return domains.length === 0 || this.home.devices.some(({ type }) => domains.includes(type));
    }

    /** Undefined where nothing is left. */
    #rewrite(expression: WordExpression, fits: Fits): WordExpression | undefined {
        let byFits = this.#rewritten.get(expression);
        if (byFits === undefined) {
            byFits = new Map();
            this.#rewritten.set(expression, byFits);
        }
        if (!byFits.has(fits.key)) byFits.set(fits.key, this.#rewriteNow(expression, fits));
        return byFits.get(fits.key);
    }

    #rewriteNow(expression: WordExpression, fits: Fits): WordExpression | undefined {
        switch (expression.kind) {
            case "word":
                return this.#sayable(expression.text);
            case "list":
                return this.#list(expression.use, fits);
            case "rule":
                return this.#rewrite(expression.body, fits);
            case "choice": {
                const items = expression.items.flatMap((item) => this.#rewrite(item, fits) ?? []);
                return items.length === 0 ? undefined : choice(items);
            }
            case "sequence":
            case "any-order": {
                const items: WordExpression[] = [];
                for (const item of expression.items) {
                    const rewritten = this.#rewrite(item, fits);
                    if (rewritten === undefined) return undefined;
                    items.push(rewritten);
                }
                return expression.kind === "sequence" ? sequence(items) : anyOrder(items);
            }
        }
    }

    #list(use: ListUse, fits: Fits): WordExpression | undefined {
        const { source, prefix, suffix } = use;
        const glue = glueOf(use);
        switch (source.kind) {
            case "wildcard":
                return undefined;
            case "range":
                return this.#class(`range ${JSON.stringify(source.range)}`, () => this.#numbers(source.range));
            case "text":
                return this.#class(`${source.id} ${glue}`, () =>
                    (source.spellings.get(glue) ?? []).flatMap((value) => this.#rewrite(value, fits) ?? []),
                );
            case "home": {
                if (source.list !== "name") {
                    return this.#class(`${source.list} ${glue} ${fits.domains}`, () =>
                        homeValues(this.home, source.list)
                            .filter((place) => this.#holds(place, fits.domains))
                            .flatMap(({ said }) => this.#said(said, prefix, suffix) ?? []),
                    );
                }
                return this.#devices(fits, prefix, suffix);
            }
        }
    }

    /** One class per type of device, so that sentences for several types share the classes of each. */
    #devices(fits: Fits, prefix: string, suffix: string): WordExpression | undefined {
        const types = new Map<string, HomeValue[]>();
        for (const value of this.#names) {
            const fitting = value.devices.filter((device) =>
                meets(fits.requires, fits.excludes, deviceContext(device)),
            );
            const [first] = fitting;
            if (first === undefined) continue;
            const known = types.get(first.type);
            if (known === undefined) types.set(first.type, [value]);
            else known.push(value);
        }
        const classes = [...types].flatMap(([type, values]) => {
            const key = `name ${type} ${prefix}:${suffix} ${values.map(({ said }) => said).join("\n")}`;
            return this.#class(key, () => values.flatMap(({ said }) => this.#said(said, prefix, suffix) ?? [])) ?? [];
        });
        return classes.length === 0 ? undefined : choice(classes);
    }

    /** "The kitchen lights" are not expected where the kitchen has none: the device "Kitchen Light" sounds much like them. */
    #holds({ areas, floors }: HomeValue, domains: readonly SlotValue[]): boolean {
        if (domains.length === 0) return true;
        const ids = new Set(areas.map(({ id }) => id));
        const onFloors = new Set(floors.map(({ id }) => id));
        for (const { id, floor } of this.home.areas) if (floor !== undefined && onFloors.has(floor)) ids.add(id);
        return this.home.devices.some(
            ({ area, type }) => area !== undefined && ids.has(area) && domains.includes(type),
        );
    }

    #said(name: string, prefix: string, suffix: string): WordExpression | undefined {
        return this.#rewrite(nameWords(name, prefix, suffix), NO_CONDITIONS);
    }

    #class(key: string, values: () => readonly WordExpression[]): WordExpression | undefined {
        if (this.#classes.has(key)) return this.#classes.get(key);
        // A list with itself in its values has no such value.
        this.#classes.set(key, undefined);
        const said = values();
        const found = said.length === 0 ? undefined : choice(said);
        this.#classes.set(key, found);
        return found;
    }

    #numbers(range: NumberRange): WordExpression[] {
        const { from, to, step } = range.spoken ?? range;
        let coarse = step;
        while ((to - from) / coarse > MAX_NUMBERS) coarse *= 10;
        const numbers: WordExpression[] = [];
        for (let value = from; value <= to; value += coarse) {
            const spelled = this.#spelled(value);
            if (spelled !== undefined) numbers.push(spelled);
        }
        return numbers;
    }

    #spelled(value: number): WordExpression | undefined {
        const spelled = this.language.numbers.spelled(value);
        return spelled === undefined ? undefined : sequence(wordsOf(spelled).map(({ text }) => word(text)));
    }

    /** Digits are spelled; signs are read, not said. */
    #sayable(text: string): WordExpression | undefined {
        if (/^-?\d/.test(text)) return this.#spelled(Number(text));
        return /^[\p{L}\p{M}']+$/u.test(text) ? word(text) : undefined;
    }
}

/** Kinds of device that a block is about. */
function kindsOf(block: BuiltBlock): readonly SlotValue[] {
    return [...domainsOf(block, block.slots), ...(block.requires.domain?.values ?? [])];
}

interface Fits extends Pick<BuiltBlock, "requires" | "excludes"> {
    /** Of the devices that a sentence without a name is about; none where it is about no devices. */
    readonly domains: readonly SlotValue[];
    /** Equal for equal conditions. */
    readonly key: string;
}

const NO_CONDITIONS: Fits = { requires: {}, excludes: {}, domains: [], key: "" };

import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile, type Grammar } from "../../dist/src/language";
import { parseTemplate } from "../../dist/src/language/template/parse";
import { TemplateError } from "../../dist/src/language/template/syntax";
import { grammarOf, isExact, languageOf, sentences } from "./homes";
import { DEFINITIONS, expansionsOf, printed, type TemplateTree, template } from "./random-templates";

function understands(template: string, text: string): boolean {
    return isExact(grammarOf(sentences([template])), text);
}

describe("a sentence template", () => {
    it.each([
        ["turn (on|off) the light", "turn off the light"],
        ["turn on [the] light", "turn on light"],
        ["turn on [the] light", "turn on the light"],
        ["light[s] on", "lights on"],
        ["schalt[e|en] ein", "schalten ein"],
        ["(an|aus)(schalten|machen)", "ausmachen"],
        ["[he]runter", "herunter"],
        ["wie[ ]viel", "wieviel"],
        ["wie[ ]viel", "wie viel"],
        ["(the red; [a] dark; lamp)", "lamp a dark the red"],
        ["(the red; [a] dark; lamp)", "the red lamp dark"],
        ["level {0..100,5:level}", "level 35"],
        ["a|b c", "b c"],
        ["round \\(brackets\\)", "round brackets"],
        ["what['s| is] up", "What’s up?"],
        ["20%", "20 %"],
        ["straße", "STRASSE"],
    ])("%s matches %s", (template, text) => {
        expect(understands(template, text)).toBe(true);
    });

    it.each([
        ["turn (on|off) the light", "turn the light"],
        ["light[s] on", "light s on"],
        ["(the red; lamp)", "lamp"],
        ["level {0..100,5:level}", "level 33"],
        ["level {0..100:level}", "level 101"],
        ["(an|aus)(schalten|machen)", "aus machen"],
    ])("%s does not match %s", (template, text) => {
        expect(understands(template, text)).toBe(false);
    });

    it.each([
        ["turn (on|off", 5, '"("', 'a matching ")"'],
        ["turn on] now", 7, '"]"', "the end"],
        ["set {brightness", 4, '"{"', 'a matching "}"'],
        ["set {} now", 5, "names no list", "the name of a list"],
        ["<a b> c", 1, "names no rule", "the name of an expansion rule"],
        ["(a|b;c)", 4, '";" among items separated by "|"', '"|"'],
        ["()", 0, "holds nothing", "words"],
        ["{5..1:x}", 1, "runs backwards", "at least 5"],
        ["a (b] c", 4, '"]" inside', '")"'],
        ["end\\", 3, "backslash", "a character"],
    ])("%s is refused at offset %i", (text, offset, fault, expected) => {
        const attempt = () => parseTemplate(text);
        expect(attempt).toThrow(TemplateError);
        try {
            attempt();
        } catch (error) {
            expect(error).toMatchObject({ offset, message: expect.stringContaining(fault) });
            expect((error as TemplateError).expected).toContain(expected);
        }
    });

    it("understands exactly the sentences, with the slots, that writing it out gives", () => {
        fc.assert(
            fc.property(
                fc.array(fc.record({ tree: template(), here: fc.boolean() }), { minLength: 1, maxLength: 3 }),
                fc.infiniteStream(fc.nat(1000)),
                (blocks, dice) => {
                    const grammar = grammarOfBlocks(blocks);
                    const usable = blocks.flatMap(({ tree, here }, index) => {
                        const expansions = expansionsOf(tree);
                        // Sentences that may be no words at all are refused when the file is loaded.
                        if (expansions.some(({ text }) => text === "")) return [];
                        return expansions.map(({ text, slots }) => ({
                            text,
                            here,
                            slots: { block: index, ...(here ? { area: "Kitchen" } : {}), ...Object.fromEntries(slots) },
                        }));
                    });
                    const roll = (sides: number) => Number(dice.next().value) % sides;
                    const written = blocks.flatMap(({ tree }) => expansionsOf(tree).map(({ text }) => text));
                    const sample = [...new Set(written)].filter((text) => text !== "");
                    const texts = Array.from(
                        { length: Math.min(sample.length, 40) },
                        () => sample[roll(sample.length)] ?? "",
                    );
                    const changed = texts.slice(0, 8).map((text) => {
                        const words = text.split(" ");
                        const other = ["a", "b", "c", "ab", "abc", "ca", "", "x", "y", "2", "3"][roll(11)] ?? "";
                        words.splice(roll(words.length), 1, other);
                        return words.filter((each) => each !== "").join(" ");
                    });
                    for (const text of [...texts, ...changed]) {
                        const words = text.split(" ");
                        words.splice(roll(words.length + 1), 0, ...(roll(3) === 0 ? ["um"] : []));
                        for (const area of [undefined, "kitchen"]) {
                            const meant = usable.filter(
                                (each) => each.text === text && (!each.here || area !== undefined),
                            );
                            const { intents } = grammar.understand(words.join(" "), area === undefined ? {} : { area });
                            const exact = intents.find(({ confidence }) => confidence === 1)?.slots;
                            const slots = meant.find((each) => sameSlots(each.slots, exact))?.slots ?? meant[0]?.slots;
                            expect([words, area, exact]).toEqual([words, area, slots]);
                        }
                    }
                },
            ),
            { numRuns: 120, seed: 20_260_801 },
        );
    });
});

function grammarOfBlocks(blocks: readonly { readonly tree: TemplateTree; readonly here: boolean }[]): Grammar {
    const data = blocks.map(({ tree, here }, index) => {
        const context = here ? ", requires_context: { area: { slot: true } }" : "";
        return `      - { sentences: [${JSON.stringify(printed(tree))}], slots: { block: ${index} }${context} }`;
    });
    const yaml = `language: en\nintents:\n  Test:\n    data:\n${data.join("\n")}\n${DEFINITIONS}`;
    return compile(languageOf(yaml), { floors: [], areas: [{ id: "kitchen", name: "Kitchen" }], devices: [] });
}

function sameSlots(one: object, other: object | undefined): boolean {
    return isDeepStrictEqual({ ...one }, { ...other });
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../../dist/src/language";
import { parseTemplate } from "../../dist/src/language/template/parse";
import { TemplateError } from "../../dist/src/language/template/syntax";
import { EMPTY_HOME, grammarOf, isExact, languageOf, sentences } from "./homes";
import { expansionsOf, printed, type TemplateTree, template } from "./random-templates";

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

    it("understands exactly the sentences that writing it out gives", () => {
        fc.assert(
            fc.property(
                fc.array(template(), { minLength: 1, maxLength: 3 }),
                fc.infiniteStream(fc.nat(6)),
                (trees, dice) => {
                    const language = languageOf(sentences(trees.map(printed)));
                    const grammar = compile(language, EMPTY_HOME);
                    const expected = new Set(trees.flatMap(expansionsOf));
                    // Sentences of no words at all are refused when the file is loaded.
                    expected.delete("");
                    const usable = trees.filter((tree: TemplateTree) => !expansionsOf(tree).includes(""));
                    const understood = new Set(usable.flatMap(expansionsOf));
                    for (const text of expected) {
                        expect([text, isExact(grammar, text)]).toEqual([text, understood.has(text)]);
                    }
                    for (const text of [...expected].slice(0, 5)) {
                        const [{ value: from }, { value: word }] = [dice.next(), dice.next()];
                        const words = text.split(" ");
                        words.splice(from % words.length, 1, ["a", "b", "c", "ab", "abc", "ca", ""][word] ?? "");
                        const changed = words.filter((each) => each !== "").join(" ");
                        expect([changed, isExact(grammar, changed)]).toEqual([changed, understood.has(changed)]);
                    }
                },
            ),
            { numRuns: 150, seed: 20_260_801 },
        );
    });
});

import { describe, expect, it } from "vitest";
import {
    availableLanguages,
    compile,
    loadLanguage,
    SentenceFileError,
    UnknownLanguageError,
} from "../../dist/src/language";
import { EMPTY_HOME, folderWith, grammarOf, HOME, languageOf, sentences } from "./homes";

describe("sentence files", () => {
    it("come with the package in English and German, without a fault", () => {
        expect(availableLanguages()).toEqual(expect.arrayContaining(["de", "en"]));
        for (const code of ["de", "en"]) expect(loadLanguage(code).problems).toEqual([]);
    });

    it("of an unknown language are refused with a sentence that names those there are", () => {
        expect(() => loadLanguage("tlh")).toThrow(UnknownLanguageError);
        expect(() => loadLanguage("../en")).toThrow(/there are some for de, en/);
    });

    it("are read as Home Assistant writes them", () => {
        const grammar = grammarOf(
            `
language: "en"
settings: { filter_with_regex: false }
responses: { intents: { Test: { default: "{{ slots.what }}" } } }
intents:
  Test:
    data:
      - sentences: ["<make> {drink}[ with {extra:topping}]", "{amount} {drink}s"]
        slots: { where: kitchen }
        response: default
        metadata: { source: me }
        required_keywords: [coffee, coffees, tea]
        expansion_rules: { make: "(make|brew)[ me] [a]" }
        lists: { amount: { range: { from: 2, to: 8, step: 2, multiplier: 10 } } }
lists:
  drink:
    values:
      - tea
      - { in: "(coffee|java)", out: coffee }
      - { in: water, out: water }
  extra:
    values: [milk, { in: "(two|2) sugars", out: 2 }]
skip_words: [please, "if you can"]
`,
        );
        const slotsOf = (text: string) => grammar.understand(text).intents.map(({ name, slots }) => [name, slots]);
        expect(slotsOf("Please brew me a tea with 2 sugars!")).toEqual([
            ["Test", { where: "kitchen", drink: "tea", topping: 2 }],
        ]);
        expect(slotsOf("if you can make coffee")).toEqual([["Test", { where: "kitchen", drink: "coffee" }]]);
        expect(slotsOf("four coffees")).toEqual([["Test", { where: "kitchen", amount: 40, drink: "coffee" }]]);
        expect(slotsOf("five coffees")).toEqual([]);
        expect(slotsOf("make water")).toEqual([]);
        expect(slotsOf("make java")).toEqual([]);
    });

    it("say where a fault is and what was expected, and the rest still works", () => {
        const yaml = `language: en
intents:
  Test:
    data:
      - sentences:
          - "works fine"
          - "never (closed"
          - uses <nothing> here
          - 'and {nowhere}'
      - slots: {a: b}
rules: {}
expansion_rules:
  one: "a <two>"
  two: "b <one>"
`;
        const language = languageOf(yaml, {
            "broken.yaml": "language: en\nintents: [unclosed\n",
            "other.yaml": "language: de",
        });
        const places = language.problems.map(({ code, line, column }) => [code, line, column]);
        expect(places).toContainEqual(["template", 7, 20]);
        expect(places).toContainEqual(["unknown-reference", 8, 18]);
        expect(places).toContainEqual(["unknown-reference", 9, 18]);
        expect(places).toContainEqual(["shape", 10, 9]);
        expect(places).toContainEqual(["shape", 11, 1]);
        expect(places).toContainEqual(["recursion", 14, 11]);
        expect(places).toContainEqual(["language", 1, 11]);
        expect(language.problems.some(({ file, code }) => file.endsWith("broken.yaml") && code === "syntax")).toBe(
            true,
        );
        for (const problem of language.problems) {
            expect(problem).toBeInstanceOf(SentenceFileError);
            expect(problem.message).toMatch(/\.yaml:\d+:\d+: .+; expected .+/);
        }
        expect(compile(language, EMPTY_HOME).understand("works fine").intents).toHaveLength(1);
    });

    it("mean the devices that their fixed slots and contexts say", () => {
        const grammar = grammarOf(
            `
language: en
intents:
  HassTurnOn:
    data:
      - { sentences: [lights], slots: { domain: light }, requires_context: { area: { slot: true } } }
      - { sentences: [cook], slots: { domain: light, area: kitchen } }
      - { sentences: [read], slots: { name: lamp } }
      - { sentences: [bathe], slots: { domain: light, area: bathroom } }
      - { sentences: [party], slots: { domain: light, name: all } }
      - { sentences: [cover], slots: { domain: light, device_class: [strip, bulb] } }
`,
            HOME,
        );
        const targets = (text: string, area?: string) =>
            grammar.understand(text, area === undefined ? {} : { area }).intents[0]?.targets;
        expect(targets("lights")).toBeUndefined();
        expect(targets("lights", "kitchen")).toEqual(["kitchen-light"]);
        expect(targets("cook", "bedroom")).toEqual(["kitchen-light"]);
        expect(targets("read")).toEqual(["lamp"]);
        expect(targets("bathe")).toEqual([]);
        expect(targets("party")).toHaveLength(3);
        expect(targets("cover")).toEqual([]);
    });

    it("add to the built-in sentences from a folder of the user's", () => {
        const folder = folderWith({ "mine.yaml": sentences(["movie time"]) });
        const grammar = compile(loadLanguage("en", { sentenceFolders: [folder] }), HOME);
        expect(grammar.understand("movie time").intents[0]?.name).toBe("Test");
        expect(grammar.understand("kitchen light on").intents[0]?.name).toBe("HassTurnOn");
    });

    it("that can't be read are told, not thrown", () => {
        const language = loadLanguage("en", { sentenceFolders: ["/nowhere/at/all"], builtin: false });
        expect(language.problems).toMatchObject([{ code: "unreadable", file: "/nowhere/at/all" }]);
    });

    it.each([
        ["a rule that doubles at every step", doubling(40, "<a>", " ")],
        ["a rule whose letters double at every step", doubling(40, "<a>", "")],
        ["letters in a hundred glued groups", sentences([Array.from({ length: 100 }, () => "(a|b)").join("")])],
        ["nine things in any order", sentences(["(a;b;c;d;e;f;g;h;i)"])],
        ["permutations in permutations", sentences([nested(5)])],
        ["groups nested deeply", sentences([`${"(".repeat(5000)}a${")".repeat(5000)}`])],
    ])("with %s are refused", (_, yaml) => {
        const language = languageOf(`${yaml}`);
        expect(language.problems.length).toBeGreaterThan(0);
        for (const { code } of language.problems) expect(["too-large", "template"]).toContain(code);
        expect(compile(language, EMPTY_HOME).understand("a b c").intents).toEqual([]);
    });
});

function doubling(levels: number, last: string, between: string): string {
    const rules = Array.from(
        { length: levels },
        (_, level) => `  r${level}: "x<r${level + 1}>${between}<r${level + 1}>"`,
    );
    return `${sentences(["<r0>"])}\nexpansion_rules:\n${rules.join("\n")}\n  r${levels}: "${last === "<a>" ? "(a|b)" : last}"\n`;
}

function nested(depth: number): string {
    if (depth === 0) return "a";
    return `(${Array.from({ length: 8 }, (_, index) => `${"abcdefgh"[index]} ${nested(index === 0 ? depth - 1 : 0)}`).join(";")})`;
}

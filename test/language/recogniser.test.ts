import { describe, expect, it } from "vitest";
import { compile, loadLanguage } from "../../dist/src/language";
import { afterwards } from "../../dist/src/language/conversation/before";
import { EMPTY_HOME, grammarOf, HOME, isExact } from "./homes";
import { Jsgf } from "./jsgf-reader";

const ORDERS = `
language: en
intents:
  orderDrink:
    data:
      - sentences:
          - "<opening> [(a|an)] ([{size}];[{roast}];[{numberOfShots}]) {coffeeDrink} [with ([{milkAmount}[ and]];[{sugarAmount}[ and]])]"
expansion_rules:
  opening: "(brew|can i (get|have)|i want|(get|give|make) me|i'd like|may i have)"
lists:
  size: { values: [small, medium, large, eight ounce, twelve ounce] }
  roast: { values: [light roast, medium roast, dark roast] }
  numberOfShots: { values: [single shot, double shot, triple shot] }
  coffeeDrink: { values: [americano, cappuccino, mocha, iced mocha, coffee, iced coffee] }
  milkAmount: { values: [milk, a little bit of milk, skim milk, lots of soy milk] }
  sugarAmount: { values: [sugar, some brown sugar, a bit of sugar] }
`;

describe("orders of coffee from a folder of sentences alone", () => {
    const grammar = grammarOf(ORDERS);

    it.each([
        ["can I get a mocha", { coffeeDrink: "mocha" }],
        ["Brew me", undefined],
        ["brew a large dark roast iced coffee", { size: "large", roast: "dark roast", coffeeDrink: "iced coffee" }],
        [
            "i'd like a double shot medium medium roast americano with skim milk and some brown sugar",
            {
                numberOfShots: "double shot",
                size: "medium",
                roast: "medium roast",
                coffeeDrink: "americano",
                milkAmount: "skim milk",
                sugarAmount: "some brown sugar",
            },
        ],
        [
            "give me an eight ounce cappuccino with a bit of sugar and a little bit of milk",
            {
                size: "eight ounce",
                coffeeDrink: "cappuccino",
                sugarAmount: "a bit of sugar",
                milkAmount: "a little bit of milk",
            },
        ],
    ])("%s", (text, slots) => {
        const [intent] = grammar.understand(text).intents;
        expect(intent).toEqual(
            slots === undefined ? undefined : { name: "orderDrink", confidence: 1, slots, targets: [], text },
        );
    });

    it("have every order of their parts in the recogniser's grammar", () => {
        const jsgf = new Jsgf(grammar.recogniser.jsgf);
        for (const parts of [
            "small dark roast",
            "dark roast small",
            "single shot dark roast small",
            "small single shot dark roast",
        ]) {
            expect([parts, jsgf.accepts(`brew a ${parts} mocha with sugar and milk`)]).toEqual([parts, true]);
        }
        expect(jsgf.accepts("brew a mocha small")).toBe(false);
        expect(jsgf.accepts("brew")).toBe(false);
        expect(grammar.recogniser.words).toEqual(expect.arrayContaining(["americano", "i'd", "ounce"]));
        expect(grammar.recogniser.jsgf).not.toMatch(/please/);
    });
});

describe("the recogniser's grammar of a home", () => {
    const grammar = compile(loadLanguage("en"), HOME);
    const { jsgf, words, language } = grammar.recogniser;
    const reader = new Jsgf(jsgf);

    it.each([
        "turn on the kitchen light",
        "kitchen light on",
        "turn the lamp two off",
        "all the lights off",
        "turn off the lights in the living room",
        "downstairs lights on",
        "set the lamp to forty two percent",
        "please make the lamp dark blue",
        "set the heating to twenty one degrees",
        "what is the temperature in the living room",
        "is the coffee machine on",
        "which lights are on please",
    ])("hears %s", (text) => {
        expect(reader.accepts(text)).toBe(true);
    });

    it("holds nothing that the home can't do", () => {
        const lampOnly = { ...HOME, devices: HOME.devices.filter(({ type }) => type === "light") };
        const lights = compile(loadLanguage("en"), lampOnly).recogniser;
        expect(lights.jsgf).not.toMatch(/heating|degrees|coffee/);
        expect(compile(loadLanguage("en"), EMPTY_HOME).recogniser.words).not.toContain("lights");
    });

    it("is in the form that PocketSphinx reads", () => {
        expect(language).toBe("en");
        expect(jsgf).toMatch(/^#JSGF V1\.0;\ngrammar home;\n/);
        expect(jsgf.match(/^public <order> = .+;$/gm)).toHaveLength(1);
        // Empty alternatives and groups make the reader throw.
        const bodies = jsgf.replace("#JSGF V1.0;", "").replaceAll(/<[a-z0-9_]+>/g, "");
        expect(bodies).not.toMatch(/[A-Z0-9%°]/);
        for (const [, name] of jsgf.matchAll(/<([^>]*)>/g)) expect(name).toMatch(/^[a-z0-9_]+$/);
        expect(new Set(words)).toEqual(reader.words);
        expect(new Set(words).size).toBe(words.length);
    });

    it("stays small when it is written out, also with a hundred devices", () => {
        const many = Array.from({ length: 100 }, (_, index) => ({
            id: `x${index}`,
            name: `${["red", "green", "blue", "old", "new"][index % 5]} ${["north", "south", "east", "west"][index % 4]} lamp ${index}`,
            type: "light",
            area: "kitchen",
        }));
        expect(reader.size()).toBeLessThan(1_000);
        const large = compile(loadLanguage("en"), { ...HOME, devices: [...HOME.devices, ...many] });
        expect(new Jsgf(large.recogniser.jsgf).size()).toBeLessThan(6_000);
    });

    it.each(["en", "de"])("says only what is understood (%s)", (code) => {
        const both = compile(loadLanguage(code), HOME);
        const source = new Jsgf(both.recogniser.jsgf);
        const missed = new Set<string>();
        // Some sentences go on from others: after one about a light, or about the heating.
        const said = (name: string, target: string) => ({
            ...afterwards(undefined, [{ name, slots: {}, confidence: 1, targets: [target], text: "" }]),
            others: ["lamp"],
        });
        const before = [said("HassTurnOn", "bedroom-2"), said("HassClimateSetTemperature", "thermostat")];
        let seed = 7;
        const random = () => {
            seed = (seed * 48_271) % 2_147_483_647;
            return seed / 2_147_483_647;
        };
        for (let count = 0; count < 400; count += 1) {
            const text = source.sample(random);
            if (!before.some((each) => isExact(both, text, { before: each }))) missed.add(text);
        }
        expect([...missed]).toEqual([]);
    });
});

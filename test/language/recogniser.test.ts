import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile, loadLanguage } from "../../dist/src/language";
import { afterwards } from "../../dist/src/language/conversation/before";
import { EMPTY_HOME, grammarOf, HOME, isExact, sentences } from "./homes";
import { NetworkReader, numbersFrom } from "./network-reader";
import { DEFINITIONS, expansionsOf, printed, template } from "./random-templates";

const ENGLISH = loadLanguage("en");

/** A home with a thing of every kind that sentences for the recogniser are about. */
const FURNISHED = {
    ...HOME,
    devices: [
        ...HOME.devices,
        ...Object.entries({
            fan: "Ceiling Fan",
            media_player: "Radio",
            cover: "Kitchen Blinds",
            lock: "Front Door",
            scene: "Film Night",
            script: "Good Morning",
            vacuum: "Robot",
            weather: "Forecast",
            siren: "Siren",
            humidifier: "Washer",
        }).map(([type, name]) => ({ id: type, name, type, area: "kitchen" })),
    ],
};

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
        const network = new NetworkReader(grammar.recogniser.network);
        for (const parts of [
            "small dark roast",
            "dark roast small",
            "single shot dark roast small",
            "small single shot dark roast",
        ]) {
            expect([parts, network.accepts(`brew a ${parts} mocha with sugar and milk`)]).toEqual([parts, true]);
        }
        expect(network.accepts("brew a mocha small")).toBe(false);
        expect(network.accepts("brew")).toBe(false);
        expect(grammar.recogniser.network.words).toEqual(expect.arrayContaining(["americano", "i'd", "ounce"]));
        expect(grammar.recogniser.network.words).not.toContain("please");
    });
});

describe("the recogniser's grammar of a home", () => {
    const grammar = compile(ENGLISH, HOME);
    const { network, language } = grammar.recogniser;
    const reader = new NetworkReader(network);

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
        const { words } = compile(ENGLISH, lampOnly).recogniser.network;
        expect(words).toContain("lamp");
        for (const word of ["heating", "degrees", "coffee", "open", "volume"]) expect(words).not.toContain(word);
        expect(compile(ENGLISH, EMPTY_HOME).recogniser.network.words).not.toContain("lights");
    });

    it("has each word once, in letters that can be said", () => {
        expect(language).toBe("en");
        expect(new Set(network.words).size).toBe(network.words.length);
        for (const word of network.words) expect(word).toMatch(/^[\p{Ll}\p{M}']+$/u);
    });

    it("has the same key for the same sentences only", () => {
        const again = compile(ENGLISH, { ...HOME, devices: [...HOME.devices].reverse() });
        const renamed = compile(ENGLISH, {
            ...HOME,
            devices: HOME.devices.map((device) => (device.id === "lamp" ? { ...device, name: "Torch" } : device)),
        });
        expect(compile(ENGLISH, HOME).recogniser.key).toBe(grammar.recogniser.key);
        expect(new Set(again.recogniser.network.words)).toEqual(new Set(network.words));
        expect(renamed.recogniser.key).not.toBe(grammar.recogniser.key);
    });

    it("grows by a few states for each further device, not by every sentence about it", () => {
        const many = Array.from({ length: 100 }, (_, index) => ({
            id: `x${index}`,
            name: `${["red", "green", "blue", "old", "new"][index % 5]} ${["north", "south", "east", "west"][index % 4]} lamp ${index}`,
            type: "light",
            area: "kitchen",
        }));
        const large = compile(ENGLISH, { ...HOME, devices: [...HOME.devices, ...many] });
        expect(large.recogniser.network.states - network.states).toBeLessThan(400);
    });

    it("stays bounded where sentences of a user's would need an endless one", () => {
        // What was said in each of the last 16 places has to be remembered.
        const places = (count: number, place: string) => Array.from({ length: count }, () => place).join(" ");
        const endless = `[${places(16, "[(a|b)]")}] a ${places(16, "(a|b)")}`;
        const nasty = grammarOf(sentences(["plain words", endless]));
        const heard = new NetworkReader(nasty.recogniser.network);
        expect(heard.accepts("plain words")).toBe(true);
        expect(nasty.recogniser.network.states).toBeLessThan(50_000);
    });

    it.each(["en", "de"])("says only what is understood (%s)", (code) => {
        const both = compile(code === "en" ? ENGLISH : loadLanguage(code), FURNISHED);
        const source = new NetworkReader(both.recogniser.network);
        const missed = new Set<string>();
        // Some sentences go on from others: after one about a light, or about the heating.
        const said = (name: string, target: string) => ({
            ...afterwards(undefined, [{ name, slots: {}, confidence: 1, targets: [target], text: "" }]),
            others: ["lamp"],
        });
        const before = [said("HassTurnOn", "bedroom-2"), said("HassClimateSetTemperature", "thermostat")];
        const random = numbersFrom(7);
        for (let count = 0; count < 600; count += 1) {
            const text = source.sample(random);
            if (!before.some((each) => isExact(both, text, { before: each }))) missed.add(text);
        }
        expect([...missed]).toEqual([]);
    });

    it("accepts just what the templates stand for", () => {
        fc.assert(
            fc.property(fc.array(template(), { minLength: 20, maxLength: 20 }), (trees) => {
                const openings = trees.map((_, index) => `x${"abcdefghijklmnopqrst"[index]} `);
                const templates = trees.map((tree, index) => openings[index] + printed(tree));
                const heard = new NetworkReader(grammarOf(sentences(templates, DEFINITIONS)).recogniser.network);
                const meant = trees.flatMap((tree, index) => {
                    const opening = { kind: "text", text: openings[index] ?? "" } as const;
                    return expansionsOf({ kind: "sequence", items: [opening, tree] }).map(({ text }) =>
                        // Figures are read, not said.
                        text.replaceAll("2", "two").replaceAll("4", "four"),
                    );
                });
                expect(new Set(heard.sentences())).toEqual(new Set(meant));
            }),
            { seed: 11, numRuns: 5 },
        );
    });
});

describe("what the recogniser can't hear", () => {
    it("is told by intent: free text, and what only text understands", () => {
        const { unheard } = compile(ENGLISH, FURNISHED).recogniser;
        expect(unheard).toContain("HassShoppingListAddItem");
        for (const intent of ["HassTurnOn", "HassTurnOff", "HassStartTimer", "HassMediaPause"]) {
            expect(unheard).not.toContain(intent);
        }
    });

    it("leaves out what the home has no device for", () => {
        const { unheard } = compile(ENGLISH, EMPTY_HOME).recogniser;
        expect(unheard).not.toContain("HassListAddItem");
        expect(compile(ENGLISH, FURNISHED).recogniser.unheard).not.toContain("HassListAddItem");
        const lists = [{ id: "list", name: "Chores", type: "todo" }];
        expect(compile(ENGLISH, { ...EMPTY_HOME, devices: lists }).recogniser.unheard).toContain("HassListAddItem");
    });
});

describe("what other engines should expect", () => {
    it("is the home's names first, as the home writes them, then words of its sentences, each once", () => {
        const { bias } = compile(ENGLISH, HOME).recogniser;
        expect(bias.slice(0, 4)).toEqual(["Ground Floor", "downstairs", "First Floor", "upstairs"]);
        expect(bias.indexOf("Coffee Machine")).toBeLessThan(bias.indexOf("turquoise"));
        // All of its words are among the names before it.
        expect(bias.indexOf("Kitchen Light")).toBeLessThan(bias.indexOf("turquoise"));
        expect(bias).not.toContain("the");
        expect(bias).not.toContain("twenty");
        expect(new Set(bias.map((phrase) => phrase.toLowerCase())).size).toBe(bias.length);
    });

    it("puts names that bring new words before names that don't, and is bounded", () => {
        const devices = Array.from({ length: 800 }, (_, index) => ({
            id: `x${index}`,
            name:
                index === 700
                    ? "Nanoleaf"
                    : `Lamp ${["one", "two"][index % 2]} ${"of them ".repeat(index % 3)}${"x".repeat(index === 5 ? 200 : 0)}`,
            type: "light",
        }));
        const { bias } = compile(ENGLISH, { ...EMPTY_HOME, devices }).recogniser;
        expect(bias.slice(0, 5)).toContain("Nanoleaf");
        expect(bias.length).toBeLessThanOrEqual(300);
        expect(Math.max(...bias.map(({ length }) => length))).toBeLessThanOrEqual(60);
    });
});

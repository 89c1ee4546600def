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

    it("tell numbers in digits from numbers in words where they ask for it", () => {
        const grammar = grammarOf(`${sentences(["channel {channel}", "ring {times} times"])}
lists:
  channel: { range: { type: number, from: 1, to: 9, words: false } }
  times: { range: { from: 1, to: 9, digits: false, words_language: en } }
`);
        const slotsOf = (text: string) => grammar.understand(text).intents[0]?.slots;
        expect(slotsOf("channel 4")).toEqual({ channel: 4 });
        expect(slotsOf("channel four")).toBeUndefined();
        expect(slotsOf("ring four times")).toEqual({ times: 4 });
        expect(slotsOf("ring 4 times")).toBeUndefined();
    });

    it("of languages without spaces are read letter by letter", () => {
        const folder = folderWith({
            "zh.yaml": `
language: zh-cn
settings: { ignore_whitespace: true, filter_with_regex: false }
intents: { HassTurnOn: { data: [{ sentences: ["(打开|开启){name}", "<open> {area} [的] 灯", "{name}调到{level}%"] }] } }
expansion_rules: { open: 打开 }
lists: { level: { range: { from: 0, to: 100 } } }
skip_words: [请]
`,
        });
        const home = {
            floors: [],
            areas: [{ id: "kitchen", name: "厨房" }],
            devices: [{ id: "lamp", name: "台 灯", type: "light", area: "kitchen" }],
        };
        const language = loadLanguage("zh-cn", { sentenceFolders: [folder], builtin: false });
        expect(language.problems).toEqual([]);
        const grammar = compile(language, home);
        const heard = (text: string) => {
            const [intent] = grammar.understand(text).intents;
            return intent && [intent.slots, intent.targets];
        };
        expect(heard("请打开台灯")).toEqual([{ name: "台 灯" }, ["lamp"]]);
        expect(heard("打开 厨房 的灯")).toEqual([{ area: "厨房" }, []]);
        expect(heard("台灯调到五十%")).toEqual([{ name: "台 灯", level: 50 }, ["lamp"]]);
        expect(heard("关闭台灯")).toBeUndefined();
        expect(grammar.understand("关闭台灯").suggestions[0]).toBe("打开台 灯");
    });

    it("may run a list's value and the next word together, as in a compound", () => {
        const grammar = grammarOf(
            sentences(["{area}[ ]{name} uit", "<would> {area} verlichting aan", "de {label}[ ]timer"], MORE),
            {
                floors: [],
                areas: [{ id: "keuken", name: "Keuken" }],
                devices: [{ id: "luik", name: "Kattenluik", type: "cover", area: "keuken" }],
            },
        );
        const slotsOf = (text: string) => grammar.understand(text).intents[0]?.slots;
        expect(slotsOf("keukenkattenluik uit")).toEqual({ area: "Keuken", name: "Kattenluik" });
        expect(slotsOf("keuken kattenluik uit")).toEqual({ area: "Keuken", name: "Kattenluik" });
        expect(slotsOf("doe keukenverlichting aan")).toEqual({ area: "Keuken" });
        expect(slotsOf("de Spaßtimer")).toEqual({ label: "Spaß" });
        expect(slotsOf("keukenkat uit")).toBeUndefined();
        expect(slotsOf("kattenluikkeuken uit")).toBeUndefined();
    });

    it("name the slot that a context fills", () => {
        const grammar = grammarOf(
            `
language: en
intents:
  Test:
    data:
      - sentences: [here]
        requires_context: { area: { slot: preferred_area } }
`,
            HOME,
        );
        const slotsOf = (area?: string) => grammar.understand("here", { area: area ?? "" }).intents[0]?.slots;
        expect(slotsOf("kitchen")).toEqual({ preferred_area: "Kitchen" });
        expect(slotsOf("living room")).toEqual({ preferred_area: "Living Room" });
        expect(slotsOf("Veranda")).toEqual({ preferred_area: "Veranda" });
        expect(slotsOf()).toBeUndefined();
    });

    it("of the user's are understood also about a device that is elsewhere, with no target", () => {
        const folder = folderWith({ "mine.yaml": sentences(["brew with {name} in {area}"]) });
        const grammar = compile(loadLanguage("en", { sentenceFolders: [folder] }), HOME);
        const [intent] = grammar.understand("brew with coffee machine in bedroom").intents;
        expect(intent).toMatchObject({ slots: { name: "Coffee Machine", area: "Bedroom" }, targets: [] });
        expect(grammar.understand("turn on the coffee machine in the bedroom").intents).toEqual([]);
    });

    it("give a number's unit a slot, and the intent has it in the home's", () => {
        const yaml = `${sentences(["heat to {warmth:temperature} [{units:temperature_unit}]", "{warmth:warmth_step} {units:warmth_step_unit} more"])}
lists:
  warmth: { range: { from: -50, to: 250, fractions: tenths } }
  units: { values: [{ in: "degrees (fahrenheit|f)", out: fahrenheit }, { in: "degrees celsius", out: celsius }] }
`;
        const inUnit = (text: string, temperatureUnit: "celsius" | "fahrenheit") =>
            grammarOf(yaml, { ...EMPTY_HOME, temperatureUnit }).understand(text).intents[0]?.slots;
        expect(inUnit("heat to 70 degrees fahrenheit", "celsius")).toEqual({ temperature: 21.1 });
        expect(inUnit("heat to 70 degrees fahrenheit", "fahrenheit")).toEqual({ temperature: 70 });
        expect(inUnit("heat to 20.5 degrees celsius", "fahrenheit")).toEqual({ temperature: 68.9 });
        expect(inUnit("heat to 20", "celsius")).toEqual({ temperature: 20 });
        expect(inUnit("9 degrees f more", "celsius")).toEqual({ warmth_step: 5 });
    });

    it("are taken over from an earlier state of the home, but for what changed", () => {
        const language = loadLanguage("en");
        const before = compile(language, HOME);
        const devices = HOME.devices.map((device) =>
            device.id === "lamp" ? { ...device, name: "Moonlight" } : device,
        );
        const after = compile(language, { ...HOME, devices }, before);
        const targets = (text: string) => after.understand(text).intents[0]?.targets;
        expect(targets("turn on the moonlight")).toEqual(["lamp"]);
        expect(targets("turn off the lights in the kitchen")).toEqual(["kitchen-light"]);
        expect(targets("turn on the lamp")).not.toEqual(["lamp"]);
        expect(before.understand("turn on the lamp").intents[0]?.targets).toEqual(["lamp"]);
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
settings: { shouting: true }
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
        expect(places).toContainEqual(["shape", 12, 13]);
        expect(places).toContainEqual(["recursion", 15, 11]);
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

const MORE = "expansion_rules: { would: (zet|doe) }\nlists: { label: { wildcard: true } }\n";

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

import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { HomeDescription } from "../../dist/src/home";
import {
    type ConversationClock,
    ConversationMemory,
    compile,
    type Grammar,
    type Intent,
    loadLanguage,
    type Spoken,
} from "../../dist/src/language";

const HOME: HomeDescription = {
    floors: [
        { id: "ground", name: "Ground Floor", aliases: ["downstairs"] },
        { id: "first", name: "First Floor", aliases: ["upstairs"] },
    ],
    areas: [
        { id: "kitchen", name: "Kitchen", floor: "ground" },
        { id: "living", name: "Living Room", floor: "ground", aliases: ["lounge"] },
        { id: "bedroom", name: "Bedroom", floor: "first" },
    ],
    devices: [
        { id: "kitchen-light", name: "Kitchen Light", type: "light", area: "kitchen" },
        { id: "lamp", name: "Lamp", type: "light", area: "living" },
        { id: "jerry", name: "Ben and Jerry's lamp", type: "light", area: "living" },
        { id: "left", name: "Left Lamp", type: "light", area: "bedroom" },
        { id: "right", name: "Right Lamp", type: "light", area: "bedroom" },
        { id: "coffee", name: "Coffee Machine", type: "switch", area: "kitchen" },
        { id: "fan", name: "Fan", type: "fan", area: "kitchen" },
        { id: "door", name: "Front Door", type: "lock", area: "living" },
        { id: "thermostat", name: "Thermostat", type: "climate", area: "living" },
        { id: "radiator", name: "Bedroom Radiator", type: "climate", area: "bedroom" },
        { id: "tv", name: "TV", type: "media_player", area: "living" },
    ],
};

const ZUHAUSE: HomeDescription = {
    floors: [],
    areas: [
        { id: "kueche", name: "Küche" },
        { id: "wohnzimmer", name: "Wohnzimmer" },
        { id: "bad", name: "Bad" },
    ],
    devices: [
        { id: "decke", name: "Deckenlampe", type: "light", area: "kueche" },
        { id: "venti", name: "Ventilator", type: "fan", area: "kueche" },
        { id: "steh", name: "Stehlampe", type: "light", area: "wohnzimmer" },
        { id: "lese", name: "Leselampe", type: "light", area: "wohnzimmer" },
        { id: "badlicht", name: "Badlicht", type: "light", area: "bad" },
        { id: "badheizung", name: "Badheizung", type: "climate", area: "bad" },
    ],
};

const english = compile(loadLanguage("en"), HOME);
const german = compile(loadLanguage("de"), ZUHAUSE);

/** Time that stands still until it is told to go on. */
class HeldClock implements ConversationClock {
    #now = 0;
    #tasks: { readonly at: number; readonly task: () => void }[] = [];

    now(): number {
        return this.#now;
    }

    after(delayMs: number, task: () => void): () => void {
        const timer = { at: this.#now + delayMs, task };
        this.#tasks.push(timer);
        return () => {
            this.#tasks = this.#tasks.filter((each) => each !== timer);
        };
    }

    get waiting(): number {
        return this.#tasks.length;
    }

    pass(ms: number): void {
        this.#now += ms;
        const due = this.#tasks.filter(({ at }) => at <= this.#now);
        this.#tasks = this.#tasks.filter(({ at }) => at > this.#now);
        for (const { task } of due) task();
    }
}

const clocks: ConversationMemory[] = [];
afterEach(() => {
    for (const memory of clocks.splice(0)) memory.stop();
});

function conversation(grammar: Grammar = english) {
    const clock = new HeldClock();
    const memory = new ConversationMemory({ clock });
    clocks.push(memory);
    const say = (text: string, spoken: Spoken = { site: "home" }) =>
        memory.understand(grammar, text, spoken).intents.map(short);
    return { clock, memory, say };
}

/** The name, what was said besides which devices are meant, and these. */
function short({ name, slots, targets, candidates, all }: Intent): readonly unknown[] {
    const { name: _, area: __, floor: ___, domain: ____, ...values } = slots;
    const asked = candidates === undefined ? targets : { asked: candidates };
    return [name, values, asked, ...(all === undefined ? [] : ["all"])];
}

const ON = "HassTurnOn";
const OFF = "HassTurnOff";
const SET = "HassLightSet";
const DIM = "EarshotSetBrightnessRelative";
const HEAT = "EarshotSetTemperatureRelative";

describe("several commands in one sentence", () => {
    const understood = (text: string, grammar = english, area?: string) =>
        grammar.understand(text, area === undefined ? {} : { area }).intents.map(short);

    it.each<[string, readonly (readonly unknown[])[]]>([
        [
            "turn off the lights and set the heating to 20",
            [
                [OFF, {}, ["lamp", "jerry"]],
                ["HassClimateSetTemperature", { temperature: 20 }, ["thermostat"]],
            ],
        ],
        [
            "lights and fan off in the kitchen",
            [
                [OFF, {}, ["kitchen-light"]],
                [OFF, {}, ["fan"]],
            ],
        ],
        [
            "Turn on the lamp and the fan.",
            [
                [ON, {}, ["lamp"]],
                [ON, {}, ["fan"]],
            ],
        ],
        [
            "turn the lamp and the fan off",
            [
                [OFF, {}, ["lamp"]],
                [OFF, {}, ["fan"]],
            ],
        ],
        [
            "kitchen lights on and bedroom lights off",
            [
                [ON, {}, ["kitchen-light"]],
                [OFF, {}, ["left", "right"]],
            ],
        ],
        [
            "turn on the kitchen and bedroom lights",
            [
                [ON, {}, ["kitchen-light"]],
                [ON, {}, ["left", "right"]],
            ],
        ],
        [
            "turn off the light in the kitchen and bedroom",
            [
                [OFF, {}, ["kitchen-light"]],
                [OFF, {}, ["left", "right"]],
            ],
        ],
        [
            "turn on the lamp, the fan and the coffee machine",
            [
                [ON, {}, ["lamp"]],
                [ON, {}, ["fan"]],
                [ON, {}, ["coffee"]],
            ],
        ],
        [
            "set the lamp to red and the kitchen light to 50 percent",
            [
                [SET, { color: "red" }, ["lamp"]],
                [SET, { brightness: 50 }, ["kitchen-light"]],
            ],
        ],
        [
            "turn on the lamp and make it red, and then turn off the fan",
            [
                [ON, {}, ["lamp"]],
                [SET, { color: "red" }, ["lamp"]],
                [OFF, {}, ["fan"]],
            ],
        ],
        ["turn on ben and jerry's lamp", [[ON, {}, ["jerry"]]]],
        [
            "turn on ben and jerry's lamp and the fan",
            [
                [ON, {}, ["jerry"]],
                [ON, {}, ["fan"]],
            ],
        ],
        ["and turn on the fan", [[ON, {}, ["fan"]]]],
        [
            "turn on the lamp and the kichen light",
            [
                [ON, {}, ["lamp"]],
                [ON, {}, ["kitchen-light"]],
            ],
        ],
    ])("%s", (text, intents) => {
        expect(understood(text, english, "living")).toEqual(intents);
    });

    it.each<[string, readonly (readonly unknown[])[]]>([
        [
            "mach das Licht in der Küche an und die Heizung im Bad aus",
            [
                [ON, {}, ["decke"]],
                [OFF, {}, ["badheizung"]],
            ],
        ],
        [
            "mach das Licht in der Küche und im Bad an",
            [
                [ON, {}, ["decke"]],
                [ON, {}, ["badlicht"]],
            ],
        ],
        [
            "Licht und Ventilator in der Küche aus",
            [
                [OFF, {}, ["decke"]],
                [OFF, {}, ["venti"]],
            ],
        ],
        [
            "schalte die Stehlampe und den Ventilator ein",
            [
                [ON, {}, ["steh"]],
                [ON, {}, ["venti"]],
            ],
        ],
    ])("%s", (text, intents) => {
        expect(understood(text, german)).toEqual(intents);
    });

    it.each([
        "turn on the lamp and dance with me",
        "don't turn on the lamp and turn on the fan",
        "turn on the lamp and not the fan",
        "she said turn on the lamp and turn on the fan",
        "turn on the lamp and",
        "turn on the lamp and the moon",
        "and",
        "and and and",
        "turn on the lamp and set it on fire and turn off the fan",
    ])("does nothing of: %s", (text) => {
        const { intents, suggestions } = english.understand(text);
        expect(intents).toEqual([]);
        expect(suggestions).toBeInstanceOf(Array);
    });

    it("takes the words that join commands from the sentence files", () => {
        expect(german.understand("mach die Stehlampe an and das Badlicht aus").intents).toEqual([]);
        expect(german.understand("mach die Stehlampe an und das Badlicht aus").intents).toHaveLength(2);
    });
});

describe("any list of commands", () => {
    const known = fc.constantFrom(
        "turn on the lamp",
        "kitchen lights off",
        "set the thermostat to 21 degrees",
        "turn on ben and jerry's lamp",
        "dim the left lamp",
        "turn everything off in the kitchen",
    );
    const joint = fc.constantFrom(" and ", ", ", ", and then ", ". ", " plus ");
    const list = fc.array(fc.tuple(known, joint), { minLength: 1, maxLength: 4 });
    const joined = (parts: readonly (readonly [string, string])[]) =>
        parts.map(([command, after], index) => (index === parts.length - 1 ? command : command + after)).join("");

    it("is understood command by command", () => {
        fc.assert(
            fc.property(list, (parts) => {
                const alone = parts.flatMap(([command]) => english.understand(command).intents.map(short));
                expect(english.understand(joined(parts)).intents.map(short)).toEqual(alone);
            }),
            { numRuns: 60, seed: 5 },
        );
    });

    it("is refused as a whole where one of them is nothing", () => {
        const nothing = fc.constantFrom(
            "sing a song",
            "don't turn on the lamp",
            "turn on the moon",
            "the weather is nice",
        );
        fc.assert(
            fc.property(list, nothing, fc.nat(4), joint, (parts, wrong, at, after) => {
                const spoiled = [...parts.slice(0, at), [wrong, after] as const, ...parts.slice(at)];
                expect(english.understand(joined(spoiled)).intents).toEqual([]);
            }),
            { numRuns: 60, seed: 6 },
        );
    });

    it("of any length and any words comes to an end", () => {
        const word = fc.constantFrom(
            "turn",
            "on",
            "off",
            "the",
            "lamp",
            "lights",
            "and",
            ",",
            "kitchen",
            "it",
            "brighter",
            "one",
        );
        fc.assert(
            fc.property(fc.array(word, { maxLength: 400 }), (words) => {
                const { intents } = english.understand(words.join(" ").slice(0, 2_000));
                expect(intents.length).toBeLessThanOrEqual(7);
            }),
            { numRuns: 30, seed: 7 },
        );
    });
});

describe("a conversation", () => {
    it.each<[string, Grammar, readonly (readonly [string, readonly unknown[]])[]]>([
        [
            "goes on with the same devices, and with others",
            english,
            [
                ["turn on the kitchen light", [ON, {}, ["kitchen-light"]]],
                ["turn it off", [OFF, {}, ["kitchen-light"]]],
                ["and in the bedroom", [OFF, {}, ["left", "right"]]],
                ["the lounge too", [OFF, {}, ["lamp", "jerry"]]],
                ["no, the kitchen", [OFF, {}, ["kitchen-light"]]],
                ["and the fan", [OFF, {}, ["fan"]]],
                ["turn it on again", [ON, {}, ["fan"]]],
            ],
        ],
        [
            "changes a bit, and a bit more",
            english,
            [
                ["turn on the left lamp", [ON, {}, ["left"]]],
                ["a bit brighter", [DIM, { brightness_step: 10 }, ["left"]]],
                ["more", [DIM, { brightness_step: 10 }, ["left"]]],
                ["turn it down", [DIM, { brightness_step: -20 }, ["left"]]],
                ["make it 50 percent", [SET, { brightness: 50 }, ["left"]]],
                ["no, red", [SET, { color: "red" }, ["left"]]],
                ["the other one", [SET, { color: "red" }, ["right"]]],
                ["turn the other one off", [OFF, {}, ["left"]]],
            ],
        ],
        [
            "orders for what was asked about",
            english,
            [
                ["turn off the lamp", [OFF, {}, ["lamp"]]],
                ["is the kitchen light on", ["HassGetState", { state: "on" }, ["kitchen-light"]]],
                ["that one as well", [OFF, {}, ["kitchen-light"]]],
            ],
        ],
        [
            "asks about another place",
            english,
            [
                ["what is the temperature in the bedroom", ["HassClimateGetTemperature", {}, ["radiator"]]],
                ["and in the living room", ["HassClimateGetTemperature", {}, ["thermostat"]]],
                ["two degrees warmer", [HEAT, { temperature_step: 2 }, ["thermostat"]]],
            ],
        ],
        [
            "speaks German too",
            german,
            [
                ["mach die Deckenlampe an", [ON, {}, ["decke"]]],
                ["mach sie aus", [OFF, {}, ["decke"]]],
                ["und im Bad", [OFF, {}, ["badlicht"]]],
                ["im Wohnzimmer auch", [OFF, {}, ["steh", "lese"]]],
                ["etwas heller", [DIM, { brightness_step: 10 }, ["steh", "lese"]]],
                ["nein, rot", [SET, { color: "red" }, ["steh", "lese"]]],
                ["mach die Stehlampe an", [ON, {}, ["steh"]]],
                ["die andere", [ON, {}, ["lese"]]],
                ["alle aus", [OFF, {}, ["lese"]]],
            ],
        ],
    ])("%s", (_, grammar, turns) => {
        const { say } = conversation(grammar);
        for (const [text, intent] of turns) expect([text, say(text)]).toEqual([text, [intent]]);
    });

    it('means all devices of a sentence with "them", the last command\'s with "it"', () => {
        const { say } = conversation();
        say("turn on the lamp and the fan");
        expect(say("turn them off")).toEqual([[OFF, {}, ["lamp", "fan"]]]);
        say("turn on the lamp and the fan");
        expect(say("turn it off")).toEqual([[OFF, {}, ["fan"]]]);
    });

    it("leans on a sentence that is about no device", () => {
        const { say } = conversation();
        say("turn on the lamp");
        expect(say("help me")).toEqual([["EarshotHelp", {}, []]]);
        say("paint it with stripes");
        expect(say("turn it off")).toEqual([[OFF, {}, ["lamp"]]]);
    });

    it.each([
        "turn it off",
        "them",
        "and in the bedroom",
        "the bedroom too",
        "the other one",
        "that one as well",
        "yes",
        "no",
        "both",
        "more",
        "red",
    ])("understands nothing where nothing came before: %s", (text) => {
        expect(conversation().say(text)).toEqual([]);
    });

    it("does to another device only what it can do", () => {
        const { say } = conversation();
        say("set the lamp to 20 percent");
        expect(say("and the thermostat")).toEqual([]);
        expect(say("and the kitchen light")).toEqual([[SET, { brightness: 20 }, ["kitchen-light"]]]);
        say("turn off the lamp");
        expect(say("and the front door")).toEqual([]);
    });

    it("means what is named, and not what came before", () => {
        const { say } = conversation();
        say("turn on the fan");
        expect(say("turn off the lamp")).toEqual([[OFF, {}, ["lamp"]]]);
        expect(say("turn on the light", { site: "home", area: "kitchen" })).toEqual([[ON, {}, ["kitchen-light"]]]);
    });
});

describe('the answer to "which one do you mean?"', () => {
    it.each<[string, readonly unknown[]]>([
        ["the left one", [ON, {}, ["left"]]],
        ["the left lamp, please", [ON, {}, ["left"]]],
        ["the one in the kitchen", [ON, {}, ["kitchen-light"]]],
        ["ben and jerry's", [ON, {}, ["jerry"]]],
        ["the left one and the kitchen", [ON, {}, ["left", "kitchen-light"]]],
        ["the second one", [ON, {}, ["lamp"]]],
        ["the last one", [ON, {}, ["right"]]],
        ["all of them", [ON, {}, ["kitchen-light", "lamp", "jerry", "left", "right"]]],
        ["upstairs", [ON, {}, { asked: ["left", "right"] }]],
        ["no", ["HassNevermind", {}, []]],
        ["turn off the fan", [OFF, {}, ["fan"]]],
    ])("%s", (text, intent) => {
        const { say } = conversation();
        expect(say("turn on the light")).toEqual([
            [ON, {}, { asked: ["kitchen-light", "lamp", "jerry", "left", "right"] }],
        ]);
        const [order, ...others] = say(text);
        const [name, values, devices] = order ?? [];
        expect([name, values, devices, others]).toEqual([...intent, []]);
    });

    it("narrows step by step, and knows the other one afterwards", () => {
        const { say } = conversation();
        say("turn on the light");
        expect(say("the bedroom")).toEqual([[ON, {}, { asked: ["left", "right"] }]]);
        expect(say("the left one")).toEqual([[ON, {}, ["left"]]]);
        expect(say("the other one")).toEqual([[ON, {}, ["right"]]]);
    });

    it("suggests the names when it was none", () => {
        const { memory, say } = conversation();
        say("turn on the light");
        expect(memory.understand(english, "the green one", { site: "home" })).toEqual({
            intents: [],
            suggestions: ["Kitchen Light", "Lamp", "Ben and Jerry's lamp"],
        });
    });

    it("has to come within a minute; what was spoken about stays", () => {
        const { clock, say } = conversation();
        say("turn on the lamp");
        say("turn on the light");
        clock.pass(60_001);
        expect(say("the left one")).toEqual([]);
        expect(say("both")).toEqual([]);
    });

    it("is yes or no where something has to be confirmed, and only there", () => {
        const { clock, memory, say } = conversation();
        const spoken = { site: "home" };
        say("turn everything off");
        memory.asked(spoken, "confirmation");
        expect(say("yes please")).toEqual([["EarshotConfirm", {}, []]]);
        expect(say("yes")).toEqual([]);
        memory.asked(spoken, "confirmation");
        expect(say("no")).toEqual([["EarshotDecline", {}, []]]);
        memory.asked(spoken, "confirmation");
        clock.pass(60_001);
        expect(say("yes")).toEqual([]);
        memory.asked(spoken, "confirmation");
        expect(say("turn on the fan")).toEqual([[ON, {}, ["fan"]]]);
        expect(say("yes")).toEqual([]);
    });
});

describe("the memory of conversations", () => {
    const other: readonly Spoken[] = [
        { site: "kitchen" },
        { site: "home", speaker: "ben" },
        { site: "home", speaker: "anna" },
        { site: "kitchen", speaker: "anna" },
        { speaker: "anna" },
        {},
    ];

    it("belongs to one site and one speaker", () => {
        const { say } = conversation();
        for (const spoken of other) {
            say("turn on the lamp", { site: "home" });
            expect(say("turn it off", spoken)).toEqual([]);
        }
        say("turn on the fan", { site: "home", speaker: "anna" });
        expect(say("turn it off", { site: "home" })).toEqual([[OFF, {}, ["lamp"]]]);
        expect(say("turn it off", { site: "home", speaker: "anna" })).toEqual([[OFF, {}, ["fan"]]]);
    });

    it("keeps nothing of whom nobody can tell from others", () => {
        const { clock, say } = conversation();
        say("turn on the lamp", { utterances: ["u1"] });
        expect(say("turn it off", {})).toEqual([]);
        expect(clock.waiting).toBe(0);
    });

    it("lets go after five minutes without a word, also if nobody asks", () => {
        const { clock, memory, say } = conversation();
        say("turn on the lamp");
        clock.pass(299_000);
        expect(say("a bit brighter")).toEqual([[DIM, { brightness_step: 10 }, ["lamp"]]]);
        clock.pass(299_000);
        expect(memory.before({ site: "home" })).toBeDefined();
        clock.pass(1_001);
        expect(say("turn it off")).toEqual([]);
        expect(clock.waiting).toBe(0);
    });

    it("holds no words, and a bounded number of conversations", () => {
        const { memory, say } = conversation();
        say("turn on the lamp");
        expect(JSON.stringify(memory.before({ site: "home" }))).not.toContain("turn on");
        for (let site = 0; site < 256; site += 1) say("turn on the fan", { site: `site ${site}` });
        expect(memory.before({ site: "home" })).toBeUndefined();
        expect(memory.before({ site: "site 0" })).toBeDefined();
    });

    it.each([
        { utterance: "u1" },
        { utterance: "u2" },
        { site: "home" },
        { speaker: "anna" },
        { site: "home", speaker: "anna" },
        {},
    ])("forgets %o with everything that came of it", (what) => {
        const { memory, say } = conversation();
        const spoken = { site: "home", speaker: "anna" };
        say("turn on the lamp", { ...spoken, utterances: ["u1", "recording 1"] });
        say("and in the bedroom", { ...spoken, utterances: ["u2"] });
        memory.replied(spoken, "Two lights are on.");
        say("turn on the fan", { site: "kitchen", utterances: ["u3"] });
        memory.forget(what);
        expect(memory.before(spoken)).toBeUndefined();
        expect(memory.lastReply(spoken)).toBeUndefined();
        expect(memory.before({ site: "kitchen" }) === undefined).toBe(Object.keys(what).length === 0);
    });

    it("leaves alone what does not come from the utterance", () => {
        const { memory, say } = conversation();
        say("turn on the lamp", { site: "home", utterances: ["u1"] });
        memory.forget({ utterance: "u9" });
        memory.forget({ site: "home", speaker: "anna" });
        expect(say("turn it off")).toEqual([[OFF, {}, ["lamp"]]]);
    });

    it("starts anew where it comes from more utterances than it can name", () => {
        const { memory, say } = conversation();
        for (let turn = 0; turn < 70; turn += 1) say("turn on the lamp", { site: "home", utterances: [`u${turn}`] });
        memory.forget({ utterance: "u69" });
        expect(memory.before({ site: "home" })).toBeUndefined();
    });
});

describe("a relative change", () => {
    it.each<[string, readonly unknown[]]>([
        ["a bit brighter", [DIM, { brightness_step: 10 }, ["left", "right"]]],
        ["much darker", [DIM, { brightness_step: -40 }, ["left", "right"]]],
        ["dim the lights", [DIM, { brightness_step: -20 }, ["left", "right"]]],
        ["dim the kitchen a little", [DIM, { brightness_step: -10 }, ["kitchen-light"]]],
        ["brighten the lamp by 30 percent", [DIM, { brightness_step: 30 }, ["lamp"]]],
        ["turn the lamp down a bit", [DIM, { brightness_step: -10 }, ["lamp"]]],
        ["make the lamp brighter", [DIM, { brightness_step: 20 }, ["lamp"]]],
        ["warmer", [HEAT, { temperature_step: 1 }, ["radiator"]]],
        ["two degrees warmer", [HEAT, { temperature_step: 2 }, ["radiator"]]],
        ["two and a half degrees colder in the living room", [HEAT, { temperature_step: -2.5 }, ["thermostat"]]],
        ["turn down the thermostat by two degrees", [HEAT, { temperature_step: -2 }, ["thermostat"]]],
        ["turn the heating up", [HEAT, { temperature_step: 1 }, ["radiator"]]],
        ["turn the tv down", ["HassSetVolumeRelative", { volume_step: "down" }, ["tv"]]],
        ["turn up the tv by ten percent", ["HassSetVolumeRelative", { volume_step: 10 }, ["tv"]]],
        ["louder", ["HassSetVolumeRelative", { volume_step: "up" }, ["tv"]]],
    ])("%s", (text, intent) => {
        expect(english.understand(text, { area: "bedroom" }).intents.map(short)).toEqual([intent]);
    });

    it.each<[string, readonly unknown[]]>([
        ["etwas heller", [DIM, { brightness_step: 10 }, ["badlicht"]]],
        ["dimme die Stehlampe etwas", [DIM, { brightness_step: -10 }, ["steh"]]],
        ["mach die Küche viel dunkler", [DIM, { brightness_step: -40 }, ["decke"]]],
        ["mach die Stehlampe um 30 Prozent heller", [DIM, { brightness_step: 30 }, ["steh"]]],
        ["zwei Grad wärmer", [HEAT, { temperature_step: 2 }, ["badheizung"]]],
        ["dreh die Heizung im Bad runter", [HEAT, { temperature_step: -1 }, ["badheizung"]]],
    ])("%s", (text, intent) => {
        expect(german.understand(text, { area: "bad" }).intents.map(short)).toEqual([intent]);
    });
});

describe("everything", () => {
    const SWITCHED = ["kitchen-light", "lamp", "jerry", "left", "right", "coffee", "fan", "tv"];
    it.each([
        ["turn everything off", OFF, SWITCHED],
        ["everything off in the kitchen", OFF, ["kitchen-light", "coffee", "fan"]],
        ["turn everything off in here", OFF, ["left", "right"]],
        ["turn on everything on the first floor", ON, ["left", "right"]],
        ["turn everything off in the whole house", OFF, SWITCHED],
    ])("%s", (text, name, devices) => {
        const intents = english.understand(text, { area: "bedroom" }).intents.map(short);
        // Neither heating, which could freeze, nor locks.
        expect(intents).toEqual([[name, {}, devices, "all"]]);
    });

    it("has its flag in German too", () => {
        expect(german.understand("mach in der Küche alles aus").intents.map(short)).toEqual([
            [OFF, {}, ["decke", "venti"], "all"],
        ]);
        expect(german.understand("alles aus").intents).toMatchObject([{ all: true, slots: { name: "all" } }]);
    });
});

import { describe, expect, it } from "vitest";
import type { DeviceState } from "../../dist/src/home";
import { compile, type DeviceOutcome, loadLanguage, respond, sentence } from "../../dist/src/language";
import { HOME } from "./homes";

const english = loadLanguage("en");
const german = loadLanguage("de");
const grammar = compile(english, HOME);

function outcome(id: string, state: DeviceState): DeviceOutcome {
    const device = HOME.devices.find((each) => each.id === id);
    if (device === undefined) throw new Error(`no ${id}`);
    return { device, ok: true, state };
}

function failed(id: string, error?: string): DeviceOutcome {
    const { device } = outcome(id, {});
    return error === undefined ? { device, ok: false } : { device, ok: false, error };
}

function reply(text: string, outcomes: readonly DeviceOutcome[], language = english): string {
    const [intent] = grammar.understand(text).intents;
    if (intent === undefined) throw new Error(`not understood: ${text}`);
    return respond(language, intent, outcomes);
}

const ON = { on: true };
const OFF = { on: false };

describe("a reply", () => {
    it.each([
        ["kitchen light on", [outcome("kitchen-light", ON)], "The kitchen light is on."],
        ["kitchen light on", [outcome("kitchen-light", OFF)], "The kitchen light is off."],
        ["upstairs lights off", [outcome("lamp", OFF), outcome("bedroom-2", OFF)], "The lamp and the lamp 2 are off."],
        [
            "all lights off",
            [outcome("kitchen-light", OFF), outcome("lamp", OFF), outcome("bedroom-2", OFF)],
            "Three lights are off.",
        ],
        [
            "all lights off",
            [outcome("kitchen-light", OFF), failed("lamp", "unreachable"), failed("bedroom-2", "ECONNRESET 10.0.0.7")],
            "The kitchen light is off. The lamp cannot be reached. The lamp 2 did not do it.",
        ],
        [
            "dim the lamp to 20 percent",
            [outcome("lamp", { on: true, brightnessPercent: 20 })],
            "The lamp is at 20 percent.",
        ],
        [
            "make the lamp dark blue",
            [outcome("lamp", { on: true, color: { hueDegrees: 240, saturationPercent: 100 } })],
            "The lamp is dark blue.",
        ],
        [
            "set the heating to 21.5 degrees",
            [outcome("thermostat", { targetTemperatureCelsius: 21.5, climateMode: "heat" })],
            "The thermostat is set to 21.5 degrees.",
        ],
        [
            "what is the temperature in the living room",
            [outcome("thermostat", { currentTemperatureCelsius: 21.5 })],
            "It is 21.5 degrees in the living room.",
        ],
        ["what is the temperature", [outcome("thermostat", {})], "I could not find out about the thermostat."],
        ["is the kitchen light on", [outcome("kitchen-light", ON)], "Yes, the kitchen light is on."],
        ["is the kitchen light off", [outcome("kitchen-light", ON)], "No, the kitchen light is on."],
        ["which lights are on", [outcome("kitchen-light", ON), outcome("lamp", OFF)], "The kitchen light is on."],
        ["which lights are on", [outcome("kitchen-light", OFF), outcome("lamp", OFF)], "No lights are on."],
        ["are all lights off", [outcome("kitchen-light", OFF), outcome("lamp", OFF)], "All the lights are off."],
        ["turn on the lights in the cellar", [], "There is no such device there."],
        ["turn on the light", [], "Which one do you mean?"],
    ])("to %s", (text, outcomes, expected) => {
        expect(reply(text, outcomes)).toBe(expected);
    });

    it("is in the language of the speaker", () => {
        expect(reply("kitchen light on", [outcome("kitchen-light", ON)], german)).toBe("Kitchen Light ist an.");
        expect(
            reply(
                "set the heating to 21.5 degrees",
                [outcome("thermostat", { targetTemperatureCelsius: 21.5 })],
                german,
            ),
        ).toBe("Thermostat ist auf 21,5 Grad gestellt.");
        expect(sentence(german, "not_understood")).toBe("Das habe ich nicht verstanden.");
    });

    it("has words for the same occasions in every language", () => {
        const keys = (replies: ReadonlyMap<string, unknown>) =>
            new Set([...replies.keys()].filter((key) => !key.startsWith("color_")));
        expect(keys(german.replies)).toEqual(keys(english.replies));
    });

    it("never holds an unfilled place or the message of an error", () => {
        for (const language of [english, german]) {
            for (const key of language.replies.keys()) expect(sentence(language, key)).not.toMatch(/[{}]/);
        }
        expect(reply("kitchen light on", [failed("kitchen-light", "token=secret")])).not.toContain("secret");
    });
});

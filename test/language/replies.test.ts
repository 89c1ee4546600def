import { describe, expect, it } from "vitest";
import type { Device, DeviceState } from "../../dist/src/home";
import {
    compile,
    confirmation,
    type DeviceOutcome,
    type Intent,
    loadLanguage,
    notUnderstood,
    type ReplyFacts,
    type Reported,
    respond,
    sentence,
} from "../../dist/src/language";
import { HOME } from "./homes";
import { device } from "./said";

const english = loadLanguage("en");
const german = loadLanguage("de");
const french = loadLanguage("fr");
const spanish = loadLanguage("es");
const grammar = compile(english, HOME);

function outcome(id: string, state: DeviceState): DeviceOutcome {
    const found = HOME.devices.find((each) => each.id === id);
    if (found === undefined) throw new Error(`no ${id}`);
    return { device: found, ok: true, state };
}

function failed(id: string, error?: string): DeviceOutcome {
    const { device: found } = outcome(id, {});
    return error === undefined ? { device: found, ok: false } : { device: found, ok: false, error };
}

function told(of: Device, state: string, attributes?: Reported["attributes"]): DeviceOutcome {
    return { device: of, ok: true, reported: attributes === undefined ? { state } : { state, attributes } };
}

function reply(text: string, outcomes: readonly DeviceOutcome[], language = english): string {
    const [intent] = grammar.understand(text).intents;
    if (intent === undefined) throw new Error(`not understood: ${text}`);
    return respond(language, intent, outcomes);
}

function intent(name: string, slots: Intent["slots"] = {}, more: Partial<Intent> = {}): Intent {
    return { name, slots, confidence: 1, targets: [], text: "", ...more };
}

const ON = { on: true };
const OFF = { on: false };
const DOOR = device("door", "Front Door", "lock");
const BLIND = device("blind", "Left Blind", "cover", "living", "blind");
const CURTAIN = device("curtain", "Curtain", "cover", "living", "curtain");
const WINDOW = device("window", "Kitchen Window", "binary_sensor", "kitchen", "window");
const SECOND_WINDOW = device("window-2", "Bedroom Window", "binary_sensor", "bedroom", "window");
const TV = device("tv", "TV", "media_player");
const ROBOT = device("robot", "Rover", "vacuum");
const FAN = device("fan", "Ceiling Fan", "fan");
const OUTSIDE = device("outside", "Outdoor Temperature", "sensor");
const JANE = device("jane", "Jane", "person");
const WEATHER = device("weather", "Berlin", "weather");

describe("a reply", () => {
    it.each([
        ["kitchen light on", [outcome("kitchen-light", ON)], "The kitchen light is on."],
        ["kitchen light on", [outcome("kitchen-light", OFF)], "The kitchen light is off."],
        ["upstairs lights off", [outcome("lamp", OFF), outcome("bedroom-2", OFF)], "The lamp and the lamp 2 are off."],
        [
            "all lights off",
            [outcome("kitchen-light", OFF), outcome("lamp", OFF), outcome("bedroom-2", OFF)],
            "Three lights are off: kitchen light, lamp, and lamp 2.",
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

    it.each([
        [intent("HassTurnOn", { name: "Front Door" }), [told(DOOR, "locked")], "The front door is locked."],
        [intent("HassTurnOff", { name: "Front Door" }), [told(DOOR, "jammed")], "The front door is jammed."],
        [intent("HassTurnOn", { name: "Left Blind" }), [told(BLIND, "opening")], "The left blind is opening."],
        [
            intent("HassSetPosition", { position: 40 }),
            [told(BLIND, "open", { current_position: 40 })],
            "The left blind is 40 percent open.",
        ],
        [
            intent("HassTurnOff", { domain: "cover" }),
            [told(BLIND, "closed"), told(CURTAIN, "open")],
            "The left blind is closed. The curtain is open.",
        ],
        [
            intent("HassFanSetSpeed", { percentage: 50 }),
            [told(FAN, "on", { percentage: 50 })],
            "The ceiling fan runs at 50 percent.",
        ],
        [intent("HassMediaPause", { name: "TV" }), [told(TV, "paused")], "The TV is paused."],
        [
            intent("HassSetVolume", { volume_level: 30 }),
            [told(TV, "playing", { volume_level: 0.3 })],
            "The volume of the TV is 30 percent.",
        ],
        [intent("HassMediaPlayerMute"), [told(TV, "playing", { is_volume_muted: true })], "The TV is muted."],
        [intent("HassMediaNext"), [{ device: TV, ok: true }], "Done."],
        [intent("HassVacuumStart"), [told(ROBOT, "cleaning")], "The rover is cleaning."],
        [intent("HassVacuumCleanArea", { area: "Kitchen" }), [told(ROBOT, "docked")], "Cleaning the kitchen."],
        [intent("HassGetState", { state: "closed" }), [told(WINDOW, "off")], "Yes, the kitchen window is closed."],
        [
            intent("HassGetState", { state: "open" }),
            [told(WINDOW, "off"), told(SECOND_WINDOW, "on")],
            "The bedroom window is open.",
        ],
        [
            intent("HassGetState", { state: "on" }),
            [told(WINDOW, "off"), told(SECOND_WINDOW, "off")],
            "No windows are open.",
        ],
        [
            intent("HassGetState", { name: "Outdoor Temperature" }),
            [told(OUTSIDE, "1", { unit_of_measurement: "°C" })],
            "The outdoor temperature is 1 degree.",
        ],
        [intent("HassGetState", { name: "Jane" }), [told(JANE, "Office")], "Jane is at Office."],
        [intent("HassGetWeather"), [told(WEATHER, "rainy", { temperature: 8 })], "It is raining, at 8 degrees."],
        [intent("HassGetState", { name: "TV" }), [told(TV, "unavailable")], "I could not find out about the TV."],
    ])("%j of what the device says: %j", (asked, outcomes, expected) => {
        expect(respond(english, asked, outcomes)).toBe(expected);
    });

    it.each<[Intent, ReplyFacts, string]>([
        [intent("HassStartTimer", { hours: 1, minutes: 30 }), {}, "The timer is set for 1 hour and 30 minutes."],
        [intent("HassStartTimer", { minutes: 5, name: "pizza" }), {}, "The pizza timer is set for 5 minutes."],
        [
            intent("HassStartTimer", { minutes: 5, conversation_command: "lights off" }),
            {},
            "I will do that in 5 minutes.",
        ],
        [intent("HassTimerStatus"), { timers: [{ secondsLeft: 3_700 }] }, "1 hour and 1 minute left."],
        [
            intent("HassTimerStatus"),
            { timers: [{ name: "egg", secondsLeft: 59.6 }] },
            "1 minute left on the egg timer.",
        ],
        [intent("HassTimerStatus"), { timers: [] }, "There is no such timer."],
        [intent("HassCancelTimer"), { timers: [] }, "There is no such timer."],
        [intent("HassCancelAllTimers"), { timers: [{ secondsLeft: 1 }] }, "1 timer is cancelled."],
        [intent("HassIncreaseTimer", { seconds: 1 }), {}, "The timer has 1 second more."],
        [intent("HassShoppingListAddItem", { item: "milk" }), {}, "Milk is on the list."],
        [intent("HassListRemoveItem", { item: "milk" }), {}, "Milk is off the list."],
        [intent("EarshotDeleteRecordings"), { deleted: 0 }, "There was nothing to delete."],
        [intent("EarshotDeleteRecordings"), { deleted: 2 }, "2 recordings are deleted."],
        [intent("EarshotWhoCanHearMe"), { listening: ["kitchen"] }, "Kitchen can hear you."],
        [intent("EarshotRepeat"), { lastReply: "The lamp is on." }, "The lamp is on."],
        [intent("HassRespond", {}, { response: "welcome" }), {}, "You are welcome."],
    ])("to %j, knowing %j", (asked, facts, expected) => {
        expect(respond(english, asked, [], facts)).toBe(expected);
    });

    it("tells time and date in the language and the zone of the home", () => {
        const facts = { now: new Date("2026-11-22T12:05:00Z"), timeZone: "Europe/Berlin" };
        const said = [english, german, french, spanish].flatMap((language) =>
            ["HassGetCurrentTime", "HassGetCurrentDate"].map((name) =>
                respond(language, intent(name), [], facts).replaceAll(/\s/g, " "),
            ),
        );
        expect(said).toEqual([
            "It is 1:05 PM.",
            "It is Sunday, November 22, 2026.",
            "Es ist 13:05 Uhr.",
            "Heute ist Sonntag, der 22. November 2026.",
            "Il est 13:05.",
            "Nous sommes le dimanche 22 novembre 2026.",
            "Son las 13:05.",
            "Hoy es domingo, 22 de noviembre de 2026.",
        ]);
        const one = { now: new Date("2026-11-22T00:05:00Z"), timeZone: "Europe/Madrid" };
        expect(respond(spanish, intent("HassGetCurrentTime"), [], one)).toBe("Es la 1:05.");
    });

    it("asks back with the names of what could be meant, as long as they tell the things apart", () => {
        const asked = intent("HassTurnOn", {}, { candidates: ["lamp", "bedroom-2"] });
        const lamps = HOME.devices.filter(({ id }) => asked.candidates?.includes(id));
        const back = [english, german, french, spanish].map((language) => respond(language, asked, [], {}, lamps));
        expect(back).toEqual([
            "Which one do you mean: the lamp or the lamp 2?",
            "Was meinst du: Lamp oder Lamp 2?",
            "Que voulez-vous dire : Lamp ou Lamp 2 ?",
            "¿Cuál quieres decir: Lamp o Lamp 2?",
        ]);
        const alike = [device("a", "Lamp", "light"), device("b", "Lamp", "light")];
        expect(respond(english, asked, [], {}, alike)).toBe("Which one do you mean?");
    });

    it("needs no gender where the language has several", () => {
        const on = [outcome("kitchen-light", ON)];
        const three = ["kitchen-light", "lamp", "bedroom-2"].map((id) => outcome(id, OFF));
        const asked = intent("HassTurnOn", { name: "Kitchen Light" });
        expect([german, french, spanish].map((language) => respond(language, asked, on))).toEqual([
            "Kitchen Light ist an.",
            "Kitchen Light : c'est allumé.",
            "Kitchen Light: encendido.",
        ]);
        expect([german, french, spanish].map((language) => respond(language, asked, three))).toEqual([
            "Drei Lichter sind aus: Kitchen Light, Lamp und Lamp 2.",
            "Trois lumières, c'est éteint : Kitchen Light, Lamp et Lamp 2.",
            "Tres luces, apagado: Kitchen Light, Lamp y Lamp 2.",
        ]);
        const open = intent("HassGetState", { state: "open" });
        const closed = [told(WINDOW, "off"), told(SECOND_WINDOW, "off")];
        expect([german, french, spanish].map((language) => respond(language, open, closed))).toEqual([
            "Keine Fenster sind offen.",
            "Fenêtres : rien n'est ouvert.",
            "Ventanas: nada está abierto.",
        ]);
        expect(respond(german, intent("HassMediaPause"), [told(TV, "playing")])).toBe("TV spielt.");
    });

    it("asks before it touches everything, and says what would have been understood", () => {
        const lights = HOME.devices.filter(({ type }) => type === "light");
        expect(confirmation(english, lights)).toBe("That is about three lights. Shall I really do that?");
        expect(confirmation(german, lights)).toBe("Das betrifft drei Lichter. Soll ich das wirklich tun?");
        expect(notUnderstood(english)).toBe("I did not understand that.");
        expect(notUnderstood(english, ["turn on the lamp", "turn off the lamp"])).toBe(
            "I did not understand that. You could say: turn on the lamp.",
        );
        expect(sentence(german, "any_words")).toContain("nur die Wörter deines Zuhauses");
    });

    it("never holds the message of an error", () => {
        expect(reply("kitchen light on", [failed("kitchen-light", "token=secret")])).not.toContain("secret");
    });
});

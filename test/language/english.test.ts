import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HomeDescription } from "../../dist/src/home";
import { compile, loadLanguage, type SpokenContext } from "../../dist/src/language";

const refusals = JSON.parse(readFileSync(join(__dirname, "../../bench/language/refusals.en.json"), "utf8")) as {
    readonly home: HomeDescription;
    readonly sentences: Readonly<Record<string, readonly string[]>>;
};
const english = compile(loadLanguage("en"), refusals.home);

function heard(text: string, context: SpokenContext = {}) {
    const [intent] = english.understand(text, context).intents;
    return intent === undefined ? undefined : [intent.name, intent.slots];
}

describe("what Home Assistant has intents for", () => {
    it.each([
        ["open the garage door", "HassTurnOn", { name: "Garage Door" }],
        ["close all the curtains", "HassTurnOff", { domain: "cover", device_class: "curtain" }],
        ["shut the blinds in the bedroom", "HassTurnOff", { domain: "cover", device_class: "blind", area: "Bedroom" }],
        ["open the bedroom blind halfway", "HassSetPosition", { name: "Bedroom Blind", position: 50 }],
        ["set the curtains to 20%", "HassSetPosition", { domain: "cover", device_class: "curtain", position: 20 }],
        ["unlock the front door", "HassTurnOff", { name: "Front Door" }],
        ["lock all the doors", "HassTurnOn", { domain: "lock" }],
        ["turn off the fan in the living room", "HassTurnOff", { domain: "fan", area: "Living Room" }],
        ["set the ceiling fan to high", "HassFanSetSpeed", { name: "Ceiling Fan", percentage: 100 }],
        ["movie night", "HassTurnOn", { domain: "scene", name: "Movie Night" }],
        ["run the bedtime script", "HassTurnOn", { domain: "script", name: "Bedtime" }],
        ["turn off everything in the kitchen", "HassTurnOff", { name: "all", area: "Kitchen" }],
        ["pause the TV", "HassMediaPause", { name: "TV" }],
        ["skip this song in the kitchen", "HassMediaNext", { area: "Kitchen" }],
        [
            "play the album Abbey Road on the TV",
            "HassMediaSearchAndPlay",
            { search_query: "Abbey Road", media_class: "album", name: "TV" },
        ],
        ["turn the TV volume up by ten percent", "HassSetVolumeRelative", { name: "TV", volume_step: 10 }],
        ["turn down the volume in the kitchen", "HassSetVolumeRelative", { area: "Kitchen", volume_step: "down" }],
        ["set the volume to half", "HassSetVolume", { volume_level: 50 }],
        ["unmute the kitchen speaker", "HassMediaPlayerUnmute", { name: "Kitchen Speaker" }],
        ["send Dusty back to the dock", "HassVacuumReturnToBase", { name: "Dusty" }],
        ["vacuum the kitchen", "HassVacuumCleanArea", { area: "Kitchen" }],
        ["mow the lawn", "HassLawnMowerStartMowing", {}],
        ["is the front door locked", "HassGetState", { domain: "lock", name: "Front Door", state: "locked" }],
        ["are all the curtains closed", "HassGetState", { domain: "cover", device_class: "curtain", state: "closed" }],
        ["are any windows open", "HassGetState", { domain: "binary_sensor", device_class: "window", state: "on" }],
        [
            "is there any motion in the hallway",
            "HassGetState",
            { domain: "binary_sensor", device_class: "motion", state: "on", area: "Hallway" },
        ],
        ["what is the outdoor temperature", "HassGetState", { domain: "sensor", name: "Outdoor Temperature" }],
        ["where is Anna", "HassGetState", { domain: "person", name: "Anna" }],
        ["who is at home", "HassGetState", { domain: "person", state: "home" }],
        ["what's the weather like in Bristol", "HassGetWeather", { name: "Bristol" }],
        ["what day is it today", "HassGetCurrentDate", {}],
        ["what time is it", "HassGetCurrentTime", {}],
        ["add oat milk to the shopping list", "HassShoppingListAddItem", { item: "oat milk" }],
        ["cross oat milk off the shopping list", "HassShoppingListCompleteItem", { item: "oat milk" }],
        ["add mow the lawn to chores", "HassListAddItem", { item: "mow the lawn", name: "Chores" }],
        ["remove mow the lawn from my chores list", "HassListRemoveItem", { item: "mow the lawn", name: "Chores" }],
        ["announce that supper is ready", "HassBroadcast", { message: "supper is ready" }],
        ["never mind", "HassNevermind", {}],
        ["what can I say", "HassRespond", {}],
    ] as const)("%s", (text, name, slots) => {
        expect(heard(text)).toEqual([name, slots]);
    });

    it.each([
        ["set a timer for an hour and a half", "HassStartTimer", { hours: 1, minutes: 30 }],
        ["set a timer for three quarters of an hour", "HassStartTimer", { minutes: 45 }],
        ["start a pizza timer for 5 and a half minutes", "HassStartTimer", { name: "pizza", minutes: 5, seconds: 30 }],
        ["1 hour 15 minute timer", "HassStartTimer", { hours: 1, minutes: 15 }],
        ["cancel the 5 minute timer", "HassCancelTimer", { start_minutes: 5 }],
        ["stop all my timers", "HassCancelAllTimers", {}],
        ["add half a minute to the kitchen timer", "HassIncreaseTimer", { seconds: 30, area: "Kitchen" }],
        ["take five minutes off the timer named eggs", "HassDecreaseTimer", { minutes: 5, name: "eggs" }],
        ["how much time is left on the pizza timer", "HassTimerStatus", { name: "pizza" }],
        ["resume the timer", "HassUnpauseTimer", {}],
    ] as const)("%s", (text, name, slots) => {
        expect(heard(text)).toEqual([name, slots]);
    });

    it("do later what they could do now, and nothing else", () => {
        expect(heard("close the curtains in ten minutes")).toEqual([
            "HassStartTimer",
            { minutes: 10, conversation_command: "close the curtains" },
        ]);
        for (const text of ["dinner is ready in ten minutes", "is the front door locked in ten minutes"]) {
            expect([text, heard(text)]).toEqual([text, undefined]);
        }
    });

    it("are meant for the speaker's room where no other is named", () => {
        expect(heard("close the curtains", { area: "living" })).toEqual([
            "HassTurnOff",
            { domain: "cover", device_class: "curtain", area: "Living Room" },
        ]);
        expect(heard("vacuum in here", { area: "kitchen" })).toEqual(["HassVacuumCleanArea", { area: "Kitchen" }]);
    });
});

describe("a sentence that was misheard", () => {
    it.each([
        ["term on the kitchen lite", "HassTurnOn", { name: "Kitchen Light" }],
        ["clothes the bedroom blinds", "HassTurnOff", { domain: "cover", device_class: "blind", area: "Bedroom" }],
        ["set thuh flaw lamp two fifty percent", "HassLightSet", { name: "Floor Lamp", brightness: 50 }],
        ["is the frunt door locked", "HassGetState", { domain: "lock", name: "Front Door", state: "locked" }],
        ["at five minutes to the timer", "HassIncreaseTimer", { minutes: 5 }],
        ["canceled the pizza tyner", "HassCancelTimer", { name: "pizza" }],
        ["paws the tivy", "HassMediaPause", { name: "TV" }],
    ] as const)("%s", (text, name, slots) => {
        expect(heard(text)).toEqual([name, slots]);
    });

    it("keeps its words where they are free text", () => {
        expect(heard("play thuh wall on the tivy")).toEqual([
            "HassMediaSearchAndPlay",
            { search_query: "thuh wall", name: "TV" },
        ]);
    });
});

describe("what is no command", () => {
    /** Whatever follows "play" may be the name of something to play: only the player can tell. */
    const PLAYABLE = /^play /;

    it.each(Object.entries(refusals.sentences))("is not taken for one: %s", (_, sentences) => {
        const accepted = sentences.filter((text) => !PLAYABLE.test(text) && heard(text) !== undefined);
        expect(accepted).toEqual([]);
    });
});

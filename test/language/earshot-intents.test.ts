import { describe, expect, it } from "vitest";
import { compile, lastMomentAt, loadLanguage } from "../../dist/src/language";
import { HOME } from "./homes";

const english = compile(loadLanguage("en"), HOME);
const german = compile(loadLanguage("de"), {
    floors: [{ id: "og", name: "Obergeschoss" }],
    areas: [{ id: "kueche", name: "Küche", floor: "og" }],
    devices: [{ id: "decke", name: "Deckenlampe", type: "light", area: "kueche" }],
});

const LAST = { scope: "last" };
const TODAY = { scope: "today" };
const ALL = { scope: "all" };
const KITCHEN = { area: "Kitchen" };
const ago = (slots: object) => ({ scope: "since", ...slots });
const since = (time: string, clock = 12) => ({ scope: "since", since: time, since_clock: clock });

describe("what was said is deleted by saying", () => {
    it.each<[string, object]>([
        ["delete what I just said", LAST],
        ["delete what you just heard", LAST],
        ["delete the last thing I said", LAST],
        ["delete the last thing that I said", LAST],
        ["forget what I just said", LAST],
        ["forget I said that", LAST],
        ["forget that I said that", LAST],
        ["erase the last recording", LAST],
        ["remove my last command", LAST],
        ["delete that recording", LAST],
        ["delete the last sentence", LAST],
        ["erase what I said just now", LAST],
        ["you didn't hear that", LAST],
        ["could you delete the last thing I said please", LAST],
        ["delete everything I said today", TODAY],
        ["delete everything from today", TODAY],
        ["forget everything I said today", TODAY],
        ["erase all recordings from today", TODAY],
        ["delete today's recordings", TODAY],
        ["wipe everything from today", TODAY],
        ["delete what I said today", TODAY],
        ["forget today", TODAY],
        ["delete everything from the kitchen today", { ...TODAY, ...KITCHEN }],
        ["delete everything I said today in the kitchen", { ...TODAY, ...KITCHEN }],
        ["delete everything since four o'clock", since("04:00")],
        ["delete everything I said since four o'clock", since("04:00")],
        ["delete everything I said since 4 pm", since("16:00", 24)],
        ["forget everything since half past three", since("03:30")],
        ["erase all recordings since 16:30", since("16:30", 24)],
        ["delete everything after quarter to five", since("04:45")],
        ["delete everything since a quarter past eleven tonight", since("23:15", 24)],
        ["delete everything since ten past nine in the morning", since("09:10", 24)],
        ["delete everything since twenty to one", since("12:40")],
        ["delete everything since noon", since("12:00", 24)],
        ["delete everything I said since midnight", since("00:00", 24)],
        ["remove everything you heard since four thirty", since("04:30")],
        ["delete everything from the kitchen since four o'clock", { ...since("04:00"), ...KITCHEN }],
        ["delete everything I said in the last hour", ago({ hours: 1 })],
        ["delete the last ten minutes", ago({ minutes: 10 })],
        ["forget the last half hour", ago({ minutes: 30 })],
        ["delete everything from the last two hours", ago({ hours: 2 })],
        ["erase all recordings from the past 30 minutes", ago({ minutes: 30 })],
        ["delete everything from the kitchen", { ...ALL, ...KITCHEN }],
        ["delete everything I said in the kitchen", { ...ALL, ...KITCHEN }],
        ["erase all recordings from the kitchen", { ...ALL, ...KITCHEN }],
        ["delete the kitchen recordings", { ...ALL, ...KITCHEN }],
        ["delete everything you heard in the living room", { ...ALL, area: "Living Room" }],
        ["delete everything from upstairs", { ...ALL, floor: "First Floor" }],
        ["delete everything", ALL],
        ["please delete everything", ALL],
        ["erase everything", ALL],
        ["forget everything", ALL],
        ["delete everything I ever said", ALL],
        ["delete all recordings", ALL],
        ["delete all my recordings", ALL],
        ["erase every recording", ALL],
        ["delete my data", ALL],
        ["wipe your memory", ALL],
        ["forget everything you know about me", ALL],
        ["delete everything you have heard", ALL],
    ])("%s", (text, slots) => {
        expect(english.understand(text).intents).toMatchObject([
            { name: "EarshotDeleteRecordings", slots, targets: [] },
        ]);
        expect(english.understand(text).intents[0]?.slots).toEqual(slots);
    });

    it.each<[string, object]>(
        [
            ["lösche was ich gerade gesagt habe", LAST],
            ["vergiss was ich eben gesagt habe", LAST],
            ["lösche die letzte Aufnahme", LAST],
            ["lösche meinen letzten Satz", LAST],
            ["vergiss das wieder", LAST],
            ["das hast du nicht gehört", LAST],
            ["lösche alles von heute", TODAY],
            ["lösche alles was ich heute gesagt habe", TODAY],
            ["lösche alle Aufnahmen von heute", TODAY],
            ["lösche alles seit vier Uhr", since("04:00")],
            ["lösche alles seit halb vier", since("03:30")],
            ["lösche alles seit viertel nach drei", since("03:15")],
            ["lösche alles seit viertel vor drei nachmittags", since("14:45", 24)],
            ["lösche alles seit 16:30", since("16:30", 24)],
            ["lösche alles seit 16 Uhr 30 aus der Küche", { ...since("16:30", 24), area: "Küche" }],
            ["lösche alles was ich seit Mittag gesagt habe", since("12:00", 24)],
            ["lösche alles aus den letzten zehn Minuten", ago({ minutes: 10 })],
            ["lösche alles aus der letzten Stunde", ago({ hours: 1 })],
            ["lösche alles aus der Küche", { ...ALL, area: "Küche" }],
            ["lösche alles", ALL],
            ["vergiss alles", ALL],
            ["lösche alle meine Daten", ALL],
        ].filter(([, slots]) => slots !== undefined) as [string, object][],
    )("%s", (text, slots) => {
        expect(german.understand(text).intents[0]).toMatchObject({ name: "EarshotDeleteRecordings", targets: [] });
        expect(german.understand(text).intents[0]?.slots).toEqual(slots);
    });

    it("has a flag where it is about everything that there is", () => {
        expect(english.understand("delete everything").intents).toMatchObject([{ all: true }]);
        expect(english.understand("delete everything I said today").intents[0]).not.toHaveProperty("all");
    });

    it.each([
        "don't delete everything",
        "delete everything but the kitchen",
        "delete the lamp",
        "delete everything since",
        "delete everything since 25 o'clock",
        "did you delete everything",
        "you deleted everything",
        "forget the milk",
    ])("nothing is deleted by: %s", (text) => {
        expect(english.understand(text).intents).toEqual([]);
    });
});

describe("what Earshot is asked", () => {
    it.each([
        ["mute the microphone", "EarshotMuteMicrophone"],
        ["turn off the microphone", "EarshotMuteMicrophone"],
        ["stop listening", "EarshotMuteMicrophone"],
        ["don't listen", "EarshotMuteMicrophone"],
        ["unmute the microphone", "EarshotUnmuteMicrophone"],
        ["turn the microphone on", "EarshotUnmuteMicrophone"],
        ["start listening again", "EarshotUnmuteMicrophone"],
        ["what did you hear", "EarshotWhatDidYouHear"],
        ["what did I just say", "EarshotWhatDidYouHear"],
        ["who can hear me", "EarshotWhoCanHearMe"],
        ["is anyone listening", "EarshotWhoCanHearMe"],
        ["repeat that", "EarshotRepeat"],
        ["what did you say", "EarshotRepeat"],
        ["say that again please", "EarshotRepeat"],
        ["help", "EarshotHelp"],
        ["show me some examples", "EarshotHelp"],
    ])("%s", (text, name) => {
        expect(english.understand(text).intents).toMatchObject([{ name, targets: [] }]);
    });

    it.each([
        ["mach das Mikrofon aus", "EarshotMuteMicrophone"],
        ["hör nicht mehr zu", "EarshotMuteMicrophone"],
        ["Mikrofon wieder an", "EarshotUnmuteMicrophone"],
        ["was hast du gehört", "EarshotWhatDidYouHear"],
        ["wer kann mich hören", "EarshotWhoCanHearMe"],
        ["wie bitte", "EarshotRepeat"],
        ["sag das noch einmal", "EarshotRepeat"],
        ["Hilfe", "EarshotHelp"],
        ["welche Sätze verstehst du", "EarshotHelp"],
    ])("%s", (text, name) => {
        expect(german.understand(text).intents).toMatchObject([{ name, targets: [] }]);
    });

    it("may be of one room", () => {
        expect(english.understand("mute the microphone in the kitchen").intents).toMatchObject([{ slots: KITCHEN }]);
    });
});

describe("a time of day that was said", () => {
    const now = new Date(2026, 2, 10, 17, 30);
    it.each<[string, number, [number, number, number]]>([
        ["04:00", 12, [10, 16, 0]],
        ["05:31", 12, [10, 5, 31]],
        ["05:30", 12, [10, 17, 30]],
        ["12:15", 12, [10, 12, 15]],
        ["04:00", 24, [10, 4, 0]],
        ["18:00", 24, [9, 18, 0]],
        ["00:00", 24, [10, 0, 0]],
    ])("%s on a clock of %i hours is the last one", (time, clock, [day, hour, minute]) => {
        expect(lastMomentAt(time, clock, now)).toEqual(new Date(2026, 2, day, hour, minute));
    });
});

describe("what was done is undone by saying", () => {
    it.each([
        "undo that",
        "undo",
        "undo the last command",
        "put it back",
        "put everything back how it was",
        "revert that",
    ])("%s", (text) =>
        expect(english.understand(text, {}).intents).toMatchObject([{ name: "EarshotUndo", targets: [] }]),
    );

    it.each(["mach das rückgängig", "rückgängig", "nimm das zurück", "stell es wieder so wie vorher", "wie vorher"])(
        "%s",
        (text) => expect(german.understand(text, {}).intents).toMatchObject([{ name: "EarshotUndo", targets: [] }]),
    );
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RightsSettings, SAFE_RIGHTS } from "../../dist/src/home";
import { Hub } from "../../dist/src/hub";
import type { Spoken } from "../../dist/src/language";

const device = (id: string, name: string, type: string, area: string) =>
    ({ id, name, type, area, driver: "simulated" }) as const;

const DEVICES = [
    device("lamp", "Ceiling lamp", "light", "kitchen"),
    device("spot", "Spot", "light", "kitchen"),
    device("door", "Front door", "lock", "hall"),
    device("garage", "Garage door", "garage", "hall"),
    device("blind", "Kitchen blind", "cover", "kitchen"),
    device("fan", "Ventilator", "fan", "kitchen"),
    device("radio", "Radio", "media_player", "kitchen"),
    device("robby", "Robby", "vacuum", "hall"),
    device("mower", "Mower", "lawn_mower", "hall"),
    device("evening", "Evening", "scene", "kitchen"),
    device("cellar", "Cellar temperature", "temperature", "hall"),
    device("mover", "Hall motion", "motion", "hall"),
    device("window", "Kitchen window", "window", "kitchen"),
];

const folder = await mkdtemp(join(tmpdir(), "earshot-orders-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const KITCHEN: Spoken = { site: "kitchen" };

/** A hub whose home is up; nothing listens and nothing is looked for on the network. */
async function hubWith(rights: Partial<RightsSettings> = {}, language = "en") {
    const hub = new Hub({
        id: "hub",
        language,
        folder,
        sites: [{ id: "kitchen", name: "Kitchen", area: "kitchen" }],
        home: {
            floors: [{ id: "ground", name: "Ground" }],
            areas: [
                { id: "kitchen", name: "Kitchen", floor: "ground" },
                { id: "hall", name: "Hall", floor: "ground" },
            ],
            devices: DEVICES,
        },
        rights: { ...SAFE_RIGHTS, ...rights },
    });
    await hub.home.start();
    /** Says a sentence and gives the last reply to it. */
    const say = async (text: string, spoken = KITCHEN) => {
        const { intents } = hub.understand(text, spoken);
        if (intents.length === 0) return "not understood";
        const replies: string[] = [];
        for (const intent of intents) replies.push((await hub.dispatch(intent, spoken)).say);
        return replies.join(" ");
    };
    const state = (id: string) => hub.home.read(id);
    return { hub, say, state };
}

describe("orders and questions", () => {
    let home: Awaited<ReturnType<typeof hubWith>>;
    beforeAll(async () => {
        home = await hubWith();
    });
    afterAll(() => home.hub.home.stop());

    it.each([
        ["lock the front door", "The front door is locked."],
        ["is the front door locked", "Yes, the front door is locked."],
        ["open the kitchen blind", "The kitchen blind is open."],
        ["set the kitchen blind to 30 percent", "The kitchen blind is 30 percent open."],
        ["close the garage door", "The garage door is closed."],
        ["set the ventilator to 70 percent", "The ventilator runs at 70 percent."],
        ["set the radio volume to 50 percent", "The volume of the radio is 50 percent."],
        ["turn the radio up", "The volume of the radio is 60 percent."],
        ["pause the radio", "The radio is paused."],
        ["next track", "The radio is paused."],
        ["mute the radio", "The radio is muted."],
        ["start robby", "Robby is cleaning."],
        ["return robby to base", "Robby is at the dock."],
        ["clean the kitchen", "Cleaning the kitchen."],
        ["activate evening", "Done."],
        ["what is the cellar temperature", "The cellar temperature is 19.5 degrees."],
        ["is the kitchen window open", "No, the kitchen window is closed."],
    ])("%s: %s", async (sentence, reply) => {
        expect((await home.say(sentence)).replace(/^The robby/, "Robby")).toBe(reply);
    });
});

describe("an order", () => {
    let hub: Hub;
    let say: (text: string, spoken?: Spoken) => Promise<string>;
    let state: Awaited<ReturnType<typeof hubWith>>["state"];
    beforeEach(async () => {
        ({ hub, say, state } = await hubWith());
    });
    afterEach(() => hub.home.stop());

    it("unlocks once somebody has said yes", async () => {
        expect(await say("unlock the front door")).toBe("That is about the front door. Shall I really do that?");
        expect(await state("door")).toMatchObject({ locked: true });
        expect(await say("yes")).toBe("The front door is unlocked.");
        expect(await say("yes")).toBe("not understood");
    });

    it("leaves a door as it is after a no", async () => {
        await say("open the garage door");
        expect(await say("no")).toBe("All right.");
        expect(await state("garage")).toMatchObject({ coverState: "closed" });
    });

    it("takes a yes of nobody else, and a button's for what it is about", async () => {
        const anna = { site: "kitchen", speaker: "anna" };
        const [intent] = hub.understand("unlock the front door", anna).intents;
        if (!intent) throw new Error("not understood");
        const { asked } = await hub.dispatch(intent, anna);
        const yes = { ...intent, name: "EarshotConfirm", slots: {}, targets: [] };
        expect(await hub.dispatch(yes, KITCHEN)).toMatchObject({ say: "I did not ask anything." });
        expect(await hub.confirm(true, anna, "another")).toMatchObject({ say: "I did not ask anything." });
        expect(await state("door")).toMatchObject({ locked: true });
        expect(await hub.confirm(true, anna, asked?.id)).toMatchObject({ say: "The front door is unlocked." });
    });

    it("asks before it does everything, and leaves locks and doors out of it without a word", async () => {
        for (const id of ["lamp", "spot", "fan"])
            await say(`turn on the ${id === "lamp" ? "ceiling lamp" : id === "fan" ? "ventilator" : id}`);
        expect(await say("turn everything off")).toBe("That is about four devices. Shall I really do that?");
        expect(await state("lamp")).toMatchObject({ on: true });
        expect(await say("yes")).toBe("Four devices are off: ceiling lamp, spot, ventilator, and radio.");
        expect(await state("door")).toMatchObject({ locked: true });
    });

    it("puts back what the last command changed", async () => {
        await say("set the ceiling lamp to 40 percent");
        await say("set the ceiling lamp to red");
        expect(await say("undo that")).toBe("The ceiling lamp is on.");
        expect(await state("lamp")).toMatchObject({ on: true, brightnessPercent: 40, color: { saturationPercent: 0 } });
        expect(await say("undo that")).toBe("There is nothing that I could undo.");
        await say("close the garage door");
        await say("pause the radio");
        expect(await say("undo that", { site: "hall" })).toBe("There is nothing that I could undo.");
    });

    it("says what it can't do, device by device", async () => {
        expect(await say("turn off evening")).not.toContain("Done");
        const order = { confidence: 1, slots: {}, text: "", name: "HassTurnOff", targets: ["evening", "lamp", "gone"] };
        expect(await hub.dispatch(order, KITCHEN)).toMatchObject({
            say: "The ceiling lamp is off. The evening cannot do that. The gone is not there anymore.",
            devices: [{ ok: false, error: "Evening can't be turned off." }, { ok: true }, { ok: false }],
        });
    });
});

describe("a PIN", () => {
    it("is asked for, said in digits or words, and in German too", async () => {
        const { hub, say, state } = await hubWith({ critical: "pin", pin: "0417" });
        expect(await say("unlock the front door")).toBe(
            "That is about the front door. Shall I really do that? Please say the PIN.",
        );
        expect(await say("yes")).toBe("Please say the PIN.");
        expect(await say("one two three four")).toBe("That is not the PIN.");
        expect(await state("door")).toMatchObject({ locked: true });
        expect(await say("the PIN is zero four one seven")).toBe("The front door is unlocked.");
        await hub.home.stop();

        const german = await hubWith({ critical: "pin", pin: "0417" }, "de");
        expect(await german.say("schließ front door auf")).toContain("Bitte sag die PIN.");
        expect(await german.say("null vier siebzehn")).toBe("Front door ist nicht abgeschlossen.");
        await german.hub.home.stop();
    });

    it("is no PIN where none was asked for", async () => {
        const { hub } = await hubWith();
        expect(hub.understand("1234", KITCHEN).intents).toEqual([]);
    });
});

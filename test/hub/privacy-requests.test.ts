import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type DispatchResult, Hub } from "../../dist/src/hub";
import { countOf, meantBy, selectionsOf } from "../../dist/src/hub/deletion";
import type { Spoken } from "../../dist/src/language";
import { verifyPrivacyLog } from "../../dist/src/privacy";
import { transcriptOf } from "../vault/vault-folder";

/** A Tuesday. */
const NOW = new Date(2026, 2, 10, 17, 30);
const KITCHEN: Spoken = { site: "kitchen" };

const EARLIER = {
    a: { site: "kitchen", startedAt: new Date(2026, 2, 10, 17, 29) },
    b: { site: "study", startedAt: new Date(2026, 2, 10, 17, 10) },
    c: { site: "kitchen", startedAt: new Date(2026, 2, 10, 16, 10), speaker: "ada" },
    d: { site: "study", startedAt: new Date(2026, 2, 10, 9, 0) },
    e: { site: "kitchen", startedAt: new Date(2026, 2, 9, 20, 0) },
    f: { site: "study", startedAt: new Date(2026, 2, 3, 12, 0) },
} as const;

const hubs: Hub[] = [];
let folder: string;
beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "earshot-requests-"));
    vi.useFakeTimers({ toFake: ["Date"], now: NOW });
});
afterAll(async () => {
    vi.useRealTimers();
    for (const hub of hubs) await hub.stop();
    await rm(folder, { recursive: true, force: true });
});

/** A hub with a vault and a home; nothing listens and nothing is looked for on the network. */
async function hubIn(language: string) {
    const rooms = { en: ["Kitchen", "Study", "upstairs"], de: ["Küche", "Arbeitszimmer", "Obergeschoss"] }[language];
    const [kitchen = "", study = "", upstairs = ""] = rooms ?? [];
    const hub = new Hub({
        id: "hub",
        language,
        folder: join(folder, `${language}${hubs.length}`),
        sites: [
            { id: "kitchen", name: kitchen, area: "k" },
            { id: "study", name: study, area: "s" },
        ],
        home: {
            floors: [{ id: "up", name: upstairs }],
            areas: [
                { id: "k", name: kitchen },
                { id: "s", name: study, floor: "up" },
                { id: "g", name: "Garage" },
            ],
            devices: [
                { id: "lamp", name: "Lamp", type: "light", area: "k", driver: "simulated" },
                { id: "door", name: "Front door", type: "lock", area: "k", driver: "simulated" },
            ],
        },
        retention: () => [{ keep: "forever" }],
    });
    hubs.push(hub);
    await hub.vault.open();
    await hub.home.start();
    let said = 0;
    /** Says a sentence that a flow keeps before it is understood, as one would with a recording node. */
    const ask = async (text: string, { site = "kitchen", speaker }: Spoken = {}): Promise<DispatchResult> => {
        const session = `session-${++said}`;
        const whose = { site, ...(speaker !== undefined && { speaker }) };
        const kept = await hub.keeping.keep({
            ...whose,
            session,
            startedAt: Date.now(),
            transcript: transcriptOf(text),
        });
        const spoken = { ...whose, utterances: [`sentence-${said}`, session, ...(kept ? [kept.id] : [])] };
        const [intent] = hub.understand(text, spoken).intents;
        if (!intent) throw new Error(`Not understood: ${text}`);
        return await hub.dispatch(intent, spoken);
    };
    /** Sessions of what is there, in their order. */
    const left = async () => {
        const recordings = await hub.vault.list({ limit: 1_000 });
        return recordings.map(({ session }) => session).toSorted();
    };
    const fill = async () => {
        await hub.vault.purge({ all: true });
        for (const [session, { startedAt, ...where }] of Object.entries(EARLIER)) {
            await hub.vault.keep({
                session,
                ...where,
                startedAt: startedAt.getTime(),
                transcript: transcriptOf(session),
            });
        }
    };
    return { hub, ask, left, fill };
}

type Home = Awaited<ReturnType<typeof hubIn>>;

const LAST = "bcdef";
const TODAY = "ef";
const KITCHEN_TODAY = "bdef";
const SINCE_FOUR = "def";
const KITCHEN_GONE = "bdf";

/** What is said, and what is left of what was kept before. */
const ENGLISH: readonly (readonly [string, string])[] = [
    ["delete what I just said", LAST],
    ["delete the last thing I said", LAST],
    ["forget what I just said", LAST],
    ["forget that I said that", LAST],
    ["erase the last recording", LAST],
    ["remove my last command", LAST],
    ["delete that recording", LAST],
    ["you didn't hear that", LAST],
    ["could you delete the last thing I said please", LAST],
    ["delete what you just heard", LAST],
    ["erase what I said just now", LAST],
    ["scratch that from the record", LAST],
    ["delete everything I said today", TODAY],
    ["delete everything from today", TODAY],
    ["forget everything I said today", TODAY],
    ["erase all recordings from today", TODAY],
    ["delete today's recordings", TODAY],
    ["wipe everything from today", TODAY],
    ["forget today", TODAY],
    ["delete everything from the kitchen today", KITCHEN_TODAY],
    ["delete everything I said today in the kitchen", KITCHEN_TODAY],
    ["delete everything since four o'clock", SINCE_FOUR],
    ["delete everything I said since four o'clock", SINCE_FOUR],
    ["delete everything I said since 4 pm", SINCE_FOUR],
    ["erase all recordings since 16:00", SINCE_FOUR],
    ["delete everything after quarter to five", "cdef"],
    ["delete everything since ten past nine in the morning", SINCE_FOUR],
    ["delete everything since noon", SINCE_FOUR],
    ["delete everything I said since midnight", TODAY],
    ["remove everything you heard since four", SINCE_FOUR],
    ["delete everything since seven in the evening", "f"],
    ["delete everything from the kitchen since four o'clock", "bdef"],
    ["delete everything I said in the last hour", "cdef"],
    ["delete the last ten minutes", "bcdef"],
    ["forget the last half hour", "cdef"],
    ["delete everything from the last two hours", SINCE_FOUR],
    ["erase all recordings from the past 30 minutes", "cdef"],
    ["delete everything from the kitchen", KITCHEN_GONE],
    ["delete everything I said in the kitchen", KITCHEN_GONE],
    ["erase all recordings from the kitchen", KITCHEN_GONE],
    ["delete the kitchen recordings", KITCHEN_GONE],
    ["delete everything you heard in the study", "ace"],
    ["delete everything from upstairs", "ace"],
    ["delete everything from the garage", "abcdef"],
    ["delete everything", ""],
    ["please delete everything", ""],
    ["erase everything", ""],
    ["forget everything", ""],
    ["delete everything I ever said", ""],
    ["delete all recordings", ""],
    ["delete all my recordings", ""],
    ["erase every recording", ""],
    ["delete my data", ""],
    ["wipe your memory", ""],
    ["forget everything you know about me", ""],
    ["delete everything you have heard", ""],
];

const GERMAN: readonly (readonly [string, string])[] = [
    ["lösche was ich gerade gesagt habe", LAST],
    ["vergiss was ich eben gesagt habe", LAST],
    ["lösche die letzte Aufnahme", LAST],
    ["lösche meinen letzten Satz", LAST],
    ["das hast du nicht gehört", LAST],
    ["lösche alles von heute", TODAY],
    ["lösche alles was ich heute gesagt habe", TODAY],
    ["lösche alles seit vier Uhr", SINCE_FOUR],
    ["lösche alles seit halb fünf", "cdef"],
    ["lösche alles seit 16 Uhr aus der Küche", "bdef"],
    ["lösche alles was ich seit Mittag gesagt habe", SINCE_FOUR],
    ["lösche alles aus den letzten zehn Minuten", "bcdef"],
    ["lösche alles aus der letzten Stunde", "cdef"],
    ["lösche alles aus der Küche", KITCHEN_GONE],
    ["lösche alles", ""],
    ["vergiss alles", ""],
    ["lösche alle meine Daten", ""],
];

/** One for each kind of request; what is meant by the others is told by their selection. */
const CARRIED_OUT = new Set([
    "delete what I just said",
    "delete everything I said today",
    "delete everything since four o'clock",
    "delete everything I said in the last hour",
    "delete everything from the kitchen",
    "delete everything from the garage",
    "delete everything",
    "lösche was ich gerade gesagt habe",
    "lösche alles von heute",
    "lösche alles aus der Küche",
]);

describe.each([
    ["en", ENGLISH, "yes", /^Those are (\d) recordings. Shall I really delete them\?$/],
    ["de", GERMAN, "ja", /^Das sind (\d) Aufnahmen. Soll ich sie wirklich löschen\?$/],
] as const)("recordings are deleted by saying (%s)", (language, phrasings, yes, question) => {
    let home: Home;
    beforeAll(async () => {
        home = await hubIn(language);
    });

    describe("what is meant by", () => {
        beforeAll(() => home.fill());

        it.each(phrasings)("%s", async (text, rest) => {
            const { vault, sites, home: rooms } = home.hub;
            const { intents } = home.hub.understand(text, KITCHEN);
            expect(intents).toMatchObject([{ name: "EarshotDeleteRecordings" }]);
            const [intent] = intents;
            if (!intent) return;
            const { areas, floors } = rooms.description();
            const meant = await meantBy(intent, KITCHEN, { sites, areas, floors }, vault, NOW);
            const gone = (
                await Promise.all(selectionsOf(meant).map(({ all, ...filter }) => vault.list(filter)))
            ).flat();
            const letters = new Set(gone.map(({ session }) => session));
            expect(Object.keys(EARLIER).filter((letter) => !letters.has(letter))).toEqual([...rest]);
            expect(await countOf(meant, vault)).toBe(gone.length);
        });
    });

    it.each(phrasings.filter(([text]) => CARRIED_OUT.has(text)))("%s: they are gone", async (text, rest) => {
        await home.fill();
        const count = Object.keys(EARLIER).length - rest.length;
        let result = await home.ask(text);
        if (count > 1) {
            expect(question.exec(result.say)?.[1]).toBe(String(count));
            expect(await home.left()).toEqual(Object.keys(EARLIER));
            result = await home.ask(yes);
        }
        // Neither the order nor the answer is there.
        expect((await home.left()).join("")).toBe(rest);
        expect(result.say).toMatch(count === 0 ? /nothing|nichts/ : new RegExp(`^${count} .*(deleted|gelöscht)`));
    });
});

describe("a deletion", () => {
    let home: Home;
    beforeAll(async () => {
        home = await hubIn("en");
    });
    beforeEach(() => home.fill());
    afterEach(async () => {
        await home.hub.setMode(undefined);
        vi.setSystemTime(NOW);
    });
    const everything = Object.keys(EARLIER);

    it("is called off by a no, or by anybody else's yes", async () => {
        await home.ask("delete everything");
        expect((await home.ask("no")).say).toBe("All right.");
        await home.ask("delete everything");
        await expect(home.ask("yes", { site: "study" })).rejects.toThrow("Not understood");
        expect(await home.hub.confirm(true, { site: "study" })).toMatchObject({ say: "I did not ask anything." });
        const left = await home.left();
        expect(left.filter((session) => everything.includes(session))).toEqual(everything);
    });

    it("is answered by hand too, once", async () => {
        const { asked } = await home.ask("delete everything");
        expect((await home.hub.confirm(true, KITCHEN, "another")).say).toBe("I did not ask anything.");
        expect((await home.hub.confirm(true, KITCHEN, asked?.id)).say).toBe("6 recordings are deleted.");
        expect((await home.hub.confirm(true, KITCHEN, asked?.id)).say).toBe("I did not ask anything.");
        expect(await home.left()).toEqual([]);
    });

    it("and an order that asks don't share a yes", async () => {
        await home.ask("lock the front door");
        await home.ask("unlock the front door");
        await home.ask("delete everything");
        // With the two orders, and without the two sentences about deletion.
        expect((await home.ask("yes")).say).toBe("8 recordings are deleted.");
        expect((await home.ask("is the front door locked")).say).toBe("Yes, the front door is locked.");
        await home.fill();
        await home.ask("delete everything");
        await home.ask("unlock the front door");
        expect((await home.ask("yes")).say).toContain("unlocked");
        const left = await home.left();
        expect(left.filter((session) => everything.includes(session))).toEqual(everything);
    });

    it("of what I said is about the speaker, where the speaker is known", async () => {
        await home.ask("delete what I just said", { site: "kitchen", speaker: "ada" });
        expect((await home.left()).join("")).toBe("abdef");
    });

    it("keeps its own sentence out also where the flow keeps it afterwards", async () => {
        const spoken = { site: "kitchen", utterances: ["sentence", "late-session"] };
        const [intent] = home.hub.understand("delete what I just said", spoken).intents;
        if (!intent) throw new Error("not understood");
        await home.hub.dispatch(intent, spoken);
        const late = { site: "kitchen", session: "late-session", startedAt: Date.now(), transcript: transcriptOf("x") };
        expect(await home.hub.keeping.keep(late)).toBeUndefined();
        expect((await home.left()).join("")).toBe(LAST);
    });

    it("ends the conversation that came from it, and overwrites sound in memory", async () => {
        const session = home.hub.sessions.open({ site: "kitchen" });
        session.write(new Float32Array(160).fill(0.5));
        await home.ask("turn on the lamp");
        await home.ask("delete what I just said");
        expect(home.hub.conversations.before(KITCHEN)?.last ?? []).toEqual([]);
        expect(session.samples().every((sample) => sample === 0)).toBe(true);
        session.end();
    });

    it("leaves receipts and a log that tell how many, and no word", async () => {
        await home.ask("delete everything since four o'clock");
        await home.ask("yes");
        const log = await readFile(home.hub.log.path, "utf8");
        expect(log).toMatch(/"what":"purged","count":3/);
        expect(log).not.toMatch(/delete|four/);
        expect(await verifyPrivacyLog(home.hub.log.path)).toMatchObject({ ok: true });
    });

    it("of more than the last sentence is no business of guests and children", async () => {
        await home.hub.setMode("guest");
        expect((await home.ask("delete everything")).say).toBe("I don't do that as long as nothing is kept.");
        expect((await home.ask("what did you hear")).say).toBe("I don't do that as long as nothing is kept.");
        expect(await home.left()).toEqual(everything);
        expect((await home.ask("delete what I just said")).say).toBe("1 recording is deleted.");
    });
});

describe("what people ask of Earshot", () => {
    let home: Home;
    beforeEach(async () => {
        home = await hubIn("en");
    });

    it("to be deaf: the microphone is off, and the log says when", async () => {
        expect((await home.ask("mute the microphone")).say).toBe("The microphone is off.");
        expect(home.hub.isMuted).toBe(true);
        expect((await home.ask("who can hear me")).say).toMatch(/^Nothing is listening\./);
        expect((await home.ask("unmute the microphone")).say).toBe("The microphone is on.");
        expect(home.hub.isMuted).toBe(false);
        await home.hub.log.append({ what: "note" });
        const log = await readFile(home.hub.log.path, "utf8");
        expect(log.match(/microphone-\w+/g)).toEqual(["microphone-muted", "microphone-unmuted"]);
    });

    it("what it heard, there, without the question itself, and not without a line in the log", async () => {
        expect((await home.ask("what did you hear")).say).toBe("I kept nothing of what I heard.");
        await home.fill();
        expect((await home.ask("what did you hear", { site: "study" })).say).toBe("I heard: b, d, and f.");
        expect(await readFile(home.hub.log.path, "utf8")).toContain('"what":"recording-read","site":"study","count":3');
    });

    it("who hears them", async () => {
        const session = home.hub.sessions.open({ site: "kitchen" });
        const none = "Kitchen can hear you. No gate has passed on what was said.";
        expect((await home.ask("who can hear me")).say).toBe(none);
        await home.hub.log.append({ what: "withheld", to: "weather.example.org", fields: ["text"] });
        expect((await home.ask("who can hear me")).say).toBe(none);
        for (const to of ["weather.example.org", "calendar", "calendar"]) {
            await home.hub.log.append({ what: "disclosed", to, fields: ["text"] });
        }
        expect((await home.ask("who can hear me")).say).toMatch(
            /What was said here was passed on to (?=.*calendar, 2 times)(?=.*weather\.example\.org, once)/,
        );
        session.end();
    });

    it("to say it again", async () => {
        await home.ask("turn on the lamp");
        expect((await home.ask("repeat that")).say).toBe("The lamp is on.");
    });

    it("to forget this conversation: nothing of it is kept, before or after", async () => {
        await home.fill();
        await home.ask("turn on the lamp");
        await home.ask("turn it off");
        expect(await home.left()).toHaveLength(8);
        expect((await home.ask("forget this conversation")).say).toContain("forgotten this conversation");
        await home.ask("turn on the lamp");
        expect((await home.left()).join("")).toBe("abcdef");
        await home.ask("turn on the lamp", { site: "study" });
        expect(await home.left()).toHaveLength(7);
    });

    it.each([
        ["guest mode on", "guest"],
        ["turn on guest mode", "guest"],
        ["we have guests", "guest"],
        ["child mode on", "child"],
        ["activate kids mode", "child"],
    ])("to keep nothing: %s", async (text, mode) => {
        expect((await home.ask(text)).say).toBe("From now on I keep nothing of what is said.");
        expect(home.hub.modeAt("study")).toBe(mode);
        const before = await home.left();
        await home.ask("turn on the lamp");
        expect(await home.left()).toEqual(before);
        expect((await home.ask("turn off guest mode")).say).toBe("That can only be ended by hand.");
        await home.ask("guest mode");
        expect(home.hub.modeAt("study")).toBe(mode);
    });
});

it.each([
    ["Gastmodus an", "guest"],
    ["schalte den Kindermodus ein", "child"],
    ["wir haben Gäste", "guest"],
])("in German too: %s", async (text, mode) => {
    const { hub, ask } = await hubIn("de");
    expect((await ask(text)).say).toContain("behalte ich nichts");
    expect(hub.modeAt()).toBe(mode);
    expect((await ask("vergiss dieses Gespräch")).say).toContain("vergessen");
});

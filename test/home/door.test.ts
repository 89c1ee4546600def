import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
    type Answer,
    type Device,
    type DeviceChange,
    type DispatchContext,
    Dispatcher,
    HOMEKIT_SITE,
    Home,
    Rights,
    type RightsSettings,
    type Rule,
} from "../../dist/src/home";
import type { Intent } from "../../dist/src/language";
import { ScriptedDriver } from "./scripted-driver";

const PIN = "0417";
const MINUTE = 60_000;
const UP = { positionPercent: 100 };
const DOWN = { positionPercent: 0 };
const PARTLY = { positionPercent: 40 };

/** What an order does to a device, as a person would say it: nothing, something harmless, or something to ask about. */
type Effect = "nothing" | "harmless" | "critical";

const KINDS = {
    lamp: { type: "light", on: "harmless", off: "harmless", position: "nothing" },
    lock: { type: "lock", on: "harmless", off: "critical", position: "nothing" },
    blind: { type: "cover", class: "blind", on: "harmless", off: "harmless", position: "harmless" },
    garage: { type: "cover", class: "garage", on: "critical", off: "harmless", position: "critical" },
    alarm: { type: "alarm_control_panel", on: "nothing", off: "nothing", position: "nothing" },
} as const satisfies Record<string, { type: string; class?: string; on: Effect; off: Effect; position: Effect }>;
type Kind = keyof typeof KINDS;

/** What each order is when it comes from Apple Home, which writes what a device is to become. */
const WISHES: Readonly<Record<Exclude<OrderName, "read">, Readonly<Record<Kind, DeviceChange>>>> = {
    on: { lamp: { on: true }, lock: { locked: true }, blind: UP, garage: UP, alarm: { on: true } },
    off: { lamp: { on: false }, lock: { locked: false }, blind: DOWN, garage: DOWN, alarm: { on: false } },
    position: { lamp: PARTLY, lock: PARTLY, blind: PARTLY, garage: PARTLY, alarm: PARTLY },
};

const ORDERS = {
    on: { name: "HassTurnOn", slots: {} },
    off: { name: "HassTurnOff", slots: {} },
    position: { name: "HassSetPosition", slots: { position: 40 } },
    read: { name: "HassGetState", slots: {} },
} as const;
type OrderName = keyof typeof ORDERS;

const KITCHEN = { site: "kitchen", speaker: "anna" };
const CONTEXTS: readonly DispatchContext[] = [KITCHEN, { site: "hall" }, {}];

const rule = (effect: Rule["effect"], rest: Partial<Rule>): Rule => ({
    effect,
    what: "all",
    sites: [],
    speakers: [],
    ...rest,
});
/** Each with the verdict that it stands for, said once more. */
const RULES: readonly { rule?: Rule; says: (context: DispatchContext, hour: number) => "never" | "confirm" | "" }[] = [
    { says: () => "" },
    { rule: rule("never", { sites: ["hall"] }), says: ({ site }) => (site === "hall" ? "never" : "") },
    { rule: rule("only", { speakers: ["Anna"] }), says: ({ speaker }) => (speaker === "anna" ? "" : "never") },
    {
        rule: rule("ask", { from: "22:00", to: "07:00" }),
        says: (_, hour) => (hour >= 22 || hour < 7 ? "confirm" : ""),
    },
];

interface Reply {
    readonly answer: Answer;
    readonly from?: (context: DispatchContext) => DispatchContext;
    readonly afterMs?: number;
    /** The question's id comes with it. */
    readonly names?: "question" | "another";
    /** Which questions it answers: those for a yes, and those for a PIN. */
    readonly opens: readonly ("yes" | "pin")[];
}

const BOTH = ["yes", "pin"] as const;
const REPLIES: Readonly<Record<string, Reply>> = {
    "no answer": { answer: { yes: false }, from: () => ({ site: "cellar" }), opens: [] },
    yes: { answer: { yes: true }, opens: ["yes"] },
    no: { answer: { yes: false }, opens: [] },
    "yes, and the PIN": { answer: { yes: true, pin: PIN }, opens: BOTH },
    "yes, and another PIN": { answer: { yes: true, pin: "4170" }, opens: ["yes"] },
    "yes of another speaker": {
        answer: { yes: true, pin: PIN },
        from: (context) => ({ ...context, speaker: "ben" }),
        opens: [],
    },
    "yes at another site": {
        answer: { yes: true, pin: PIN },
        from: (context) => ({ ...context, site: "cellar" }),
        opens: [],
    },
    "yes a minute later": { answer: { yes: true, pin: PIN }, afterMs: MINUTE, opens: [] },
    "a button": { answer: { yes: true, byHand: true }, opens: BOTH },
    "a button for this question": { answer: { yes: true, byHand: true }, names: "question", opens: BOTH },
    "a button for another question": { answer: { yes: true, byHand: true }, names: "another", opens: [] },
    "a button of another speaker": {
        answer: { yes: true, byHand: true },
        from: (context) => ({ ...context, speaker: "ben" }),
        names: "question",
        opens: [],
    },
};

describe("the door to the devices", () => {
    const devices = Object.entries(KINDS).flatMap(([id, kind]) =>
        [id, `${id} 2`].map((each) => ({
            id: each,
            name: each,
            type: kind.type,
            ...("class" in kind && { attributes: { device_class: kind.class } }),
        })),
    );
    const driver = new ScriptedDriver(devices);
    const home = new Home({ floors: [], areas: [], devices: [] }, [driver]);
    beforeAll(() => home.start());
    afterAll(() => home.stop());

    let clock = 0;
    const dispatcherWith = (settings: RightsSettings, hour: number) =>
        new Dispatcher(home, {
            rights: new Rights(settings, { now: () => new Date(2026, 0, 5, hour, 30) }),
            now: () => clock,
        });
    const order = (name: OrderName, kind: Kind, all: boolean): Intent => ({
        ...ORDERS[name],
        targets: all ? [kind, `${kind} 2`] : [kind],
        ...(all && { all }),
        confidence: 1,
        text: "",
    });

    /** The model: what stands between an order and the device. */
    function obstacle(
        effect: Effect,
        all: boolean,
        settings: RightsSettings,
        ruled: "never" | "confirm" | "",
    ): "nothing to do" | "none" | "yes" | "pin" | "never" {
        if (effect === "nothing") return "nothing to do";
        if (ruled === "never" || (effect === "critical" && settings.critical === "never")) return "never";
        if (effect === "critical" && settings.critical === "pin") return "pin";
        const isAsked =
            ruled === "confirm" ||
            (effect === "critical" && settings.critical === "confirm") ||
            (all && settings.everything === "confirm");
        return isAsked ? "yes" : "none";
    }

    function* settingsAndPlaces() {
        for (const critical of ["confirm", "pin", "never", "allow"] as const)
            for (const everything of ["confirm", "allow"] as const)
                for (const { rule: one, says } of RULES)
                    for (const hour of one?.from ? [12, 23] : [12])
                        for (const context of CONTEXTS) {
                            const settings = { critical, everything, pin: PIN, rules: one ? [one] : [] };
                            yield { settings, hour, context, ruled: says(context, hour) };
                        }
    }

    /** Gives the answer twice; says whether the model lets it through. */
    async function replied(
        dispatcher: Dispatcher,
        context: DispatchContext,
        id: string,
        by: "yes" | "pin",
        reply: Reply,
    ) {
        const { answer, from = (same) => same, afterMs = 0, names, opens } = reply;
        clock += afterMs;
        const to = names === "question" ? id : names === "another" ? "another" : undefined;
        for (const _ of [1, 2]) {
            const answered = await dispatcher.answer({ ...answer, ...(to !== undefined && { to }) }, from(context));
            if (answered.kind === "done")
                for (const { dispatched } of answered.done) expect(dispatched.asked).toBeUndefined();
        }
        const isNobodys = context.site === undefined && context.speaker === undefined;
        return opens.includes(by) && (!isNobodys || names === "question");
    }

    it("opens for what may be done and was confirmed, and for nothing else, whatever comes together", async () => {
        let cases = 0;
        let opened = 0;
        for (const { settings, hour, context, ruled } of settingsAndPlaces())
            for (const kind of Object.keys(KINDS) as Kind[])
                for (const name of Object.keys(ORDERS) as OrderName[])
                    for (const all of [false, true]) {
                        const effect = name === "read" ? "nothing" : KINDS[kind][name];
                        const stands = obstacle(effect, all, settings, ruled);
                        const isAsked = stands === "yes" || stands === "pin";
                        for (const [said, reply] of Object.entries(REPLIES).slice(isAsked ? 0 : -1)) {
                            const what = JSON.stringify({ settings, hour, context, kind, name, all, said });
                            driver.applied.length = 0;
                            const dispatcher = dispatcherWith(settings, hour);
                            const { outcomes, asked } = await dispatcher.dispatch(order(name, kind, all), context);
                            expect(asked?.by, what).toBe(isAsked ? stands : undefined);
                            if (isAsked) expect(driver.applied, what).toEqual([]);
                            if (stands === "never") {
                                expect(
                                    outcomes.every(({ code }) => code === "forbidden"),
                                    what,
                                ).toBe(true);
                            }
                            const opens = asked && (await replied(dispatcher, context, asked.id, asked.by, reply));
                            const times = stands === "none" || opens ? (all ? 2 : 1) : 0;
                            if (driver.applied.length !== times) expect(driver.applied, what).toHaveLength(times);
                            cases += 1;
                            opened += times > 0 ? 1 : 0;
                        }
                    }
        expect(opened).toBeGreaterThan(1_000);
        expect(cases).toBeGreaterThan(10_000);
    });

    it("is no wider for putting back: to undo locking is to unlock", async () => {
        const before = { lamp: { on: true }, lock: { locked: false }, garage: { positionPercent: 100 } };
        const harmless = { lamp: "off", lock: "on", garage: "off" } as const;
        for (const { settings, hour, context, ruled } of settingsAndPlaces())
            for (const kind of ["lamp", "lock", "garage"] as const)
                for (const [said, reply] of Object.entries(REPLIES)) {
                    const what = JSON.stringify({ settings, hour, context, kind, said });
                    const dispatcher = dispatcherWith(settings, hour);
                    driver.listener?.stateChanged(kind, before[kind]);
                    const { asked: first } = await dispatcher.dispatch(order(harmless[kind], kind, false), context);
                    if (first) await dispatcher.answer({ yes: true, byHand: true, to: first.id }, context);
                    driver.applied.length = 0;

                    const undone = await dispatcher.undo({ ...order("on", kind, false), name: "EarshotUndo" }, context);
                    const isNobodys = context.site === undefined;
                    const stands = obstacle(kind === "lamp" ? "harmless" : "critical", false, settings, ruled);
                    // What was never done can't be put back, nor what nobody is known to have asked for.
                    const isUndoable = !isNobodys && ruled !== "never";
                    expect(undone !== undefined, what).toBe(isUndoable);
                    const asked = undone?.asked;
                    expect(asked?.by, what).toBe(
                        isUndoable && (stands === "yes" || stands === "pin") ? stands : undefined,
                    );
                    if (asked) expect(driver.applied, what).toEqual([]);
                    const opens = asked && (await replied(dispatcher, context, asked.id, asked.by, reply));
                    const isDone = isUndoable && (stands === "none" || opens);
                    const change = { lamp: { on: true }, lock: { locked: false }, garage: { positionPercent: 100 } }[
                        kind
                    ];
                    expect(driver.applied, what).toEqual(isDone ? [{ id: kind, change }] : []);
                }
    });

    it("is no wider for Apple Home: a hand there confirms what a button in a flow does, and rules hold", async () => {
        let opened = 0;
        for (const critical of ["confirm", "pin", "never", "allow"] as const)
            for (const what of [undefined, "all", "critical", "cover"])
                for (const effect of ["never", "only", "ask"] as const)
                    for (const sites of [[], [HOMEKIT_SITE], ["kitchen"]])
                        for (const kind of Object.keys(KINDS) as Kind[])
                            for (const name of ["on", "off", "position"] as const) {
                                const rules = what === undefined ? [] : [rule(effect, { what, sites })];
                                const settings = { critical, everything: "confirm", pin: PIN, rules } as const;
                                const isCritical =
                                    kind === "alarm" ||
                                    KINDS[kind][name] === "critical" ||
                                    // What is no cover and can be opened may be a valve.
                                    (name === "position" && KINDS[kind].type !== "cover");
                                const isMeant =
                                    what === "all" || (what === "critical" ? isCritical : what === KINDS[kind].type);
                                const isHere = sites.length === 0 || sites[0] === HOMEKIT_SITE;
                                const isForbidden =
                                    (isCritical && critical === "never") ||
                                    (isMeant && (effect === "never" ? isHere : effect === "only" && !isHere));
                                const change = WISHES[name][kind];
                                driver.applied.length = 0;
                                const outcome = await dispatcherWith(settings, 12).fromHomeKit(kind, change);
                                const done = isForbidden ? [] : [{ id: kind, change }];
                                expect(driver.applied, JSON.stringify({ settings, kind, name })).toEqual(done);
                                expect(outcome.code).toBe(isForbidden ? "forbidden" : undefined);
                                opened += done.length;
                            }
        expect(opened).toBeGreaterThan(200);
    });

    it("asks about a scene or group as about what is in it, and about one that doesn't tell what is", async () => {
        const [lamp, lock] = [
            { id: "lamp", type: "light" },
            { id: "lock", type: "lock" },
        ];
        const device = (id: string, type: string, members?: Device["members"]): Device => ({
            id,
            name: id,
            type,
            ...(members && { members }),
        });
        const scenes = new ScriptedDriver([
            ...devices,
            device("reading", "scene", [lamp, { id: "blind", type: "cover" }]),
            device("leaving", "scene", [lamp, lock]),
            device("airing", "scene", [{ id: "garage", type: "cover" }]),
            device("party", "scene", [lamp, { id: "leaving", type: "scene" }]),
            device("circle", "scene", [lamp, { id: "circle", type: "scene" }]),
            device("elsewhere", "scene", [{ id: "hidden", type: "lock" }]),
            device("hidden gate", "scene", [{ id: "hidden", type: "cover" }]),
            device("foreign", "scene"),
            device("good night", "script"),
            device("ways in", "cover", [{ id: "garage", type: "cover" }]),
            device("shades", "cover", [{ id: "blind", type: "cover" }]),
            device("spots", "light", [lamp]),
        ]);
        const many = new Home({ floors: [], areas: [], devices: [] }, [scenes]);
        await many.start();
        const dispatcher = new Dispatcher(many, { now: () => clock });
        const on = (target: string, name = "HassTurnOn") =>
            dispatcher.dispatch({ name, slots: {}, targets: [target], confidence: 1, text: "" }, KITCHEN);
        for (const id of [
            "leaving",
            "airing",
            "party",
            "elsewhere",
            "hidden gate",
            "foreign",
            "good night",
            "ways in",
        ]) {
            expect((await on(id)).asked, id).toMatchObject({ by: "yes", devices: [{ id }] });
        }
        expect(scenes.applied).toEqual([]);
        for (const id of ["reading", "circle", "shades", "spots"]) expect((await on(id)).asked, id).toBeUndefined();
        expect((await on("ways in", "HassTurnOff")).asked).toBeUndefined();
        expect(scenes.applied.map(({ id }) => id)).toEqual(["reading", "circle", "shades", "spots", "ways in"]);
        await many.stop();
    });

    it("looks at the rights again when the answer comes", async () => {
        let hour = 21;
        const rules = [rule("never", { what: "critical", from: "22:00", to: "07:00" })];
        const rights = new Rights(
            { critical: "confirm", everything: "confirm", rules },
            { now: () => new Date(2026, 0, 5, hour) },
        );
        const dispatcher = new Dispatcher(home, { rights, now: () => clock });
        driver.applied.length = 0;
        await dispatcher.dispatch(order("off", "lock", false), KITCHEN);
        hour = 22;
        const answered = await dispatcher.answer({ yes: true }, KITCHEN);
        expect(answered).toMatchObject({
            kind: "done",
            done: [{ dispatched: { outcomes: [{ ok: false, code: "forbidden" }] } }],
        });
        expect(driver.applied).toEqual([]);
    });

    it("takes nobody's PIN for a minute after three wrong ones", async () => {
        const dispatcher = dispatcherWith({ critical: "pin", everything: "allow", pin: PIN, rules: [] }, 12);
        driver.applied.length = 0;
        const say = (pin: string) => dispatcher.answer({ yes: true, pin }, KITCHEN);
        await dispatcher.dispatch(order("off", "lock", false), KITCHEN);
        for (const wrong of ["1111", "2222", "3333", PIN]) expect(await say(wrong)).toEqual({ kind: "wrong-pin" });
        expect(driver.applied).toEqual([]);
        clock += MINUTE;
        expect(await say(PIN)).toEqual({ kind: "nothing-asked" });
        await dispatcher.dispatch(order("off", "lock", false), KITCHEN);
        expect(await say(PIN)).toMatchObject({ kind: "done" });
        expect(driver.applied).toEqual([{ id: "lock", change: { locked: false } }]);
    });

    it("takes one answer for all that one sentence asks about, and for nothing of the sentence before", async () => {
        const dispatcher = dispatcherWith({ critical: "pin", everything: "confirm", pin: PIN, rules: [] }, 12);
        driver.applied.length = 0;
        const say = (name: OrderName, kind: Kind, all: boolean, sentence: string) =>
            dispatcher.dispatch(order(name, kind, all), { ...KITCHEN, sentence });
        await say("on", "garage", false, "first");
        const { asked: unlocking } = await say("off", "lock", false, "second");
        const { asked: lights } = await say("on", "lamp", true, "second");
        expect(lights).toMatchObject({ id: unlocking?.id, by: "pin" });
        expect(await dispatcher.answer({ yes: true }, KITCHEN)).toEqual({ kind: "pin-needed" });
        expect(driver.applied).toEqual([]);
        await dispatcher.answer({ yes: true, pin: PIN }, KITCHEN);
        expect(driver.applied.map(({ id }) => id)).toEqual(["lock", "lamp", "lamp 2"]);
    });

    it("keeps no more than 64 orders waiting, and drops the oldest", async () => {
        const dispatcher = dispatcherWith({ critical: "confirm", everything: "allow", rules: [] }, 12);
        driver.applied.length = 0;
        for (let index = 0; index < 65; index += 1) {
            await dispatcher.dispatch(order("off", "lock", false), { site: `site ${index}` });
        }
        expect(await dispatcher.answer({ yes: true }, { site: "site 0" })).toEqual({ kind: "nothing-asked" });
        expect(await dispatcher.answer({ yes: true }, { site: "site 1" })).toMatchObject({ kind: "done" });
        expect(driver.applied).toHaveLength(1);
    });

    it("can't be set up with a PIN that is none, a time that is none, or no PIN at all", () => {
        const settings = { critical: "pin", everything: "allow", rules: [] } as const;
        expect(() => new Rights(settings)).toThrow("no PIN is set");
        expect(() => new Rights({ ...settings, pin: "12a4" })).toThrow("4 to 12 digits");
        expect(
            () => new Rights({ ...settings, pin: PIN, rules: [rule("ask", { from: "25:00", to: "7:00" })] }),
        ).toThrow('"25:00" is no time of day');
    });

    it("has one key, and one holder of it", () => {
        const sources = join(import.meta.dirname, "../../src");
        const holders = readdirSync(sources, { recursive: true, encoding: "utf8" })
            .filter((file) => file.endsWith(".ts") && /\[actuate\]/.test(readFileSync(join(sources, file), "utf8")))
            .toSorted();
        const [flow, home] = [join("home", "drivers", "flow.ts"), join("home", "home.ts")];
        expect(holders).toEqual([join("home", "device-commands.ts"), flow, home]);
        const callers = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((file) =>
            /new DeviceCommands\(/.test(file.endsWith(".ts") ? readFileSync(join(sources, file), "utf8") : ""),
        );
        expect(callers).toEqual([join("home", "dispatcher.ts")]);
    });

    it("has no way in that the model doesn't know", () => {
        const ways = new Set(Object.getOwnPropertyNames(Dispatcher.prototype));
        expect(ways).toEqual(new Set(["constructor", "dispatch", "undo", "answer", "awaits", "fromHomeKit"]));
    });
});

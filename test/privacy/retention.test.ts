import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
    checkRules,
    Erasure,
    keptUntil,
    PrivacyLog,
    periodFor,
    Retention,
    type RetentionRule,
    verifyPrivacyLog,
} from "../../dist/src/privacy";
import { type Recording, Vault } from "../../dist/src/vault";
import { soundOf, transcriptOf } from "../vault/vault-folder";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 1);

const RULES: readonly RetentionRule[] = [
    { site: "kitchen", keep: { hours: 48 } },
    { site: "office", keep: { months: 3 } },
    { site: "office", kind: "sound", keep: { hours: 12 } },
    { speaker: "ada", keep: { months: 6 } },
    { speaker: "grace", keep: "forever" },
    { kind: "log", keep: { months: 1 } },
];

describe("the rules of retention", () => {
    it("keep nothing that no rule is about, but the log", () => {
        expect(periodFor([], { kind: "sound", site: "kitchen" })).toBe("ephemeral");
        expect(periodFor([{ keep: { hours: 1 } }], { kind: "log" })).toBe("forever");
        expect(periodFor(RULES, { kind: "words", site: "bath" })).toBe("ephemeral");
    });

    it("count the more the closer they are: speaker before site before kind", () => {
        const period = (kind: "sound" | "words", site: string, speaker?: string) =>
            periodFor(RULES, { kind, site, ...(speaker !== undefined && { speaker }) });
        expect(period("sound", "kitchen")).toEqual({ hours: 48 });
        expect(period("sound", "office")).toEqual({ hours: 12 });
        expect(period("words", "office")).toEqual({ months: 3 });
        expect(period("sound", "office", "ada")).toEqual({ months: 6 });
        expect(period("words", "bath", "grace")).toBe("forever");
        expect(period("words", "bath", "bob")).toBe("ephemeral");
    });

    it("mean months of the calendar", () => {
        const until = (keptAt: string, months: number) =>
            new Date(keptUntil({ months }, Date.parse(keptAt))).toISOString().slice(0, 10);
        expect(until("2026-01-31", 1)).toBe("2026-02-28");
        expect(until("2026-11-30", 3)).toBe("2027-02-28");
        expect(until("2026-05-17", 18)).toBe("2027-11-17");
        expect(keptUntil("forever", 0)).toBe(Number.POSITIVE_INFINITY);
    });

    it("are refused when they can't be meant", () => {
        for (const rule of [
            { keep: { hours: 0 } },
            { keep: { months: -1 } },
            { keep: { hours: Number.NaN } },
            { kind: "log", site: "kitchen", keep: "forever" },
            { kind: "log", keep: "ephemeral" },
        ] as const) {
            expect(() => checkRules([rule])).toThrow(RangeError);
        }
    });
});

describe("a year with retention", () => {
    let folder: string;
    let vault: Vault;
    let log: PrivacyLog;
    let retention: Retention;
    const moment = { wall: START, elapsed: 0 };

    beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), "earshot-retention-"));
        const clock = () => ({ ...moment });
        vault = new Vault(join(folder, "vault"), { clock });
        log = new PrivacyLog(join(folder, "privacy.log"), { now: () => moment.wall, maxFileBytes: 4_000 });
        const erasure = new Erasure({ vault, log });
        const onProblem = (error: Error) => {
            throw error;
        };
        retention = new Retention({ vault, log, erasure, rules: () => RULES, everyMs: DAY, onProblem });
    });

    afterEach(async () => {
        await retention.stop();
        await vault.close();
        await log.close();
        await rm(folder, { recursive: true, force: true });
    });

    it("never serves what is over, and never deletes what is not, whenever the program was down", {
        timeout: 60_000,
    }, async () => {
        let seed = 7;
        const random = () => {
            seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
            return seed / 2 ** 32;
        };
        const expected = new Map<string, { recording: Recording; soundUntil: number; wordsUntil: number }>();
        const end = START + 366 * DAY;
        let sweeps = 0;
        while (moment.wall < end) {
            // Down for some hours, or for some weeks; the first sweep comes before anything is asked for.
            moment.wall += Math.floor((random() < 0.4 ? 20 : 1) * DAY * random());
            await vault.open();
            await retention.start();
            await check();
            for (let days = Math.ceil(random() * 8); days > 0; days--) {
                await keepOne();
                const step = Math.floor(DAY * (0.5 + 4 * random()));
                moment.wall += step;
                moment.elapsed += step;
                // Set back by an hour in autumn: what is kept is not kept the longer for it.
                if (random() < 0.1) moment.wall -= HOUR;
                await retention.sweep();
                sweeps++;
                await check();
            }
            await retention.stop();
            await vault.close();
        }
        expect(sweeps).toBeGreaterThan(50);
        expect(expected.size).toBeGreaterThan(20);
        expect(await verifyPrivacyLog(join(folder, "privacy.log"))).toMatchObject({ ok: true, anchors: 1 });

        async function keepOne(): Promise<void> {
            const site = ["kitchen", "office", "bath"][Math.floor(random() * 3)] ?? "";
            const speaker = ["ada", "grace", undefined, "bob"][Math.floor(random() * 4)];
            const recording = await vault.keep({
                session: "s",
                site,
                ...(speaker !== undefined && { speaker }),
                startedAt: moment.wall,
                samples: soundOf(1, 16),
                transcript: transcriptOf("hello"),
            });
            const until = (kind: "sound" | "words") =>
                keptUntil(
                    periodFor(RULES, { kind, site, ...(speaker !== undefined && { speaker }) }),
                    recording.keptAt,
                );
            expected.set(recording.id, { recording, soundUntil: until("sound"), wordsUntil: until("words") });
        }

        async function check(): Promise<void> {
            // The vault's clock is ahead of one that was set back.
            const { now } = await vault.status();
            const there = new Map((await vault.list({ limit: 1_000 })).map((recording) => [recording.id, recording]));
            for (const [id, { soundUntil, wordsUntil }] of expected) {
                const recording = there.get(id);
                const has = { sound: recording?.hasSound ?? false, words: recording?.hasTranscript ?? false };
                const over = (until: number) => until < now;
                const alive = (until: number) => until > now;
                if (over(soundUntil)) expect(has.sound, `sound of ${id}`).toBe(false);
                if (over(wordsUntil)) expect(has.words, `words of ${id}`).toBe(false);
                if (alive(soundUntil)) expect(has.sound, `sound of ${id}`).toBe(true);
                if (alive(wordsUntil)) expect(has.words, `words of ${id}`).toBe(true);
                if (over(soundUntil) && over(wordsUntil)) expected.delete(id);
            }
            expect(there.size).toBe(expected.size);
        }
    });
});

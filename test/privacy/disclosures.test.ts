import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Disclosures, OneTimeTokens, PrivacyLog } from "../../dist/src/privacy";

describe("who got what", () => {
    let folder: string;
    let log: PrivacyLog;

    beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), "earshot-disclosures-"));
        log = new PrivacyLog(join(folder, "privacy.log"), { maxFileBytes: 3_000 });
    });
    afterEach(async () => {
        await log.close();
        await rm(folder, { recursive: true, force: true });
    });

    it("is nobody, nothing, before there is a log", async () => {
        expect(await new Disclosures(log).receivers()).toEqual([]);
    });

    it("is counted over all files of the log, and on from there, each record once", async () => {
        const early = new Disclosures(log);
        for (let at = 0; at < 20; at++) {
            await log.append({
                what: "disclosed",
                to: at % 2 ? "weather" : "shop",
                fields: at % 4 ? ["text"] : ["text", "sound"],
            });
            await log.append({ what: "note" });
            if (at === 10) await early.receivers();
        }
        await log.append({ what: "withheld", to: "weather", fields: ["speaker"] });
        await log.append({ what: "recording-handed-out", node: "n1", durationMs: 5 });
        await log.append({ what: "exported", count: 3 });
        const expected = [
            { got: 1, withheld: 0, fields: {} },
            { to: "n1", got: 1, withheld: 0, fields: {} },
            { to: "weather", got: 10, withheld: 1, fields: { text: 10 } },
            { to: "shop", got: 10, withheld: 0, fields: { text: 10, sound: 5 } },
        ];
        const late = new Disclosures(log);
        const [counted] = await Promise.all([
            late.receivers(),
            log.append({ what: "disclosed", to: "shop", fields: ["text"] }),
        ]);
        expect(counted.find(({ to }) => to === "weather")).toMatchObject(expected[2] ?? {});
        for (const disclosures of [early, late]) {
            const receivers = await disclosures.receivers();
            expect(receivers.map(({ lastAt: _when, ...receiver }) => receiver).toSorted(byName)).toEqual(
                expected
                    .map((each) => (each.to === "shop" ? { ...each, got: 11, fields: { text: 11, sound: 5 } } : each))
                    .toSorted(byName),
            );
        }
    });

    it("leaves out what somebody wrote into the log", async () => {
        await log.append({ what: "disclosed", to: "weather" });
        const text = await readFile(log.path, "utf8");
        await writeFile(log.path, `${text.replace("weather", "nobody!")}{"what":"disclosed","to":"forged"}\n`);
        expect(await new Disclosures(log).receivers()).toEqual([]);
    });
});

function byName({ to: one = "" }: { to?: string }, { to: other = "" }: { to?: string }): number {
    return one.localeCompare(other);
}

describe("one-time tokens", () => {
    it("stand for what they were issued for, once, and not for long", () => {
        let now = 0;
        const tokens = new OneTimeTokens<string>({ lifetimeMs: 1_000, now: () => now });
        const [one, two] = [tokens.issue("one").token, tokens.issue("two").token];
        expect(one).not.toBe(two);
        expect(tokens.take(one)).toBe("one");
        expect(tokens.take(one)).toBeUndefined();
        now = 1_000;
        expect(tokens.take(two)).toBeUndefined();
        expect(tokens.take("__proto__")).toBeUndefined();
    });

    it("don't pile up", () => {
        const tokens = new OneTimeTokens<number>({ most: 3 });
        const issued = [1, 2, 3, 4].map((value) => tokens.issue(value).token);
        expect(issued.map((token) => tokens.take(token))).toEqual([undefined, 2, 3, 4]);
    });
});

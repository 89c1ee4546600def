import { cp, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
    type Keepsake,
    type Recording,
    type RecordingFilter,
    type RecordingIds,
    Vault,
    type VaultOptions,
    type VaultProblem,
} from "../../dist/src/vault";
import { contentOf, isSoundOf, newFolder, removeFolder, sealedSoundOf, soundOf, transcriptOf } from "./vault-folder";

const START = Date.UTC(2026, 10, 22, 16, 0);
const MINUTE = 60_000;
const CANARY = "walnuts";

let folder: string;
const vaults: Vault[] = [];

beforeEach(async () => {
    folder = await newFolder();
});

afterEach(async () => {
    await Promise.all(vaults.splice(0).map((vault) => vault.close().catch(() => {})));
    await removeFolder(folder);
});

describe("what comes of an utterance", () => {
    it("lies under its id, sealed, and goes with it", async () => {
        const vault = await opened();
        const intent = { kind: "intent", value: { name: "HassListAddItem", slots: { item: CANARY } } };
        const reply = { kind: "reply", value: { say: `I've added ${CANARY}.` } };
        const { id } = await vault.keep({ ...utterance(1, `add ${CANARY}`), derived: [intent] });
        await vault.attach(id, reply);
        expect((await vault.read(id)).derived).toEqual([intent, reply]);
        expect((await contentOf(folder)).includes(CANARY)).toBe(false);
        expect(await sessions(vault, { intent: "HassListAddItem" })).toEqual(["s1"]);
        await vault.purge({ ids: [id] });
        await expect(vault.attach(id, reply)).rejects.toMatchObject({ code: "not-found" });
        expect(await sessions(vault, { intent: "HassListAddItem" })).toEqual([]);
    });

    it("can be kept without sound", async () => {
        const vault = await opened();
        const { samples: _, ...typed } = utterance(1, "turn on the light");
        const kept = await vault.keep({ ...typed, durationMs: 1_200, speaker: "ada" });
        expect(kept).toMatchObject({ hasSound: false, hasTranscript: true, durationMs: 1_200, speaker: "ada" });
        const content = await vault.read(kept.id);
        expect(content).not.toHaveProperty("samples");
        expect(content.transcript?.text).toBe("turn on the light");
        await expect(vault.sound(kept.id).next()).rejects.toMatchObject({ code: "not-found" });
    });

    it("is read without the sound, and the sound from any sample on", async () => {
        const vault = await opened();
        const length = 3 * 32_768 + 1_000;
        const { id } = await vault.keep({ ...utterance(1, "one"), samples: soundOf(1, length) });
        const words = await vault.words(id);
        expect(words).toMatchObject({ recording: { id }, transcript: { text: "one" } });
        expect(words).not.toHaveProperty("samples");
        expect(await vault.soundLength(id)).toBe(length);
        expect(await vault.count()).toBe(1);
        const whole = (await vault.read(id)).samples ?? new Float32Array();
        for (const from of [0, 1, 32_767, 32_768, 70_000, 98_304, length - 1]) {
            const pieces: number[] = [];
            for await (const samples of vault.sound(id, from)) pieces.push(...samples);
            expect([from, pieces.length]).toEqual([from, length - from]);
            expect(pieces.every((sample, at) => sample === whole[from + at])).toBe(true);
        }
        await vault.purge({ ids: [id], part: "sound" });
        await expect(vault.soundLength(id)).rejects.toMatchObject({ code: "not-found" });
        for (const samples of [0, 32_768, 65_536]) {
            const kept = await vault.keep({ ...utterance(2, "two"), samples: soundOf(2, samples) });
            expect(await vault.soundLength(kept.id)).toBe(samples);
        }
    });

    it("is forgotten by every place that keeps some of it, before the purge is over", async () => {
        const vault = await opened();
        const context = new Map<string, string>();
        const one = await vault.keep(utterance(1, "one"));
        const two = await vault.keep(utterance(2, "two"));
        for (const { id } of [one, two]) context.set(id, CANARY);
        const remove = vault.addDerivedStore({
            name: "context",
            forget: async (purged) => {
                await Promise.resolve();
                for (const id of context.keys()) if (purged.has(id)) context.delete(id);
            },
        });
        await vault.purge({ ids: [one.id] });
        expect([...context.keys()]).toEqual([two.id]);
        remove();
        await vault.purge({ all: true });
        expect([...context.keys()]).toEqual([two.id]);
    });

    it("is asked for again, at the next start too, when a place could not forget it", async () => {
        const vault = await opened();
        const one = await vault.keep(utterance(1, "one"));
        const two = await vault.keep(utterance(2, "two"));
        const asked: string[][] = [];
        const stubborn = (fails: boolean) => ({
            name: "the shopping list",
            forget: (purged: RecordingIds) => {
                asked.push([...purged]);
                if (fails) throw new Error("The file is locked.");
            },
        });
        vault.addDerivedStore(stubborn(true));
        await expect(vault.purge({ ids: [one.id] })).rejects.toMatchObject({
            code: "not-forgotten",
            message: expect.stringContaining("the shopping list"),
        });
        await expect(vault.read(one.id)).rejects.toMatchObject({ code: "not-found" });
        await expect(vault.purge({ ids: [two.id] })).rejects.toMatchObject({ code: "not-forgotten" });
        await vault.close();
        const again = await opened({}, false);
        again.addDerivedStore(stubborn(false));
        await again.open();
        expect(asked).toEqual([[one.id], [one.id, two.id], [one.id, two.id]]);
        await again.close();
        await again.open();
        expect(asked).toHaveLength(3);
    });
});

describe("recordings", () => {
    it("are found by words, intent, speaker, site and time, page by page", async () => {
        const vault = await opened();
        const things = ["Küchenlicht", "kitchen light", "lamp", "heating", "straße"];
        const kept: (Keepsake & { readonly session: string })[] = Array.from({ length: 700 }, (_, index) => ({
            session: `s${index}`,
            site: ["kitchen", "hall", "bath"][index % 3] ?? "",
            ...(index % 4 > 0 && { speaker: index % 4 === 1 ? "ada" : "grace" }),
            // Neither kept in the order in which they were said, nor all at different times.
            startedAt: START + ((index * 37) % 500) * MINUTE,
            durationMs: 1_000,
            transcript: transcriptOf(
                `turn on the ${things[index % things.length]}${index % 211 === 0 ? ` ${CANARY}` : ""}`,
            ),
            derived: [{ kind: "intent", value: { name: index % 2 === 0 ? "HassTurnOn" : "HassTurnOff" } }],
        }));
        await Promise.all(kept.map((keepsake) => vault.keep(keepsake)));
        const has = (keepsake: Keepsake, word: string) => keepsake.transcript?.text.split(" ").includes(word) ?? false;
        const cases: [filter: RecordingFilter, test: (keepsake: Keepsake, index: number) => boolean][] = [
            [{ words: CANARY }, (each) => has(each, CANARY)],
            [{ words: "WALNUT" }, (each) => has(each, CANARY)],
            [{ words: "kuchen" }, (each) => has(each, "Küchenlicht")],
            [{ words: "light kit" }, (each) => has(each, "kitchen")],
            [{ words: "nuts" }, () => false],
            [{ words: "lamp", site: "hall" }, (each) => has(each, "lamp") && each.site === "hall"],
            [{ words: "lamp", session: "s2" }, (each) => each.session === "s2"],
            [{ intent: "HassTurnOn" }, (_, index) => index % 2 === 0],
            [{ intent: "HassTurn" }, () => false],
            [{ speaker: "ada" }, (each) => each.speaker === "ada"],
            [{ speaker: null }, (each) => each.speaker === undefined],
            [{ speaker: null, words: "lamp" }, (each) => each.speaker === undefined && has(each, "lamp")],
            [
                { from: START + 100 * MINUTE, to: START + 200 * MINUTE, words: "heat", speaker: "grace" },
                (each) =>
                    has(each, "heating") &&
                    each.speaker === "grace" &&
                    each.startedAt >= START + 100 * MINUTE &&
                    each.startedAt < START + 200 * MINUTE,
            ],
        ];
        for (const [filter, test] of cases) {
            const expected = kept.filter(test).map(({ session }) => session);
            const found = await allPages(vault, filter, 40);
            expect(new Set(found.map(({ session }) => session)), JSON.stringify(filter)).toEqual(new Set(expected));
            expect(found).toHaveLength(expected.length);
            expect(found).toEqual(found.toSorted((one, other) => (one.id < other.id ? 1 : -1)));
        }
        await vault.purge({ words: CANARY }, { intent: "HassTurnOff", site: "bath" });
        expect(await vault.list({ words: CANARY })).toEqual([]);
        const gone = kept.filter((each, index) => has(each, CANARY) || (index % 2 === 1 && each.site === "bath"));
        expect((await vault.status()).recordings).toBe(700 - gone.length);
    });

    it("can lose their sound and keep their words, or the other way round", async () => {
        const vault = await opened();
        const [a, b] = [await vault.keep(utterance(1, "first words")), await vault.keep(utterance(2, "second words"))];
        const copy = join(folder, "..", "copy");
        await cp(folder, copy, { recursive: true });
        const { path, salt } = await sealedSoundOf(folder, a.id);
        await vault.purge({ ids: [a.id], part: "sound" }, { ids: [b.id], part: "words" });
        expect(await vault.read(a.id)).toMatchObject({
            recording: { hasSound: false },
            transcript: { text: "first words" },
        });
        const left = await vault.read(b.id);
        expect(isSoundOf(left.samples, 2, 1_600)).toBe(true);
        expect(left).not.toHaveProperty("transcript");
        expect(await sessions(vault, { words: "words" })).toEqual(["s1"]);
        expect((await contentOf(folder)).includes(salt)).toBe(false);
        await vault.close();
        // A copy of the sound from before is of no use with what is there now.
        for (const name of [basename(path), "another"]) {
            await cp(join(copy, "sound", basename(path)), join(folder, "sound", name));
        }
        const problems: VaultProblem[] = [];
        const again = await opened({}, false);
        again.on("problem", (problem) => problems.push(problem));
        await again.open();
        expect(problems).toMatchObject([{ code: "sound-set-aside" }]);
        expect(await again.read(a.id)).not.toHaveProperty("samples");
        await again.purge({ ids: [a.id], part: "words" });
        await expect(again.read(a.id)).rejects.toMatchObject({ code: "not-found" });
    });

    it("are replaced so that nothing of what was there is left, nor readable in a copy", async () => {
        const vault = await opened();
        const { id } = await vault.keep({
            ...utterance(1, `my number is ${CANARY}`),
            derived: [{ kind: "reply", value: "ok" }],
        });
        const { salt } = await sealedSoundOf(folder, id);
        const copy = join(folder, "..", "copy");
        await cp(folder, copy, { recursive: true });
        const replaced = await vault.replace(id, {
            samples: soundOf(7, 3_200),
            transcript: transcriptOf("my number is [phone]"),
        });
        expect(replaced).toMatchObject({ id, durationMs: 200 });
        const content = await vault.read(id);
        expect(isSoundOf(content.samples, 7, 3_200)).toBe(true);
        expect(content).toMatchObject({ transcript: { text: "my number is [phone]" }, derived: [{ kind: "reply" }] });
        expect(await sessions(vault, { words: CANARY })).toEqual([]);
        expect(await sessions(vault, { words: "phone" })).toEqual(["s1"]);
        expect((await contentOf(folder)).includes(salt)).toBe(false);
        await vault.close();
        await vault.open();
        expect(isSoundOf((await vault.read(id)).samples, 7, 3_200)).toBe(true);
        await vault.close();

        // The copy from before opens nothing with today's key, even when that is taken for its own.
        const key = await readFile(join(folder, "store.key"));
        await cp(join(folder, "store.key"), join(copy, "store.key"));
        const index = new DatabaseSync(join(copy, "index.sqlite"));
        index.prepare("UPDATE seal SET store_key = ?").run(key.subarray(28, 44));
        index.close();
        const today = new Vault(copy);
        vaults.push(today);
        await today.open();
        await expect(today.read(id)).rejects.toMatchObject({ code: "damaged" });
    });

    it("can be played while they are read, and tell where they are damaged", async () => {
        const vault = await opened();
        const { id } = await vault.keep(utterance(1, "long", 80_000));
        const pieces: Float32Array[] = [];
        for await (const samples of vault.sound(id)) pieces.push(samples);
        expect(pieces.map(({ length }) => length)).toEqual([32_768, 32_768, 14_464]);
        expect(isSoundOf(Float32Array.from(pieces.flatMap((piece) => [...piece])), 1, 80_000)).toBe(true);
        const playing = vault.sound(id);
        await playing.next();
        await vault.purge({ ids: [id] });
        await expect(playing.next()).rejects.toMatchObject({ code: "not-found" });
    });

    it("are told of as they come, change and go", async () => {
        const vault = await opened();
        const told: string[] = [];
        vault.on("kept", ({ session }) => told.push(`kept ${session}`));
        vault.on("changed", ({ session }) => told.push(`changed ${session}`));
        vault.on("purged", (ids) => told.push(`purged ${ids.size}`));
        const { id } = await vault.keep(utterance(1, "hello"));
        await vault.replace(id, { transcript: transcriptOf("hallo") });
        await vault.purge({ ids: [id] });
        await vault.purge({ ids: [id] });
        expect(told).toEqual(["kept s1", "changed s1", "purged 1"]);
    });
});

describe("a clock that was set back", () => {
    let vault: Vault;
    const moment = { wall: START, elapsed: 0 };
    const problems: VaultProblem[] = [];

    beforeAll(async () => {
        folder = await newFolder();
        vault = await opened({ clock: () => ({ ...moment }) });
        vault.on("problem", (problem) => problems.push(problem));
    });
    afterAll(() => vault.close());

    it("is reported, and what is kept counts on from where it stood", async () => {
        expect((await vault.keep(utterance(1, "a"))).keptAt).toBe(START);
        moment.elapsed += MINUTE;
        moment.wall = START - 3_600_000;
        expect((await vault.keep(utterance(2, "b"))).keptAt).toBe(START + MINUTE);
        expect(problems).toMatchObject([{ code: "clock-set-back" }]);
        moment.elapsed += MINUTE;
        expect((await vault.status()).now).toBe(START + 2 * MINUTE);
        await vault.purge({ words: "a" });
        await vault.close();
        await vault.open();
        expect((await vault.status()).now).toBe(START + 2 * MINUTE);
        moment.wall = START + 10 * MINUTE;
        expect((await vault.status()).now).toBe(START + 10 * MINUTE);
    });
});

function utterance(number: number, text: string, length = 1_600): Keepsake {
    return {
        session: `s${number}`,
        site: "kitchen",
        startedAt: START + number,
        samples: soundOf(number, length),
        transcript: transcriptOf(text),
    };
}

async function opened(options: VaultOptions = {}, open = true): Promise<Vault> {
    const vault = new Vault(folder, options);
    vaults.push(vault);
    if (open) await vault.open();
    return vault;
}

async function allPages(vault: Vault, filter: RecordingFilter, limit: number): Promise<Recording[]> {
    const all: Recording[] = [];
    for (;;) {
        const before = all.at(-1)?.id;
        const page = await vault.list({ ...filter, limit, ...(before !== undefined && { before }) });
        all.push(...page);
        if (page.length < limit) return all;
    }
}

async function sessions(vault: Vault, filter: RecordingFilter): Promise<string[]> {
    return (await vault.list(filter)).map(({ session }) => session);
}

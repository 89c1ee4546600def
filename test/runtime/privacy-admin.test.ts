import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import RED from "node-red";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { decodeWav } from "../../dist/src/audio";
import type { Hub } from "../../dist/src/hub";
import { importExport } from "../../dist/src/privacy";
import { Vault } from "../../dist/src/vault";
import { ADMIN_AUTH, folderOf, hubFlow, hubOf, keep, loggedIn, tone } from "./privacy-home";
import { type RunningNodeRed, startNodeRed } from "./runtime";

describe("what the Privacy sidebar asks", () => {
    let nodeRed: RunningNodeRed;
    let hub: Hub;
    let headers: Readonly<Record<"owner" | "other" | "reader" | "viewer" | "stranger", Record<string, string>>>;

    beforeAll(async () => {
        nodeRed = await startNodeRed({ adminAuth: ADMIN_AUTH });
        const logIn = (name: string) => loggedIn(nodeRed, name);
        headers = {
            owner: await logIn("owner"),
            other: await logIn("other"),
            reader: await logIn("reader"),
            viewer: await logIn("viewer"),
            stranger: await logIn("stranger"),
        };
        await nodeRed.deploy(hubFlow("hub"), {}, headers.owner);
        hub = await hubOf("hub");
    });
    afterAll(() => nodeRed.stop());
    beforeEach(() => hub.erasure.purge([{ all: true }]));

    type Person = keyof typeof headers;
    const get = (path: string, person: Person = "reader", more: Record<string, string> = {}) =>
        nodeRed.get(`earshot/privacy/${path}`, { ...headers[person], ...more });
    const json = async (path: string, person?: Person) => {
        const answer = await get(path, person);
        return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const send = (path: string, body: object | string, person: Person = "owner", type = "application/json") =>
        fetch(`${nodeRed.url}/earshot/privacy/${path}`, {
            method: "POST",
            headers: { ...headers[person], "Content-Type": type },
            body: typeof body === "string" ? body : JSON.stringify(body),
        });
    const post = async (path: string, body: object | string, person?: Person) => {
        const answer = await send(path, body, person);
        return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const listed = async (query = "") =>
        (await json(`recordings?hub=hub${query}`)).body.recordings as readonly Record<string, unknown>[];
    const logged = () =>
        readFileSync(join(nodeRed.userDir, folderOf("hub"), "privacy.log"), "utf8")
            .split("\n")
            .filter((line) => line !== "")
            .map((line) => JSON.parse(line) as Record<string, unknown>);

    const LOOKING = ["hubs", "recordings", "words", "sound", "disclosures", "verification"];
    const CHANGING = ["correct", "delete", "delete/token", "export", "mute"];

    it("is nobody's business who has not logged in, or may not look", async () => {
        await keep(hub, { text: "canary" });
        for (const path of LOOKING) {
            for (const more of [{}, headers.stranger, { Authorization: "Bearer guessed" }]) {
                const answer = await nodeRed.get(`earshot/privacy/${path}?hub=hub`, more);
                expect([path, answer.status, await answer.text()]).not.toContain("canary");
                expect(answer.status).toBe(401);
            }
        }
        for (const path of CHANGING) {
            for (const more of [{}, headers.stranger]) {
                const answer = await fetch(`${nodeRed.url}/earshot/privacy/${path}`, {
                    method: "POST",
                    headers: { "Content-Type": "application/json", ...more },
                    body: JSON.stringify({ hub: "hub", all: true, muted: true }),
                });
                expect([path, answer.status]).toEqual([path, 401]);
            }
        }
        expect(await hub.vault.count()).toBe(1);
    });

    it("is for looking only with the permission to read", async () => {
        const { id } = await keep(hub, { text: "turn on the light" });
        for (const person of ["reader", "viewer"] as const) {
            for (const path of LOOKING) {
                expect([path, (await get(`${path}?hub=hub&id=${id}`, person)).status]).toEqual([path, 200]);
            }
            for (const path of CHANGING) {
                const answer = await send(
                    path,
                    { hub: "hub", ids: [id], id, text: "x", all: true, muted: true },
                    person,
                );
                expect([path, answer.status]).toEqual([path, 401]);
            }
        }
        expect(await listed()).toHaveLength(1);
        expect(hub.isMuted).toBe(false);
    });

    it("lists the latest first, a page at a time, without a word; and the words for those who ask", async () => {
        const kept = [];
        for (let at = 1; at <= 5; at++) kept.push(await keep(hub, { text: `sentence ${at}`, at: at * 1_000 }));
        const ids = kept.map(({ id }) => id).toReversed();
        const first = await json("recordings?hub=hub&limit=2");
        expect(first.body).toMatchObject({ isLast: false, inAll: 5 });
        expect(first.body.recordings).toMatchObject([
            { id: ids[0], site: "kitchen", durationMs: 1_000, startedAt: 5_000, hasSound: true, hasTranscript: true },
            { id: ids[1] },
        ]);
        const [latest = {}] = await listed("&limit=1");
        const { sound, words: ofWords } = latest.keptUntil as Record<string, number>;
        expect(sound).toBe(ofWords);
        expect(((sound ?? 0) - Date.now()) / 86_400_000).toBeCloseTo(91, -1);
        expect(JSON.stringify(first.body)).not.toContain("sentence");
        expect((await listed(`&limit=2&before=${ids[1]}`)).map(({ id }) => id)).toEqual(ids.slice(2, 4));
        expect((await listed("&from=2000&to=4000")).map(({ startedAt }) => startedAt)).toEqual([3_000, 2_000]);
        expect((await listed("&words=SENTENCE+3")).map(({ id }) => id)).toEqual([ids[2]]);
        expect(await listed("&site=study")).toEqual([]);

        const words = await json(`words?hub=hub&id=${ids[0]}&id=${ids[4]}`);
        expect(words.body.words).toEqual({
            [ids[0] ?? ""]: { text: "sentence 5" },
            [ids[4] ?? ""]: { text: "sentence 1" },
        });
        expect(logged().at(-1)).toMatchObject({ what: "recording-read", count: 2 });
    });

    it("plays any stretch of a recording, and every stretch is in the log", async () => {
        const { id } = await keep(hub, { text: "long", seconds: 5 });
        const whole = await get(`sound?hub=hub&id=${id}`);
        expect(whole.headers.get("content-type")).toBe("audio/wav");
        expect(whole.headers.get("cache-control")).toBe("no-store");
        const bytes = Buffer.from(await whole.arrayBuffer());
        expect(bytes).toHaveLength(44 + 5 * 32_000);
        const { samples } = decodeWav(bytes);
        const expected = tone(5);
        expect(samples.every((sample, at) => Math.abs(sample - (expected[at] ?? 9)) < 2 ** -14)).toBe(true);
        expect(logged().at(-1)).toMatchObject({ what: "recording-played", site: "kitchen", durationMs: 5_000 });

        for (const [range, from, to] of [
            ["bytes=0-0", 0, 0],
            ["bytes=10-50", 10, 50],
            ["bytes=44-65579", 44, 65_579],
            ["bytes=65579-65581", 65_579, 65_581],
            ["bytes=65580-", 65_580, 160_043],
            ["bytes=131117-140001", 131_117, 140_001],
            ["bytes=-3", 160_041, 160_043],
            ["bytes=160000-999999", 160_000, 160_043],
        ] as const) {
            const part = await get(`sound?hub=hub&id=${id}`, "reader", { Range: range });
            expect([range, part.status]).toEqual([range, 206]);
            expect(part.headers.get("content-range")).toBe(`bytes ${from}-${to}/160044`);
            expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(from, to + 1))).toBe(true);
        }
        const beyond = await get(`sound?hub=hub&id=${id}`, "reader", { Range: "bytes=160044-" });
        expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, "bytes */160044"]);
        for (const range of ["bytes=0-1,5-6", "lines=1-2", "bytes"]) {
            const all = await get(`sound?hub=hub&id=${id}`, "reader", { Range: range });
            expect([range, all.status, (await all.arrayBuffer()).byteLength]).toEqual([range, 200, 160_044]);
        }
    });

    it("pushes to open editors that something changed, and never what", async () => {
        const pushed: { topic: string; data: Record<string, unknown> }[] = [];
        const listen = (news: (typeof pushed)[number]) => pushed.push(news);
        RED.events.on("comms", listen);
        const { id } = await keep(hub, { text: "canary" });
        await post("correct", { hub: "hub", id, text: "another canary" });
        hub.sessions.open({ site: "kitchen" }).end();
        await post("delete", { hub: "hub", ids: [id] });
        const ours = () => pushed.filter(({ topic }) => topic === "earshot/privacy").map(({ data }) => data);
        await expect.poll(() => new Set(ours().map(({ what }) => what)).size).toBe(3);
        RED.events.removeListener("comms", listen);
        expect(ours()).toContainEqual({ hub: "hub", what: "recordings", changed: id });
        expect(new Set(ours().flatMap((data) => Object.keys(data)))).toEqual(new Set(["hub", "what", "changed"]));
        expect(JSON.stringify(ours())).not.toContain("canary");
    });

    it("keeps no sound in clear on the disk while it is played", async () => {
        const { id } = await keep(hub, { seconds: 3 });
        const bytes = Buffer.from(await (await get(`sound?hub=hub&id=${id}`)).arrayBuffer());
        const piece = bytes.subarray(20_000, 20_064);
        const entries = readdirSync(nodeRed.userDir, { recursive: true, withFileTypes: true });
        const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"));
        expect(files.length).toBeGreaterThan(3);
        for (const { parentPath, name } of files) {
            expect([name, readFileSync(join(parentPath, name)).includes(piece)]).toEqual([name, false]);
        }
    });

    it("says that a recording is damaged, and doesn't let half of one look whole", async () => {
        const { id } = await keep(hub, { text: "still to be read", seconds: 7 });
        const folder = join(nodeRed.userDir, folderOf("hub"), "vault", "sound");
        const [segment = ""] = readdirSync(folder);
        const file = join(folder, segment);
        const sealed = readFileSync(file);
        const damagedAt = async (at: number) => {
            await writeFile(file, Buffer.concat([sealed.subarray(0, at), Buffer.from("?"), sealed.subarray(at + 1)]));
            return await get(`sound?hub=hub&id=${id}`);
        };
        const atOnce = await damagedAt(5_000);
        expect([atOnce.status, await atOnce.json()]).toMatchObject([409, { code: "damaged" }]);
        await expect((await damagedAt(200_000)).arrayBuffer()).rejects.toThrow();
        expect((await json(`words?hub=hub&id=${id}`)).body).toEqual({ words: { [id]: { text: "still to be read" } } });
        await writeFile(file, sealed);
        expect((await (await get(`sound?hub=hub&id=${id}`)).arrayBuffer()).byteLength).toBe(44 + 7 * 32_000);
    });

    it("corrects a transcript: it is found by the new words, no more by the old, and keeps its times", async () => {
        const { id } = await keep(hub, { text: "turn on the kitten light" });
        const answer = await post("correct", { hub: "hub", id, text: "  turn on the kitchen light " });
        expect(answer).toMatchObject({ status: 200, body: { id } });
        const { transcript } = await hub.vault.read(id);
        expect(transcript?.text).toBe("turn on the kitchen light");
        expect(transcript?.words[3]).toMatchObject({ text: "kitchen", startMs: 900, endMs: 1_150 });
        expect(await listed("&words=kitchen")).toHaveLength(1);
        expect(await listed("&words=kitten")).toHaveLength(0);
        expect(logged().at(-1)).toMatchObject({ what: "recording-corrected", site: "kitchen", count: 1 });
    });

    it("deletes one and some, with a receipt", async () => {
        const [one, two, three] = [await keep(hub, {}), await keep(hub, {}), await keep(hub, {})];
        expect(await post("delete", { hub: "hub", ids: [one.id] })).toMatchObject({
            status: 200,
            body: { deleted: 1, receipt: { receipt: "earshot-deletion-1", count: 1 } },
        });
        expect((await post("delete", { hub: "hub", ids: [two.id, three.id] })).body).toMatchObject({ deleted: 2 });
        expect(await listed()).toEqual([]);
        expect((await get(`sound?hub=hub&id=${one.id}`)).status).toBe(404);
        expect((await json(`words?hub=hub&id=${one.id}`)).body.words).toEqual({ [one.id]: { problem: "not-found" } });
        expect(logged().at(-2)).toMatchObject({ what: "purged", count: 2 });
    });

    it("deletes all of them, or all of a place, with a token that is good once", async () => {
        for (const site of ["kitchen", "kitchen", "study"]) await keep(hub, { site, text: `said in the ${site}` });
        const asked = await post("delete/token", { hub: "hub", site: "kitchen" });
        expect(asked).toMatchObject({ status: 200, body: { recordings: 2, token: expect.any(String) } });
        const { token } = asked.body;
        expect((await post("delete", { hub: "hub", token })).body).toMatchObject({ deleted: 2 });
        await keep(hub, { site: "kitchen" });
        expect(await post("delete", { hub: "hub", token })).toMatchObject({
            status: 400,
            body: { code: "bad-request" },
        });

        const all = await post("delete/token", { hub: "hub", all: true });
        expect(all.body).toMatchObject({ recordings: 2 });
        expect(await post("delete", { hub: "hub", token: all.body.token }, "other")).toMatchObject({ status: 400 });
        expect(await post("delete", { hub: "hub", token: all.body.token })).toMatchObject({ status: 400 });
        expect(await listed()).toHaveLength(2);
        const again = await post("delete/token", { hub: "hub", all: true });
        expect((await post("delete", { hub: "hub", token: again.body.token })).body).toMatchObject({ deleted: 2 });
        expect(await listed()).toEqual([]);
    });

    it("refuses to delete what nobody pointed at", async () => {
        await keep(hub, {});
        for (const body of [
            { hub: "hub" },
            { hub: "hub", all: true },
            { hub: "hub", token: "" },
            { hub: "hub", token: "guess" },
            { hub: "hub", token: { $ne: "" } },
            { hub: "hub", ids: [] },
            { hub: "hub", ids: "all" },
            { hub: "hub", ids: ["../../etc"] },
            { hub: "hub", ids: [{}] },
        ]) {
            expect([body, await post("delete", body)]).toMatchObject([
                body,
                { status: 400, body: { code: "bad-request" } },
            ]);
        }
        for (const body of [{ hub: "hub" }, { hub: "hub", all: "yes" }, { hub: "hub", all: true, site: "kitchen" }]) {
            expect(await post("delete/token", body)).toMatchObject({ status: 400 });
        }
        expect((await send("delete", "<x>")).status).toBe(400);
        const form = await send("delete", "hub=hub&all=true", "owner", "application/x-www-form-urlencoded");
        expect(form.status).toBe(404);
        expect(await listed()).toHaveLength(1);
    });

    it("says what is wrong with a request", async () => {
        const { id } = await keep(hub, {});
        for (const [path, names] of [
            ["recordings?hub=hub&limit=0", "limit"],
            ["recordings?hub=hub&limit=101", "limit"],
            ["recordings?hub=hub&limit=all", "limit"],
            ["recordings?hub=hub&limit=1&limit=2", "limit"],
            ["recordings?hub=hub&before=x", "before"],
            ["recordings?hub=hub&from=yesterday", "from"],
            ["recordings?hub=hub&to[a]=1", "to"],
            ["recordings?hub=hub&site=", "site"],
            [`recordings?hub=hub&words=${"a".repeat(201)}`, "words"],
            ["words?hub=hub", "id"],
            ["words?hub=hub&id=1", "id"],
            [`words?hub=hub${`&id=${id}`.repeat(101)}`, "id"],
            ["sound?hub=hub", "id"],
            ["sound?hub=nowhere", "id"],
        ] as const) {
            expect([path, await json(path)]).toMatchObject([path, { status: 400, body: { code: "bad-request" } }]);
            expect((await json(path)).body.message).toContain(`"${names}"`);
        }
        for (const body of [
            { id },
            { id, text: " " },
            { id, text: 7 },
            { text: "x" },
            { id, text: "x".repeat(100_001) },
        ]) {
            expect(await post("correct", { hub: "hub", ...body })).toMatchObject({ status: 400 });
        }
        expect(await post("mute", { hub: "hub", muted: "yes" })).toMatchObject({ status: 400 });
        for (const path of ["recordings?hub=nowhere", "disclosures", "verification?hub=tab"]) {
            expect([path, await json(path)]).toMatchObject([path, { status: 404, body: { code: "no-hub" } }]);
        }
    });

    it("hands out an archive that gives the same recordings elsewhere", async () => {
        const { id } = await keep(hub, { text: "good morning", seconds: 3 });
        const answer = await send("export", { hub: "hub" });
        expect(answer.headers.get("content-disposition")).toContain("earshot.tar");
        const folder = await mkdtemp(join(tmpdir(), "earshot-export-"));
        const file = join(folder, "earshot.tar");
        await writeFile(file, Buffer.from(await answer.arrayBuffer()));
        const copy = new Vault(join(folder, "vault"));
        await copy.open();
        expect(await importExport(file, copy)).toMatchObject({ imported: 1 });
        expect(await copy.read(id)).toEqual(await hub.vault.read(id));
        await copy.close();
        await rm(folder, { recursive: true });
        expect(logged().at(-1)).toMatchObject({ what: "exported", count: 1 });
        expect(readdirSync(join(nodeRed.userDir, folderOf("hub")), { recursive: true }).join()).not.toContain(".tar");
    });

    it("tells what the microphones do, and mutes them", async () => {
        const state = async () => ((await json("hubs")).body.hubs as readonly object[])[0];
        expect(await state()).toMatchObject({
            id: "hub",
            name: "Our flat",
            state: "up",
            microphone: { state: "closed" },
        });
        const source = hub.sessions.open({ site: "kitchen" });
        expect(await state()).toMatchObject({ microphone: { state: "open", sites: ["kitchen"] } });
        const utterance = hub.sessions.branch(source, 0);
        expect(await state()).toMatchObject({ microphone: { state: "listening", sites: ["kitchen"] } });
        expect((await post("mute", { hub: "hub", muted: true })).body).toMatchObject({ state: "muted" });
        expect(hub.isMuted).toBe(true);
        await post("mute", { hub: "hub", muted: false });
        utterance.end();
        expect(await state()).toMatchObject({ microphone: { state: "open" } });
        source.end();
        expect(await state()).toMatchObject({ microphone: { state: "closed", sites: [] } });
    });

    it("counts who got what, as it happens", async () => {
        const receivers = async () => (await json("disclosures?hub=hub")).body.receivers as readonly object[];
        const of = async (to: string) => (await receivers()).find((each) => Reflect.get(each, "to") === to);
        expect(await of("weather")).toBeUndefined();
        await hub.log.append({ what: "disclosed", to: "weather", count: 1 });
        await hub.log.append({ what: "disclosed", to: "hub" });
        expect((await receivers())[0]).toMatchObject({ to: "hub", got: 1, withheld: 0, name: "Our flat" });
        await Promise.all([
            hub.log.append({ what: "disclosed", to: "weather" }),
            hub.log.append({ what: "withheld", to: "weather" }),
            receivers(),
        ]);
        expect(await of("weather")).toMatchObject({ got: 2, withheld: 1, lastAt: expect.stringMatching(/^\d{4}-/) });
    });

    it("checks the log, and names the first record that was changed", async () => {
        await hub.log.append({ what: "note" });
        const good = (await json("verification?hub=hub")).body;
        expect(good).toMatchObject({ ok: true, anchors: 1 });
        const file = join(nodeRed.userDir, folderOf("hub"), "privacy.log");
        const before = readFileSync(file, "utf8");
        await writeFile(file, before.replace('"what":"note"', '"what":"wake-word"'));
        const line = before.split("\n").findIndex((each) => each.includes('"what":"note"')) + 1;
        expect((await json("verification?hub=hub")).body).toMatchObject({
            ok: false,
            firstBad: { file: "privacy.log", line, fault: "changed" },
        });
        await writeFile(file, before);
        expect((await json("verification?hub=hub")).body).toEqual(good);
    });
});

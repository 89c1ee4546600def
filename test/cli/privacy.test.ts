import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Vault } from "../../dist/src/vault";
import { soundOf, transcriptOf } from "../vault/vault-folder";
import { earshot } from "./earshot";

const START = Date.UTC(2026, 10, 22, 16, 0);
const HOUR = 3_600_000;

describe("earshot privacy", () => {
    let folder: string;
    const inFolder = (command: string, ...args: string[]) => earshot(["privacy", command, "--folder", folder, ...args]);

    beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), "earshot-cli-privacy-"));
        const vault = new Vault(join(folder, "vault"));
        await vault.open();
        for (let hour = 0; hour < 4; hour++) {
            await vault.keep({
                session: `s${hour}`,
                site: hour === 0 ? "hall" : "kitchen",
                startedAt: START + hour * HOUR,
                samples: soundOf(hour, 1_600),
                transcript: transcriptOf(hour === 2 ? "turn on the radio" : "turn on the light"),
            });
        }
        await vault.close();
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it("lists, exports, purges with a receipt, imports again, and proves all of it", async () => {
        const listed = await inFolder("list", "--words", "light", "--from", "2026-11-22T17:00:00Z");
        expect(listed).toMatchObject({ code: 0, stderr: "" });
        expect(listed.lines.map(({ session }) => session)).toEqual(["s3", "s1"]);
        expect((await inFolder("list", "--limit", "1")).lines).toHaveLength(1);

        const archive = join(folder, "all.tar");
        expect(await inFolder("export", archive)).toMatchObject({ code: 0, lines: [{ recordings: 4, files: 8 }] });
        expect(await inFolder("export", archive)).toMatchObject({
            code: 1,
            stderr: expect.stringContaining("all.tar"),
        });

        const purged = await inFolder("purge", "--site", "kitchen", "--words", "radio");
        expect(purged).toMatchObject({ code: 0, lines: [{ purged: 1, receipt: { count: 1 } }] });
        const receipt = join(folder, "receipt.json");
        writeFileSync(receipt, JSON.stringify(purged.lines[0]?.receipt));
        expect(await inFolder("verify-receipt", receipt)).toMatchObject({ code: 0, lines: [{ ok: true }] });

        expect(await inFolder("import", archive)).toMatchObject({ code: 0, lines: [{ imported: 1, alreadyThere: 3 }] });
        expect(await inFolder("purge", "--all")).toMatchObject({ code: 0, lines: [{ purged: 4 }] });
        expect(await inFolder("list")).toMatchObject({ code: 0, stdout: "" });
        expect(await inFolder("verify")).toMatchObject({ code: 0, lines: [{ ok: true, records: 4, anchors: 1 }] });

        const anchor = join(folder, "kept-elsewhere.json");
        writeFileSync(anchor, (await inFolder("anchor")).stdout);
        const log = join(folder, "privacy.log");
        const lines = readFileSync(log, "utf8").trimEnd().split("\n");
        writeFileSync(log, `${lines.slice(0, 3).join("\n")}\n`);
        rmSync(`${log}.anchor`);
        expect(await inFolder("verify")).toMatchObject({ code: 0, stderr: expect.stringContaining("no anchor") });
        const cut = await inFolder("verify", "--anchor", anchor);
        expect(cut).toMatchObject({
            code: 1,
            lines: [{ ok: false, records: 3, firstBad: { line: 4, fault: "missing" } }],
        });
        expect(cut.stderr).toBe("earshot: privacy.log, line 4: missing\n");
        writeFileSync(receipt, JSON.stringify({ ...(purged.lines[0]?.receipt as object), count: 2 }));
        expect(await inFolder("verify-receipt", receipt)).toMatchObject({
            code: 1,
            lines: [{ fault: "bad-signature" }],
        });
    });

    it("guards the vault anew, and takes passphrases from the environment only", async () => {
        process.env.EARSHOT_NEW_PASSPHRASE = "a passphrase";
        try {
            expect(await inFolder("rotate", "--guard", "passphrase")).toMatchObject({
                code: 0,
                lines: [{ rotated: true }],
            });
        } finally {
            delete process.env.EARSHOT_NEW_PASSPHRASE;
        }
        expect(await inFolder("list")).toMatchObject({
            code: 1,
            stderr: expect.stringContaining("needs its passphrase"),
        });
        process.env.EARSHOT_PASSPHRASE = "a passphrase";
        try {
            expect(await inFolder("list")).toMatchObject({ code: 0, stderr: "" });
        } finally {
            delete process.env.EARSHOT_PASSPHRASE;
        }
    });

    it.each([
        [[], "which command?"],
        [["shred"], 'no command "privacy shred"'],
        [["list"], "--folder"],
        [["purge", "--folder", "x"], "--all is everything"],
        [["purge", "--folder", "x", "--all", "--site", "hall"], "--all stands alone"],
        [["purge", "--folder", "x", "--all", "--part", "half"], "--part takes"],
        [["list", "--folder", "x", "--from", "yesterday"], "--from takes a time"],
        [["export", "--folder", "x"], "which file?"],
        [["rotate", "--folder", "x", "--guard", "dog"], "--guard takes"],
        [["rotate", "--folder", "x", "--guard", "secret"], "EARSHOT_NEW_SECRET"],
        [["verify"], "--folder or --log"],
        [["verify-receipt", "receipt.json"], "whose receipt"],
    ])("says what is wrong with the arguments %j", async (args, message) => {
        const ended = await earshot(["privacy", ...args]);
        expect(ended).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(message) });
    });

    it("says that there is no vault, no log, no receipt there", async () => {
        const nowhere = join(folder, "nowhere");
        for (const [command, message] of [
            ["list", "no vault"],
            ["verify", "no privacy log"],
            ["anchor", "no anchor"],
        ] as const) {
            expect(await earshot(["privacy", command, "--folder", nowhere])).toMatchObject({
                code: 1,
                stderr: expect.stringContaining(message),
            });
        }
    });
});

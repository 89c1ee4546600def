import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { earshot, HOME, PROGRAM, temporaryFiles } from "./earshot";

const file = temporaryFiles();

describe("earshot", () => {
    it("shows its commands and exit codes, and the options of each command", async () => {
        const { code, stdout, stderr } = await earshot(["--help"]);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        for (const command of ["transcribe", "understand", "wake", "discover", "privacy"]) {
            expect(stdout).toContain(command);
            const help = await earshot([command, "--help"]);
            expect(help).toMatchObject({ code: 0, stderr: "" });
            expect(help.stdout).toMatch(new RegExp(`^Usage: earshot ${command} `));
        }
        expect(stdout).toMatch(/Exit codes: 0 .* 1 .* 2 /);
    });

    it("tells its version", async () => {
        const { version } = JSON.parse(readFileSync("package.json", "utf8"));
        expect(await earshot(["--version"])).toMatchObject({ code: 0, stdout: `${version}\n` });
    });

    it.each([
        [[], "which command?"],
        [["listen"], 'there is no command "listen"'],
        [["understand", "--hom", "x"], "Unknown option '--hom'"],
        [["understand"], "--home or --sentences"],
        [["transcribe", "--home", "home.json"], "which file?"],
        [["wake", "sound.wav"], "--word"],
        [["wake", "--word", "alexa"], "which file?"],
        [["wake", "--word", "alexa", "--sensitivity", "2", "sound.wav"], "--sensitivity takes a number from 0 to 1"],
        [["discover", "--seconds", "soon"], "--seconds takes a number from 1 to 60"],
        [["understand", "--sentences", ".", "--language", "xx", "--home", "HOME"], 'for the language "xx"'],
    ])("says what is wrong with the arguments %j", async (args, message) => {
        const home = file("home.json", HOME);
        const ended = await earshot(args.map((arg) => (arg === "HOME" ? home : arg)));
        expect(ended).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(message) });
        expect(ended.stderr).toMatch(/--help/);
        expect(ended.stderr.split("\n")).toHaveLength(2);
    });

    it("fails with one sentence when the home is missing or wrong", async () => {
        expect(await earshot(["understand", "--home", "/nowhere/home.json"])).toMatchObject({
            code: 1,
            stdout: "",
            stderr: expect.stringContaining("/nowhere/home.json"),
        });
        const wrong = file("wrong.json", '{"devices": [{"id": "a", "name": "Lamp"}]}');
        expect(await earshot(["understand", "--home", wrong])).toMatchObject({
            code: 1,
            stderr: `earshot: ${wrong}: $.devices[0].type: expected text, found nothing\n`,
        });
    });

    it("ends quietly when nobody reads on", async () => {
        const child = spawn(process.execPath, [PROGRAM, "understand", "--home", file("home.json", HOME)], {
            timeout: 60_000,
        });
        let stderr = "";
        child.stderr.on("data", (bytes: Buffer) => {
            stderr += bytes.toString();
        });
        child.stdin.on("error", () => {});
        child.stdin.write("turn on the desk lamp\n");
        await once(child.stdout, "data");
        child.stdout.destroy();
        child.stdin.write("turn on the desk lamp\n".repeat(1_000));
        const [code] = await once(child, "close");
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    });
});

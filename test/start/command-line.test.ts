import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { useStarts } from "./starts";

const at = useStarts();

describe("a command line that can't be obeyed", () => {
    it.each([
        { args: ["--loud"], environment: {}, says: "Unknown option '--loud'" },
        { args: ["now"], environment: {}, says: "Unexpected argument 'now'" },
        { args: ["--say"], environment: {}, says: "--say" },
        { args: [], environment: { PORT: "http" }, says: 'PORT is "http", which is not a port' },
        { args: [], environment: { PORT: "70000" }, says: 'PORT is "70000", which is not a port' },
    ])("$args with $environment brings the usage on stderr and exit code 2", async ({ args, environment, says }) => {
        const { code, stdout, stderr } = await at.begin(args, environment).ended();
        expect(stderr).toContain(says);
        expect(stderr).toContain("Usage: npm start");
        expect(stdout).toBe("");
        expect(code).toBe(2);
    });

    it("says what is wrong with a recording, before anything is started", async () => {
        const noSound = join(at.folder, "text.wav");
        writeFileSync(noSound, "This is no sound.");
        for (const [file, wrong] of [
            [join(at.folder, "nowhere.wav"), "can't be read: ENOENT"],
            [at.folder, "can't be read: EISDIR"],
            [noSound, 'expected "RIFF"'],
        ] as const) {
            const { code, stdout, stderr } = await at.begin(["--once", "--say", file]).ended();
            expect(stderr).toContain(file);
            expect(stderr).toContain(wrong);
            expect(stdout).toBe("");
            expect(code).toBe(2);
        }
    });

    it("asks for help with --help", async () => {
        const { code, stdout } = await at.begin(["--help"]).ended();
        expect(stdout).toContain("endOfSpeechToTranscript");
        expect(code).toBe(0);
        expect(existsSync(join(at.folder, "kept"))).toBe(false);
    });

    it("says so when the port that PORT asks for is taken", async () => {
        const server = createServer().listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        const { code, stdout, left } = await at.begin([], { PORT: String(port) }).ended();
        server.close();
        expect(stdout).toContain(`Port ${port}, which PORT asks for, is taken by another program.`);
        expect(code).toBe(1);
        expect(left).toEqual([]);
    });
});

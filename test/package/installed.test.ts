import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spokenAt16k } from "../../dist/scripts/voice";
import { encodeWav } from "../../dist/src/audio";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** As Node-RED's palette manager installs a package. */
const INSTALL = ["install", "--omit=dev", "--engine-strict", "--prefer-offline", "--no-audit", "--no-fund"];

describe("the package, packed and installed into a clean folder", () => {
    let userDir: string;
    let files: readonly string[];

    beforeAll(async () => {
        userDir = mkdtempSync(join(tmpdir(), "earshot-package-"));
        writeFileSync(join(userDir, "package.json"), JSON.stringify({ name: "user", private: true }));
        const packed = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", userDir], {
            cwd: ROOT,
            maxBuffer: 16 * 1024 * 1024,
        });
        const [{ filename, files: inside }] = entriesOf(packed.stdout);
        files = inside.map(({ path }) => path);
        await run("npm", [...INSTALL, join(userDir, filename)], { cwd: userDir });
    }, 120_000);
    afterAll(() => rmSync(userDir, { recursive: true, force: true }));

    it("brings what runs, and nothing of what builds or tests it", () => {
        const outside = files.filter((file) => !/^(dist\/(src|nodes)|resources|locales|examples|docs)\//.test(file));
        expect(new Set(outside)).toEqual(new Set(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]));
        expect(files).toContain("dist/src/speech/builtin/worker.js");
        expect(files).toContain("resources/privacy/main.js");
        expect(files).toContain("dist/src/language/build/prebuilt/en");
        expect(files).toContain(`locales/en/sentences/${firstSentenceFile()}`);
    });

    it("runs no script when it is installed", () => {
        for (const script of ["preinstall", "install", "postinstall", "prepare"]) {
            expect(manifest.scripts).not.toHaveProperty(script);
        }
    });

    it("is loaded by a real Node-RED, every node of it", async () => {
        const port = await freePort();
        mkdirSync(join(userDir, "lib"), { recursive: true });
        writeFileSync(
            join(userDir, "settings.js"),
            `module.exports = { uiHost: "127.0.0.1", uiPort: ${port}, telemetry: { enabled: false }, editorTheme: { tours: false, palette: { catalogues: [] } } };`,
        );
        const nodeRed = spawn(process.execPath, [join(ROOT, "node_modules/node-red/red.js"), "--userDir", userDir], {
            stdio: ["ignore", "pipe", "pipe"],
        });
        try {
            await started(nodeRed);
            const answer = await fetch(`http://127.0.0.1:${port}/nodes`, { headers: { Accept: "application/json" } });
            const sets = (await answer.json()) as { module: string; name: string; enabled: boolean; err?: string }[];
            const ours = sets.filter(({ module }) => module === manifest.name);
            expect(new Set(ours.map(({ name }) => name))).toEqual(new Set(Object.keys(manifest["node-red"].nodes)));
            expect(ours.filter(({ enabled, err }) => !enabled || err)).toEqual([]);
            const sidebar = `http://127.0.0.1:${port}/resources/${manifest.name}/privacy/main.js`;
            expect((await fetch(sidebar)).headers.get("content-type")).toContain("javascript");
        } finally {
            nodeRed.kill("SIGTERM");
            await once(nodeRed, "exit");
        }
    });

    it("understands a spoken sentence from the command line", async () => {
        writeFileSync(
            join(userDir, "order.wav"),
            encodeWav(await spokenAt16k("turn on the desk lamp", { voice: "slt" }), 16_000),
        );
        writeFileSync(
            join(userDir, "home.json"),
            JSON.stringify({ floors: [], areas: [], devices: [{ id: "lamp", name: "Desk Lamp", type: "light" }] }),
        );
        const earshot = join(userDir, "node_modules", ".bin", "earshot");
        const { stdout } = await run(earshot, ["transcribe", "--home", "home.json", "order.wav"], { cwd: userDir });
        expect(JSON.parse(stdout)).toMatchObject({
            text: "turn on the desk lamp",
            intents: [{ name: "HassTurnOn", targets: ["lamp"] }],
        });
        expect((await run(earshot, ["--version"])).stdout.trim()).toBe(manifest.version);
    });
});

/** npm 11 prints an object by package name, older ones a list. */
function entriesOf(json: string): [{ filename: string; files: { path: string }[] }] {
    return Object.values(JSON.parse(json)) as [{ filename: string; files: { path: string }[] }];
}

function firstSentenceFile(): string {
    const [first] = readdirSync(join(ROOT, "locales/en/sentences")).filter((file) => file.endsWith(".yaml"));
    return first as string;
}

async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, "close");
    return port;
}

async function started(nodeRed: ChildProcess): Promise<void> {
    let said = "";
    for await (const chunk of nodeRed.stdout ?? []) {
        said += chunk;
        if (/Started flows/.test(said)) return;
    }
    throw new Error(`Node-RED ended before it had started:\n${said}`);
}

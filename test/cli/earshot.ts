/** Runs the program as a person would. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

export const PROGRAM = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

export interface Ended {
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
    /** Standard output, each line read as JSON. */
    readonly lines: readonly Record<string, unknown>[];
}

/** @param input what is piped in */
export async function earshot(args: readonly string[], input: string | Buffer = ""): Promise<Ended> {
    const child = spawn(process.execPath, [PROGRAM, ...args], { timeout: 60_000 });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (bytes: Buffer) => stdout.push(bytes));
    child.stderr.on("data", (bytes: Buffer) => stderr.push(bytes));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    const [code] = (await once(child, "close")) as [number | null];
    const text = Buffer.concat(stdout).toString();
    return {
        code,
        stdout: text,
        stderr: Buffer.concat(stderr).toString(),
        get lines() {
            return text
                .split("\n")
                .filter((line) => line !== "")
                .map((line) => JSON.parse(line) as Record<string, unknown>);
        },
    };
}

/** A folder that is gone after the tests of the file; the function writes a file into it and returns its path. */
export function temporaryFiles(): (name: string, content: string | Uint8Array) => string {
    const folder = mkdtempSync(join(tmpdir(), "earshot-cli-"));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    return (name, content) => {
        const path = join(folder, name);
        writeFileSync(path, content);
        return path;
    };
}

export const HOME = JSON.stringify({
    floors: [{ id: "ground", name: "Ground Floor" }],
    areas: [
        { id: "kitchen", name: "Kitchen", floor: "ground", aliases: ["cooking corner"] },
        { id: "office", name: "Office", floor: "ground" },
    ],
    devices: [
        { id: "light.kitchen", name: "Kitchen Light", type: "light", area: "kitchen" },
        { id: "light.desk", name: "Desk Lamp", type: "light", area: "office" },
        { id: "climate.heating", name: "Heating", type: "climate" },
    ],
});

/** Sentences of nobody's language but ours, in Home Assistant's format. */
export const TEA = `
language: en
intents:
  BrewTea:
    data:
      - sentences:
          - "brew [a|some] {tea} [for {minutes} minutes]"
lists:
  tea:
    values: [green tea, black tea]
  minutes:
    range: {from: 1, to: 10}
`;

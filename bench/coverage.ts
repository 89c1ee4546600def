/** Which lines of the parts that strangers talk to the tests reach, as V8 counts them in the build. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type Report, rounded } from "./report";

const ROOT = join(__dirname, "../..");
const FOLDERS = ["hap", "mdns"] as const;
const TESTS = ["test/hap", "test/mdns", "test/home", "test/cli/discover.test.ts"];

/** What Node writes with `NODE_V8_COVERAGE`: the Precise Coverage of the Chrome DevTools Protocol. */
interface Covered {
    readonly result: readonly {
        readonly url: string;
        readonly functions: readonly { readonly ranges: readonly Range[] }[];
    }[];
}

interface Range {
    readonly startOffset: number;
    readonly endOffset: number;
    readonly count: number;
}

export async function run(report: Report): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "earshot-coverage-"));
    try {
        const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
        const tests = spawn(process.execPath, [vitest, "run", ...TESTS], {
            cwd: ROOT,
            env: { ...process.env, NODE_V8_COVERAGE: folder },
            stdio: ["ignore", "ignore", "inherit"],
        });
        const [status] = await once(tests, "exit");
        if (status !== 0) throw new Error("The tests failed: what they cover says nothing.");
        const reached = reachedLines(folder);
        for (const name of FOLDERS) report.add("coveredLines", ratioOf(name, reached), "ratio", `src/${name}`);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

/** Numbers of the lines that some process has run, by file. */
function reachedLines(folder: string): ReadonlyMap<string, ReadonlySet<number>> {
    const reached = new Map<string, Set<number>>();
    for (const file of readdirSync(folder)) {
        const { result } = JSON.parse(readFileSync(join(folder, file), "utf8")) as Covered;
        for (const { url, functions } of result) {
            const path = url.startsWith("file:") ? fileURLToPath(url) : "";
            if (!FOLDERS.some((name) => path.startsWith(built(name) + sep)) || !existsSync(path)) continue;
            const lines = reached.get(path) ?? new Set();
            reached.set(path, lines);
            const counts = countsOf(readFileSync(path, "utf8"), functions);
            for (const [number, { from, to }] of linesOf(readFileSync(path, "utf8"))) {
                if (counts.subarray(from, to).some((count) => count > 0)) lines.add(number);
            }
        }
    }
    return reached;
}

/** How often each character was run: an inner range says more than the one around it. */
function countsOf(code: string, functions: Covered["result"][number]["functions"]): Int32Array {
    const counts = new Int32Array(code.length).fill(1);
    const ranges = functions.flatMap((each) => each.ranges);
    const length = ({ startOffset, endOffset }: Range) => endOffset - startOffset;
    for (const { startOffset, endOffset, count } of ranges.toSorted((one, other) => length(other) - length(one))) {
        counts.fill(count, startOffset, endOffset);
    }
    return counts;
}

/** Lines with code in them, and where it stands. */
function* linesOf(code: string): Generator<[number: number, place: { from: number; to: number }]> {
    let start = 0;
    for (const [number, line] of code.split("\n").entries()) {
        const text = line.trim();
        const from = start + line.indexOf(text);
        if (text !== "" && !/^(\/\/|\/?\*)/.test(text)) yield [number, { from, to: from + text.length }];
        start += line.length + 1;
    }
}

function ratioOf(name: string, reached: ReadonlyMap<string, ReadonlySet<number>>): number {
    let [all, run] = [0, 0];
    for (const file of readdirSync(built(name)).filter((each) => each.endsWith(".js"))) {
        const path = join(built(name), file);
        for (const [number] of linesOf(readFileSync(path, "utf8"))) {
            all += 1;
            if (reached.get(path)?.has(number)) run += 1;
        }
    }
    return rounded(run / all, 4);
}

function built(name: string): string {
    return join(ROOT, "dist/src", name);
}

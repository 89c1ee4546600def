/** `npm start` as a child process, with everything it starts in turn in view. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../dist/scripts/start.js", import.meta.url));
const LOOK_EVERY_MS = 500;

export interface Ended {
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
    /** Processes it started, directly or not, that are still there. */
    readonly left: readonly number[];
}

export interface RunningStart {
    readonly pid: number;
    /** Everything it started so far. */
    readonly descendants: ReadonlySet<number>;
    /** Resolves with what it has printed once that matches. */
    printed(pattern: RegExp, limitMs?: number): Promise<string>;
    signal(name: NodeJS.Signals): void;
    /** Resolves when it has ended, or rejects after `limitMs`. */
    ended(limitMs?: number): Promise<Ended>;
    /** For cleaning up: ends whatever is left. */
    kill(): void;
}

export function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): RunningStart {
    const child = spawn(process.execPath, [SCRIPT, ...args], {
        env: { ...process.env, NO_COLOR: "1", ...environment },
        stdio: ["ignore", "pipe", "pipe"],
    });
    const { pid } = child;
    if (pid === undefined) throw new Error("It could not be started.");
    const said = { stdout: "", stderr: "" };
    let look: () => void = () => {};
    const descendants = new Set<number>();
    const seeDescendants = () => {
        for (const one of descendantsOf(pid)) descendants.add(one);
    };
    for (const stream of ["stdout", "stderr"] as const) {
        child[stream].setEncoding("utf8").on("data", (text: string) => {
            said[stream] += text;
            look();
        });
    }
    const watching = setInterval(seeDescendants, LOOK_EVERY_MS);
    const closed = once(child, "close").finally(() => clearInterval(watching));

    return {
        pid,
        descendants,
        printed: (pattern, limitMs = 40_000) =>
            new Promise((resolve, reject) => {
                const timer = setTimeout(
                    () => reject(new Error(`${pattern} was not printed:\n${said.stdout}${said.stderr}`)),
                    limitMs,
                );
                look = () => {
                    if (!pattern.test(said.stdout)) return;
                    clearTimeout(timer);
                    seeDescendants();
                    resolve(said.stdout);
                };
                look();
            }),
        signal: (name) => child.kill(name),
        async ended(limitMs = 60_000) {
            const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
            const [code] = (await closed) as [number | null];
            clearTimeout(timer);
            return { code, ...said, left: [...descendants].filter(isRunning) };
        },
        kill() {
            clearInterval(watching);
            for (const one of [pid, ...descendants]) if (isRunning(one)) process.kill(one, "SIGKILL");
        },
    };
}

export function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}

function descendantsOf(root: number): readonly number[] {
    const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
        .trim()
        .split("\n")
        .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
    const found = new Set([root]);
    for (let before = 0; before !== found.size; ) {
        before = found.size;
        for (const [pid, parent] of rows) if (found.has(parent)) found.add(pid);
    }
    found.delete(root);
    return [...found];
}

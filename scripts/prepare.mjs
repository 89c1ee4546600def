/**
 * Installs what is missing, builds what is stale, then runs the rest of the command line with the project's own Node.
 * It runs with whatever Node the machine has (20 and newer) before anything is installed, so it uses only node:* modules.
 *
 *     node scripts/prepare.mjs [COMMAND ARGUMENT...]
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const environment = {
    // Node-RED and its like start faster when what they are made of was compiled before.
    NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "compiled"),
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
};

/** Runs `work` unless the files it depends on are the ones it saw last time, as the stamp beside its output says. */
function whenChanged(what, inputs, stamp, work) {
    const hash = createHash("sha256");
    for (const file of inputs)
        hash.update(file)
            .update("\0")
            .update(readFileSync(join(root, file)))
            .update("\0");
    const digest = hash.digest("hex");
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
    process.stderr.write(`${what}\n`);
    work();
    writeFileSync(stamp, digest);
}

function filesBelow(folder) {
    return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length))
        .sort();
}

function runOrExit(command, args) {
    const { status, error } = spawnSync(command, args, {
        cwd: root,
        env: environment,
        stdio: ["ignore", 2, 2],
        shell: process.platform === "win32",
    });
    if (error || status !== 0) {
        process.stderr.write(`${command} ${args.join(" ")} failed${error ? `: ${error.message}` : ""}\n`);
        process.exit(status || 1);
    }
}

whenChanged(
    "Installing what Earshot needs (once) …",
    ["package-lock.json"],
    join(root, "node_modules", ".earshot-installed"),
    // Not `npm ci`: it refuses a lock file made where a registry lacks other systems' optional binaries.
    () => runOrExit("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]),
);
whenChanged(
    "Building …",
    ["package.json", "tsconfig.json", ...["src", "nodes", "editor", "bench", "scripts", "locales"].flatMap(filesBelow)],
    join(root, "dist", ".earshot-built"),
    () => runOrExit("node", ["scripts/build.mjs"]),
);

const [command, ...args] = process.argv.slice(2);
if (command) {
    const child = spawn(command, args, {
        cwd: root,
        env: environment,
        stdio: "inherit",
        shell: process.platform === "win32",
    });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
    child.on("error", (error) => {
        process.stderr.write(`${command}: ${error.message}\n`);
        process.exit(127);
    });
    child.on("exit", (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

#!/usr/bin/env node
/** `earshot`: what the nodes do, from the command line. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, type ExitCode, OutputClosed, type Terminal, UsageError } from "./command";
import { discover } from "./discover";
import { privacy } from "./privacy";
import { transcribe } from "./transcribe";
import { understand } from "./understand";
import { wake } from "./wake";

const COMMANDS = new Map<string, Command>(Object.entries({ transcribe, understand, wake, discover, privacy }));

const HELP = `Usage: earshot COMMAND [options]

${[...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`).join("\n")}

Results are JSON lines on standard output, messages go to standard error.
Exit codes: 0 all done, 1 something failed and was said (the rest was done), 2 called with wrong arguments.

  earshot COMMAND --help    options of a command
  earshot --version
`;

async function main([name, ...args]: readonly string[], terminal: Terminal): Promise<ExitCode> {
    if (name === undefined) throw new UsageError("which command?");
    if (name === "--help" || name === "-h") return show(HELP);
    if (name === "--version") return show(`${version()}\n`);
    const command = COMMANDS.get(name);
    if (!command) throw new UsageError(`there is no command "${name}"`);
    const beforeFiles = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
    if (beforeFiles.some((arg) => arg === "--help" || arg === "-h")) return show(command.help);
    return command.run(args, terminal);
}

function show(text: string): ExitCode {
    process.stdout.write(text);
    return 0;
}

function version(): string {
    const { version: value } = JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "package.json"), "utf8"));
    return String(value);
}

const terminal: Terminal = {
    input: process.stdin,
    print: (value) =>
        new Promise((resolve, reject) => {
            process.stdout.write(`${JSON.stringify(value)}\n`, (error) => {
                if (!error) resolve();
                else reject("code" in error && error.code === "EPIPE" ? new OutputClosed(error.message) : error);
            });
        }),
    say: (message) => {
        process.stderr.write(`earshot: ${message}\n`);
    },
};

// Failed writes are dealt with where they happen; nobody is left to be told of a message that can't be shown.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

const args = process.argv.slice(2);
main(args, terminal).then(
    (code) => {
        process.exitCode = code;
    },
    (error: unknown) => {
        if (error instanceof OutputClosed) return;
        if (error instanceof UsageError) {
            const known = COMMANDS.has(args[0] ?? "") ? ` ${args[0]}` : "";
            terminal.say(`${error.message} (earshot${known} --help tells more)`);
            process.exitCode = 2;
            return;
        }
        terminal.say(error instanceof Error ? error.message : String(error));
        process.exitCode = 1;
    },
);

/** What a subcommand of `earshot` is, and what it works with. */
import { type ParseArgsConfig, parseArgs } from "node:util";

/** 0: all done. 1: something failed, the rest was done; messages say what. 2: called in a way it can't be. */
export type ExitCode = 0 | 1 | 2;

export interface Terminal {
    /** The bytes piped into the program. */
    readonly input: AsyncIterable<Buffer>;
    /** Writes one JSON line; resolves when there is room for more. @throws OutputClosed */
    print(value: unknown): Promise<void>;
    /** Writes a message for people. */
    say(message: string): void;
}

export interface Command {
    readonly summary: string;
    /** Everything that `--help` shows. */
    readonly help: string;
    run(args: readonly string[], terminal: Terminal): Promise<ExitCode>;
}

/** The program was called in a way it can't be. */
export class UsageError extends Error {
    override readonly name = "UsageError";
}

/** Whoever read the output has enough of it. */
export class OutputClosed extends Error {
    override readonly name = "OutputClosed";
}

/** @throws UsageError for options that don't exist, lack their value or have one too many */
export function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
    try {
        return parseArgs(config);
    } catch (error) {
        // The message's second sentence is about passing arguments that begin with a dash.
        if (error instanceof TypeError) throw new UsageError(error.message.split(". ")[0] ?? error.message);
        throw error;
    }
}

/** @param value what the option was given, if it was. @throws UsageError */
export function numberOption(name: string, value: string | undefined, least: number, most: number): number | undefined {
    if (value === undefined) return undefined;
    const number = value.trim() === "" ? Number.NaN : Number(value);
    if (number >= least && number <= most) return number;
    throw new UsageError(`--${name} takes a number from ${least} to ${most}, not "${value}"`);
}

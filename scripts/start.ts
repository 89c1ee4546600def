/**
 * `npm start`: a spoken sentence switches a HomeKit accessory, through a flow in a real Node-RED. What it does, prints and
 * returns stands in `USAGE`.
 */
import { FirstLight, inMs } from "./first-light/first-light";
import { takeFolders } from "./first-light/folders";
import { parseOptions, RecordingError, type StartOptions, USAGE, UsageError } from "./first-light/options";
import { Screen } from "./first-light/screen";
import type { TurnResult } from "./first-light/turn";
import { StartError } from "./first-light/waiting";

const FAILED = 1;
const WRONG_USAGE = 2;
/** As shells have it: 128 + SIGINT. */
const INTERRUPTED = 130;

/** Resolves with the exit code. @throws RecordingError for a recording that can't be played */
async function start(options: StartOptions, interrupted: AbortSignal): Promise<number> {
    const screen = new Screen(options.json ? process.stderr : process.stdout);
    const folders = takeFolders(options.once ? undefined : options.folder);
    const over = new AbortController();
    const light = new FirstLight(options, screen, folders, AbortSignal.any([interrupted, over.signal]));
    let wasPlayed = false;
    try {
        const stand = await light.bringUp();
        const failure = await light.play(stand).then(() => undefined, asStartError);
        wasPlayed = true;
        if (failure) screen.failure(failure.message);
        else screen.paragraph(`From the end of the last word to the accessory: ${inMs(light.result.latencyMs.total)}.`);
        tell(options, light.result);
        if (options.once) return failure ? FAILED : 0;
        screen.paragraph(`The editor: ${stand.nodeRed.url}\nCtrl-C stops everything.`);
        throw await Promise.race([light.died(), endOf(interrupted)]);
    } catch (error) {
        if (interrupted.aborted) {
            screen.paragraph("Stopping …");
            return options.once ? INTERRUPTED : 0;
        }
        screen.failure(asStartError(error).message);
        if (!wasPlayed) tell(options, light.result);
        return FAILED;
    } finally {
        over.abort();
        await light.stop();
        folders.release();
    }
}

function tell({ json }: StartOptions, result: TurnResult): void {
    if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** @throws the error itself if it is none that is expected */
function asStartError(error: unknown): StartError {
    if (error instanceof StartError) return error;
    throw error;
}

function endOf(signal: AbortSignal): Promise<unknown> {
    return new Promise((resolve) => {
        if (signal.aborted) resolve(signal.reason);
        signal.addEventListener("abort", () => resolve(signal.reason), { once: true });
    });
}

async function main(): Promise<number> {
    const interrupted = new AbortController();
    // One Ctrl-C comes more than once: from the terminal to all processes, and from npm to its child.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupted.abort());
    // A terminal that was closed, a pipe that nobody reads any more: no reason to leave without stopping what was started.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
    try {
        const options = parseOptions(process.argv.slice(2), process.env);
        if (!options.help) return await start(options, interrupted.signal);
        process.stdout.write(USAGE);
        return 0;
    } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        process.stderr.write(`${error.message}\n${error instanceof RecordingError ? "" : `\n${USAGE}`}`);
        return WRONG_USAGE;
    }
}

void main().then((code) => {
    process.exitCode = code;
});

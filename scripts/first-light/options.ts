/** The command line of `npm start`. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";

export interface StartOptions {
    /** End after the sentence instead of staying up. */
    readonly once: boolean;
    /** The result as JSON on stdout, everything else on stderr. */
    readonly json: boolean;
    /** Absolute path of a WAV file to play instead of the spoken sentence. */
    readonly say: string | undefined;
    readonly help: boolean;
    /** From `PORT`: that port or none; undefined: 1880, or a free one. */
    readonly port: number | undefined;
    /** From `EARSHOT_FOLDER`: what outlasts a start that stays up is kept there. */
    readonly folder: string;
}

const REPOSITORY = resolve(__dirname, "../../..");

/** A command line that can't be obeyed; `message` says what is wrong with it. */
export class UsageError extends Error {
    override readonly name = "UsageError";
}

/** The same for the recording that is to be played: the usage would not help. */
export class RecordingError extends UsageError {}

export const USAGE = `Usage: npm start [-- OPTION...]

Starts Node-RED with the flow "First light" and a simulated home in a process of its own, finds that home by mDNS,
pairs with it over HomeKit, and plays "Alexa, turn on the kitchen light" through the flow. Then it stays up, so that
you can open the editor; Ctrl-C stops everything it started.

  --once          end after the sentence; the exit code is 0 only if the device's own state, read over HAP, changed
  --json          print the result as one JSON object, the last line of stdout; everything else goes to stderr
  --say FILE.wav  play your own recording, which has to begin with the wake word "Alexa"
  --help          show this

Environment variables:
  PORT            the port of Node-RED on 127.0.0.1; without it 1880, or a free one if that is taken
  EARSHOT_FOLDER  where flow, simulated home and pairing are kept for the next start that stays up; without it .earshot
                  in the repository. With --once nothing is kept

The times, in milliseconds:
  endOfSpeechToTranscript  from the end of the last word, as the sound is heard in real time, to its transcript, less the
                           silence that has to follow for a sentence to be over (silenceMs of the transcribe node: 700).
                           Where the last word of your own recording ends is what the recogniser says
  transcriptToAccessory    from there until the accessory says that it has changed
  total                    from the end of the last word, that silence included, until the accessory has changed

Exit codes: 0 as above, or stopped by Ctrl-C while staying up; 1 something did not happen, and stderr says what;
2 wrong command line; 130 stopped before the sentence was through.
`;

/** @throws UsageError */
export function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv): StartOptions {
    try {
        const { values } = parseArgs({
            args: [...args],
            options: {
                once: { type: "boolean", default: false },
                json: { type: "boolean", default: false },
                say: { type: "string" },
                help: { type: "boolean", default: false },
            },
        });
        // npm runs scripts in the repository, wherever it was called.
        const calledIn = environment.INIT_CWD ?? process.cwd();
        return {
            ...values,
            say: values.say === undefined ? undefined : resolve(calledIn, values.say),
            port: portOf(environment.PORT),
            folder: resolve(calledIn, environment.EARSHOT_FOLDER || resolve(REPOSITORY, ".earshot")),
        };
    } catch (error) {
        throw error instanceof UsageError ? error : new UsageError(messageOf(error));
    }
}

function portOf(text: string | undefined): number | undefined {
    if (text === undefined || text === "") return undefined;
    const port = Number(text);
    if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
    throw new UsageError(`PORT is "${text}", which is not a port: a number from 1 to 65535.`);
}

function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

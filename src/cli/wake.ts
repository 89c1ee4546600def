/** `earshot wake`: where wake words are in recordings. */
import { SAMPLE_RATE } from "../audio";
import { BuiltinEngine } from "../speech";
import type { WakeWord } from "../wake";
import { type Command, type ExitCode, numberOption, parse, UsageError } from "./command";
import { Pace } from "./pace";
import { soundOf } from "./sound-file";

const DEFAULT_SENSITIVITY = 0.5;
const DEFAULT_COOLDOWN_MS = 1_000;

export const wake: Command = {
    summary: "finds wake words in recordings",
    help: `Usage: earshot wake --word PHRASE [options] FILE…

Each FILE is sound of any length: WAV of any sample rate, integers or floats, any channels.

  --word PHRASE         what to listen for; may be given several times
  --sensitivity NUMBER  0 (hardly ever wakes by mistake) to 1 (hardly ever misses); ${DEFAULT_SENSITIVITY} if not given
  --cooldown MS         sound after a wake word in which no other is looked for; ${DEFAULT_COOLDOWN_MS} if not given
  --language CODE       language of the words: en (default)

Prints, in the order of the files, one line each:
  {"file", "durationMs", "wakes": [{"word", "score", "endMs"}]}
"score" is from 0 to 1, "endMs" is where the phrase ends. A file that can't be read gets {"file", "error"}.
`,

    async run(args, terminal) {
        const { values, positionals: files } = parse({
            args: [...args],
            options: {
                word: { type: "string", multiple: true },
                sensitivity: { type: "string" },
                cooldown: { type: "string" },
                language: { type: "string" },
            },
            allowPositionals: true,
        });
        const { word: phrases = [], language = "en" } = values;
        if (phrases.length === 0) throw new UsageError("--word has to say what to listen for");
        if (files.length === 0) throw new UsageError("which file?");
        const settings = {
            phrases,
            language,
            sensitivity: numberOption("sensitivity", values.sensitivity, 0, 1) ?? DEFAULT_SENSITIVITY,
            cooldownMs: numberOption("cooldown", values.cooldown, 0, 3_600_000) ?? DEFAULT_COOLDOWN_MS,
        };
        const engine = new BuiltinEngine();
        try {
            let code: ExitCode = 0;
            for (const file of files) {
                try {
                    await terminal.print({ file, ...(await heardIn(engine, settings, file)) });
                } catch (error) {
                    if (!(error instanceof ListeningError)) throw error;
                    terminal.say(`${file}: ${error.message}`);
                    await terminal.print({ file, error: error.message });
                    code = 1;
                }
            }
            return code;
        } finally {
            await engine.stop();
        }
    },
};

interface Settings {
    readonly phrases: readonly string[];
    readonly language: string;
    readonly sensitivity: number;
    readonly cooldownMs: number;
}

/** A file in which nothing could be listened for. */
class ListeningError extends Error {
    override readonly name = "ListeningError";
}

/** @throws ListeningError */
async function heardIn(engine: BuiltinEngine, settings: Settings, file: string) {
    const wakes: WakeWord[] = [];
    const pace = new Pace();
    let failure: Error | undefined;
    const watch = engine.watch({
        ...settings,
        onWake: (wakeWord) => wakes.push(wakeWord),
        onConsumed: pace.consumed,
        onFailed: (error) => {
            failure = error;
            pace.release();
        },
    });
    let length = 0;
    try {
        for await (const samples of soundOf(file)) {
            if (failure) break;
            length += samples.length;
            watch.write(samples);
            await pace.written(samples.length);
        }
        await watch.end();
    } catch (error) {
        watch.close();
        throw new ListeningError(error instanceof Error ? error.message : String(error));
    }
    if (failure) throw new ListeningError(failure.message);
    return { durationMs: milliseconds(length), wakes: wakes.map(shown) };
}

function shown({ word, score, endSample }: WakeWord) {
    return { word, score, endMs: milliseconds(endSample) };
}

function milliseconds(samples: number): number {
    return Math.round((samples * 1_000) / SAMPLE_RATE);
}

/** `earshot transcribe`: recorded sentences to text and intents. */
import type { Grammar } from "../language";
import { BuiltinEngine, type Transcript } from "../speech";
import { type Command, type ExitCode, parse, type Terminal, UsageError } from "./command";
import { GRAMMAR_HELP, GRAMMAR_OPTIONS, loadGrammar } from "./grammar";
import { Pace } from "./pace";
import { soundOf } from "./sound-file";

/** Longest utterance, in milliseconds; the rest of a file is left out. */
const MAX_MS = 60_000;

export const transcribe: Command = {
    summary: "turns recorded sentences into text and intents",
    help: `Usage: earshot transcribe --home FILE [options] FILE…
       earshot transcribe --sentences DIR [options] FILE…

Each FILE is one utterance of at most ${MAX_MS / 1_000} s: WAV of any sample rate, integers or floats, any channels.

${GRAMMAR_HELP}

Prints, in the order of the files, one line each:
  {"file", "text", "confidence", "words": [{"text", "startMs", "endMs", "confidence"}], "durationMs",
   "intents": [{"name", "confidence", "slots", "targets", "all"?, "candidates"?}]}
"text" is empty when nothing was heard that can be said. A low "confidence" (0 to 1) means that something else was said and
the text is what comes nearest. A file that can't be read gets {"file", "error"}.
`,

    async run(args, terminal) {
        const { values, positionals: files } = parse({
            args: [...args],
            options: GRAMMAR_OPTIONS,
            allowPositionals: true,
        });
        if (files.length === 0) throw new UsageError("which file?");
        const { grammar, isIncomplete } = await loadGrammar(values, terminal);
        const engine = new BuiltinEngine();
        try {
            await engine.prepare(grammar.recogniser);
            let code: ExitCode = isIncomplete ? 1 : 0;
            for (const file of files) if (!(await printFile(engine, grammar, file, terminal))) code = 1;
            return code;
        } finally {
            await engine.stop();
        }
    },
};

/** Resolves to false when the file could not become a transcript. */
async function printFile(engine: BuiltinEngine, grammar: Grammar, file: string, terminal: Terminal): Promise<boolean> {
    let transcript: Transcript;
    try {
        transcript = await transcriptOf(engine, grammar, file);
    } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        terminal.say(`${file}: ${message}`);
        await terminal.print({ file, error: message });
        return false;
    }
    const { text, confidence, words, durationMs } = transcript;
    const intents = grammar.understand(text).intents.map(({ text: _, ...intent }) => intent);
    await terminal.print({ file, text, confidence, words, durationMs, intents });
    return true;
}

async function transcriptOf(engine: BuiltinEngine, grammar: Grammar, file: string): Promise<Transcript> {
    const pace = new Pace();
    let isOver = false;
    const transcription = engine.open({
        grammar: grammar.recogniser,
        maxMs: MAX_MS,
        silenceMs: Number.POSITIVE_INFINITY,
        onConsumed: pace.consumed,
    });
    const over = () => {
        isOver = true;
        pace.release();
    };
    transcription.result.then(over, over);
    try {
        for await (const samples of soundOf(file)) {
            if (isOver) break;
            transcription.write(samples);
            await pace.written(samples.length);
        }
        transcription.end();
    } catch (error) {
        transcription.cancel();
        throw error;
    }
    return transcription.result;
}

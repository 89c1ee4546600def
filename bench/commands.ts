/**
 * Spoken orders of coffee, clean and in a kitchen, through the whole chain: noise reduction, endpointing, recogniser with the
 * grammar of our sentence file, and the same file's text matcher. An order counts when every slot is right.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeWav, SAMPLE_RATE } from "../src/audio";
import { Pace } from "../src/cli/pace";
import { compile, type Grammar, loadLanguage } from "../src/language";
import { BuiltinEngine, type Samples } from "../src/speech";
import { randomNumbers, withNoise } from "./commands/noise";
import { benchData, corpus } from "./corpora";
import { type Report, rounded } from "./report";

/** Ratio of the loudest frames of speech and noise in dB; undefined: no noise. */
const CONDITIONS: Readonly<Record<string, number | undefined>> = {
    clean: undefined,
    "24dB": 24,
    "15dB": 15,
    "9dB": 9,
    "6dB": 6,
};
/** Recognisers at work at the same time, each in a thread of its own. */
const LANES = 2;
const SEED = 7;
/** 100 ms. */
const PIECE = SAMPLE_RATE / 10;

type Slots = Readonly<Record<string, string | number>>;

interface Order {
    readonly file: string;
    readonly slots: Slots;
    /** Which stretch of the noise goes with it, 0 to 1. */
    readonly noiseAt: number;
}

export async function run(report: Report): Promise<void> {
    const folder = corpus("speech", "commands");
    const labels: Record<string, { slots: Slots }> = JSON.parse(readFileSync(join(folder, "labels.json"), "utf8"));
    const random = randomNumbers(SEED);
    const orders = Object.entries(labels).map(
        ([file, { slots }]): Order => ({ file: join(folder, "clean", file), slots, noiseAt: random() }),
    );
    const noise = samplesOf(join(folder, "kitchen-noise.wav"));
    const grammar = coffeeGrammar();
    const engines = Array.from({ length: LANES }, () => new BuiltinEngine());
    await Promise.all(engines.map((engine) => engine.prepare(grammar.recogniser)));

    const accuracies: number[] = [];
    let soundSeconds = 0;
    const cpuBefore = process.cpuUsage();
    for (const [condition, ratioDb] of Object.entries(CONDITIONS)) {
        const wrong: string[] = [];
        const queue = orders.values();
        const lane = async (engine: BuiltinEngine) => {
            for (const order of queue) {
                const clean = samplesOf(order.file);
                const sound = ratioDb === undefined ? clean : withNoise(clean, noise, ratioDb, order.noiseAt);
                soundSeconds += sound.length / SAMPLE_RATE;
                const { text, confidence } = await transcribe(engine, grammar, sound);
                if (!isRight(grammar, text, order)) wrong.push(`${confidence} "${text}" for ${shown(order.slots)}`);
            }
        };
        await Promise.all(engines.map(lane));
        const accuracy = 1 - wrong.length / orders.length;
        accuracies.push(accuracy);
        report.add("accuracy", rounded(accuracy, 4), "ratio", condition);
        if (process.env.EARSHOT_BENCH_WRONG) report.note(wrong.join("\n"));
    }
    const { user, system } = process.cpuUsage(cpuBefore);
    const [, ...noisy] = accuracies;
    const mean = noisy.reduce((sum, accuracy) => sum + accuracy, 0) / noisy.length;
    report.add("accuracy", rounded(mean, 4), "ratio", "mean6to24dB");
    // Time of all of the process's threads: more than one core would need for the recognition alone.
    report.add("realTimeFactor", rounded((user + system) / 1e6 / soundSeconds, 4), "ratio");
    report.add("residentMemory", rounded(process.memoryUsage().rss / 2 ** 20, 1), "MB", `${LANES} recognisers`);
    await Promise.all(engines.map((engine) => engine.stop()));
}

function coffeeGrammar(): Grammar {
    const language = loadLanguage("en", { sentenceFolders: [benchData("commands", "sentences")], builtin: false });
    for (const problem of language.problems) throw problem;
    return compile(language, { floors: [], areas: [], devices: [] });
}

/** Each recording is one utterance, handed over in pieces as from a microphone, as fast as they are dealt with. */
async function transcribe(engine: BuiltinEngine, grammar: Grammar, sound: Samples) {
    const pace = new Pace();
    const transcription = engine.open({
        grammar: grammar.recogniser,
        maxMs: 60_000,
        silenceMs: Number.POSITIVE_INFINITY,
        onConsumed: pace.consumed,
    });
    for (let start = 0; start < sound.length; start += PIECE) {
        const piece = sound.subarray(start, start + PIECE);
        transcription.write(piece);
        await pace.written(piece.length);
    }
    transcription.end();
    return transcription.result;
}

function isRight(grammar: Grammar, text: string, { slots }: Order): boolean {
    const [intent] = grammar.understand(text).intents;
    const found = intent?.slots ?? {};
    return Object.keys({ ...slots, ...found }).every((name) => slots[name] === found[name]);
}

function samplesOf(file: string): Samples {
    return decodeWav(readFileSync(file)).samples;
}

function shown(slots: Slots): string {
    return Object.values(slots).join(", ");
}

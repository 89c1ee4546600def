/** What a larger home costs the built-in recogniser: decoding of synthesised sentences with 10, 100 and 1,000 devices in its grammar. */
import { spokenAt16k } from "../../scripts/voice";
import { SAMPLE_RATE } from "../../src/audio";
import type { Device } from "../../src/home";
import { compile, loadLanguage } from "../../src/language";
import type { Samples } from "../../src/speech";
// The decoder alone, without noise reduction and endpointing, which cost the same in any home.
import { Recogniser } from "../../src/speech/builtin/recogniser";
import { type Report, rounded } from "../report";
import { livedInHome } from "./lived-in-home";

const SIZES = [10, 100, 1000];
const VOICES = ["slt", "rms"] as const;
/** 100 ms: as sound arrives. */
const PIECE = SAMPLE_RATE / 10;
const SILENCE = 0.3 * SAMPLE_RATE;
/** As loud as utterances are brought to before they are decoded. */
const PEAK = 0.2;

const SENTENCES: Readonly<Record<string, (name: string) => readonly string[]>> = {
    light: (name) => [`turn on the ${name}`, `set the ${name} to forty percent`],
    switch: (name) => [`turn the ${name} off`],
    fan: (name) => [`switch off the ${name} please`],
    media_player: (name) => [`turn on the ${name}`],
    lock: (name) => [`lock the ${name}`],
    cover: (name) => [`open the ${name}`],
};
/** With no names in them. */
const GENERAL = [
    "turn off the lights in the kitchen",
    "all the lights off",
    "set a timer for ten minutes",
    "what time is it",
];

export async function recogniser(report: Report): Promise<void> {
    const language = loadLanguage("en");
    // Said about the devices that every one of the homes has.
    const texts = [...livedInHome(10).devices.flatMap(sentencesAbout), ...GENERAL];
    const sounds = await Promise.all(
        texts.flatMap((text) =>
            VOICES.map(async (voice) => ({ text, sound: levelled(await spokenAt16k(text, { voice })) })),
        ),
    );
    const lanes = [];
    for (const size of SIZES) {
        const started = performance.now();
        const { recogniser: grammar } = compile(language, livedInHome(size));
        const compiled = performance.now();
        const decoder = await Recogniser.load("en");
        const loaded = performance.now();
        const memory = process.memoryUsage().rss;
        decoder.setGrammar(grammar);
        const ready = performance.now();
        const condition = `${size}devices`;
        report.add("grammarCompileMs", rounded(compiled - started, 0), "ms", condition);
        report.add("grammarLoadMs", rounded(ready - loaded, 0), "ms", condition);
        report.add("grammarMemory", rounded((process.memoryUsage().rss - memory) / 2 ** 20, 1), "MB", condition);
        // The first sentence also compiles the decoder's code.
        await heardBy(decoder, sounds[0]?.sound ?? new Float32Array());
        lanes.push({ condition, decoder, cpuSeconds: 0, wrong: [] as string[] });
    }
    let seconds = 0;
    // In turn, so that a busy machine is as busy for each.
    for (const { text, sound } of sounds) {
        seconds += sound.length / SAMPLE_RATE;
        for (const lane of lanes) {
            const before = process.cpuUsage();
            const heard = await heardBy(lane.decoder, sound);
            const { user, system } = process.cpuUsage(before);
            lane.cpuSeconds += (user + system) / 1e6;
            if (heard !== text) lane.wrong.push(`"${heard}" for "${text}"`);
        }
    }
    for (const { condition, decoder, cpuSeconds, wrong } of lanes) {
        report.add("decodeRealTimeFactor", rounded(cpuSeconds / seconds, 4), "ratio", condition);
        report.add("heardWordForWord", rounded(1 - wrong.length / sounds.length, 4), "ratio", condition);
        if (process.env.EARSHOT_BENCH_WRONG) report.note(wrong.join("\n"));
        decoder.close();
    }
    const [first, last] = [lanes[0], lanes.at(-1)].map((lane) => lane?.cpuSeconds ?? Number.NaN);
    report.add("decodeGrowth", rounded((last ?? 0) / (first ?? 1), 2), "ratio", "1000to10devices");
}

function sentencesAbout({ name, type }: Device): readonly string[] {
    return SENTENCES[type]?.(name.toLowerCase()) ?? [];
}

async function heardBy(decoder: Recogniser, sound: Samples): Promise<string> {
    await decoder.start();
    for (let start = 0; start < sound.length; start += PIECE) decoder.feed(sound.subarray(start, start + PIECE));
    decoder.stop();
    return decoder.text();
}

/** With silence around it. */
function levelled(speech: Samples): Samples {
    const peak = speech.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const sound = new Float32Array(speech.length + 2 * SILENCE);
    sound.set(
        speech.map((value) => (value * PEAK) / peak),
        SILENCE,
    );
    return sound;
}

/**
 * How long a sentence takes in homes of two sizes: understood word for word ("match"), misheard, several commands in one,
 * refused with suggestions ("refusal": the committed set; "nearMiss": with the home's names, one command or several); how long a home takes to compile and how much
 * memory it needs; and the worst that a text of 2,000 characters can do.
 */
import { readFileSync } from "node:fs";
import type { HomeDescription } from "../../src/home";
import { compile, type Grammar, loadLanguage } from "../../src/language";
import { randomNumbers } from "../commands/noise";
import { benchData } from "../corpora";
import { percentile, type Report, rounded } from "../report";
import { homeWith } from "./homes";
import { memoryWithHome } from "./memory";
import { nastyTexts } from "./nasty-texts";

const SIZES = [107, 1_000];
const SENTENCES = 300;
/** Rounds over all sentences; the first ones warm up and do not count. */
const ROUNDS = 7;
const WARMING_ROUNDS = 2;
const SEED = 11;
const MB = 1_000_000;

const COMMANDS = [
    "turn on the {device}",
    "switch the {device} off please",
    "{device} on",
    "turn off the lights in the {area}",
    "is the {device} on",
    "turn on the {device} in the {area}",
    "set the {area} lights to {number} percent",
    "set the {device} to {number} percent",
    "turn the {area} lights red",
    "what is the temperature in the {area}",
    "which lights are on",
    "turn off all the lights",
];
const SEVERAL_COMMANDS = [
    "turn on the {device} and the {other}",
    "turn off the {device} and set the {other} to {number} percent",
    "{device} and {other} off",
    "turn off the lights in the {area} and turn on the {device}",
    "turn on the {device}, the {other} and the lights in the {area}",
];
const NEAR_MISSES = [
    "don't turn on the {device}",
    "the {device} was on yesterday",
    "I think the {area} needs a new carpet",
    "turn on the {device} when my neighbour gets home",
    "what did you have for dinner in the {area}",
    "turn the {device}",
    "so she said that number {number} is the best of them all",
    "turn on the purple submarine",
    "why is the {device} so loud tonight",
    "please",
];
const SEVERAL_NEAR_MISSES = [
    "I like the {device} and the {other} very much",
    "turn on the {device} and my neighbour comes home",
    "the {device} and the {area} look great together",
    "turn on the purple submarine and the {device}",
];

export async function speed(report: Report): Promise<void> {
    for (const size of SIZES) await inHomeOf(size, report);
    let worst = 0;
    const grammar = compile(loadLanguage("en"), homeWith(SIZES.at(-1) ?? 0));
    for (const text of nastyTexts()) {
        // The least of some, because what is asked for is the text's own cost, not that of the machine's other work.
        const times = Array.from({ length: 5 }, () => timeOf(() => grammar.understand(text)));
        const time = Math.min(...times);
        if (time > worst) report.note(`worst so far: ${time.toFixed(1)} ms for "${text.slice(0, 50)}…"`);
        worst = Math.max(worst, time);
    }
    report.add("worstMs", rounded(worst, 2), "ms", "2000characters");
}

async function inHomeOf(size: number, report: Report): Promise<void> {
    const condition = `${size}devices`;
    const home = homeWith(size);
    const random = randomNumbers(SEED);
    const commands = sentences(COMMANDS, home, random);
    const nearMisses = sentences(NEAR_MISSES, home, random);
    const language = loadLanguage("en");
    const compiles = Array.from({ length: 5 }, () => timeOf(() => compile(language, home)));
    report.add("compileMs", rounded(percentile(compiles, 0.5), 2), "ms", condition);

    const fresh = compile(language, home);
    const first = nearMisses[0] ?? "";
    report.add(
        "firstRefusalMs",
        rounded(
            timeOf(() => fresh.understand(first)),
            2,
        ),
        "ms",
        condition,
    );
    report.add("renameMs", rounded(renaming(fresh, first), 2), "ms", condition);

    const groups = {
        match: commands,
        misheard: commands.map((text) => misheard(text, random)),
        several: sentences(SEVERAL_COMMANDS, home, random),
        refusal: refusals(),
        nearMiss: nearMisses,
        nearMissSeveral: sentences(SEVERAL_NEAR_MISSES, home, random),
    };
    for (const [name, texts] of Object.entries(groups)) {
        const isRefused = name === "refusal" || name.startsWith("nearMiss");
        const wanted = texts.filter((text) => fresh.understand(text).intents.length > 0 !== isRefused);
        report.note(`${condition}: ${wanted.length} of ${texts.length} sentences count as "${name}"`);
        const times = timesOf(fresh, wanted);
        for (const [share, label] of [
            [0.5, "P50"],
            [0.95, "P95"],
            [0.99, "P99"],
        ] as const) {
            report.add(`${name}Ms${label}`, rounded(percentile(times, share), 4), "ms", condition);
        }
    }
    const texts = Object.values(groups).flat();
    report.add("memory", rounded((await memoryWithHome({ devices: size, texts })) / MB, 1), "MB", condition);
}

/** The sentences that are no commands, by which false accepts are counted too. */
function refusals(): readonly string[] {
    const file = JSON.parse(readFileSync(benchData("language", "refusals.en.json"), "utf8")) as {
        readonly sentences: Readonly<Record<string, readonly string[]>>;
    };
    return Object.values(file.sentences).flat();
}

/** From one device's new name to the first sentence with it. */
function renaming(before: Grammar, text: string): number {
    const { language, home } = before;
    const devices = home.devices.map((device, index) => (index === 0 ? { ...device, name: "Christmas Tree" } : device));
    return timeOf(() => compile(language, { ...home, devices }, before).understand(text));
}

function timesOf(grammar: Grammar, texts: readonly string[]): number[] {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
        for (const text of texts) {
            const time = timeOf(() => grammar.understand(text));
            if (round >= WARMING_ROUNDS) times.push(time);
        }
    }
    return times;
}

function sentences(templates: readonly string[], home: HomeDescription, random: () => number): string[] {
    const one = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    return Array.from({ length: SENTENCES }, () => {
        const device = one(home.devices);
        const other = one(home.devices);
        const area = home.areas.find(({ id }) => id === device.area);
        return one(templates)
            .replace("{device}", device.name)
            .replace("{other}", other.name)
            .replace("{area}", area?.name ?? "")
            .replace("{number}", String(Math.floor(random() * 100)));
    });
}

/** One letter of the longest word is another. */
function misheard(text: string, random: () => number): string {
    const longest = text.split(" ").reduce((best, word) => (word.length > best.length ? word : best), "");
    const at = 1 + Math.floor(random() * (longest.length - 1));
    return text.replace(longest, `${longest.slice(0, at)}x${longest.slice(at + 1)}`);
}

function timeOf(work: () => unknown): number {
    const before = performance.now();
    work();
    return performance.now() - before;
}

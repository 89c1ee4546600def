/**
 * Our English sentences: how many of Home Assistant's test sentences are understood as meant, as they are and misheard, and
 * how much is taken for a command that is none.
 */

import { readFileSync } from "node:fs";
import type { HomeDescription } from "../../src/home";
import { compile, type Grammar, type Intent, loadLanguage } from "../../src/language";
import { randomNumbers } from "../commands/noise";
import { benchData } from "../corpora";
import { type Report, rounded } from "../report";
import { corpusSentences, type Snapshot, type Spoken } from "./corpus-sentences";
import { isRight, isWrongAction } from "./judgement";
import { SoundAlikes } from "./sound-alikes";

const SNAPSHOTS: readonly Snapshot[] = ["2026-08", "2025-07"];
/** Of all words. */
const MISHEARD_SHARE = 0.1;
const SEED = 7;

export async function english(report: Report): Promise<void> {
    const understand = understanding();
    const everything = SNAPSHOTS.flatMap((snapshot) => {
        const spoken = corpusSentences(snapshot);
        measure(report, `en-${snapshot}`, spoken, understand);
        return spoken;
    });
    const texts = everything.flatMap(({ sentences }) => sentences);
    const misheard = new SoundAlikes().misheard(texts, MISHEARD_SHARE, randomNumbers(SEED));
    let at = 0;
    const heard = everything.map((each) => {
        at += each.sentences.length;
        return { ...each, sentences: misheard.slice(at - each.sentences.length, at) };
    });
    measure(report, "soundalikes10", heard, understand);
    refuse(report, understand);
}

type Understand = (text: string, spoken: Pick<Spoken, "home" | "context">) => Intent | undefined;

/** A grammar per home, kept: many sentences are said in the same. */
function understanding(): Understand {
    const language = loadLanguage("en");
    const grammars = new Map<string, Grammar>();
    return (text, { home, context }) => {
        const key = JSON.stringify(home);
        const grammar = grammars.get(key) ?? compile(language, home);
        grammars.set(key, grammar);
        const { intents } = grammar.understand(text, context);
        return intents.length === 1 ? intents[0] : undefined;
    };
}

function measure(report: Report, condition: string, spoken: readonly Spoken[], understand: Understand): void {
    let sentences = 0;
    let right = 0;
    let wrongActions = 0;
    for (const each of spoken) {
        for (const text of each.sentences) {
            const intent = understand(text, each);
            sentences += 1;
            if (isRight(each, intent)) {
                right += 1;
                continue;
            }
            const isWrong = isWrongAction(each, intent);
            if (isWrong) wrongActions += 1;
            report.note(
                `${isWrong ? "WRONG " : ""}${condition} "${text}": ${shown(each)} taken for ${intent === undefined ? "nothing" : shown({ intent: intent.name, slots: intent.slots })}`,
            );
        }
    }
    report.add("accuracy", rounded(right / sentences, 4), "ratio", condition);
    report.add("wrongActions", rounded(wrongActions / sentences, 4), "ratio", condition);
    report.note(`${condition}: ${right} of ${sentences} sentences right, ${wrongActions} wrong actions.`);
}

/** What is no command: `refusals.en.json` has it by what it is instead, and the home that it is said in. */
function refuse(report: Report, understand: Understand): void {
    const file = JSON.parse(readFileSync(benchData("language", "refusals.en.json"), "utf8")) as {
        readonly home: HomeDescription;
        readonly sentences: Readonly<Record<string, readonly string[]>>;
    };
    let sentences = 0;
    let accepted = 0;
    for (const [category, texts] of Object.entries(file.sentences)) {
        for (const text of texts) {
            const intent = understand(text, { home: file.home, context: {} });
            sentences += 1;
            if (intent === undefined) continue;
            accepted += 1;
            report.note(
                `ACCEPTED (${category}) "${text}": ${shown({ intent: intent.name, slots: intent.slots })} ${intent.confidence}`,
            );
        }
    }
    report.add("falseAccepts", rounded(accepted / sentences, 4), "ratio");
    report.note(`${accepted} of ${sentences} sentences that are no command were taken for one.`);
}

function shown({ intent, slots }: Pick<Spoken, "intent" | "slots">): string {
    return `${intent} ${JSON.stringify(slots)}`;
}

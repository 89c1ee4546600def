/**
 * Home Assistant's own sentence files for other languages, run unchanged over the test sentences that come with them.
 * A sentence counts when the intent and every slot are right, and no slot is there that the test doesn't name.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { compile, type Grammar, loadLanguage, type SlotValue } from "../../src/language";
import { corpus } from "../corpora";
import { type Report, rounded } from "../report";
import { type Fixtures, homeOf } from "./fixtures";

/** Sentences told of those that went wrong. */
const MAX_TOLD = 25;

type Wanted = SlotValue | boolean | readonly SlotValue[];

interface Test {
    readonly sentences: readonly string[];
    readonly intent: {
        readonly name: string;
        readonly slots?: Readonly<Record<string, Wanted>> | null;
        readonly context?: Readonly<Record<string, SlotValue>>;
    };
}

export async function conformance(report: Report): Promise<void> {
    for (const language of readdirSync(corpus("templates", "sentences")).sort()) {
        const missed: string[] = [];
        const tests = testsOf(language);
        const grammar = grammarOf(language, report);
        let sentences = 0;
        for (const test of tests) {
            for (const sentence of test.sentences) {
                const fault = faultOf(grammar, sentence, test);
                sentences += 1;
                if (fault !== undefined) missed.push(`  "${sentence}" should be ${wanted(test)}, ${fault}`);
            }
        }
        report.add("conformance", rounded(1 - missed.length / sentences, 4), "ratio", language);
        if (missed.length === 0) continue;
        report.note(`${language}: ${missed.length} of ${sentences} sentences went wrong`);
        for (const each of missed.slice(0, MAX_TOLD)) report.note(each);
    }
}

function grammarOf(code: string, report: Report): Grammar {
    const language = loadLanguage(code, { sentenceFolders: [corpus("templates", "sentences")], builtin: false });
    for (const { message } of language.problems) report.note(message);
    const fixtures = parse(readFileSync(corpus("templates", "tests", code, "_fixtures.yaml"), "utf8")) as Fixtures;
    return compile(language, homeOf(fixtures));
}

/** Files whose names begin with an underscore hold no tests. */
function testsOf(code: string): Test[] {
    const folder = corpus("templates", "tests", code);
    const files = readdirSync(folder).filter((name) => /^[^_].*\.yaml$/.test(name));
    return files.sort().flatMap((name) => {
        const { tests } = parse(readFileSync(join(folder, name), "utf8")) as { readonly tests?: readonly Test[] };
        return tests ?? [];
    });
}

function faultOf(grammar: Grammar, sentence: string, { intent }: Test): string | undefined {
    const area = intent.context?.area;
    const [found] = grammar.understand(sentence, area === undefined ? {} : { area: String(area) }).intents;
    if (found === undefined) return "was not understood";
    const expected = Object.entries(intent.slots ?? {});
    const right =
        found.name === intent.name &&
        Object.keys(found.slots).length === expected.length &&
        expected.every(([slot, value]) => accepted(found.slots[slot], value));
    return right ? undefined : `became ${found.name} ${JSON.stringify(found.slots)}`;
}

/** One of several values is enough where a test names several. */
function accepted(found: SlotValue | undefined, value: Wanted): boolean {
    if (found === undefined) return false;
    return (Array.isArray(value) ? value : [value]).some((each) => same(String(each).trim(), found));
}

/** Names are the home's, whatever their case in a test. */
function same(one: SlotValue, other: SlotValue): boolean {
    return String(one).toLowerCase() === String(other).toLowerCase();
}

function wanted({ intent }: Test): string {
    const context = intent.context === undefined ? "" : ` in ${JSON.stringify(intent.context)}`;
    return `${intent.name} ${JSON.stringify(intent.slots ?? {})}${context}`;
}

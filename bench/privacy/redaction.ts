/** How much of the personal data in a synthetic test set is found, how much else is taken for it, and how fast. */
import { Detector, REDACTION_CLASSES, type RedactionClass, Redactor, type Span } from "../../src/redact";
import { type Report, rounded } from "../report";
import { CONTACTS, type Marked, PATTERNS, SEED, type TestSentence, TONGUES, testSet } from "./synthetic/sentences";

interface Tally {
    readonly marked: number;
    /** Everything of it is covered by what was found of its class. */
    readonly found: number;
    readonly spans: number;
    /** What was found touches something of that class. */
    readonly right: number;
}

const ROUNDS = 5;
const SHOWN_FAULTS = 40;

export async function measureRedaction(report: Report): Promise<void> {
    const set = testSet();
    const options = { contacts: CONTACTS, patterns: PATTERNS };
    const detectors = new Map(TONGUES.map((language) => [language, new Detector({ language, ...options })]));
    const judged = set.map((sentence) => ({
        sentence,
        spans: detectors.get(sentence.language)?.find(sentence.text) ?? [],
    }));
    const harmless = set.filter(({ marked }) => marked.length === 0).length;
    report.note(`${set.length} sentences, ${harmless} of them without personal data (seed ${SEED}).`);
    for (const kind of REDACTION_CLASSES) {
        const tally = judged.map(({ sentence, spans }) => tallyOf(sentence, spans, kind)).reduce(sum);
        report.add("redactionRecall", rounded(tally.found / tally.marked, 4), "ratio", kind);
        report.add("redactionPrecision", rounded(tally.right / tally.spans, 4), "ratio", kind);
    }
    const leaks = judged.filter(({ sentence, spans }) => sentence.marked.some((marked) => !isCovered(marked, spans)));
    const untouched = judged.filter(({ sentence, spans }) => sentence.marked.length === 0 && spans.length === 0);
    report.add("redactionLeaks", leaks.length, "sentences");
    report.add("harmlessUntouched", rounded(untouched.length / harmless, 4), "ratio");
    for (const fault of faults(judged)) report.note(fault);
    measureSpeed(report, set, options);
}

function measureSpeed(report: Report, set: readonly TestSentence[], options: object): void {
    const redactors = new Map(
        TONGUES.map((language) => [language, new Redactor({ language, mode: "label", ...options })]),
    );
    const rates: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
        const begun = performance.now();
        for (const { language, text } of set) redactors.get(language)?.redact(text);
        rates.push((set.length / (performance.now() - begun)) * 1000);
    }
    // The first rounds are the compiler's; the median is what a hub that runs all day has.
    report.add(
        "redactedSentencesPerSecond",
        Math.round(rates.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0),
        "1/s",
    );
}

function tallyOf({ marked }: TestSentence, spans: readonly Span[], kind: RedactionClass): Tally {
    const wanted = marked.filter((mark) => mark.class === kind);
    const got = spans.filter((span) => span.class === kind);
    return {
        marked: wanted.length,
        found: wanted.filter((mark) => isCovered(mark, got)).length,
        spans: got.length,
        right: got.filter((span) => wanted.some((mark) => span.start < mark.end && span.end > mark.start)).length,
    };
}

/** Spans don't overlap, and between two that cover it together may be spaces and commas. */
function isCovered({ start, end }: Marked, spans: readonly Span[]): boolean {
    return spans.some((span) => span.start <= start && span.end >= end);
}

function sum(a: Tally, b: Tally): Tally {
    return {
        marked: a.marked + b.marked,
        found: a.found + b.found,
        spans: a.spans + b.spans,
        right: a.right + b.right,
    };
}

function faults(
    judged: readonly { readonly sentence: TestSentence; readonly spans: readonly Span[] }[],
): readonly string[] {
    const wrong = judged.flatMap(({ sentence: { text, marked, language }, spans }) => {
        const shown = spans.map((span) => `${span.class} "${text.slice(span.start, span.end)}"`).join(", ");
        const isRight =
            marked.every((mark) =>
                isCovered(
                    mark,
                    spans.filter((span) => span.class === mark.class),
                ),
            ) &&
            spans.every((span) =>
                marked.some((mark) => mark.class === span.class && span.start < mark.end && span.end > mark.start),
            );
        return isRight ? [] : [`  ${language} ${marked[0]?.class ?? "-"}: ${text} → ${shown || "nothing"}`];
    });
    return wrong.slice(0, SHOWN_FAULTS);
}

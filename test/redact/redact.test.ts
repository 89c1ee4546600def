import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { CONTACTS, PATTERNS, testSet } from "../../dist/bench/privacy/synthetic/sentences";
import {
    covered,
    Detector,
    MAX_TEXT_CHARACTERS,
    pseudonymKey,
    REDACTION_LANGUAGES,
    Redactor,
    SOUND_COVERS,
    timesOf,
} from "../../dist/src/redact";

const redactors = REDACTION_LANGUAGES.map((language) => new Redactor({ language, mode: "label" }));
const english = (text: string, options: object = {}) =>
    new Redactor({ language: "en", mode: "label", ...options }).redact(text).text;

describe("redaction", () => {
    it.each([
        ["en", "call me on two one two seven three six five double oh oh", "call me on [phone]"],
        ["en", "ring +44 (0)20 7946 0958 now", "ring [phone] now"],
        ["en", "write to jo dot doe at example dot com please", "write to [email] please"],
        ["en", "pay with 4111 1111 1111 1111", "pay with [card]"],
        [
            "en",
            "pay into g b two nine n w b k six oh one six one three three one nine two six eight one nine",
            "pay into [iban]",
        ],
        ["en", "the door code is four seven one one", "the door code is [digits]"],
        ["en", "ask Mark whether Rose Jones called", "ask [name] whether [name] called"],
        ["en", "tell mark to come", "tell [name] to come"],
        ["en", "mark the lamp, will it rain in may", "mark the lamp, will it rain in may"],
        ["de", "ich wohne Lindenstraße 5b, 10115 Berlin", "ich wohne [address]"],
        ["de", "sie ist am dritten Mai neunzehnhundertachtzig geboren", "sie ist am [birth] geboren"],
        [
            "fr",
            "rappelle-moi au zéro six douze trente-quatre cinquante-six soixante-dix-huit",
            "rappelle-moi au [phone]",
        ],
        ["es", "mi dni es 12345678Z y me llamo Xiomara", "mi dni es [id] y me llamo [name]"],
    ])("%s: %s", (language, text, expected) => {
        expect(new Redactor({ language, mode: "label" }).redact(text).text).toBe(expected);
    });

    it("leaves nothing of what is marked in the test set, and what is harmless as it is, with few exceptions", () => {
        const detectors = new Map(
            REDACTION_LANGUAGES.map((language) => [
                language,
                new Detector({ language, contacts: CONTACTS, patterns: PATTERNS }),
            ]),
        );
        const judged = testSet(4711).map((sentence) => ({
            ...sentence,
            spans: detectors.get(sentence.language)?.find(sentence.text) ?? [],
        }));
        const telling = judged.filter(({ marked }) => marked.length > 0);
        const harmless = judged.filter(({ marked }) => marked.length === 0);
        const leaks = telling.filter(({ marked, spans }) =>
            marked.some((mark) => !spans.some(({ start, end }) => start <= mark.start && end >= mark.end)),
        );
        const touched = harmless.filter(({ spans }) => spans.length > 0);
        expect(telling.length + harmless.length).toBeGreaterThan(1_000);
        expect(leaks.length / telling.length).toBeLessThan(0.02);
        expect(touched.length / harmless.length).toBeLessThan(0.02);
    });

    it("finds the home's people and the user's patterns, said or written", () => {
        const options = { contacts: ["Björn Åkesson"], patterns: ["customer ####", "AB-##?"] };
        expect(english("is bjorn home", options)).toBe("is [name] home");
        expect(english("customer four seven one one", options)).toBe("[own]");
        expect(english("my plate is ab 12 c", options)).toBe("my plate is [own]");
        expect(english("customer 47112", options)).not.toContain("[own]");
    });

    it("refuses patterns that would match anything, and texts that are no sentences", () => {
        expect(() => english("x", { patterns: ["*"] })).toThrow(expect.objectContaining({ code: "bad-pattern" }));
        expect(() => english("x", { patterns: ["a".repeat(65)] })).toThrow("longer than 64");
        expect(() => english("a".repeat(MAX_TEXT_CHARACTERS + 1))).toThrow(
            expect.objectContaining({ code: "too-long" }),
        );
    });

    it("changes nothing in what is redacted already, whatever the text", () => {
        const word = fc.constantFrom(
            ..."call mark anna schmidt 12 baker street 0151 2345678 double seven oh born may 1980 jo @ dot example.com DE89 code is my name ' - ( ) . , … [phone] calle mayor rue de la paix quatre vingt dix plus + Frau Müller el".split(
                " ",
            ),
        );
        const modes = ["label", "remove", "pseudonym"] as const;
        fc.assert(
            fc.property(
                fc.array(word, { maxLength: 25 }),
                fc.constantFrom(...REDACTION_LANGUAGES),
                fc.constantFrom(...modes),
                (words, language, mode) => {
                    const redactor = new Redactor({
                        language,
                        mode,
                        key: new Uint8Array(32),
                        patterns: ["code ##"],
                        contacts: ["Jo Baker"],
                    });
                    const once = redactor.redact(words.join(" "));
                    expect(redactor.redact(once.text).text).toBe(once.text);
                },
            ),
            { numRuns: 500, seed: 5 },
        );
    });

    it("tells where it found things: outside of the spans the text is as it was", () => {
        fc.assert(
            fc.property(
                fc.string({ unit: "grapheme", maxLength: 200 }),
                fc.constantFrom(...redactors),
                (text, redactor) => {
                    const { text: redacted, spans } = redactor.redact(text);
                    let rebuilt = "";
                    let next = 0;
                    for (const span of spans) {
                        expect(span.start).toBeGreaterThanOrEqual(next);
                        expect(span.end).toBeGreaterThan(span.start);
                        rebuilt += `${text.slice(next, span.start)}[${span.class}]`;
                        next = span.end;
                    }
                    expect(redacted).toBe(rebuilt + text.slice(next));
                },
            ),
            { numRuns: 300, seed: 5 },
        );
    });

    it("comes to an end with 10,000 characters of anything", () => {
        const hostile = [
            "1",
            "1 ",
            "0151 ",
            "+",
            "@",
            "a@",
            "a.",
            "one ",
            "four seven ",
            "call mark ",
            "anna ",
            "(",
            "DE89 ",
            "born 1 may ",
            "1 rue ",
            "[phone",
            "x at y dot ",
            "quatre vingt ",
            "l'",
            "é",
            "12 street ",
        ];
        for (const redactor of redactors) {
            for (const piece of hostile) {
                const text = piece.repeat(10_000 / piece.length);
                expect(redactor.redact(text).text.length).toBeGreaterThan(0);
            }
        }
    });
});

describe("pseudonyms", () => {
    const folder = mkdtempSync(join(tmpdir(), "earshot-redact-"));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it("are the same for the same value in one home, however it is said, and others in another home", async () => {
        const path = join(folder, "new", "pseudonyms.key");
        const key = await pseudonymKey(path);
        expect(await pseudonymKey(path)).toEqual(key);
        if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
        const first = english("call (212) 736-5000", { mode: "pseudonym", key });
        const second = english("call two one two seven three six five triple zero", { mode: "pseudonym", key });
        expect(first).toMatch(/^call \[phone-[a-z]{8}\]$/);
        expect(second).toBe(first);
        expect(english("call (212) 736-5000", { mode: "pseudonym", key: new Uint8Array(32) })).not.toBe(first);
    });
});

describe("transcripts and sound", () => {
    const words = "my pin is four seven one one thanks".split(" ").map((text, at) => ({
        text,
        startMs: at * 300,
        endMs: at * 300 + 250,
        confidence: 0.9,
    }));
    const transcript = {
        text: "My pin is four, seven, one, one. Thanks",
        confidence: 0.9,
        words,
        engine: "builtin",
        durationMs: 2_400,
        latencyMs: 1,
        speechEndMs: 2_350,
    };
    const spoken = { ...transcript, text: words.map(({ text }) => text).join(" ") };
    const redactor = new Redactor({ language: "en", mode: "label" });

    it("have one word in place of those that were redacted, with their time", () => {
        const redacted = redactor.redactTranscript(spoken);
        expect(redacted.transcript.text).toBe("my pin is [digits] thanks");
        expect(redacted.spans).toMatchObject([{ class: "digits", start: 10, end: 28, firstWord: 3, lastWord: 6 }]);
        expect(redacted.transcript.words.map(({ text }) => text)).toEqual(["my", "pin", "is", "[digits]", "thanks"]);
        expect(redacted.transcript.words[3]).toEqual({ text: "[digits]", startMs: 900, endMs: 2_050, confidence: 0.9 });
    });

    it.each(SOUND_COVERS)("cover the words in a copy of the sound: %s", (cover) => {
        const samples = Float32Array.from({ length: 40_000 }, (_, at) => Math.sin(at / 10) / 2);
        const original = samples.slice();
        const copy = covered(samples, timesOf(redactor.redactTranscript(spoken), words), cover);
        expect(samples).toEqual(original);
        expect(copy.subarray(0, 12_900)).toEqual(original.subarray(0, 12_900));
        expect(copy.subarray(34_300)).toEqual(original.subarray(34_300));
        // 900 to 2,050 ms, without the margins: nothing that goes with the original is left.
        const [of, is] = [original.subarray(14_400, 32_800), copy.subarray(14_400, 32_800)];
        const alike =
            of.reduce((sum, sample, at) => sum + sample * (is[at] ?? 0), 0) /
            of.reduce((sum, sample) => sum + sample ** 2, 0);
        expect(Math.abs(alike)).toBeLessThan(0.05);
    });

    it("refuse to cover what has no times", () => {
        const timeless = { ...spoken, words: [] };
        expect(() => timesOf(redactor.redactTranscript(timeless), [])).toThrow(
            expect.objectContaining({ code: "no-times" }),
        );
    });
});

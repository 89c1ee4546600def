import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
    availableLanguages,
    compile,
    type Intent,
    type Language,
    loadLanguage,
    respond,
    sentence,
} from "../../dist/src/language";
import { device } from "./said";

const ROOT = join(__dirname, "..", "..");
/** Where "is", "none" or "all" would sound wrong, a language has its own; colours are called by their CSS names else. */
const OWN_BUSINESS = /^(?:color_|is_|none_|all_)/;
/** A reply under the name of an intent is for languages that have sentences for it. */
const OF_ONE_INTENT = /^(?:Hass|Earshot)/;
const languages = new Map(availableLanguages().map((code) => [code, loadLanguage(code)]));

function common(language: Language | undefined): string[] {
    return [...(language?.replies.keys() ?? [])].filter((key) => !OWN_BUSINESS.test(key));
}

describe.each([...languages.keys()])("the language %s", (code) => {
    const language = languages.get(code) ?? loadLanguage(code);
    const intents = [...new Set(language.blocks.map((block) => block.intent))];

    it("loads without a fault", () => {
        expect(language.problems.map(String)).toEqual([]);
        expect(intents).toEqual(expect.arrayContaining(["HassTurnOn", "HassTurnOff", "HassGetState"]));
    });

    it("understands the same as it was built with the package and as its files say now", () => {
        const folder = mkdtempSync(join(tmpdir(), "earshot-no-sentences-"));
        try {
            const fromFiles = loadLanguage(code, { sentenceFolders: [folder] });
            const texts = language.examples.texts(60);
            const understood = [language, fromFiles].map((each) => {
                const grammar = compile(each, { floors: [], areas: [{ id: "k", name: "K" }], devices: [] });
                return texts.map((text) => grammar.understand(text));
            });
            expect(fromFiles.examples.all).toHaveLength(language.examples.all.length);
            expect(understood[1]).toEqual(understood[0]);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    it("has words for every occasion that English has words for", () => {
        const known = new Set([...language.replies.keys()]);
        expect(common(languages.get("en")).filter((key) => !known.has(key) && !OF_ONE_INTENT.test(key))).toEqual([]);
    });

    it("fills every place of every reply that it has with what English fills it with", () => {
        const places = (of: Language | undefined, key: string) =>
            new Set(Object.values(of?.replies.get(key) ?? {}).flatMap((text) => text.match(/\{\w+\}/g) ?? []));
        const unknown = common(language).flatMap((key) => {
            const known = places(languages.get("en"), key);
            return [...places(language, key)].filter((place) => !known.has(place)).map((place) => `${key} ${place}`);
        });
        expect(unknown).toEqual([]);
        for (const key of language.replies.keys()) expect(sentence(language, key)).not.toMatch(/[{}]/);
    });

    it("has a form for every plural of the language, where a reply has forms", () => {
        const { pluralCategories } = new Intl.PluralRules(code).resolvedOptions();
        for (const [key, forms] of language.replies) {
            const given = Object.keys(forms);
            expect([key, given.filter((form) => !pluralCategories.some((category) => category === form))]).toEqual([
                key,
                [],
            ]);
            expect([key, given]).toEqual([key, expect.arrayContaining(["other"])]);
        }
    });

    it("has something to say to every intent it understands", () => {
        const silent = intents.filter((name) => {
            const intent: Intent = { name, slots: {}, confidence: 1, targets: [], text: "" };
            const done = { device: device("lamp", "Lamp", "light"), ok: true, state: { on: true } };
            return [respond(language, intent, [done]), respond(language, intent, [])].some(
                (reply) => !/\p{L}{2}/u.test(reply),
            );
        });
        expect(silent).toEqual([]);
        const answers = language.blocks.flatMap(({ response }) => response ?? []);
        expect(answers.filter((answer) => !language.replies.has(`respond_${answer}`))).toEqual([]);
    });

    it("spells the numbers that it counts with, and reads them again", () => {
        const counted = Array.from({ length: 101 }, (_, value) => value);
        const misread = counted.filter((value) => {
            const words =
                language.numbers
                    .spelled(value)
                    ?.toLowerCase()
                    .replaceAll("ß", "ss")
                    .split(/[\s-]+/) ?? [];
            return !language.numbers
                .readingsAt(words, 0)
                .some((read) => read.value === value && read.words === words.length);
        });
        expect(misread).toEqual([]);
    });

    it("takes no word for noise that an order hangs on", () => {
        const { fillers = [], exact = [] } = language.tolerance ?? {};
        expect(fillers.filter((word) => exact.includes(word))).toEqual([]);
    });
});

describe("a language's folder", () => {
    it("says in each of its files which language it is", () => {
        for (const code of languages.keys()) {
            const folder = join(ROOT, "locales", code, "sentences");
            for (const file of readdirSync(folder)) {
                const { language }: { language: unknown } = parse(readFileSync(join(folder, file), "utf8"));
                expect([file, language]).toEqual([file, code]);
            }
        }
    });
});

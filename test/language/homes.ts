import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { HomeDescription } from "../../dist/src/home";
import { compile, type Grammar, type Language, loadLanguage, type SpokenContext } from "../../dist/src/language";

export const HOME: HomeDescription = {
    floors: [
        { id: "ground", name: "Ground Floor", aliases: ["downstairs"] },
        { id: "first", name: "First Floor", aliases: ["upstairs"] },
    ],
    areas: [
        { id: "kitchen", name: "Kitchen", floor: "ground" },
        { id: "living", name: "Living Room", floor: "ground", aliases: ["lounge"] },
        { id: "bedroom", name: "Bedroom", floor: "first" },
        { id: "cellar", name: "Cellar" },
    ],
    devices: [
        { id: "kitchen-light", name: "Kitchen Light", type: "light", area: "kitchen" },
        { id: "lamp", name: "Lamp", type: "light", area: "living", aliases: ["standing lamp"] },
        { id: "bedroom-2", name: "Lamp 2", type: "light", area: "bedroom" },
        { id: "coffee", name: "Coffee Machine", type: "switch", area: "kitchen" },
        { id: "thermostat", name: "Thermostat", type: "climate", area: "living" },
    ],
};

export const EMPTY_HOME: HomeDescription = { floors: [], areas: [], devices: [] };

const folders: string[] = [];
afterAll(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these sentence files, gone when the tests of the file are over. */
export function folderWith(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(tmpdir(), "sentences-"));
    folders.push(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
}

/** English with nothing but these sentences. */
export function languageOf(yaml: string, more: Readonly<Record<string, string>> = {}): Language {
    const folder = folderWith({ "sentences.yaml": yaml, ...more });
    return loadLanguage("en", { sentenceFolders: [folder], builtin: false });
}

export function grammarOf(yaml: string, home: HomeDescription = EMPTY_HOME): Grammar {
    const language = languageOf(yaml);
    if (language.problems.length > 0) throw language.problems[0];
    return compile(language, home);
}

/** A file with one intent "Test" of these templates. */
export function sentences(templates: readonly string[], more = ""): string {
    const items = templates.map((template) => `          - ${JSON.stringify(template)}`).join("\n");
    return `language: en\nintents:\n  Test:\n    data:\n      - sentences:\n${items}\n${more}`;
}

/** Whether the text is understood as it is, without forgiving anything. */
export function isExact(grammar: Grammar, text: string, context: SpokenContext = {}): boolean {
    return grammar.understand(text, context).intents[0]?.confidence === 1;
}

import { describe, expect, it } from "vitest";
import { GRANTS, MODES } from "../../dist/src/privacy";
import { catalog, filesIn, LANGUAGES, PLUGINS, source, TYPES } from "./package-nodes";

/** What every node says is written once and built into each catalog. */
const EVERY = "every-node";
/** Files of the runtime that speak for one type only, besides the type's own. */
const HELPING: Readonly<Record<string, readonly string[]>> = {
    "earshot-discover": ["automatic-pairing"],
    "earshot-hub": ["outflow-guard"],
};
/** Written by Node-RED itself, from the name of the category. */
const PALETTE = "palette.label.earshot";

/** Keys that a text asks a catalog for; one that is put together stands as its fixed beginning. */
function keysIn(text: string): readonly string[] {
    const keys = [
        ...text.matchAll(/\b_\((?:\[)?["`]([^"`]+)["`]/g),
        ...text.matchAll(/\b(?:label|input|select|named|missing|update)\([^)]*?"((?:field|option|error|tip)\.[^"]+)"/g),
        ...text.matchAll(/"((?:field|option|error|tip|note|port)\.\w+)"/g),
        ...text.matchAll(/data-i18n="(?:\[\w+\])?([^"]+)"/g),
        ...text.matchAll(/RED\._\("@earshot\/node-red-earshot\/[\w-]+:([^"]+)"/g),
        ...text.matchAll(/categoryDescription: "@earshot\/node-red-earshot\/[\w-]+:([^"]+)"/g),
    ].map(([, key = ""]) => key.replace(/\$\{.*$/, "").replace(/^@.*:/, ""));
    const words = [...text.matchAll(/\b(?:status\.)?(?:busy|ok|waiting|failed)\("(\w+)"\)/g)].map(
        ([, word]) => `status.${word}`,
    );
    return [...keys, ...words].filter((key) => !key.startsWith("node-red:"));
}

function textsOf(type: string): string {
    const files = [`${type}.html`, `${type}.ts`, ...(HELPING[type] ?? []).map((name) => `${name}.ts`)];
    return files.map((file) => source("nodes", file)).join("\n");
}

function isUsed(key: string, used: readonly string[]): boolean {
    return used.some((use) => use === key || (use.endsWith(".") && key.startsWith(use)));
}

describe.each(TYPES)("the catalogs of %s", (type) => {
    const every = catalog("en-US", EVERY);
    const own = catalog("en-US", type);
    const used = keysIn(textsOf(type));

    it("have every key that the node asks for", () => {
        expect(used.length).toBeGreaterThan(0);
        expect(used.filter((use) => !use.endsWith(".") && !own.has(use) && !every.has(use))).toEqual([]);
        expect(used.filter((use) => use.endsWith(".") && ![...own.keys()].some((key) => key.startsWith(use)))).toEqual(
            [],
        );
    });

    it("have no key that nobody asks for", () => {
        expect([...own.keys()].filter((key) => !isUsed(key, used))).toEqual([]);
    });

    it("are complete in German", () => {
        expect([...catalog("de", type).keys()]).toEqual([...own.keys()]);
    });

    it.each(LANGUAGES)("say no status in more than 20 letters (%s)", (language) => {
        const statuses = [...catalog(language, type)].filter(([key]) => key.startsWith("status."));
        expect(statuses.filter(([, words]) => words.length > 20)).toEqual([]);
    });

    it.each(LANGUAGES)("come with help that Node-RED can lay out (%s)", (language) => {
        const help = source("locales", language, `${type}.md`);
        const [introduction = ""] = help.split("\n\n");
        expect(introduction.length).toBeGreaterThan(30);
        expect(introduction.length).toBeLessThan(200);
        expect(help).toContain("### ");
        const properties = help.split("\n").filter((line) => /^\s*: /.test(line));
        expect(properties.filter((line) => !/^\s*: [^:]+\([^:]+\)\s*:[^:]*$/.test(line))).toEqual([]);
    });
});

describe("the catalog of the Privacy sidebar", () => {
    const own = [...catalog("en-US", "earshot-privacy").keys()];
    const editor = filesIn("editor", "privacy").filter((file) => file.endsWith(".ts"));
    const texts = [...editor.map((file) => source("editor", "privacy", file)), source("nodes", "exposure.ts")].join(
        "\n",
    );
    const used = [
        ...texts.matchAll(/\b(?:say|sayOr|_)\(\s*["`]([^"`$]+)/g),
        ...texts.matchAll(/"((?:action|ask|tip)\.\w+)"/g),
    ].map(([, key = ""]) => key);
    /** Put together of a beginning and what Node-RED answers; plurals come in two forms. */
    const isAsked = (key: string) =>
        used.some((use) => key === use || key.replace(/_(one|other)$/, "") === use) || COMPOSED.test(key);
    const COMPOSED =
        /^(section|option\.days|microphone|mode|grant|kept|fault|problem|exposed|action\.delete(All|Found|Chosen)|action\.(un)?mute|tip\.no)/;

    it("has every key that is asked for, and none besides", () => {
        const base = new Set(own.map((key) => key.replace(/_(one|other)$/, "")));
        expect(used.length).toBeGreaterThan(40);
        expect(
            used.filter((use) => !use.endsWith(".") && !base.has(use) && !own.some((key) => key.startsWith(use))),
        ).toEqual([]);
        expect(own.filter((key) => !isAsked(key))).toEqual([]);
    });

    it("has a word for each fault that a log can have, each state, grant and mode", () => {
        const values = (file: string, pattern: RegExp) =>
            [...source(...file.split("/")).matchAll(pattern)].map(([, word = ""]) => word);
        const faults = values("src/privacy/verify.ts", /^ {4}\| "([\w-]+)"/gm);
        expect(faults.length).toBeGreaterThan(5);
        for (const fault of [...faults, "not-a-record", "changed"])
            expect(own).toContain(`fault.${fault.replace(/;$/, "")}`);
        for (const state of ["muted", "listening", "open", "closed", "starting", "down", "unknown"])
            expect(own).toContain(`microphone.${state}`);
        for (const grant of GRANTS) expect(own).toContain(`grant.${grant}`);
        for (const mode of MODES) expect(own).toContain(`mode.${mode}`);
    });

    it("is complete in German, and nowhere the same", () => {
        const german = catalog("de", "earshot-privacy");
        expect([...german.keys()]).toEqual(own);
        const english = catalog("en-US", "earshot-privacy");
        expect(own.filter((key) => german.get(key) === english.get(key))).toEqual(["field.hub"]);
    });
});

describe("what every node says", () => {
    const used = keysIn(
        [...TYPES.map(textsOf), ...["define-node.ts", "hub-node.ts"].map((file) => source("nodes", file))].join("\n"),
    );
    const words = [...source("nodes", "define-node.ts").matchAll(/"(failed|noHub|hubDown)"/g)].map(
        ([, word]) => `status.${word}`,
    );

    it("is asked for, and complete in German", () => {
        const keys = [...catalog("en-US", EVERY).keys()];
        expect(keys.filter((key) => key !== PALETTE && !isUsed(key, [...used, ...words]))).toEqual([]);
        expect([...catalog("de", EVERY).keys()]).toEqual(keys);
    });

    it("includes the name of the palette category", () => {
        expect(catalog("en-US", EVERY).get(PALETTE)).toBe("Earshot");
    });
});

it("has no catalog or help without a node", () => {
    for (const language of LANGUAGES) {
        const names = filesIn("locales", language).filter((file) => /\.(json|md)$/.test(file));
        const ofTypes = TYPES.flatMap((type) => [`${type}.json`, `${type}.md`]);
        const expected = [`${EVERY}.json`, ...ofTypes, ...PLUGINS.map((plugin) => `${plugin}.json`)];
        expect(new Set(names)).toEqual(new Set(expected));
    }
});

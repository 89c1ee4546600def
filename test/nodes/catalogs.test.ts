import { describe, expect, it } from "vitest";
import { catalog, filesIn, LANGUAGES, source, TYPES } from "./package-nodes";

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
        const expected = [`${EVERY}.json`, ...TYPES.flatMap((type) => [`${type}.json`, `${type}.md`])];
        expect(new Set(names)).toEqual(new Set(expected));
    }
});

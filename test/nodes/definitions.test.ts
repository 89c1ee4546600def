import { describe, expect, it } from "vitest";
import { definitionOf, editorDefinitionOf, filesIn, nodeModule, source, TYPES } from "./package-nodes";

const CONFIG = ["earshot-bridge", "earshot-home", "earshot-hub"];

describe.each(TYPES)("%s", (type) => {
    const editor = editorDefinitionOf(type);
    const { settings, version } = definitionOf(type);

    it("has the same settings, with the same defaults, in the editor and in the runtime", () => {
        const ofEditor = Object.entries(editor.defaults).map(([name, { value }]) => [name, value]);
        const ofRuntime = Object.entries(settings).map(([name, { fallback }]) => [name, fallback]);
        expect(JSON.parse(JSON.stringify(Object.fromEntries(ofEditor)))).toEqual({
            name: "",
            version,
            ...Object.fromEntries(ofRuntime),
        });
    });

    it("accepts its own defaults", () => {
        for (const { value, validate } of Object.values(editor.defaults)) {
            expect(validate?.call({ _: (key: string) => key }, value, {}) ?? true).toBe(true);
        }
    });

    it("is one type of its own set", () => {
        expect(nodeModule(type)).toBeTypeOf("function");
        expect(definitionOf(type).type).toBe(type);
        expect(source("nodes", `${type}.html`)).toContain(`data-template-name="${type}"`);
    });
});

describe.each(TYPES.filter((type) => !CONFIG.includes(type)))("%s", (type) => {
    it("stands in the palette with an icon of its own, and needs a hub", () => {
        const editor = editorDefinitionOf(type);
        expect(editor.category).toBe("earshot");
        expect(editor.icon).toBe(`${type}.svg`);
        expect(filesIn("nodes", "icons")).toContain(editor.icon);
        expect(source("nodes", "icons", editor.icon ?? "")).toMatch(/width="40" height="60"/);
        expect(editor.defaults.hub).toMatchObject({ type: "earshot-hub", required: true });
    });
});

describe("wrong values in a dialog", () => {
    const verdict = (type: string, property: string, value: unknown) =>
        editorDefinitionOf(type).defaults[property]?.validate?.call({ _: (key: string) => key }, value, {});

    it.each([
        ["earshot-transcribe", "maxSeconds", "0", "invalid.longest"],
        ["earshot-transcribe", "maxSeconds", "61", "invalid.longest"],
        ["earshot-transcribe", "silenceMs", "99", "invalid.silence"],
        ["earshot-transcribe", "silenceMs", "", "invalid.silence"],
        ["earshot-wake-word", "phrases", [], "invalid.phrases"],
        ["earshot-wake-word", "sensitivity", "1.1", "invalid.sensitivity"],
        ["earshot-wake-word", "cooldownSeconds", "", "invalid.cooldown"],
        ["earshot-sound", "sampleRate", "44.1", "invalid.sampleRate"],
        ["earshot-sound", "channels", "9", "invalid.channels"],
        ["earshot-purge", "olderThanHours", "-1", "invalid.olderThan"],
        ["earshot-hub", "keepAmount", "0", "invalid.keepAmount"],
        ["earshot-retention", "rules", [{ kind: "sound", keep: "months", amount: 0 }], "invalid.amount"],
        ["earshot-retention", "rules", [{ kind: "log", keep: "ephemeral" }], "invalid.amount"],
        ["earshot-understand", "minConfidence", "", "invalid.minConfidence"],
        ["earshot-understand", "minConfidence", "1.1", "invalid.minConfidence"],
    ])("get a reason: %s %s %j", (type, property, value, reason) => {
        expect(verdict(type, property, value)).toBe(reason);
    });

    it("are refused by the runtime just the same", () => {
        for (const [type, property, value] of [
            ["earshot-transcribe", "maxSeconds", "0"],
            ["earshot-wake-word", "sensitivity", "1.1"],
            ["earshot-sound", "sampleRate", "44.1"],
            ["earshot-purge", "olderThanHours", "-1"],
        ] as const) {
            expect(() => definitionOf(type).settings[property]?.read(value, property)).toThrow(property);
        }
    });
});

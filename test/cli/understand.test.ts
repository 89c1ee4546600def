import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { earshot, HOME, TEA, temporaryFiles } from "./earshot";

const file = temporaryFiles();
const home = file("home.json", HOME);

describe("earshot understand", () => {
    it("turns each line into intents, in the order of the lines, plain or JSON", async () => {
        const input = ["turn on the desk lamp", '{"text": "set the heating to 21 degrees"}', "how high is the moon"];
        const { code, lines, stderr } = await earshot(["understand", "--home", home], `${input.join("\r\n")}\n`);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        expect(lines).toMatchObject([
            {
                text: "turn on the desk lamp",
                intents: [{ name: "HassTurnOn", confidence: 1, slots: { name: "Desk Lamp" }, targets: ["light.desk"] }],
                suggestions: [],
            },
            { intents: [{ name: "HassClimateSetTemperature", slots: { temperature: 21 } }] },
            { text: "how high is the moon", intents: [] },
        ]);
        expect(lines).toHaveLength(3);
    });

    it("knows where the speaker is, by the area's id, name or alias", async () => {
        const areas = ["kitchen", "KITCHEN", "cooking corner"];
        const input = areas.map((area) => JSON.stringify({ text: "turn on the light", area })).join("\n");
        const { lines } = await earshot(["understand", "--home", home], input);
        expect(lines).toMatchObject(areas.map(() => ({ intents: [{ targets: ["light.kitchen"] }] })));
    });

    it("keeps the conversation between lines of the same site and speaker", async () => {
        const lines = [
            { text: "turn on the desk lamp", site: "a" },
            { text: "turn it off" },
            { text: "turn it off", site: "b" },
            { text: "turn it off", site: "a", speaker: "anna" },
            { text: "turn it off", site: "a" },
        ];
        const input = lines.map((line) => JSON.stringify(line)).join("\n");
        const ended = await earshot(["understand", "--home", home], `${input}\n{"text": "turn it off", "site": 7}\n`);
        expect(ended.lines).toMatchObject([
            { intents: [{ name: "HassTurnOn", targets: ["light.desk"] }] },
            { intents: [] },
            { intents: [] },
            { intents: [] },
            { intents: [{ name: "HassTurnOff", targets: ["light.desk"] }] },
            { line: 6, error: '"site" is not text' },
        ]);
    });

    it("puts an error in the place of a line that it can't read, and goes on", async () => {
        const input = [
            '{"text": 1}',
            '{"text"',
            '{"text": "turn on the light", "area": "attic"}',
            "turn on the desk lamp",
        ];
        const { code, lines, stderr } = await earshot(["understand", "--home", home], input.join("\n"));
        expect(code).toBe(1);
        expect(lines).toMatchObject([
            { line: 1, error: expect.stringContaining('"text"') },
            { line: 2, error: expect.stringContaining("not JSON") },
            { line: 3, error: 'the home has no area "attic"' },
            { intents: [{ name: "HassTurnOn" }] },
        ]);
        expect(stderr.trim().split("\n")).toEqual([1, 2, 3].map((n) => expect.stringContaining(`line ${n}: `)));
    });

    it("refuses a line without end and reads the next", async () => {
        const { code, lines } = await earshot(
            ["understand", "--home", home],
            `${"a".repeat(3e6)}\nturn on the desk lamp\n`,
        );
        expect(code).toBe(1);
        expect(lines).toMatchObject([{ line: 1, error: expect.stringContaining("longer than") }, { intents: [{}] }]);
    });

    it("takes words whose bytes arrive apart, in the language asked for", async () => {
        const german = file(
            "zuhause.json",
            JSON.stringify({ devices: [{ id: "k", name: "Küchenlicht", type: "light" }] }),
        );
        const { lines } = await earshot(
            ["understand", "--home", german, "--language", "de"],
            "schalte das küchenlicht ein",
        );
        expect(lines).toMatchObject([
            { text: "schalte das küchenlicht ein", intents: [{ name: "HassTurnOn", targets: ["k"] }] },
        ]);
    });

    it("takes a person's own sentences, alone or beside the language's", async () => {
        const folder = dirname(file("tea.yaml", TEA));
        const input = "brew some green tea for five minutes\nturn on the desk lamp\n";
        const alone = await earshot(["understand", "--sentences", folder], input);
        expect(alone).toMatchObject({
            code: 0,
            lines: [{ intents: [{ name: "BrewTea", slots: { tea: "green tea", minutes: 5 } }] }, { intents: [] }],
        });
        const both = await earshot(["understand", "--sentences", folder, "--home", home], input);
        expect(both.lines).toMatchObject([{ intents: [{ name: "BrewTea" }] }, { intents: [{ name: "HassTurnOn" }] }]);
    });

    it("says where a sentence file is wrong, works with the rest, and fails in the end", async () => {
        const own = temporaryFiles();
        const folder = dirname(own("tea.yaml", TEA));
        const faulty = own(
            "wrong.yaml",
            'language: en\nintents:\n  A:\n    data:\n      - sentences:\n          - "brew (a"\n',
        );
        const ended = await earshot(["understand", "--sentences", folder], "brew black tea\n");
        expect(ended).toMatchObject({ code: 1, lines: [{ intents: [{ name: "BrewTea" }] }] });
        expect(ended.stderr).toMatch(new RegExp(`^earshot: ${faulty}:6:\\d+: `));
    });
});

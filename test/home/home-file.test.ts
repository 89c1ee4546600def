import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOME_FILE_LIMITS, HomeFileError, parseHome } from "../../dist/src/home";

const KITCHEN = {
    floors: [{ id: "ground", name: "Ground floor", aliases: ["downstairs"] }],
    areas: [{ id: "kitchen", name: "Kitchen", floor: "ground" }],
    devices: [
        { id: "lamp", name: "Kitchen light", area: "kitchen", aliases: ["counter light"], type: "light", state: "on" },
        { id: "heat", name: "Thermostat", type: "climate", attributes: { temperature: 20.5 } },
    ],
};

describe("a home file", () => {
    it("becomes the home it describes", () => {
        expect(parseHome(JSON.stringify(KITCHEN), "home.json")).toEqual(KITCHEN);
    });

    it("may begin with a byte order mark, leave out floors and areas, and hold more than is known", () => {
        const text = `\u{feff}{"devices":[{"id":"a","name":"A","type":"light","area":null,"icon":"mdi:lamp"}],"more":1}`;
        const devices = [{ id: "a", name: "A", type: "light" }];
        expect(parseHome(text, "home.json")).toEqual({ floors: [], areas: [], devices });
    });

    it("takes a number as a state, as sensors have", () => {
        const [device] = parseHome('{"devices":[{"id":"t","name":"T","type":"sensor","state":21.5}]}', "f").devices;
        expect(device?.state).toBe("21.5");
    });

    it("that is not JSON names the line, the column, and what was expected there", () => {
        const cases: [text: string, message: string][] = [
            ["", "f: line 1, column 1: expected a value, found the end"],
            ['{\n  "floors": [],\n  "areas": [}\n}', 'f: line 3, column 13: expected a value, found "}"'],
            ['{"a": 1,}', 'f: line 1, column 9: expected a key in double quotes, found "}"'],
            ['{"a" 1}', 'f: line 1, column 6: expected ":", found "1"'],
            ["[1 2]", 'f: line 1, column 4: expected "," or "]", found "2"'],
            ['{"a": "b\nc"}', 'f: line 1, column 9: expected the closing ", found "\\n"'],
            ['"\\x"', 'f: line 1, column 2: expected a valid escape, found "\\\\"'],
            ["{} {}", 'f: line 1, column 4: expected nothing more, found "{"'],
            ["[01]", 'f: line 1, column 3: expected "," or "]", found "1"'],
            ["nul", 'f: line 1, column 1: expected a value, found "n"'],
            [`${"[".repeat(100)}`, 'f: line 1, column 66: expected at most 64 levels of nesting, found "["'],
        ];
        for (const [text, message] of cases) expect(errorOf(() => parseHome(text, "f")).message).toBe(message);
    });

    it("is called faulty JSON exactly when JSON.parse rejects it", () => {
        const corrupted = fc
            .tuple(fc.json(), fc.nat(), fc.constantFrom("", '"', "}", "]", ",", "\\", "\n", "0", "-", "e", "\u0001"))
            .map(([json, at, piece]) => {
                const index = at % (json.length + 1);
                return json.slice(0, index) + piece + json.slice(index + 1);
            });
        fc.assert(
            fc.property(fc.oneof(fc.json(), corrupted), (text) => {
                const code = codeOf(() => parseHome(text, "f"));
                expect(code === "not-json").toBe(!isJson(text));
            }),
            { seed: 20_260_822, numRuns: 2_000 },
        );
    });

    it("of the wrong shape names the JSON path, and what was expected there", () => {
        const device = { id: "a", name: "A", type: "light" };
        const area = { id: "kitchen", name: "Kitchen" };
        const cases: [home: unknown, where: string, expected: string | RegExp][] = [
            [[], "$", "an object, found an array"],
            [{}, "$.devices", "an array, found nothing"],
            [{ devices: [device], areas: "none" }, "$.areas", 'an array, found "none"'],
            [{ devices: [{ ...device, id: 5 }] }, "$.devices[0].id", "text, found 5"],
            [{ devices: [{ ...device, name: " " }] }, "$.devices[0].name", "text that is not empty"],
            [{ devices: [{ ...device, name: "a\u0007" }] }, "$.devices[0].name", /without control characters/],
            [{ devices: [{ ...device, name: "x".repeat(201) }] }, "$.devices[0].name", /at most 200 .* found 201/],
            [{ devices: [{ ...device, type: "Light!" }] }, "$.devices[0].type", /a type like "light"/],
            [{ devices: [{ ...device, aliases: ["x", 2] }] }, "$.devices[0].aliases[1]", "text, found 2"],
            [{ devices: [{ ...device, state: true }] }, "$.devices[0].state", /a state word .* found true/],
            [{ devices: [{ ...device, attributes: [] }] }, "$.devices[0].attributes", "an object, found an array"],
            [
                { devices: [device, { ...device, name: "B" }] },
                "$.devices[1].id",
                /another id: \$\.devices\[0\] has "a"/,
            ],
            [{ devices: [{ ...device, area: "cellar" }] }, "$.devices[0].area", /one of the 0 areas, found "cellar"/],
            [{ areas: [{ ...area, floor: "roof" }], devices: [] }, "$.areas[0].floor", /one of the 0 floors/],
            [
                { areas: [area], devices: [{ ...device, area: "Kitchen" }] },
                "$.devices[0].area",
                /found "Kitchen"; that is the name of the area with the id "kitchen"/,
            ],
            [
                { devices: [{ ...device, attributes: { x: "y".repeat(HOME_FILE_LIMITS.attributesCharacters) } }] },
                "$.devices[0].attributes",
                /at most 65536 characters/,
            ],
            [{ devices: Array(20_001).fill(device) }, "$.devices", "at most 20000 entries, found 20001"],
        ];
        for (const [home, where, expected] of cases) {
            const error = errorOf(() => parseHome(JSON.stringify(home), "f"));
            expect(error).toMatchObject({ code: "invalid", source: "f", where });
            expect(error.expected).toMatch(expected);
        }
    });

    it("longer than the limit is refused before it is read", () => {
        const text = " ".repeat(HOME_FILE_LIMITS.characters + 1);
        expect(errorOf(() => parseHome(text, "f")).code).toBe("too-large");
    });
});

function errorOf(work: () => unknown): HomeFileError {
    try {
        work();
    } catch (error) {
        if (error instanceof HomeFileError) return error;
        throw error;
    }
    throw new Error("expected an error");
}

function codeOf(work: () => unknown): string | undefined {
    try {
        work();
        return undefined;
    } catch (error) {
        if (error instanceof HomeFileError) return error.code;
        throw error;
    }
}

function isJson(text: string): boolean {
    try {
        JSON.parse(text);
        return true;
    } catch {
        return false;
    }
}

import { describe, expect, it } from "vitest";
import { choice, flag, number, readSettings, rows, SettingError, text, texts } from "../../dist/nodes/settings";

const settings = {
    name: text("nobody"),
    seconds: number(10, { from: 1, to: 60 }),
    loud: flag(false),
    engine: choice("builtin", "whisper"),
    phrases: texts(["alexa"]),
    rooms: rows({ id: text(), aliases: texts() }),
};

describe("settings of a node", () => {
    it("are the fallbacks where the flow has none", () => {
        expect(readSettings(settings, { hub: "of no concern here" })).toEqual({
            name: "nobody",
            seconds: 10,
            loud: false,
            engine: "builtin",
            phrases: ["alexa"],
            rooms: [],
        });
    });

    it("take numbers as the editor saves them: as text", () => {
        expect(readSettings(settings, { seconds: "12.5" }).seconds).toBe(12.5);
    });

    it("fill in what an entry of a list leaves out", () => {
        expect(readSettings(settings, { rooms: [{ id: "kitchen" }] }).rooms).toEqual([{ id: "kitchen", aliases: [] }]);
    });

    it.each([
        [{ name: 7 }, 'The setting "name" must be text, but it is 7.'],
        [{ seconds: "soon" }, 'The setting "seconds" must be a number from 1 to 60, but it is "soon".'],
        [{ seconds: "" }, 'The setting "seconds" must be a number from 1 to 60, but it is "".'],
        [{ seconds: 61 }, 'The setting "seconds" must be a number from 1 to 60, but it is 61.'],
        [{ seconds: Number.NaN }, 'The setting "seconds" must be a number from 1 to 60, but it is null.'],
        [{ loud: "yes" }, 'The setting "loud" must be true or false, but it is "yes".'],
        [{ engine: "cloud" }, 'The setting "engine" must be one of builtin, whisper, but it is "cloud".'],
        [{ phrases: "alexa" }, 'The setting "phrases" must be a list, but it is "alexa".'],
        [{ phrases: ["alexa", 3] }, 'The setting "phrases[1]" must be text, but it is 3.'],
        [{ rooms: ["kitchen"] }, 'The setting "rooms[0]" must be an entry with fields, but it is "kitchen".'],
        [{ rooms: [{ id: {} }] }, 'The setting "rooms[0].id" must be text, but it is {}.'],
    ])("that are wrong are named: %j", (flow, message) => {
        expect(() => readSettings(settings, flow)).toThrow(new SettingError("invalid-setting", message));
    });
});

import { dirname } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { speak, spokenAt16k } from "../../dist/scripts/voice";
import { encodeWav, Resampler } from "../../dist/src/audio";
import { joined } from "../audio/signals";
import { earshot, HOME, TEA, temporaryFiles } from "./earshot";

const file = temporaryFiles();
const home = file("home.json", HOME);

describe("earshot transcribe", () => {
    let lampOn: string;
    let heating: string;

    beforeAll(async () => {
        const { samples, sampleRate } = await speak("turn on the desk lamp", { voice: "slt" });
        const resampler = new Resampler(sampleRate, 44_100);
        const sound = joined([resampler.process(samples), resampler.flush()]);
        lampOn = file("lamp on.wav", encodeWav(sound, 44_100));
        heating = file(
            "heating.wav",
            encodeWav(await spokenAt16k("set the heating to twenty", { voice: "slt" }), 16_000),
        );
    });

    it("turns each file into text and intents, in the order of the files", async () => {
        const { code, lines, stderr } = await earshot(["transcribe", "--home", home, heating, lampOn]);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        expect(lines).toMatchObject([
            { file: heating, text: "set the heating to twenty", intents: [{ name: "HassClimateSetTemperature" }] },
            {
                file: lampOn,
                text: "turn on the desk lamp",
                words: [{ text: "turn" }, { text: "on" }, { text: "the" }, { text: "desk" }, { text: "lamp" }],
                intents: [{ name: "HassTurnOn", confidence: 1, targets: ["light.desk"] }],
            },
        ]);
        expect(lines[1]?.confidence).toBeGreaterThan(0.5);
        expect(lines[1]?.durationMs).toBeGreaterThan(1_000);
    });

    it("puts an error in the place of a file that is no sound, and goes on", async () => {
        const noSound = file("notes.wav", "turn on the desk lamp, please, and then read this as sound");
        const cutShort = file("cut.wav", encodeWav(new Float32Array(1_600), 16_000).subarray(0, 200));
        const { code, lines, stderr } = await earshot([
            ...["transcribe", "--home", home],
            ...[noSound, "/nowhere.wav", cutShort, lampOn],
        ]);
        expect(code).toBe(1);
        expect(lines).toMatchObject([
            { file: noSound, error: expect.stringContaining("RIFF") },
            { file: "/nowhere.wav", error: expect.stringContaining("ENOENT") },
            { file: cutShort, error: expect.stringContaining("data chunk") },
            { file: lampOn, text: "turn on the desk lamp" },
        ]);
        expect(stderr.trim().split("\n")).toHaveLength(3);
    });

    it("hears only a person's own sentences when there is no home", async () => {
        const own = temporaryFiles();
        const folder = dirname(own("tea.yaml", TEA));
        const sound = await spokenAt16k("brew some black tea for three minutes", { voice: "slt" });
        const recording = own("tea.wav", encodeWav(sound, 16_000));
        const { code, lines } = await earshot(["transcribe", "--sentences", folder, recording, lampOn]);
        expect(code).toBe(0);
        expect(lines[0]).toMatchObject({ intents: [{ name: "BrewTea", slots: { tea: "black tea", minutes: 3 } }] });
        expect(lines[1]?.confidence).toBeLessThan(0.3);
    });

    it("says when there is no recogniser for a language", async () => {
        expect(await earshot(["transcribe", "--home", home, "--language", "de", lampOn])).toMatchObject({
            code: 1,
            stdout: "",
            stderr: expect.stringContaining('not "de"'),
        });
    });
});

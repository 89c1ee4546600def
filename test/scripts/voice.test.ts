import { describe, expect, it } from "vitest";
import { OutputTooLong, runInMemory } from "../../dist/scripts/in-memory-wasi";
import { loadEngine, MAX_TEXT_LENGTH, speak, spokenAt16k, VOICES, type Voice } from "../../dist/scripts/voice";
import { levelOf } from "../../dist/src/audio";

const SENTENCE = "Turn on the kitchen light.";

describe("the voice of the demo and the tests", () => {
    it("says a sentence in about the time a person takes, neither too quiet nor clipped", async () => {
        for (const voice of VOICES) {
            const { samples, sampleRate } = await speak(SENTENCE, { voice });
            const seconds = samples.length / sampleRate;
            expect(sampleRate, voice).toBe(voice === "kal" ? 8_000 : 16_000);
            expect(seconds, voice).toBeGreaterThan(1.2);
            expect(seconds, voice).toBeLessThan(2.5);
            const { rmsDbfs, peak } = levelOf(samples);
            expect(rmsDbfs, voice).toBeGreaterThan(-35);
            expect(peak, voice).toBeLessThan(1);
        }
    });

    it("takes longer for more text, over several sentences", async () => {
        const one = await speak(SENTENCE, { voice: "slt" });
        const three = await speak(`${SENTENCE} ${SENTENCE} ${SENTENCE}`, { voice: "slt" });
        expect(three.samples.length / one.samples.length).toBeGreaterThan(2.5);
        expect(three.samples.length / one.samples.length).toBeLessThan(3.5);
    });

    it("says the same text with the same samples each time, also when asked at once", async () => {
        const [first, second] = await Promise.all([
            speak(SENTENCE, { voice: "slt" }),
            speak(SENTENCE, { voice: "slt" }),
        ]);
        await speak("Something else.", { voice: "rms" });
        const third = await speak(SENTENCE, { voice: "slt" });
        expect(second).toEqual(first);
        expect(third).toEqual(first);
    });

    it("has voices that differ", async () => {
        const spoken = await Promise.all(VOICES.map((voice) => spokenAt16k(SENTENCE, { voice })));
        for (const [index, samples] of spoken.entries()) {
            for (const other of spoken.slice(index + 1)) expect(distance(samples, other)).toBeGreaterThan(0.02);
        }
    });

    it("gives the sound at 16 kHz as it was, or resampled where the voice is slower", async () => {
        const asSpoken = await speak(SENTENCE, { voice: "slt" });
        expect(await spokenAt16k(SENTENCE, { voice: "slt" })).toEqual(asSpoken.samples);
        const slow = await speak(SENTENCE, { voice: "kal" });
        expect((await spokenAt16k(SENTENCE, { voice: "kal" })).length).toBe(slow.samples.length * 2);
    });

    it("takes text that looks like a flag, or holds signs no voice can say, as text", async () => {
        for (const text of ["-o", "-voice kal", "a\0b", "Küche 😀 light", '"; light `on`']) {
            const { samples } = await speak(text, { voice: "slt" });
            expect(samples.length, text).toBeGreaterThan(3_000);
        }
    });

    it("refuses a voice it doesn't have and names those it has", async () => {
        const asked = speak(SENTENCE, { voice: "nope" as Voice });
        await expect(asked).rejects.toMatchObject({ name: "VoiceError", code: "unknown-voice" });
        await expect(asked).rejects.toThrow('There is no voice "nope"; there are kal, kal16, awb, rms, slt.');
    });

    it("refuses text without a word, and text without end", async () => {
        for (const text of ["", " ", "...", "😀"]) {
            await expect(speak(text, { voice: "slt" }), text).rejects.toMatchObject({ code: "nothing-to-say" });
        }
        const endless = speak("a".repeat(MAX_TEXT_LENGTH + 1), { voice: "slt" });
        await expect(endless).rejects.toMatchObject({ code: "text-too-long" });
    });
});

describe("a program run in memory", () => {
    const args = ["flite", "-voice", "kal", "-t", SENTENCE, "-o", "speech.wav"];

    it("gives back what it wrote and printed", async () => {
        const spoken = await runInMemory(await loadEngine(), args, { maxBytes: 100_000 });
        expect(spoken).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
        expect([...spoken.files.keys()]).toEqual(["speech.wav"]);
        const listed = await runInMemory(await loadEngine(), ["flite", "-lv"], { maxBytes: 1_000 });
        for (const voice of VOICES) expect(listed.stdout).toContain(` ${voice} `);
    });

    it("finds no files but its own", async () => {
        const asked = ["flite", "-voice", "kal", "-f", "/etc/passwd", "-o", "speech.wav"];
        const { files, stderr } = await runInMemory(await loadEngine(), asked, { maxBytes: 100_000 });
        expect(files.has("speech.wav")).toBe(false);
        expect(stderr).toContain("/etc/passwd");
    });

    it("is ended when it writes more than it has room for", async () => {
        const run = runInMemory(await loadEngine(), args, { maxBytes: 10_000 });
        await expect(run).rejects.toThrow(OutputTooLong);
    });
});

/** Root mean square of the difference, over the shorter of the two. */
function distance(a: Float32Array, b: Float32Array): number {
    const length = Math.min(a.length, b.length);
    let sum = 0;
    for (let index = 0; index < length; index++) sum += ((a[index] ?? 0) - (b[index] ?? 0)) ** 2;
    return Math.sqrt(sum / length);
}

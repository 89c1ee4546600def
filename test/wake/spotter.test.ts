import { describe, expect, it } from "vitest";
import { SAMPLE_RATE } from "../../dist/src/audio";
import { WakePhraseError } from "../../dist/src/wake";
import { noise, said, wakesIn } from "./watched";

const ms = (samples: number) => (samples / SAMPLE_RATE) * 1000;
const words = (woken: readonly { word: string }[]) => woken.map(({ word }) => word);

describe("a spotter", () => {
    it("hears the phrase at the beginning of an order and says where it ends, before the order does", async () => {
        // Where the A of "alexa" gives way to the silence in the T of "turn", measured in the sound: 500 ms of pause before it.
        for (const [voice, endMs] of [
            ["slt", 1140],
            ["awb", 1120],
            ["kal16", 1200],
        ] as const) {
            const sound = await said(["alexa turn on the light"], voice);
            const woken = await wakesIn(sound, { phrases: ["alexa"], chunks: [160] });
            expect(words(woken), voice).toEqual(["alexa"]);
            const [{ endSample, atSample, score } = { endSample: 0, atSample: 0, score: 0 }] = woken;
            expect(Math.abs(ms(endSample) - endMs), voice).toBeLessThanOrEqual(80);
            expect(ms(atSample) - endMs, voice).toBeLessThanOrEqual(300);
            expect(score, voice).toBeGreaterThan(0.5);
            expect(score, voice).toBeLessThanOrEqual(1);
        }
    });

    it("hears the same, however the sound is cut", async () => {
        const sound = await said(["alexa turn on", "what a day", "alexa"]);
        const whole = await wakesIn(sound, { phrases: ["alexa"], chunks: [sound.length] });
        const cut = await wakesIn(sound, { phrases: ["alexa"], chunks: [1, 777, 13, 4801, 159, 161] });
        const heard = ({ word, score, endSample }: (typeof whole)[number]) => ({ word, score, endSample });
        expect(words(whole)).toEqual(["alexa", "alexa"]);
        expect(cut.map(heard)).toEqual(whole.map(heard));
    });

    it("hears quiet and loud people", async () => {
        const sound = await said(["alexa what time is it"], "rms");
        for (const gain of [0.02, 1]) {
            const woken = await wakesIn(
                sound.map((value) => value * gain),
                { phrases: ["alexa"] },
            );
            expect(words(woken), String(gain)).toEqual(["alexa"]);
        }
    });

    it("does not wake from other sentences", async () => {
        const sound = await said([
            "please close the blinds",
            "i never know what to cook on sunday evening",
            "set the temperature in the bathroom to twenty one degrees",
        ]);
        expect(await wakesIn(sound, { phrases: ["alexa", "computer"] })).toEqual([]);
    });

    it("tells several phrases from each other, also phrases of two words", async () => {
        const sound = await said(["computer, stop", "hey jarvis open the door", "alexa, good night"], "rms");
        const woken = await wakesIn(sound, { phrases: ["alexa", "computer", "hey jarvis"] });
        expect(words(woken)).toEqual(["computer", "hey jarvis", "alexa"]);
    });

    it("hears a phrase that stands in no dictionary, written with capitals and punctuation", async () => {
        const sound = await said(["zorbolax open the door"]);
        expect(words(await wakesIn(sound, { phrases: ["Zorbolax!"] }))).toEqual(["Zorbolax!"]);
    });

    it("is silent for a while after it woke", async () => {
        const sound = await said(["alexa, now", "alexa, later"]);
        expect(await wakesIn(sound, { phrases: ["alexa"], cooldownMs: 0 })).toHaveLength(2);
        const [only, ...others] = await wakesIn(sound, { phrases: ["alexa"], cooldownMs: 10_000 });
        expect(others).toEqual([]);
        expect(ms(only?.endSample ?? 0)).toBeLessThan(1500);
    });

    it("finds a phrase once, also in speech that goes on for longer than it is decoded in one piece", async () => {
        const talk = "and then we went down to the river to look at the boats that were going by in the morning sun, ";
        const sound = await said([`${talk.repeat(3)} alexa and that was the end of it`]);
        expect(ms(sound.length)).toBeGreaterThan(15_000);
        expect(words(await wakesIn(sound, { phrases: ["alexa"], cooldownMs: 0 }))).toEqual(["alexa"]);
    });

    it("hears a phrase with which the sound ends", async () => {
        const sound = await said(["alexa"]);
        const [{ endSample = 0 } = {}] = await wakesIn(sound, { phrases: ["alexa"] });
        const cut = sound.subarray(0, endSample + 320);
        expect(words(await wakesIn(cut, { phrases: ["alexa"] }))).toEqual(["alexa"]);
    });

    it("hears nothing in silence and noise", async () => {
        for (const amplitude of [0, 0.1]) {
            const woken = await wakesIn(noise(4, amplitude), { phrases: ["alexa", "echo"], sensitivity: 1 });
            expect(woken, String(amplitude)).toEqual([]);
        }
    });

    it("refuses phrases that nobody can say", async () => {
        const refused = async (phrases: string[]) => {
            await expect(wakesIn(new Float32Array(0), { phrases })).rejects.toThrow(WakePhraseError);
        };
        await refused([]);
        await refused(["…"]);
        await refused(["one two three four five six seven eight nine"]);
        await refused(Array.from({ length: 17 }, (_, index) => `word ${index}`));
    });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spokenAt16k } from "../../dist/scripts/voice";
import { compile, loadLanguage, type WordNetwork } from "../../dist/src/language";
import {
    BuiltinEngine,
    type Samples,
    type Transcription,
    TranscriptionError,
    type TranscriptionOptions,
} from "../../dist/src/speech";
import { joined, noise } from "../audio/signals";

const { recogniser: grammar } = compile(loadLanguage("en"), {
    floors: [],
    areas: [{ id: "kitchen", name: "Kitchen" }],
    devices: [
        { id: "lamp", name: "Desk Lamp", type: "light" },
        { id: "heater", name: "Heating", type: "climate" },
        { id: "leaf", name: "Nanoleaf", type: "light", area: "kitchen" },
    ],
});
const grammarWith = (network: WordNetwork) => ({ ...grammar, network, key: JSON.stringify(network) });
const WHOLE = { grammar, maxMs: 60_000, silenceMs: Number.POSITIVE_INFINITY };
const HANDS_FREE = { grammar, maxMs: 10_000, silenceMs: 700 };

const silence = (ms: number) => new Float32Array(ms * 16);

describe("the built-in recogniser", () => {
    const engine = new BuiltinEngine();
    let lampOn: Samples;
    let heating: Samples;

    beforeAll(async () => {
        lampOn = joined([silence(500), await spokenAt16k("turn on the desk lamp", { voice: "slt" }), silence(300)]);
        heating = await spokenAt16k("set the heating to twenty one degrees", { voice: "rms" });
        await engine.prepare(grammar);
    });
    afterAll(() => engine.stop());

    function write(transcription: Transcription, sound: Samples, pieceMs = 20): void {
        const piece = pieceMs * 16;
        for (let at = 0; at < sound.length; at += piece) transcription.write(sound.subarray(at, at + piece));
    }
    const transcribe = (sound: Samples, options: TranscriptionOptions = WHOLE, pieceMs?: number) => {
        const transcription = engine.open(options);
        write(transcription, sound, pieceMs);
        transcription.end();
        return transcription.result;
    };

    it("turns a spoken sentence into words with their times", async () => {
        const transcript = await transcribe(lampOn);
        expect(transcript).toMatchObject({ text: "turn on the desk lamp", engine: "builtin" });
        expect(transcript.words.map(({ text }) => text)).toEqual(["turn", "on", "the", "desk", "lamp"]);
        const [first] = transcript.words;
        expect(first?.startMs).toBeGreaterThan(350);
        expect(first?.startMs).toBeLessThan(700);
        expect(transcript.speechEndMs).toBeLessThanOrEqual(transcript.durationMs);
        for (const [index, word] of transcript.words.entries()) {
            expect(word.endMs).toBeGreaterThan(word.startMs);
            expect(word.startMs).toBeGreaterThanOrEqual(transcript.words[index - 1]?.endMs ?? 0);
        }
    });

    it("is sure of what was said and not of what was forced onto something else", async () => {
        expect((await transcribe(lampOn)).confidence).toBeGreaterThan(0.5);
        expect((await transcribe(heating)).confidence).toBeGreaterThan(0.5);
        const other = await spokenAt16k("my grandmother bought seventeen oranges yesterday", { voice: "slt" });
        expect((await transcribe(other)).confidence).toBeLessThan(0.2);
    });

    it("hears the same however the sound is cut into pieces", async () => {
        const whole = await transcribe(lampOn, WHOLE, 60_000);
        const { text, words } = await transcribe(lampOn, WHOLE, 7);
        expect({ text, words }).toEqual({ text: whole.text, words: whole.words });
    });

    it.each([
        ["a whisper of a hundredth of the level", (sound: Samples) => sound.map((value) => value * 0.01)],
        [
            "a voice that grows ten times as loud",
            (sound: Samples) => sound.map((value, index) => value * (0.1 + (0.9 * index) / sound.length)),
        ],
        [
            "a voice beside a fan",
            (sound: Samples) => {
                const fan = noise(sound.length, 3);
                return sound.map((value, index) => value + 0.01 * (fan[index] ?? 0));
            },
        ],
    ])("understands %s", async (_, changed) => {
        expect((await transcribe(changed(lampOn))).text).toBe("turn on the desk lamp");
        expect((await transcribe(changed(heating))).text).toBe("set the heating to twenty one degrees");
    });

    it("knows names that stand in no dictionary", async () => {
        const sound = await spokenAt16k("turn off the nanoleaf", { voice: "slt" });
        expect((await transcribe(sound)).text).toBe("turn off the nanoleaf");
    });

    it("ends by itself after silence, with the transcript ready at once", async () => {
        const transcription = engine.open(HANDS_FREE);
        write(transcription, joined([lampOn, silence(900), heating]));
        const transcript = await transcription.result;
        expect(transcript.text).toBe("turn on the desk lamp");
        expect(transcript.durationMs - transcript.speechEndMs).toBeGreaterThan(500);
        expect(transcript.durationMs - transcript.speechEndMs).toBeLessThan(1_000);
    });

    it("goes on over a pause", async () => {
        const start = await spokenAt16k("turn on", { voice: "slt" });
        const rest = await spokenAt16k("the desk lamp", { voice: "slt" });
        const sound = joined([silence(200), start, silence(400), rest, silence(1_500)]);
        const transcription = engine.open({ ...HANDS_FREE, silenceMs: 1_200 });
        write(transcription, sound);
        expect((await transcription.result).text).toBe("turn on the desk lamp");
    });

    it("hears nothing in silence, and ends when nobody speaks", async () => {
        const transcription = engine.open(HANDS_FREE);
        write(transcription, silence(7_000));
        expect(await transcription.result).toMatchObject({ text: "", confidence: 0, words: [], durationMs: 6_000 });
    });

    it("waits as long as it takes for the first word of a recording", async () => {
        expect((await transcribe(joined([silence(7_000), lampOn]))).text).toBe("turn on the desk lamp");
    });

    it("ends at the limit in the middle of speech", async () => {
        const transcript = await transcribe(joined([lampOn, lampOn]), { ...WHOLE, maxMs: 1_000 });
        expect(transcript.durationMs).toBe(1_000);
    });

    it("takes no sound at all for no words", async () => {
        expect(await transcribe(new Float32Array(0))).toMatchObject({ text: "", durationMs: 0 });
    });

    it("tells the words so far while they are spoken", async () => {
        const partials: string[] = [];
        await transcribe(joined([heating, silence(400)]), { ...WHOLE, onPartial: (text) => partials.push(text) });
        expect(partials.length).toBeGreaterThan(1);
        expect(partials).toContainEqual(expect.stringMatching(/^set the heating/));
    });

    it("tells how much it has dealt with", async () => {
        let consumed = 0;
        await transcribe(lampOn, { ...WHOLE, onConsumed: (samples) => (consumed += samples) });
        expect(consumed).toBe(lampOn.length);
    });

    it("keeps utterances apart that are spoken at the same time, also more than it decodes at once", async () => {
        const sounds = Array.from({ length: 6 }, (_, index) => (index % 2 === 0 ? lampOn : heating));
        const transcripts = await Promise.all(sounds.map((sound) => transcribe(sound)));
        expect(transcripts.map(({ text }) => text)).toEqual(
            sounds.map((sound) =>
                sound === lampOn ? "turn on the desk lamp" : "set the heating to twenty one degrees",
            ),
        );
    });

    it("forgets an utterance when asked, and hears the next", async () => {
        const cancelled = engine.open(WHOLE);
        write(cancelled, lampOn);
        cancelled.cancel();
        await expect(cancelled.result).rejects.toMatchObject({ name: "TranscriptionError", code: "cancelled" });
        expect((await transcribe(lampOn)).text).toBe("turn on the desk lamp");
    });

    it("says which languages it understands when asked for another", async () => {
        const german = { ...grammar, language: "de" };
        await expect(transcribe(lampOn, { ...WHOLE, grammar: german })).rejects.toMatchObject({
            code: "not-supported",
            message: expect.stringMatching(/en, not "de"/),
        });
        await expect(engine.prepare(german)).rejects.toThrow(TranscriptionError);
    });

    it("says so when nothing can be said, though it is ready for the time when something can", async () => {
        const empty = grammarWith({ words: [], states: 0, arcs: new Int32Array(), ends: [] });
        await engine.prepare(empty);
        await expect(transcribe(lampOn, { ...WHOLE, grammar: empty })).rejects.toMatchObject({ code: "not-supported" });
    });

    it("takes another grammar from one utterance to the next", async () => {
        const arcs = Int32Array.of(0, 1, 0, 1, 3, 1, 0, 2, 1, 2, 3, 0);
        const other = grammarWith({ words: ["desk", "lamp"], states: 4, arcs, ends: [3] });
        const sound = await spokenAt16k("desk lamp", { voice: "slt" });
        expect((await transcribe(sound, { ...WHOLE, grammar: other })).text).toBe("desk lamp");
        expect((await transcribe(lampOn)).text).toBe("turn on the desk lamp");
    });

    it("fails with a reason for sentences that lead nowhere, and goes on", async () => {
        for (const network of [
            { words: ["desk"], states: 2, arcs: Int32Array.of(0, 2, 0), ends: [1] },
            { words: ["desk"], states: 2, arcs: Int32Array.of(0, 1, 1), ends: [1] },
            { words: ["desk"], states: 2, arcs: Int32Array.of(0, 1), ends: [1] },
            { words: ["desk"], states: 2, arcs: Int32Array.of(0, 1, 0), ends: [7] },
        ]) {
            const broken = transcribe(lampOn, { ...WHOLE, grammar: grammarWith(network) });
            await expect(broken).rejects.toMatchObject({ code: "engine", message: expect.stringMatching(/sentences/) });
        }
        expect((await transcribe(lampOn)).text).toBe("turn on the desk lamp");
    });

    it("rejects what is under way when it is stopped, and starts again when it is needed", async () => {
        const own = new BuiltinEngine();
        const cut = own.open(WHOLE);
        write(cut, lampOn);
        const rejected = expect(cut.result).rejects.toMatchObject({ code: "cancelled" });
        await own.stop();
        await rejected;
        const next = own.open(WHOLE);
        write(next, lampOn);
        next.end();
        expect((await next.result).text).toBe("turn on the desk lamp");
        await own.stop();
    });
});

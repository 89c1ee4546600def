import { describe, expect, it } from "vitest";
import { Turn } from "../../dist/scripts/first-light/turn";
import { StartError } from "../../dist/scripts/first-light/waiting";

const SILENCE_MS = 700;
/** When the sound began, in milliseconds since 1970. */
const T = 1_800_000_000_000;

function turn(): Turn {
    return new Turn(SILENCE_MS, new AbortController().signal);
}

function heardAndUnderstood(one: Turn): void {
    one.report({ stage: "playing", at: T, startedAt: T });
    one.report({ stage: "heard", at: T + 1_000, word: "alexa", score: 0.9 });
    one.report({
        stage: "transcript",
        at: T + 3_250,
        text: "turn it on",
        confidence: 1,
        speechEndAt: T + 2_600,
    });
    one.report({ stage: "intent", at: T + 3_251, name: "HassTurnOn" });
    one.changed({ accessory: "Lamp", characteristic: "On", value: true, at: T + 3_262.5 });
}

describe("the times of a sentence", () => {
    it("count from where its last word ends in the sound, and leave out the silence that has to follow", () => {
        const one = turn();
        one.begin(2_500);
        heardAndUnderstood(one);
        expect(one.latencies).toEqual({ endOfSpeechToTranscript: 50, transcriptToAccessory: 12.5, total: 762.5 });
    });

    it("count from where the recogniser heard the last word end if nobody knows better", () => {
        const one = turn();
        one.begin(undefined);
        heardAndUnderstood(one);
        expect(one.latencies).toEqual({ endOfSpeechToTranscript: -50, transcriptToAccessory: 12.5, total: 662.5 });
    });

    it("are null for what has not happened", () => {
        const one = turn();
        one.begin(2_500);
        one.report({ stage: "playing", at: T, startedAt: T });
        expect(one.result).toEqual({
            heard: null,
            transcript: null,
            intent: null,
            device: null,
            state: null,
            latencyMs: { endOfSpeechToTranscript: null, transcriptToAccessory: null, total: null },
        });
    });
});

describe("a sentence on its way", () => {
    it("counts nothing that happened before it was played, and each stage once", async () => {
        const one = turn();
        one.report({ stage: "heard", at: T - 5_000, word: "computer", score: 1 });
        one.begin(2_500);
        heardAndUnderstood(one);
        one.report({ stage: "heard", at: T + 9_000, word: "echo", score: 1 });
        expect((await one.reach("heard", 1_000, "not heard")).word).toBe("alexa");
    });

    it("does not take a change for its own that came before its intent", async () => {
        const one = turn();
        one.begin(2_500);
        one.changed({ accessory: "Lamp", characteristic: "On", value: true, at: T });
        await expect(one.reach("change", 20, "No accessory has changed.")).rejects.toThrow("No accessory has changed.");
    });

    it("fails at once, with what it may have meant, when it is not understood", async () => {
        const one = turn();
        one.begin(2_500);
        const waiting = one.reach("result", 60_000, "too late");
        one.report({ stage: "not-understood", at: T, suggestions: ["turn on the lamp"] });
        await expect(waiting).rejects.toThrow(StartError);
        await expect(waiting).rejects.toThrow("It may have meant: turn on the lamp.");
    });

    it("fails when no word was made out", async () => {
        const one = turn();
        one.begin(2_500);
        one.report({ stage: "transcript", at: T, text: "", confidence: 0, speechEndAt: T });
        await expect(one.reach("transcript", 60_000, "too late")).rejects.toThrow("no word of it");
    });

    it("fails by an error in the flow only while it is under way", async () => {
        const one = turn();
        expect(one.fail(new StartError("too early"))).toBe(false);
        one.begin(2_500);
        expect(one.fail(new StartError("The recogniser broke down."))).toBe(true);
        await expect(one.reach("heard", 60_000, "too late")).rejects.toThrow("The recogniser broke down.");
    });
});

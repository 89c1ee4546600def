import { describe, expect, it } from "vitest";
import { Endpointer, FRAME_MS } from "../../dist/src/audio";

const OPTIONS = { silenceMs: 700, maxMs: 10_000, noSpeechMs: 3_000 };

/** Feeds voice (v) and silence (.) and returns the frame at which the utterance ended, or undefined. */
function end(endpointer: Endpointer, pattern: string): number | undefined {
    for (const [frame, sign] of [...pattern].entries()) {
        if (endpointer.process(sign === "v" ? 0.9 : 0.1) === "ended") return frame;
    }
    return undefined;
}

const voice = (ms: number) => "v".repeat(ms / FRAME_MS);
const silence = (ms: number) => ".".repeat(ms / FRAME_MS);

describe("endpointing", () => {
    it("ends when silence after speech has been long enough, and not before", () => {
        const endpointer = new Endpointer(OPTIONS);
        const pattern = silence(500) + voice(800) + silence(1_000);
        expect(end(endpointer, pattern)).toBe((500 + 800 + 700) / FRAME_MS - 1);
        expect(endpointer.frames * FRAME_MS).toBe(2_000);
        expect(endpointer.silentFrames * FRAME_MS).toBe(700);
    });

    it("goes on over pauses that are shorter", () => {
        const endpointer = new Endpointer(OPTIONS);
        expect(end(endpointer, voice(300) + silence(690) + voice(300) + silence(690) + voice(10))).toBeUndefined();
        expect(endpointer.state).toBe("speech");
    });

    it("finds the beginning of speech, stutters included", () => {
        const endpointer = new Endpointer(OPTIONS);
        end(endpointer, `${silence(300)}vv..v.vvvvvv`);
        expect(endpointer.firstVoicedFrame).toBe(30);
    });

    it("takes no click for speech", () => {
        const endpointer = new Endpointer(OPTIONS);
        expect(end(endpointer, `${silence(200)}vvvvv${silence(500)}v.v.v.v.${silence(2_500)}`)).toBe(299);
        expect(endpointer.firstVoicedFrame).toBeUndefined();
    });

    it("counts a probability of one half as voice", () => {
        const endpointer = new Endpointer(OPTIONS);
        for (let frame = 0; frame < 6; frame++) endpointer.process(0.5);
        expect(endpointer.firstVoicedFrame).toBe(0);
        const quiet = new Endpointer(OPTIONS);
        for (let frame = 0; frame < 6; frame++) quiet.process(0.499);
        expect(quiet.state).toBe("waiting");
    });

    it("ends without speech after the time for that, and during speech at the limit", () => {
        expect(end(new Endpointer(OPTIONS), silence(5_000))).toBe(299);
        expect(end(new Endpointer(OPTIONS), voice(12_000))).toBe(999);
    });

    it("never ends by silence when only the sound's own end may end it", () => {
        const patient = new Endpointer({
            silenceMs: Number.POSITIVE_INFINITY,
            maxMs: 60_000,
            noSpeechMs: Number.POSITIVE_INFINITY,
        });
        expect(end(patient, silence(8_000) + voice(300) + silence(20_000))).toBeUndefined();
    });

    it("stays ended", () => {
        const endpointer = new Endpointer(OPTIONS);
        end(endpointer, silence(3_000));
        expect(endpointer.process(1)).toBe("ended");
        expect(endpointer.frames).toBe(300);
    });
});

import { describe, expect, it, vi } from "vitest";
import { SAMPLE_RATE, SessionError, Sessions } from "../../dist/src/hub";

/** Numbered samples, so that every one can be told from the others. */
function ramp(from: number, length: number): Float32Array {
    return Float32Array.from({ length }, (_, index) => from + index);
}

function collector() {
    const heard: number[] = [];
    const sink = { sound: (samples: Float32Array) => heard.push(...samples), ended: vi.fn() };
    return { heard, sink };
}

describe("a session", () => {
    it("hands a late listener what is in memory, then what comes", () => {
        const session = new Sessions().open({ site: "kitchen" });
        session.write(ramp(0, 10));
        const { heard, sink } = collector();
        session.listen(sink);
        session.write(ramp(10, 5));
        session.end();
        expect(heard).toEqual([...ramp(0, 15)]);
        expect(sink.ended).toHaveBeenCalledOnce();
    });

    it("begins with the sample that is asked for", () => {
        const session = new Sessions().open({ site: "kitchen" });
        session.write(ramp(0, 10));
        session.write(ramp(10, 10));
        const { heard, sink } = collector();
        session.listen({ ...sink, fromSample: 13 });
        expect(heard).toEqual([...ramp(13, 7)]);
    });

    it("keeps only the newest sound, and overwrites the rest", () => {
        const session = new Sessions().open({ site: "kitchen", keepSeconds: 1 });
        let oldest: Float32Array | undefined;
        session.listen({
            sound: (samples) => {
                oldest ??= samples;
            },
            ended: () => {},
        });
        for (let second = 0; second < 3; second++) session.write(ramp(1 + second * SAMPLE_RATE, SAMPLE_RATE));
        expect(session.samples()).toEqual(ramp(1 + 2 * SAMPLE_RATE, SAMPLE_RATE));
        expect(oldest?.every((value) => value === 0)).toBe(true);
    });

    it("overwrites everything when it is closed", () => {
        const session = new Sessions().open({ site: "kitchen" });
        let handed: Float32Array | undefined;
        session.listen({
            sound: (samples) => {
                handed = samples;
            },
            ended: () => {},
        });
        session.write(ramp(1, 100));
        session.close();
        expect(handed?.every((value) => value === 0)).toBe(true);
        expect(session.samples()).toHaveLength(0);
    });

    it("takes no sound after its end", () => {
        const session = new Sessions().open({ site: "kitchen" });
        session.end();
        session.write(ramp(0, 10));
        expect(session.length).toBe(0);
    });

    it("makes an unpaced source wait for a slow listener, and no longer than it must", async () => {
        const session = new Sessions().open({ site: "kitchen" });
        const { sink } = collector();
        const listening = session.listen({ ...sink, reports: true });
        session.write(new Float32Array(2 * SAMPLE_RATE));
        const room = vi.fn();
        const waiting = session.room().then(room);
        await Promise.resolve();
        expect(room).not.toHaveBeenCalled();
        listening.consumed(1.5 * SAMPLE_RATE);
        await waiting;
        expect(room).toHaveBeenCalledOnce();
    });

    it("lets a source go on when the slow listener has left", async () => {
        const session = new Sessions().open({ site: "kitchen" });
        const listening = session.listen({ ...collector().sink, reports: true });
        session.write(new Float32Array(2 * SAMPLE_RATE));
        const waiting = session.room();
        listening.stop();
        await expect(waiting).resolves.toBeUndefined();
    });
});

describe("an utterance within a stream", () => {
    it("begins in the past of the stream and goes on with it", async () => {
        const sessions = new Sessions();
        const stream = sessions.open({ site: "kitchen" });
        stream.write(ramp(0, 100));
        const utterance = sessions.branch(stream, 40);
        stream.write(ramp(100, 20));
        expect(utterance.samples()).toEqual(ramp(40, 80));
        stream.end();
        await vi.waitFor(() => expect(utterance.ended).toBe(true));
    });

    it("ends without ending the stream", () => {
        const sessions = new Sessions();
        const stream = sessions.open({ site: "kitchen" });
        const utterance = sessions.branch(stream, 0);
        utterance.end();
        stream.write(ramp(0, 10));
        expect(stream.ended).toBe(false);
        expect(utterance.length).toBe(0);
    });

    it("holds up an unpaced source through the stream", async () => {
        const sessions = new Sessions();
        const stream = sessions.open({ site: "kitchen" });
        const utterance = sessions.branch(stream, 0);
        const listening = utterance.listen({ ...collector().sink, reports: true });
        stream.write(new Float32Array(3 * SAMPLE_RATE));
        const waiting = stream.room();
        expect(stream.backlog).toBe(3 * SAMPLE_RATE);
        listening.consumed(3 * SAMPLE_RATE);
        await expect(waiting).resolves.toBeUndefined();
    });
});

describe("sessions", () => {
    it("find a session by the handle of a message, and nothing by anything else", () => {
        const sessions = new Sessions();
        const session = sessions.open({ site: "kitchen" });
        expect(sessions.require(structuredClone(session.handle))).toBe(session);
        for (const voice of [undefined, null, "x", 7, {}, { session: 7 }, { session: "none" }]) {
            expect(() => sessions.require(voice)).toThrow(SessionError);
        }
    });

    it("forget a session, and its sound, a minute after its end", () => {
        vi.useFakeTimers();
        try {
            const sessions = new Sessions();
            const session = sessions.open({ site: "kitchen" });
            session.write(ramp(0, 10));
            session.end();
            vi.advanceTimersByTime(59_000);
            expect(sessions.require(session.handle)).toBe(session);
            vi.advanceTimersByTime(2_000);
            expect(() => sessions.require(session.handle)).toThrow(/no longer in memory/);
            expect(session.samples()).toHaveLength(0);
        } finally {
            vi.useRealTimers();
        }
    });

    it("give way to new ones when there are too many, the finished ones first", () => {
        const sessions = new Sessions();
        const finished = sessions.open({ site: "kitchen" });
        finished.end();
        const open = Array.from({ length: 63 }, () => sessions.open({ site: "kitchen" }));
        const last = sessions.open({ site: "kitchen" });
        expect(() => sessions.require(finished.handle)).toThrow(SessionError);
        expect(sessions.require(last.handle)).toBe(last);
        expect(() => sessions.open({ site: "kitchen" })).toThrow(/More than 64/);
        for (const session of open) session.close();
    });
});

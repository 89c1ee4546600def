import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Hub, Sessions } from "../../dist/src/hub";

describe("muted microphones", () => {
    let folder: string;
    let hub: Hub;
    const newHub = () =>
        new Hub({ id: "hub", language: "en", sites: [], folder, home: { floors: [], areas: [], devices: [] } });

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "earshot-mute-"));
        hub = newHub();
    });
    afterEach(async () => {
        await hub.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    it("hear silence, and what was heard before is overwritten, in utterances too", async () => {
        const stream = hub.sessions.open({ site: "kitchen" });
        const utterance = hub.sessions.branch(stream, 0);
        stream.write(Float32Array.of(0.1, 0.2));
        hub.mute(true);
        stream.write(Float32Array.of(0.3));
        expect([...stream.samples(), ...utterance.samples()]).toEqual([0, 0, 0, 0, 0, 0]);
        hub.mute(false);
        stream.write(Float32Array.of(0.5));
        expect(stream.samples()[3]).toBe(0.5);
    });

    it("stay muted beyond a restart, until somebody unmutes them", async () => {
        await hub.start();
        hub.mute(true);
        await hub.stop();
        hub = newHub();
        await hub.start();
        expect(hub.isMuted).toBe(true);
        hub.mute(false);
        await hub.stop();
        expect(existsSync(join(folder, "muted"))).toBe(false);
    });
});

it("sessions tell when somebody is listened to: from the first utterance to the end of the last", () => {
    const sessions = new Sessions();
    const told: boolean[] = [];
    sessions.on("listening", () => told.push(sessions.isListening));
    const stream = sessions.open({ site: "kitchen" });
    expect(told).toEqual([]);
    const [first, second] = [sessions.branch(stream, 0), sessions.branch(stream, 0)];
    first.end();
    expect(told).toEqual([true]);
    second.end();
    expect(told).toEqual([true, false]);
    sessions.closeAll();
});

it("a hub tells what its microphones do, and each time that it changes", () => {
    const folder = mkdtempSync(join(tmpdir(), "earshot-microphone-"));
    const home = { floors: [], areas: [], devices: [] };
    const hub = new Hub({ id: "hub", language: "en", sites: [], folder, home });
    const told: string[] = [];
    hub.on("microphone", () => told.push(`${hub.microphone.state} ${hub.microphone.sites}`));
    const [kitchen, study] = [hub.sessions.open({ site: "kitchen" }), hub.sessions.open({ site: "study" })];
    const utterance = hub.sessions.branch(kitchen, 0);
    hub.sessions.listenTo(study);
    utterance.end();
    study.end();
    hub.mute(true);
    hub.mute(false);
    kitchen.end();
    expect(told).toEqual([
        "open kitchen",
        "open kitchen,study",
        "listening kitchen",
        "listening kitchen,study",
        "listening study",
        "open kitchen",
        "muted kitchen",
        "open kitchen",
        "closed ",
    ]);
    rmSync(folder, { recursive: true, force: true });
});

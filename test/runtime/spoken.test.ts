import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spokenAt16k } from "../../dist/scripts/voice";
import { decodeWav, encodeWav } from "../../dist/src/audio";
import { type FlowNode, type RunningNodeRed, startNodeRed } from "./runtime";

const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));

describe("the examples, spoken to", () => {
    let nodeRed: RunningNodeRed;
    let sounds: string;

    beforeAll(async () => {
        sounds = mkdtempSync(join(tmpdir(), "earshot-sounds-"));
        nodeRed = await startNodeRed({ fileWorkingDirectory: sounds });
    });
    afterAll(async () => {
        await nodeRed.stop();
        rmSync(sounds, { recursive: true, force: true });
    });

    const deploy = (start: string, change: (node: FlowNode) => FlowNode = (node) => node) => {
        const file = readdirSync(EXAMPLES).find((name) => name.startsWith(start)) as string;
        return nodeRed.deploy((JSON.parse(readFileSync(join(EXAMPLES, file), "utf8")) as FlowNode[]).map(change));
    };
    const record = async (file: string, text: string, voice: "slt" | "rms" = "slt") => {
        const speech = await spokenAt16k(text, { voice });
        const pause = 16_000;
        const sound = new Float32Array(speech.length + 2 * pause);
        sound.set(speech, pause);
        writeFileSync(join(sounds, file), encodeWav(sound, 16_000));
    };
    /** What the hub has written, and nothing of Node-RED's own. */
    const filesKept = () => {
        const folder = join(nodeRed.userDir, "earshot");
        if (!existsSync(folder)) return [];
        return readdirSync(folder, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name));
    };

    it("switch the desk lamp after the wake word, and leave no sound or text on disk", async () => {
        await record("first-light.wav", "alexa, turn on the desk lamp");
        await deploy("01");
        const replied = nodeRed.messageAt("first-light-reply");
        await nodeRed.inject("first-light-say");
        expect(await replied).toMatchObject({
            voice: { wake: { word: "alexa" } },
            transcript: { text: "turn on the desk lamp", engine: "builtin" },
            intent: { name: "HassTurnOn", targets: ["desk_lamp"] },
            result: { devices: [{ id: "desk_lamp", ok: true, state: { on: true } }] },
            payload: expect.stringMatching(/desk lamp is on/i),
        });
        expect(filesKept()).toEqual([]);
    });

    it("keep a sentence sealed, log it without its words, and purge it", async () => {
        await record("sentence.wav", "turn off the coffee machine", "rms");
        await deploy("02");
        const heard = nodeRed.messageAt("keep-log-purge-text");
        await nodeRed.inject("keep-log-purge-say");
        expect(await heard).toMatchObject({
            payload: "turn off the coffee machine",
            voice: { recording: expect.any(String) },
        });
        const kept = filesKept().map((file) => readFileSync(file, "latin1"));
        expect(kept.some((content) => content.includes("recording-kept"))).toBe(true);
        expect(kept.some((content) => content.includes("coffee"))).toBe(false);

        const purged = nodeRed.messageAt("keep-log-purge-purged");
        await nodeRed.inject("keep-log-purge-now");
        expect(await purged).toMatchObject({ payload: { purged: 1 } });
    });

    it("tell nobody a name, in words or in sound, when the hub is to redact", async () => {
        await record("sentence.wav", "turn on the sarah lamp");
        const lamp = { id: "desk_lamp", name: "Sarah lamp", type: "light", area: "study", driver: "simulated" };
        const changes: Readonly<Record<string, object>> = {
            "keep-log-purge-recording": { handOut: true },
            "example-hub": { redaction: "label" },
            "example-home": { devices: [lamp] },
        };
        await deploy("02", (node) => ({ ...node, ...changes[node.id] }));
        const heard = nodeRed.messageAt("keep-log-purge-log");
        await nodeRed.inject("keep-log-purge-say");
        const { transcript, payload, redaction } = await heard;
        expect([transcript, redaction]).toMatchObject([{ text: "turn on the [name] lamp" }, { name: 1 }]);
        const { words } = transcript as { words: readonly { text: string; startMs: number; endMs: number }[] };
        const { samples } = decodeWav(payload as Buffer);
        const loudest = ({ startMs, endMs }: { startMs: number; endMs: number }) =>
            Math.max(...samples.slice(startMs * 16, endMs * 16).map(Math.abs));
        expect(words.map((word) => [word.text, loudest(word) > 0.01])).toContainEqual(["[name]", false]);
        expect(words.map((word) => [word.text, loudest(word) > 0.01])).toContainEqual(["turn", true]);
    });

    it("listen after a press of the button, without a wake word", async () => {
        await record("microphone.wav", "set the heating to twenty one degrees");
        await deploy("03", (node) => (node.id === "example-hub" ? { ...node, logsHearing: true } : node));
        const replied = nodeRed.messageAt("push-to-talk-reply");
        const watched = nodeRed.messageAt("push-to-talk-wake-word");
        await nodeRed.inject("push-to-talk-microphone");
        await watched;
        await nodeRed.inject("push-to-talk-button");
        expect(await replied).toMatchObject({
            intent: { name: "HassClimateSetTemperature" },
            result: { devices: [{ id: "heating", ok: true, state: { targetTemperatureCelsius: 21 } }] },
        });
        // The hub was told to log when something is heard.
        const events = () => {
            const lines = readFileSync(join(nodeRed.userDir, "earshot", "privacy.log"), "utf8")
                .trim()
                .split("\n");
            return lines.map((line) => (JSON.parse(line) as { what: string }).what);
        };
        const expected = ["button", "microphone-closed", "microphone-opened", "transcribed"];
        await expect
            .poll(
                () =>
                    events()
                        .filter((what) => expected.includes(what))
                        .toSorted(),
                { timeout: 10_000 },
            )
            .toEqual(expected);
        expect(readFileSync(join(nodeRed.userDir, "earshot", "privacy.log"), "utf8")).not.toMatch(/heating|twenty/);
    });
});

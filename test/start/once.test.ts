import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeWav } from "../../dist/src/audio";
import { useStarts } from "./starts";

const PIN = /\d{3}-\d{2}-\d{3}/;
const at = useStarts();

describe("npm start -- --once --json", () => {
    it("switches the lamp by a spoken sentence, tells so in one line of JSON, and leaves nothing behind", async () => {
        const { code, stdout, stderr, left } = await at
            .begin(["--once", "--json"], {
                PORT: String(await freePort()),
            })
            .ended();
        expect(stderr).toContain("Kitchen Light: on false → true");
        expect(stdout.trim().split("\n")).toHaveLength(1);
        expect(JSON.parse(stdout)).toEqual({
            heard: "alexa",
            transcript: "turn on the kitchen light",
            intent: "HassTurnOn",
            device: "Kitchen Light",
            state: expect.objectContaining({ on: true }),
            latencyMs: {
                endOfSpeechToTranscript: expect.any(Number),
                transcriptToAccessory: expect.any(Number),
                total: expect.any(Number),
            },
        });
        expect(code).toBe(0);
        expect(left).toEqual([]);
        expect(readdirSync(at.folder)).toEqual([]);
        expect(stdout + stderr).not.toMatch(PIN);
    }, 60_000);

    it("ends with 1 and says what is missing when nobody says the wake word", async () => {
        const silence = join(at.folder, "silence.wav");
        writeFileSync(silence, encodeWav(new Float32Array(16_000), 16_000));
        const { code, stdout, stderr, left } = await at.begin(["--once", "--json", "--say", silence]).ended();
        expect(stderr).toContain("The wake word was not heard.");
        expect(JSON.parse(stdout)).toMatchObject({ heard: null, transcript: null, device: null, state: null });
        expect(code).toBe(1);
        expect(left).toEqual([]);
    }, 60_000);

    it("ends with 130 when it is interrupted before the sentence is through", async () => {
        const once = at.begin(["--once"]);
        await once.printed(/Node-RED +http/);
        once.signal("SIGINT");
        const { code, left } = await once.ended();
        expect(code).toBe(130);
        expect(left).toEqual([]);
        expect(readdirSync(at.folder)).toEqual([]);
    }, 60_000);
});

async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return port;
}

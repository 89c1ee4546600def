/**
 * Settings of the Node-RED that `npm start` runs; Node-RED loads this file itself (`--settings`). It asks nobody on the
 * internet for anything, and tells its parent process what passes between Earshot's nodes.
 */
import RED from "node-red";
import type { DispatchResult, VoiceHandle } from "../src/hub";
import type { Intent } from "../src/language";
import type { Transcript } from "../src/speech";
import type { NodeRedReport, StageReport } from "./first-light/reports";

/** What Earshot's nodes put on a message, as far as it is told about. */
interface VoiceMessage {
    readonly voice: VoiceHandle & { readonly wake?: { readonly word: string; readonly score: number } };
    readonly transcript: Transcript;
    readonly intent: Intent;
    readonly suggestions: readonly string[];
    readonly result: DispatchResult;
}

interface LogEntry {
    readonly msg: unknown;
    readonly type?: string;
}

function tell(report: NodeRedReport): void {
    process.send?.(report);
}

/** What `type` has done, if this is a message that tells it. */
function stageOf(type: string, port: number, msg: VoiceMessage): StageReport | undefined {
    const at = performance.timeOrigin + performance.now();
    switch (type) {
        case "earshot-sound":
            return { stage: "playing", at, startedAt: msg.voice.startedAt };
        case "earshot-wake-word":
            return msg.voice.wake && { stage: "heard", at, word: msg.voice.wake.word, score: msg.voice.wake.score };
        case "earshot-transcribe": {
            const { text, confidence, speechEndMs } = msg.transcript;
            return { stage: "transcript", at, text, confidence, speechEndAt: msg.voice.startedAt + speechEndMs };
        }
        case "earshot-understand":
            if (port === 0) return { stage: "intent", at, name: msg.intent.name };
            return { stage: "not-understood", at, suggestions: msg.suggestions };
        case "earshot-dispatch":
            return { stage: "result", at, devices: msg.result.devices, say: msg.result.say };
        default:
            return undefined;
    }
}

RED.hooks.add("onSend.earshot-start", (events) => {
    for (const { msg, source } of events) {
        const report = stageOf(source.node.type, source.port, msg as unknown as VoiceMessage);
        if (report) tell(report);
    }
});

RED.events.on("flows:started", () => tell({ stage: "flows-started" }));

// The parent is gone without a word: nobody else would stop this.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));

const settings = {
    uiHost: "127.0.0.1",
    flowFile: "flows.json",
    flowFilePretty: true,
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: {
        tours: false,
        palette: { catalogues: [] },
        page: { title: "Earshot" },
        header: { title: "Earshot" },
    },
    externalModules: { autoInstall: false, palette: { allowInstall: false }, modules: { allowInstall: false } },
    logging: {
        console: { level: "off", metrics: false, audit: false },
        parent: {
            level: "error",
            metrics: false,
            audit: false,
            handler: () => (entry: LogEntry) => {
                const { msg } = entry;
                const message = msg instanceof Error ? msg.message : String(msg);
                tell({ stage: "error", from: entry.type ?? "Node-RED", message });
            },
        },
    },
    /** Node-RED writes the port here once it listens, which it announces in no other way that a program can read. */
    set serverPort(port: number) {
        listeningPort = port;
        tell({ stage: "listening", port });
    },
    get serverPort(): number | undefined {
        return listeningPort;
    },
};
let listeningPort: number | undefined;

export = settings;

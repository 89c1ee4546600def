/** Listens for its phrases in live sound; what is said from there on is an utterance of its own. */
import type { NodeAPI } from "node-red";
import type { WakeWord } from "../src/wake";
import { defineNode } from "./define-node";
import { number, texts } from "./settings";
import { WakeStream } from "./wake-stream";

const settings = {
    phrases: texts(["alexa"]),
    sensitivity: number(0.5, { from: 0, to: 1 }),
    cooldownSeconds: number(2, { from: 0, to: 60 }),
};

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-wake-word", settings, ({ id: node, config, hub, status, safely, report }) => {
        const { phrases, sensitivity, cooldownSeconds } = config;
        /** Those that still bring sound. */
        const streams = new Set<WakeStream>();

        const streamAt = (site: unknown): WakeStream => {
            const there = [...streams].filter(({ session }) => site === undefined || session.site === site);
            const [stream] = there;
            if (!stream || there.length > 1) throw new Error(RED._(stream ? "error.whichSite" : "error.nobodyListens"));
            return stream;
        };
        return {
            input(msg, send) {
                if (msg.payload === true) {
                    const stream = streamAt(msg.site);
                    msg.voice = stream.utteranceFrom(stream.session.length);
                    hub.noteHearing({ what: "button", node, site: stream.session.site });
                    status.ok("button");
                    send([null, msg]);
                    return;
                }
                const stream = new WakeStream(hub, hub.sessions.require(msg.voice));
                const onWake = safely(({ word, score, endSample }: WakeWord) => {
                    const utterance = stream.utteranceFrom(endSample);
                    const wake = { word, score, at: utterance.startedAt };
                    hub.noteHearing({ what: "wake-word", node, site: utterance.site });
                    status.ok("woken");
                    send([{ ...RED.util.cloneMessage(msg), voice: { ...utterance, wake } }, null]);
                });
                streams.add(stream);
                status.busy("listening");
                const cooldownMs = cooldownSeconds * 1000;
                stream.watch({ phrases, sensitivity, cooldownMs, onWake, onFailed: report }, () =>
                    streams.delete(stream),
                );
            },
            stop() {
                for (const stream of streams) stream.stop();
            },
        };
    });

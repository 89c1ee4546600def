/** Turns the utterance of a session into text, while it is being said. */
import type { NodeAPI } from "node-red";
import { defineNode } from "./define-node";
import { spokenOf } from "./message";
import { choice, number } from "./settings";

const settings = {
    engine: choice("builtin"),
    maxSeconds: number(10, { from: 1, to: 60 }),
    silenceMs: number(700, { from: 100, to: 5000 }),
};

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-transcribe", settings, ({ id: node, config, hub, status, closing }) => ({
        async start() {
            status.waiting("loading");
            await hub.prepareRecogniser();
            status.clear();
        },
        async input(msg, send) {
            const session = hub.sessions.require(msg.voice);
            const transcription = hub.transcriber.open({
                grammar: hub.recogniserGrammar(spokenOf(msg)),
                maxMs: config.maxSeconds * 1000,
                silenceMs: config.silenceMs,
                onConsumed: (samples) => listening.consumed(samples),
            });
            const cancel = () => transcription.cancel();
            closing.addEventListener("abort", cancel);
            const listening = session.listen({
                reports: true,
                sound: (samples) => transcription.write(samples),
                ended: () => transcription.end(),
            });
            hub.sessions.listenTo(session);
            status.busy("listening");
            try {
                const { transcript, counts } = hub.told(await transcription.result, session);
                msg.payload = transcript.text;
                msg.transcript = transcript;
                if (counts) msg.redaction = counts;
                hub.noteHearing({ what: "transcribed", node, site: session.site, durationMs: transcript.durationMs });
                if (transcript.text === "") status.waiting("nothing");
                else status.ok("heard");
                send(msg);
            } finally {
                closing.removeEventListener("abort", cancel);
                listening.stop();
                session.end();
            }
        },
    }));

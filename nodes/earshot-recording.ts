/** Keeps the sound of an utterance in the vault, or hands it out on purpose. */
import type { NodeAPI } from "node-red";
import { encodeWav, SAMPLE_RATE } from "../src/audio";
import { defineNode } from "./define-node";
import { spokenOf, transcriptOf } from "./message";
import { flag } from "./settings";

const settings = { keep: flag(true), handOut: flag(false) };

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-recording", settings, ({ id: node, config, hub, status }) => ({
        async input(msg, send) {
            const session = hub.sessions.require(msg.voice);
            const { id, site, startedAt } = session;
            const samples = session.samples();
            const durationMs = (samples.length / SAMPLE_RATE) * 1000;
            const transcript = transcriptOf(msg);
            if (config.keep) {
                const { speaker } = spokenOf(msg);
                const keepsake = {
                    session: id,
                    site,
                    startedAt,
                    samples,
                    ...(speaker !== undefined && { speaker }),
                    ...(transcript && { transcript }),
                };
                const kept = await hub.keeping.keep(keepsake, node);
                if (kept) msg.voice = { ...session.handle, ...(msg.voice as object), recording: kept.id };
                const period = hub.retention.periods()({ kind: "sound", ...keepsake });
                if (!kept) status.waiting("notKept");
                else if (period === "ephemeral") status.ok("keptShortly");
                else status.ok("kept");
            }
            if (config.handOut) {
                const wav = encodeWav(samples, SAMPLE_RATE);
                // First the log: sound that got out without a line about it would be the worse of the two.
                await hub.log.append({ what: "recording-handed-out", node, site, durationMs, bytes: wav.length });
                msg.payload = wav;
                status.ok("handedOut");
            }
            samples.fill(0);
            send(msg);
        },
    }));

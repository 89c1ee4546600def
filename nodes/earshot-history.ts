/** Tells a flow or a dashboard what is kept, how much of it, and who got what. */
import type { NodeAPI } from "node-red";
import type { Hub } from "../src/hub";
import { countsIn, keptUntil } from "../src/privacy";
import type { Recording, RecordingPage } from "../src/vault";
import { defineNode } from "./define-node";
import { recordingFilter } from "./recording-filter";
import { choice, flag } from "./settings";

const settings = { what: choice("list", "usable", "counts", "receivers"), words: flag(false) };

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-history", settings, ({ id: node, config, hub, status }) => {
        const wrong = (name: string): never => {
            throw new Error(RED._("error.badFilter", { name }));
        };
        const told = async (recording: Recording, periodFor: ReturnType<Hub["retention"]["periods"]>) => {
            const { site, speaker, keptAt } = recording;
            const whose = { site, ...(speaker !== undefined && { speaker }) };
            const until = (["sound", "words"] as const).map((kind) => keptUntil(periodFor({ kind, ...whose }), keptAt));
            const last = Math.max(...until);
            const text = config.words ? (await hub.vault.read(recording.id)).transcript?.text : undefined;
            return {
                ...recording,
                ...(Number.isFinite(last) && { keptUntil: last }),
                ...(text !== undefined && { text }),
            };
        };
        const listed = async (page: RecordingPage) => {
            const recordings = await hub.vault.list(page);
            if (config.words && recordings.length > 0) {
                await hub.log.append({ what: "recording-read", node, count: recordings.length });
            }
            const periodFor = hub.retention.periods();
            return await Promise.all(recordings.map((recording) => told(recording, periodFor)));
        };
        return {
            async input(msg, send) {
                const { limit = 20, before, ...filter } = recordingFilter(msg.filter, wrong);
                status.busy("looking");
                if (config.what === "receivers") msg.payload = await hub.disclosures.receivers();
                else if (config.what === "counts") msg.payload = await countsIn(hub.vault, filter);
                else {
                    const meant = config.what === "usable" ? hub.consent.usable(filter) : filter;
                    const page = { ...meant, limit, ...(before !== undefined && { before }) };
                    msg.payload = meant ? await listed(page) : [];
                }
                status.ok("told");
                send(msg);
            },
        };
    });

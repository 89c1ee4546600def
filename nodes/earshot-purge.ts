/** Deletes recordings for good: the one of a message, those of a place, old ones, or all. */
import type { NodeAPI } from "node-red";
import type { RecordingSelection } from "../src/vault";
import { defineNode, type Message } from "./define-node";
import { erase } from "./erase";
import { recordingOf, siteOf } from "./message";
import { choice, number } from "./settings";

const settings = {
    what: choice("message", "site", "older", "all"),
    olderThanHours: number(24, { from: 0, to: 87_600 }),
};

const HOUR_MS = 3_600_000;

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-purge", settings, ({ id: node, config, hub, status }) => {
        const missing = (key: string): never => {
            throw new Error(RED._(key));
        };
        const selection = (msg: Message): RecordingSelection => {
            if (config.what === "all") return { all: true };
            if (config.what === "older") return { to: Date.now() - config.olderThanHours * HOUR_MS };
            if (config.what === "site") return { site: siteOf(msg).site ?? missing("error.noSite") };
            return { ids: [recordingOf(msg) ?? missing("error.noRecording")] };
        };
        return {
            async input(msg, send) {
                const { ids, receipt } = await erase(hub, selection(msg), node);
                msg.payload = { purged: ids.size, ...(receipt && { receipt }) };
                status.ok("purged");
                send(msg);
            },
        };
    });

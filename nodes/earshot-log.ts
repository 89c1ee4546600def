/** Writes into the privacy log that something was heard: when, where and for how long, but never what. */
import type { NodeAPI } from "node-red";
import { SAMPLE_RATE } from "../src/audio";
import { defineNode } from "./define-node";

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-log", {}, ({ id: node, hub, status }) => ({
        async input(msg, send) {
            const { site, length } = hub.sessions.require(msg.voice);
            await hub.log.append({ what: "note", node, site, durationMs: (length / SAMPLE_RATE) * 1000 });
            status.ok("logged");
            send(msg);
        },
    }));

/** Says how long what was said is kept, tells what was deleted because its time was over, and sets modes. */
import type { NodeAPI } from "node-red";
import { MODES, type Swept } from "../src/privacy";
import { defineNode } from "./define-node";
import { siteOf } from "./message";
import { retentionSettings } from "./retention-rules";

export = (RED: NodeAPI) =>
    // The hub reads the rules of this node from the flow: they hold before the node has come up.
    defineNode(RED, "earshot-retention", retentionSettings, ({ hub, status, send }) => {
        const tell = (swept: Swept) => {
            if (swept.recordings + swept.logFiles === 0) return;
            status.ok("swept");
            send({ payload: swept });
        };
        return {
            start: () => void hub.on("swept", tell),
            stop: () => void hub.off("swept", tell),
            async input(msg, send) {
                if (msg.mode === undefined) {
                    // What was deleted, `tell` has sent by then.
                    const swept = await hub.retention.sweep();
                    if (swept.recordings + swept.logFiles === 0) {
                        status.ok("nothing");
                        send({ ...msg, payload: swept });
                    }
                    return;
                }
                const mode = MODES.find((each) => each === msg.mode);
                if (!mode && msg.mode !== "none") throw new Error(RED._("error.unknownMode"));
                const { site } = siteOf(msg);
                if (site !== undefined && !hub.sites.some(({ id }) => id === site))
                    throw new Error(RED._("error.noSite"));
                await hub.setMode(mode, site);
                if (mode) status.waiting("nothingKept");
                else status.ok("noMode");
            },
        };
    });

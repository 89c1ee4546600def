/** The meeting place of the nodes of one home: sessions, devices, recogniser, vault. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { NodeAPI } from "node-red";
import { Hub } from "../src/hub";
import { defineConfigNode } from "./define-node";
import { HubError, type HubNode, homeNodeOf } from "./hub-node";
import { choice, rows, text } from "./settings";

const settings = {
    language: choice("en", "de"),
    sites: rows({ id: text(), name: text(), area: text() }),
    folder: text("earshot"),
    home: text(),
};

export = (RED: NodeAPI) =>
    defineConfigNode(RED, "earshot-hub", settings, (node: HubNode, config) => {
        const hub = new Hub({
            id: node.id,
            language: config.language,
            sites: config.sites.map(({ area, ...site }) => (area ? { ...site, area } : site)),
            folder: resolve(userFolder(RED), config.folder || "earshot"),
            home: homeNodeOf(RED, config.home)?.home ?? { floors: [], areas: [], devices: [] },
        });
        const running = hub.start().then(
            () => hub,
            (cause: Error) => {
                node.error(cause);
                throw new HubError("hub-down", RED._("error.hubDown"), { cause });
            },
        );
        // Nodes that wait for it hear of a failure; with none waiting it is no unhandled rejection.
        running.catch(() => undefined);
        node.running = running;
        return () => hub.stop();
    });

/** Node-RED's folder; its usual place when settings name none. */
function userFolder(RED: NodeAPI): string {
    return RED.settings.userDir ?? join(homedir(), ".node-red");
}

/** The meeting place of the nodes of one home: sessions, devices, recogniser, vault. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { NodeAPI } from "node-red";
import { Hub, type Site } from "../src/hub";
import { availableLanguages } from "../src/language";
import { serveStates } from "./admin-devices";
import { defineConfigNode } from "./define-node";
import { HubError, type HubNode, homeNodeOf } from "./hub-node";
import { choice, rows, text } from "./settings";

const settings = {
    language: choice("en", ...availableLanguages().filter((code) => code !== "en")),
    sites: rows({ id: text(), name: text(), area: text() }),
    folder: text("earshot"),
    home: text(),
};

/** A hub that nobody set up places for has one all the same: sound comes from somewhere. */
const ONLY_SITE: Site = { id: "home", name: "Home" };

export = (RED: NodeAPI) => {
    serveStates(RED);
    return defineConfigNode(
        RED,
        "earshot-hub",
        settings,
        (node: HubNode, config) => {
            const sites = config.sites.map(({ area, ...site }) => (area ? { ...site, area } : site));
            const hub = new Hub({
                id: node.id,
                language: config.language,
                sites: sites.length > 0 ? sites : [ONLY_SITE],
                folder: resolve(userFolder(RED), config.folder || "earshot"),
                home: homeNodeOf(RED, config.home)?.home ?? { floors: [], areas: [], devices: [] },
            });
            const warned = new Set<string>();
            const warn = ({ message }: { readonly message: string }) => {
                if (!warned.has(message)) node.warn(message);
                warned.add(message);
            };
            hub.on("problem", warn);
            hub.home.on("changed", () => hub.home.problems().forEach(warn));
            hub.languageProblems.forEach(warn);
            const running = hub.start().then(
                () => {
                    hub.home.problems().forEach(warn);
                    return hub;
                },
                (cause: Error) => {
                    node.error(cause);
                    throw new HubError("hub-down", RED._("error.hubDown"), { cause });
                },
            );
            // Nodes that wait for it hear of a failure; with none waiting it is no unhandled rejection.
            running.catch(() => undefined);
            node.running = running;
            return () => hub.stop();
        },
        { shown: { earshotHubLanguages: { value: availableLanguages(), exportable: true } } },
    );
};

/** Node-RED's folder; its usual place when settings name none. */
function userFolder(RED: NodeAPI): string {
    return RED.settings.userDir ?? join(homedir(), ".node-red");
}

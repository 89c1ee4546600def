/** The meeting place of the nodes of one home: sessions, devices, recogniser, vault. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { NodeAPI } from "node-red";
import type { Rule } from "../src/home";
import { Hub, type Site } from "../src/hub";
import { availableLanguages } from "../src/language";
import { serveStates } from "./admin-devices";
import { defineConfigNode } from "./define-node";
import { HubError, type HubNode, homeNodeOf } from "./hub-node";
import { tellEditors } from "./privacy-microphones";
import { type Config, choice, rows, text, texts } from "./settings";

const settings = {
    language: choice("en", ...availableLanguages().filter((code) => code !== "en")),
    sites: rows({ id: text(), name: text(), area: text() }),
    folder: text("earshot"),
    home: text(),
    /** Unlocking, opening doors and garage doors, alarms. */
    critical: choice("confirm", "pin", "never", "allow"),
    /** Everything of a kind at once. */
    everything: choice("confirm", "allow"),
    rules: rows({
        effect: choice("never", "only", "ask"),
        what: text("all"),
        places: texts(),
        people: texts(),
        from: text(),
        to: text(),
    }),
};

const credentials = { pin: { type: "password" } } as const;

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
            const places = sites.length > 0 ? sites : [ONLY_SITE];
            const pin = node.credentials?.pin?.trim() ?? "";
            const hub = new Hub({
                id: node.id,
                language: config.language,
                sites: places,
                folder: resolve(userFolder(RED), config.folder || "earshot"),
                home: homeNodeOf(RED, config.home)?.home ?? { floors: [], areas: [], devices: [] },
                rights: {
                    critical: config.critical,
                    everything: config.everything,
                    rules: config.rules.map((rule) => ruleOf(rule, places)),
                    ...(pin !== "" && { pin }),
                },
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
            tellEditors(RED, hub, running);
            return () => hub.stop();
        },
        { credentials, shown: { earshotHubLanguages: { value: availableLanguages(), exportable: true } } },
    );
};

/** @throws RangeError for a place that the hub doesn't have: a rule must not be about nothing by mistake */
function ruleOf({ places, people, ...rule }: Config<typeof settings>["rules"][number], sites: readonly Site[]): Rule {
    const siteOf = (place: string) => {
        const isIt = (text: string) => text.trim().toLowerCase() === place.trim().toLowerCase();
        const site = sites.find(({ id, name }) => isIt(id) || isIt(name));
        if (!site) throw new RangeError(`A rule is about the place "${place}", which the hub doesn't have.`);
        return site.id;
    };
    return { ...rule, sites: places.map(siteOf), speakers: people };
}

/** Node-RED's folder; its usual place when settings name none. */
function userFolder(RED: NodeAPI): string {
    return RED.settings.userDir ?? join(homedir(), ".node-red");
}

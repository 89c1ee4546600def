/** The meeting place of the nodes of one home: sessions, devices, recogniser, vault. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { NodeAPI } from "node-red";
import { HOMEKIT_SITE, type Rule } from "../src/home";
import { HOME_ASSISTANT_SITE } from "../src/home-assistant";
import { Hub, type Site } from "../src/hub";
import { availableLanguages } from "../src/language";
import type { KeyGuard } from "../src/vault";
import { serveStates } from "./admin-devices";
import { type Credentials, defineConfigNode } from "./define-node";
import { HubError, type HubNode, homeNodeOf } from "./hub-node";
import { watchOutflow } from "./outflow-guard";
import { tellEditors } from "./privacy-microphones";
import { retentionRowsInFlow, retentionRule } from "./retention-rules";
import { type Config, choice, flag, number, rows, text, texts } from "./settings";

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
    /** How long what a flow keeps is kept, where no `retention` node says otherwise. */
    keep: choice("ephemeral", "hours", "months", "forever"),
    keepAmount: number(24, { from: 1, to: 878_400 }),
    /** Recordings may be used to improve recognition. */
    consentsToUse: flag(false),
    /** A line in the privacy log whenever a microphone opens or closes, a wake word is heard, or somebody speaks. */
    logsHearing: flag(false),
    /** Personal data in what is heard, before any node is told of it. */
    redaction: choice("keep", "label", "remove", "pseudonym"),
    redactionSound: choice("silence", "bleep", "noise", "keep"),
    /** Names that are redacted besides those that everybody knows. */
    contacts: texts(),
    /** When what was heard would leave the home without a gate. */
    outflow: choice("warn", "block", "ignore"),
    /** More types of nodes that send things out. */
    sendingTypes: texts(),
    /** What guards the key of the recordings. */
    keyGuard: choice("file", "passphrase", "secret"),
};

const credentials = {
    pin: { type: "password" },
    passphrase: { type: "password" },
    /** Made by the editor. */
    keySecret: { type: "password" },
} as const;

/** A hub that nobody set up places for has one all the same: sound comes from somewhere. */
const ONLY_SITE: Site = { id: "home", name: "Home" };

/** Orders come from there too, without a microphone. */
const ELSEWHERE: readonly Site[] = [
    { id: HOMEKIT_SITE, name: "Apple Home" },
    { id: HOME_ASSISTANT_SITE, name: "Home Assistant" },
];

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
            const siteOf = siteNamed(places);
            const hub = new Hub({
                id: node.id,
                language: config.language,
                sites: places,
                folder: resolve(userFolder(RED), config.folder || "earshot"),
                home: homeNodeOf(RED, config.home)?.home ?? { floors: [], areas: [], devices: [] },
                rights: {
                    critical: config.critical,
                    everything: config.everything,
                    rules: config.rules.map((rule) => ruleOf(rule, siteNamed([...places, ...ELSEWHERE]))),
                    ...(pin !== "" && { pin }),
                },
                consentsToUse: config.consentsToUse,
                logsHearing: config.logsHearing,
                ...redactionOf(config),
                keyGuard: guardOf(config.keyGuard, node.credentials),
                retention: () => {
                    const { keep, keepAmount: amount } = config;
                    const general = { kind: "all", place: "", person: "", keep, amount } as const;
                    const rows = [...(keep === "ephemeral" ? [] : [general]), ...retentionRowsInFlow(RED, node.id)];
                    return rows.map((row) => retentionRule(row, siteOf));
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
            const { outflow, sendingTypes: more } = config;
            const unwatch =
                outflow === "ignore" ? undefined : watchOutflow(RED, { hub, blocks: outflow === "block", more });
            return async () => {
                unwatch?.();
                await hub.stop();
            };
        },
        { credentials, shown: { earshotHubLanguages: { value: availableLanguages(), exportable: true } } },
    );
};

function ruleOf(
    { places, people, ...rule }: Config<typeof settings>["rules"][number],
    siteOf: (place: string) => string,
): Rule {
    return { ...rule, sites: places.map(siteOf), speakers: people };
}

/** Ids of places by id or name. @throws RangeError for one that isn't there: a rule must not be about nothing by mistake */
function siteNamed(sites: readonly Site[]): (place: string) => string {
    return (place) => {
        const isIt = (text: string) => text.trim().toLowerCase() === place.trim().toLowerCase();
        const site = sites.find(({ id, name }) => isIt(id) || isIt(name));
        if (!site) throw new RangeError(`A rule is about the place "${place}", which the hub doesn't have.`);
        return site.id;
    };
}

function redactionOf({ redaction: mode, redactionSound: cover, contacts }: Config<typeof settings>) {
    if (mode === "keep") return {};
    return { redaction: { mode, contacts, ...(cover !== "keep" && { cover }) } };
}

function guardOf(kind: KeyGuard["kind"], { passphrase = "", keySecret = "" }: Credentials = {}): KeyGuard {
    if (kind === "passphrase") return { kind, passphrase };
    return kind === "secret" ? { kind, secret: keySecret } : { kind };
}

/** Node-RED's folder; its usual place when settings name none. */
function userFolder(RED: NodeAPI): string {
    return RED.settings.userDir ?? join(homedir(), ".node-red");
}

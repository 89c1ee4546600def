/** What the microphones of each hub do at this moment, and muting them. */
import type { NodeAPI } from "node-red";
import type { Hub } from "../src/hub";
import { answer, BadRequest, jsonBody, word } from "./admin";
import { exposureOf } from "./exposure";
import { type HubNode, runningHub } from "./hub-node";
import { setPrivate } from "./privacy-request";

/** Where open editors hear that something is another now. What it is, they ask: these messages reach everyone who may see the editor. */
export const TOPIC = "earshot/privacy";

/** What happens within this time is told once: thousands of recordings may come or go together. */
const TOGETHER_MS = 20;

export function serveHubs(RED: NodeAPI): void {
    RED.httpAdmin.get("/earshot/privacy/hubs", RED.auth.needsPermission("earshot.read"), (_request, response) => {
        setPrivate(response);
        answer(response, async () => {
            const nodes: HubNode[] = [];
            RED.nodes.eachNode(({ id, type }) => {
                const node = type === "earshot-hub" ? RED.nodes.getNode(id) : null;
                if (node) nodes.push(node);
            });
            const exposure = await exposureOf(RED);
            return { hubs: await Promise.all(nodes.map(shown)), ...(exposure && { exposure }) };
        });
    });

    RED.httpAdmin.post("/earshot/privacy/mute", RED.auth.needsPermission("earshot.write"), (request, response) => {
        setPrivate(response);
        answer(response, async () => {
            const { hub: id, muted } = jsonBody(request);
            if (typeof muted !== "boolean") throw new BadRequest('"muted" has to be true or false.');
            const hub = await runningHub(RED, word(id));
            hub.mute(muted);
            return hub.microphone;
        });
    });
}

/** Tells the open editors when something of this hub is another now. @param running settles when it is up, or can't be */
export function tellEditors(RED: NodeAPI, hub: Hub, running: Promise<unknown>): void {
    const waiting = new Set<string>();
    const tell = (what: "microphone" | "recordings" | "log", changed = "") => {
        const news = `${what} ${changed}`;
        if (waiting.has(news)) return;
        waiting.add(news);
        setTimeout(() => {
            waiting.delete(news);
            RED.comms.publish(TOPIC, { hub: hub.id, what, ...(changed && { changed }) }, false);
        }, TOGETHER_MS).unref();
    };
    for (const event of ["microphone", "mode"] as const) hub.on(event, () => tell("microphone"));
    hub.vault.on("kept", () => tell("recordings"));
    hub.vault.on("changed", ({ id }) => tell("recordings", id));
    hub.vault.on("purged", () => tell("recordings"));
    hub.log.on("appended", () => tell("log"));
    const come = () => tell("microphone");
    running.then(come, come);
}

async function shown({ id, name, running }: HubNode) {
    const state = await stateOf(running);
    if (typeof state === "string") return { id, name, state };
    const { microphone } = state;
    const sites = state.sites.map((site) => {
        const mode = state.modeAt(site.id);
        return { id: site.id, name: site.name, ...(mode && { mode }) };
    });
    return { id, name, state: "up", microphone, sites };
}

/** The hub, or why there is none now. */
async function stateOf(running: HubNode["running"]): Promise<Hub | "starting" | "down"> {
    if (!running) return "down";
    const notYet = new Promise<"starting">((resolve) => setImmediate(() => resolve("starting")));
    return await Promise.race([running.catch(() => "down" as const), notYet]);
}

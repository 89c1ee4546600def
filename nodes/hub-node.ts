/** How the other nodes find the hub, and the hub its home: through the config nodes that the editor lets people choose. */
import type { Node, NodeAPI } from "node-red";
import type { ConversationEndpoint } from "../src/home-assistant";
import type { HomeSettings, Hub } from "../src/hub";

/** What `earshot-home` puts on its node. */
export interface HomeNode extends Node<Readonly<Record<string, string | undefined>>> {
    home?: HomeSettings;
    /** Where people outside may talk to the home, if they have its token. */
    conversation?: ConversationEndpoint;
}

/** What `earshot-hub` puts on its node. */
export interface HubNode extends Node {
    /** Settles when the hub is up, or with a HubError; absent when the hub's settings could not be read. */
    running?: Promise<Hub>;
}

export type HubErrorCode = "no-hub" | "hub-down";

/** A node cannot work because of its hub; `message` says what to do, in the language of the server. */
export class HubError extends Error {
    override readonly name = "HubError";

    constructor(
        readonly code: HubErrorCode,
        message: string,
        options?: ErrorOptions,
    ) {
        super(message, options);
    }
}

/** The hub under this id, once it is up; rejects with HubError when there is none or it cannot come up. */
export async function runningHub(RED: NodeAPI, id: string): Promise<Hub> {
    const node: HubNode | undefined = findNode(RED, id, "earshot-hub");
    if (!node) throw new HubError("no-hub", RED._("error.noHub"));
    if (!node.running) throw new HubError("hub-down", RED._("error.hubDown"));
    return await node.running;
}

export function homeNodeOf(RED: NodeAPI, id: string): HomeNode | undefined {
    return findNode(RED, id, "earshot-home");
}

/** The id of the hub whose home this is; empty when there is none. */
export function hubOfHome(RED: NodeAPI, home: string): string {
    let hub = "";
    RED.nodes.eachNode((node) => {
        if (node.type === "earshot-hub" && "home" in node && node.home === home) hub = node.id;
    });
    return hub;
}

function findNode(RED: NodeAPI, id: string, type: string): (HubNode & HomeNode) | undefined {
    const node: Node | null = id === "" ? null : RED.nodes.getNode(id);
    return node?.type === type ? node : undefined;
}

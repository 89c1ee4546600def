/** A home with recordings in a running Node-RED, and people who may see or change them. */
import bcrypt from "bcryptjs";
import RED from "node-red";
import type { HubNode } from "../../dist/nodes/hub-node";
import type { Hub } from "../../dist/src/hub";
import type { Recording } from "../../dist/src/vault";
import { transcriptOf } from "../vault/vault-folder";
import type { FlowNode, RunningNodeRed } from "./runtime";

const ROUNDS = 4;

/** What the editor needs to open; docs/privacy-sidebar.md names them. */
const LOOKING_AT_FLOWS = ["flows.read", "settings.read", "nodes.read", "plugins.read", "status.read"];

/** For Node-RED's settings: "reader" may look, "owner" may do everything, "stranger" may see flows only. */
export const ADMIN_AUTH = {
    type: "credentials",
    users: [
        {
            username: "reader",
            password: bcrypt.hashSync("reader", ROUNDS),
            permissions: [...LOOKING_AT_FLOWS, "earshot.read"],
        },
        { username: "viewer", password: bcrypt.hashSync("viewer", ROUNDS), permissions: "read" },
        { username: "owner", password: bcrypt.hashSync("owner", ROUNDS), permissions: "*" },
        { username: "other", password: bcrypt.hashSync("other", ROUNDS), permissions: "*" },
        { username: "stranger", password: bcrypt.hashSync("stranger", ROUNDS), permissions: LOOKING_AT_FLOWS },
    ],
};

/** @returns the header with which this person asks */
export async function loggedIn(nodeRed: RunningNodeRed, username: string): Promise<Record<string, string>> {
    const answer = await fetch(`${nodeRed.url}/auth/token`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({
            client_id: "node-red-editor",
            grant_type: "password",
            scope: "",
            username,
            password: username,
        }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    return { Authorization: `Bearer ${token}` };
}

export function hubFlow(...ids: readonly string[]): readonly FlowNode[] {
    return [
        ...ids.map((id) => ({
            id,
            type: "earshot-hub",
            name: id === "hub" ? "Our flat" : `The ${id}`,
            version: 1,
            language: "en",
            sites: [
                { id: "kitchen", name: "Kitchen", area: "" },
                { id: "study", name: "Study", area: "" },
            ],
            folder: folderOf(id),
            home: "",
            keep: "months",
            keepAmount: 3,
        })),
        { id: "tab", type: "tab", label: "Test" },
    ];
}

/** Below Node-RED's own folder. */
export function folderOf(hub: string): string {
    return `kept-by-${hub}`;
}

/** What the types of Node-RED leave out. */
interface RunningNodes {
    getNode(id: string): HubNode | null;
}

/** The hub of a config node in the Node-RED of this process, once it is up. */
export async function hubOf(id: string): Promise<Hub> {
    const node = (RED.nodes as unknown as RunningNodes).getNode(id);
    if (!node?.running) throw new Error(`${id} is no hub.`);
    return await node.running;
}

/** A rising and falling tone, so that one can hear and see where it is played from. */
export function tone(seconds: number): Float32Array {
    return Float32Array.from({ length: seconds * 16_000 }, (_, at) => Math.sin(at / 20 + at / 9_000) / 2);
}

export interface Said {
    readonly text?: string;
    readonly site?: string;
    readonly seconds?: number;
    /** Milliseconds since 1970. */
    readonly at?: number;
}

export async function keep(
    hub: Hub,
    { text, site = "kitchen", seconds = 1, at = Date.now() }: Said,
): Promise<Recording> {
    return await hub.vault.keep({
        session: `session-${at}`,
        site,
        startedAt: at,
        samples: tone(seconds),
        ...(text !== undefined && { transcript: transcriptOf(text) }),
    });
}

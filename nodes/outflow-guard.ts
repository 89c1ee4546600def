/** Watches what Node-RED delivers, for the hubs that want it: nothing that was heard leaves the home unnoticed. */
import type { Node, NodeAPI } from "node-red";
import type { Hub } from "../src/hub";
import { type Leak, OutflowGuard, SENDING_TYPES } from "../src/privacy";

interface Delivery {
    readonly msg: Record<string, unknown>;
    readonly source: { readonly node?: Node };
    readonly destination: { readonly node?: Node & { readonly wholemsg?: unknown } };
}

/** Node-RED's message hooks, which its types don't have yet. */
interface Hooks {
    add(hook: string, callback: (delivery: Delivery) => false | undefined): void;
    remove(hook: string): void;
    has(hook: string): boolean;
}

export interface Watch {
    readonly hub: Hub;
    readonly blocks: boolean;
    /** Types of nodes that send things out, besides those that everybody has. */
    readonly more: readonly string[];
}

const HOOK = "preDeliver.earshot";
const watches = new Set<Watch>();
const guard = new OutflowGuard();
let sending: ReadonlySet<string> = new Set();
/** Nodes that were warned about, and of what. */
const warned = new Set<string>();

/** @returns ends it */
export function watchOutflow(RED: NodeAPI, watch: Watch): () => void {
    const { hooks } = RED as NodeAPI & { readonly hooks: Hooks };
    watches.add(watch);
    if (!hooks.has(HOOK)) hooks.add(HOOK, (delivery) => look(RED, delivery));
    refresh();
    return () => {
        watches.delete(watch);
        refresh();
        if (watches.size === 0) hooks.remove(HOOK);
    };
}

function refresh(): void {
    sending = new Set([...SENDING_TYPES, ...[...watches].flatMap(({ more }) => more)]);
    warned.clear();
}

function look(RED: NodeAPI, { msg, source, destination }: Delivery): false | undefined {
    if (source.node?.type.startsWith("earshot-")) guard.sent(msg);
    const { node } = destination;
    if (!node || !sending.has(node.type)) return undefined;
    const leak = guard.leak(msg, node.wholemsg === true);
    return leak && stopped(RED, leak, node);
}

/** Where several hubs watch, nobody can tell whose message it is: what any of them blocks is blocked. */
function stopped(RED: NodeAPI, leak: Leak, node: Node): false | undefined {
    const blocks = [...watches].some((watch) => watch.blocks);
    const key = `${node.id} ${leak}`;
    if (!warned.has(key)) {
        warned.add(key);
        if (leak === "sound") node.warn(RED._(blocks ? "error.soundBlocked" : "error.soundOut"));
        else node.warn(RED._(blocks ? "error.textBlocked" : "error.textOut"));
    }
    const event = { node: node.id, to: node.type.replaceAll(/[^\w.:-]/g, "-"), fields: [leak] };
    for (const { hub } of watches) {
        const logged = hub.log.append({ what: blocks ? "withheld" : "disclosed", ...event });
        logged.catch((error: Error) => hub.emit("problem", error));
    }
    return blocks ? false : undefined;
}

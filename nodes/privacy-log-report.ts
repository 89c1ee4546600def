/** What the privacy log says, for the sidebar: who got what, and whether it is what it was. Content-free; it needs `earshot.read`. */
import type { NodeAPI } from "node-red";
import { type PrivacyLog, PrivacyLogError, type Verification, verifyPrivacyLog } from "../src/privacy";
import { answer, word } from "./admin";
import { runningHub } from "./hub-node";
import { setPrivate } from "./privacy-request";

export function serveLogReport(RED: NodeAPI): void {
    const mayRead = RED.auth.needsPermission("earshot.read");
    /** One at a time for each log: it is read from its beginning to its end. */
    const verifying = new Map<string, Promise<Verification | undefined>>();

    RED.httpAdmin.get("/earshot/privacy/disclosures", mayRead, (request, response) => {
        setPrivate(response);
        answer(response, async () => {
            const hub = await runningHub(RED, word(request.query.hub));
            const receivers = await hub.disclosures.receivers();
            return { receivers: receivers.map((receiver) => ({ ...receiver, ...nameOf(RED, receiver.to) })) };
        });
    });

    RED.httpAdmin.get("/earshot/privacy/verification", mayRead, (request, response) => {
        setPrivate(response);
        answer(response, async () => {
            const { log } = await runningHub(RED, word(request.query.hub));
            const running = verifying.get(log.path) ?? verified(log).finally(() => verifying.delete(log.path));
            verifying.set(log.path, running);
            return (await running) ?? { isEmpty: true };
        });
    });
}

/** A log that is being written looks torn for a moment: what is bad has to stay bad. */
const ATTEMPTS = 3;

/** Undefined when there is no log yet. @throws PrivacyLogError, or what the disk says */
async function verified(log: PrivacyLog): Promise<Verification | undefined> {
    try {
        for (let attempt = 1; ; attempt++) {
            await log.written();
            const verification = await verifyPrivacyLog(log.path);
            if (verification.ok || attempt === ATTEMPTS) return verification;
        }
    } catch (error) {
        if (error instanceof PrivacyLogError && error.code === "not-found") return undefined;
        throw error;
    }
}

/** What people call the node with this id, if it is one of the flow. */
function nameOf(RED: NodeAPI, id: string | undefined): { readonly name?: string; readonly type?: string } {
    const node = id === undefined ? null : RED.nodes.getNode(id);
    return node ? { type: node.type, ...(node.name && { name: node.name }) } : {};
}

/** Turns a sentence into what it asks for: one message for each intent, or suggestions when there is none. */
import type { NodeAPI } from "node-red";
import { defineNode } from "./define-node";
import { siteOf } from "./message";

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-understand", {}, ({ hub, status }) => ({
        input(msg, send) {
            if (typeof msg.payload !== "string") throw new Error(RED._("error.noText"));
            const { intents, suggestions } = hub.understand(msg.payload, siteOf(msg));
            if (intents.length === 0) {
                status.waiting("notUnderstood");
                msg.suggestions = suggestions;
                msg.result = { devices: [], say: hub.notUnderstood() };
                send([null, msg]);
                return;
            }
            status.ok("understood");
            const id = RED.util.generateId();
            const messages = intents.map((intent, index) => ({
                ...RED.util.cloneMessage(msg),
                intent,
                parts: { id, index, count: intents.length },
            }));
            send([messages, null]);
        },
    }));

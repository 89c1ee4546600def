/** Turns a sentence into what it asks for: one message for each intent, or suggestions when there is none. */
import type { NodeAPI } from "node-red";
import { defineNode } from "./define-node";
import { spokenOf, transcriptOf } from "./message";
import { number } from "./settings";

const settings = { minConfidence: number(0.5, { from: 0, to: 1 }) };

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-understand", settings, ({ config, hub, status }) => ({
        async input(msg, send) {
            if (typeof msg.payload !== "string") throw new Error(RED._("error.noText"));
            const transcript = transcriptOf(msg);
            // A recogniser that knows only sentences of this home hears one in any speech; its confidence tells.
            const isDoubtful = transcript?.text === msg.payload && transcript.confidence < config.minConfidence;
            const { intents, suggestions } = hub.understand(msg.payload, spokenOf(msg), { remember: !isDoubtful });
            if (intents.length === 0 || isDoubtful) {
                if (isDoubtful) status.waiting("unsure");
                else status.waiting("notUnderstood");
                msg.suggestions = intents.length === 0 ? suggestions : [msg.payload];
                const say = hub.notUnderstood(intents.length === 0 ? suggestions : []);
                msg.result = { devices: [], handled: false, say };
                send([null, msg]);
                return;
            }
            if (intents.some(({ candidates = [] }) => candidates.length > 0)) status.waiting("asking");
            else status.ok("understood");
            const id = RED.util.generateId();
            const messages = intents.map((intent, index) => ({
                ...RED.util.cloneMessage(msg),
                intent,
                parts: { id, index, count: intents.length },
            }));
            send([messages, null]);
            await hub.keeping.derive(spokenOf(msg), ...intents.map((value) => ({ kind: "intent", value })));
        },
    }));

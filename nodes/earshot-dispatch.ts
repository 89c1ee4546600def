/** Carries out an intent through the home's only door to its devices, and says what came of it. */
import type { NodeAPI } from "node-red";
import { defineNode } from "./define-node";
import { intentOf, spokenOf } from "./message";

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-dispatch", {}, ({ hub, status }) => ({
        async input(msg, send) {
            const intent = intentOf(msg);
            if (!intent) throw new Error(RED._("error.noIntent"));
            status.busy("busy");
            const result = await hub.dispatch(intent, spokenOf(msg));
            if (!result.handled) status.waiting("passedOn");
            else if (result.devices.every(({ ok }) => ok)) status.ok("done");
            else status.failed("refused");
            msg.result = result;
            msg.payload = result.say;
            send(msg);
        },
    }));

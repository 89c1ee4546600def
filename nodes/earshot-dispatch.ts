/** Carries out an intent through the home's only door to its devices, and says what came of it. */
import type { NodeAPI } from "node-red";
import { defineNode } from "./define-node";
import { askedOf, intentOf, spokenOf } from "./message";

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-dispatch", {}, ({ hub, status }) => ({
        async input(msg, send) {
            // An answer by hand. It may come with the message that asked, whose intent waits in the hub.
            const byHand = typeof msg.confirm === "boolean" ? msg.confirm : undefined;
            const intent = intentOf(msg);
            if (!intent && byHand === undefined) throw new Error(RED._("error.noIntent"));
            status.busy("busy");
            const result =
                intent && byHand === undefined
                    ? await hub.dispatch(intent, spokenOf(msg))
                    : await hub.confirm(byHand === true, spokenOf(msg), askedOf(msg));
            if (result.asked) status.waiting("asking");
            else if (!result.handled) status.waiting("passedOn");
            else if (result.devices.every(({ ok }) => ok)) status.ok("done");
            else status.failed("refused");
            delete msg.confirm;
            msg.result = result;
            msg.payload = result.say;
            send(msg);
            // What tells of other recordings is not this one's to keep.
            const isOwn = intent?.name !== "EarshotWhatDidYouHear" && intent?.name !== "EarshotRepeat";
            if (isOwn) await hub.keeping.derive(spokenOf(msg), { kind: "reply", value: { say: result.say } });
        },
    }));

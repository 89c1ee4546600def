/** Where a flow leaves the home's trust: lets on what its destination is granted, and writes down what it got. */
import type { NodeAPI } from "node-red";
import { GRANTS, type Grant, gated } from "../src/privacy";
import { defineNode } from "./define-node";
import { siteOf } from "./message";
import { text, texts } from "./settings";

const settings = { destination: text(), grants: texts() };

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-gate", settings, ({ id: node, config, hub, status }) => {
        const { destination } = config;
        const grants = new Set<Grant>();
        return {
            start() {
                if (!/^[\w.:-]{1,64}$/.test(destination)) throw new Error(RED._("error.noDestination"));
                for (const name of config.grants) {
                    const grant = GRANTS.find((each) => each === name);
                    if (!grant) throw new Error(RED._("error.unknownGrant", { name }));
                    grants.add(grant);
                }
            },
            async input(msg, send) {
                const { message, disclosed, withheld } = gated(msg, grants);
                const site = hub.sites.find(({ id }) => id === siteOf(msg).site)?.id;
                const event = { node, to: destination, ...(site !== undefined && { site }) };
                // First the log: what got out without a line about it would be the worse of the two.
                await Promise.all([
                    disclosed.length > 0 && hub.log.append({ what: "disclosed", ...event, fields: disclosed }),
                    withheld.length > 0 && hub.log.append({ what: "withheld", ...event, fields: withheld }),
                ]);
                if (withheld.length > 0) status.ok("withheld");
                else status.ok("passed");
                // Another id, so that what is made of it later is not taken for what was held back.
                send({ ...message, _msgid: RED.util.generateId(), gate: { destination, withheld } });
            },
        };
    });

/** Offers the hub's ears and understanding to others on the network over the Wyoming protocol: Home Assistant, satellites' hubs. */
import type { NodeAPI } from "node-red";
import { type Served, WyomingServer } from "../src/wyoming";
import { defineNode } from "./define-node";
import { number, text, texts } from "./settings";

const settings = {
    site: text(),
    port: number(10_300, { from: 1, to: 65_535 }),
    peers: texts([]),
    phrases: texts(["alexa"]),
    sensitivity: number(0.5, { from: 0, to: 1 }),
};

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-wyoming", settings, ({ id: node, config, hub, status, send, report, safely }) => {
        const { site, ...offered } = config;
        const place = hub.sites.find(({ id }) => site === "" || id === site);
        if (!place) throw new Error(RED._("error.unknownSite", { site }));
        const onServed = safely(({ service, peer, text: payload, transcript, counts: redaction }: Served) => {
            if (service === "transcribe") {
                const to = peer.replace(/:\d+$/, "");
                hub.log.append({ what: "disclosed", node, site: place.id, to }).catch(report);
            }
            send({ payload, topic: service, peer, ...(transcript && { transcript }), ...(redaction && { redaction }) });
        });
        const server = new WyomingServer({ ...offered, host: hub, site: place.id, version: version(), onServed });
        server.on("connections", (count) => (count > 0 ? status.ok("connected") : status.waiting("offering")));
        server.on("problem", report);
        return {
            async start() {
                try {
                    await server.start();
                    status.waiting("offering");
                } catch (error) {
                    const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
                    throw isTaken ? new Error(RED._("error.portTaken", { port: config.port })) : error;
                }
            },
            stop: () => server.stop(),
        };
    });

function version(): string {
    return (require("../../package.json") as { version: string }).version;
}

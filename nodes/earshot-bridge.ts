/** Shows the devices of flows, and the hub itself, in Apple Home. */
import { join } from "node:path";
import type { NodeAPI } from "node-red";
import { folderOf, HomeKitBridge, removeIdentity } from "../src/bridge";
import { serveBridges } from "./bridge-admin";
import { type BridgeNode, devicesOf, isInFlows } from "./bridge-node";
import { defineConfigNode } from "./define-node";
import { runningHub } from "./hub-node";
import { flag, number, text } from "./settings";

const settings = {
    hub: text(),
    port: number(0, { from: 0, to: 65_535 }),
    host: text(),
    showHub: flag(true),
};

export = (RED: NodeAPI) => {
    serveBridges(RED);
    return defineConfigNode(
        RED,
        "earshot-bridge",
        settings,
        (node: BridgeNode, { hub: hubId, port, host, showHub }) => {
            const { promise: flowsStarted, resolve: begin } = Promise.withResolvers<void>();
            const closing = new AbortController();
            let bridge: HomeKitBridge | undefined;
            let folder: string | undefined;
            let told: string | undefined;

            // Only then every device of the flows is there: one that came later would have lost its room in Apple Home.
            const onFlowsStarted = () => {
                begin();
                bridge?.expose(devicesOf(RED, node.id));
            };
            RED.events.on("flows:started", onFlowsStarted);
            const tellProblem = () => {
                const { problem } = bridge?.status ?? {};
                if (problem && problem.message !== told) node.error(problem);
                told = problem?.message;
            };

            const opened = (async () => {
                await flowsStarted;
                const hub = await runningHub(RED, hubId);
                folder = folderOf(join(hub.folder, "bridges"), node.id);
                const name = node.name || RED._("node.label");
                bridge = new HomeKitBridge({
                    folder,
                    name,
                    port,
                    ...(host !== "" && { host }),
                    ...(showHub && {
                        hub: {
                            hub,
                            names: {
                                hub: name,
                                mute: RED._("accessory.mute"),
                                listening: RED._("accessory.listening"),
                                lastCommand: RED._("accessory.lastCommand"),
                            },
                        },
                    }),
                });
                bridge.on("changed", tellProblem);
                return bridge;
            })();
            node.bridge = opened;
            const running = opened.then(async (found) => {
                if (!closing.signal.aborted) await found.start(devicesOf(RED, node.id));
            });
            running.catch((error: Error) => {
                if (!closing.signal.aborted) node.error(error);
            });

            return async () => {
                closing.abort();
                RED.events.off("flows:started", onFlowsStarted);
                begin();
                await running.catch(() => undefined);
                await bridge?.stop();
                if (folder !== undefined) forgetOnceRemoved(RED, node.id, folder);
            };
        },
    );
};

/** A node that is only switched off, or made anew by a deploy, is still the same bridge. */
function forgetOnceRemoved(RED: NodeAPI, id: string, folder: string): void {
    RED.events.once("flows:started", () => {
        if (!isInFlows(RED, id)) removeIdentity(folder).catch((error: Error) => RED.log.error(error.message));
    });
}

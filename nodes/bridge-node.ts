/** How devices find their bridge, and the bridge its devices. */
import type { Node, NodeAPI } from "node-red";
import type { ExposedDevice, HomeKitBridge } from "../src/bridge";
import { deviceSettings, nameOf } from "./device-settings";
import { HubError } from "./hub-node";
import { readSettings } from "./settings";

/** What `earshot-bridge` puts on its node. */
export interface BridgeNode extends Node {
    /** Settles once the flow and the hub are up; rejects with HubError. */
    bridge?: Promise<HomeKitBridge>;
}

/** @throws HubError `no-hub` where nobody deployed such a bridge */
export async function bridgeOf(RED: NodeAPI, id: string): Promise<HomeKitBridge> {
    const node: BridgeNode | null = id === "" ? null : RED.nodes.getNode(id);
    if (node?.type === "earshot-bridge" && node.bridge) return await node.bridge;
    throw new HubError("no-hub", RED._("error.noHub"));
}

/**
 * The devices of a bridge as the flows have them, those that are switched off too: what is left out here is gone from
 * Apple Home, with its room and its automations.
 */
export function devicesOf(RED: NodeAPI, bridge: string): readonly ExposedDevice[] {
    const devices: ExposedDevice[] = [];
    RED.nodes.eachNode((node) => {
        const flow = node as unknown as Readonly<Record<string, unknown>>;
        if (node.type !== "earshot-device" || flow.bridge !== bridge) return;
        try {
            const { kind } = readSettings(deviceSettings, flow);
            devices.push({ id: node.id, name: nameOf(node.name, kind), kind });
        } catch {
            // The node itself says what is wrong with its settings.
        }
    });
    return devices;
}

export function isInFlows(RED: NodeAPI, id: string): boolean {
    let isThere = false;
    RED.nodes.eachNode((node) => {
        if (node.id === id) isThere = true;
    });
    return isThere;
}

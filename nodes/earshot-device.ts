/** A flow as a device: for the voice through the hub, for Apple Home through a bridge. */
import type { NodeAPI } from "node-red";
import { deviceOf, readReport } from "../src/bridge";
import type { DeviceChange } from "../src/home";
import { FlowDevice } from "../src/home/drivers/flow";
import { bridgeOf } from "./bridge-node";
import { defineNode } from "./define-node";
import { deviceSettings, nameOf } from "./device-settings";

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-device", deviceSettings, ({ id, config, hub, status, closing }) => {
        const node = RED.nodes.getNode(id);
        const { kind, area, aliases, bridge, done, withinSeconds } = config;
        const name = nameOf(node.name, kind);
        const deviceId = `flow:${id}`;
        const device = new FlowDevice({
            device: deviceOf(kind, { id: deviceId, name, ...(area && { area }), aliases }),
            state: keptState(),
            ...(done === "reported" && { confirmMs: withinSeconds * 1_000 }),
            command(change, from) {
                status.busy("asked");
                node.send({ topic: name, payload: change, device: { id: deviceId, name, from } });
            },
        });
        device.on("changed", () => {
            node.context().set("state", device.state);
            if (device.isReachable) status.ok("told");
            else status.failed("away");
        });
        const ends: (() => void)[] = [];

        /** What it was doing before a deploy; whatever it says, it has to be something that could be reported. */
        function keptState() {
            try {
                return readReport(kind, node.context().get("state") ?? {});
            } catch {
                return {};
            }
        }

        return {
            start() {
                ends.push(hub.flowDevices.add(device));
                if (bridge === "") return;
                // The bridge comes up after the flow, and without it the device still hears the voice.
                bridgeOf(RED, bridge).then(
                    (found) => {
                        if (closing.aborted) return;
                        const show = () => {
                            if (found.status.state === "failed") status.failed("bridgeDown");
                        };
                        found.on("changed", show);
                        const shown = { device, command: (wish: DeviceChange) => hub.fromHomeKit(deviceId, wish) };
                        ends.push(found.attach(id, shown), () => found.off("changed", show));
                        show();
                    },
                    () => status.failed("bridgeDown"),
                );
            },
            stop() {
                for (const end of ends) end();
            },
            input(msg) {
                if (typeof msg.reachable === "boolean") device.reachable(msg.reachable);
                if (msg.reachable !== false && msg.payload !== undefined) device.report(readReport(kind, msg.payload));
            },
        };
    });

/** Lists the HomeKit accessories on the network and pairs them: when asked, or on its own once accessory and PIN are set. */
import type { NodeAPI } from "node-red";
import { serveAccessories } from "./admin-accessories";
import { serveDeviceTest } from "./admin-devices";
import { AutomaticPairing } from "./automatic-pairing";
import { defineNode } from "./define-node";
import { text } from "./settings";

const settings = { accessory: text() };

const ACTIONS = ["list", "pair", "unpair"];

export = (RED: NodeAPI) => {
    serveAccessories(RED);
    serveDeviceTest(RED);
    return defineNode(
        RED,
        "earshot-discover",
        settings,
        ({ config, credentials: { pin }, hub: { accessories }, status, report }) => {
            const automatic = new AutomaticPairing({ accessories, accessory: config.accessory, pin, status, report });
            return {
                start: () => automatic.start(),
                stop: () => automatic.stop(),
                async input(msg, send) {
                    const action = [msg.payload, msg.topic].find((word) => ACTIONS.includes(String(word))) ?? "list";
                    const id = typeof msg.accessory === "string" ? msg.accessory : config.accessory;
                    if (action !== "list" && id === "") throw new Error(RED._("error.noAccessory"));
                    if (action === "pair") {
                        if (!pin) throw new Error(RED._("error.noPin"));
                        status.busy("pairing");
                        msg.payload = await accessories.pair(id, pin);
                    } else if (action === "unpair") {
                        automatic.giveUp();
                        await accessories.unpair(id);
                        msg.payload = accessories.list().find((accessory) => accessory.id === id.toUpperCase());
                    } else {
                        msg.payload = accessories.list();
                    }
                    automatic.show();
                    send(msg);
                },
            };
        },
        { credentials: { pin: { type: "password" } } },
    );
};

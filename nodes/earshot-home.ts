/** What the home is made of: floors, areas and devices with the names people call them by, and Home Assistant's. */
import type { NodeAPI } from "node-red";
import { SIMULATED_TYPES } from "../src/home";
import { ConversationEndpoint } from "../src/home-assistant";
import { serveDevices } from "./admin";
import { defineConfigNode } from "./define-node";
import { serveConversation, serveHomeAssistant } from "./home-assistant";
import { type HomeNode, hubOfHome, runningHub } from "./hub-node";
import { choice, rows, text, texts } from "./settings";

const settings = {
    floors: rows({ id: text(), name: text(), aliases: texts() }),
    areas: rows({ id: text(), name: text(), floor: text(), aliases: texts() }),
    devices: rows({
        id: text(),
        name: text(),
        type: text("light"),
        area: text(),
        aliases: texts(),
        driver: choice("simulated", "homekit", "home-assistant"),
    }),
    homeAssistant: text(),
};

const credentials = { homeAssistantToken: { type: "password" }, conversationToken: { type: "password" } } as const;

export = (RED: NodeAPI) => {
    serveDevices(RED);
    serveHomeAssistant(RED);
    serveConversation(RED);
    return defineConfigNode(
        RED,
        "earshot-home",
        settings,
        (node: HomeNode, { floors, areas, devices, homeAssistant: address }) => {
            const { homeAssistantToken = "", conversationToken = "" } = node.credentials ?? {};
            node.home = {
                floors,
                areas: areas.map(({ floor, ...area }) => (floor ? { ...area, floor } : area)),
                // An empty field says nothing: the device keeps what it says of itself.
                devices: devices.map(({ area, aliases, ...device }) => ({
                    ...device,
                    ...(area && { area }),
                    ...(aliases.length > 0 && { aliases }),
                })),
                ...(address && { homeAssistant: { address, token: homeAssistantToken.trim() } }),
            };
            node.conversation = new ConversationEndpoint({
                token: conversationToken.trim(),
                converser: () => runningHub(RED, hubOfHome(RED, node.id)),
            });
            return undefined;
        },
        { credentials, shown: { earshotHomeSimulated: { value: SIMULATED_TYPES, exportable: true } } },
    );
};

/** What the home is made of: floors, areas and devices with the names people call them by. */
import type { NodeAPI } from "node-red";
import { serveDevices } from "./admin";
import { defineConfigNode } from "./define-node";
import type { HomeNode } from "./hub-node";
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
        driver: choice("simulated", "homekit"),
    }),
};

export = (RED: NodeAPI) => {
    serveDevices(RED);
    return defineConfigNode(RED, "earshot-home", settings, (node: HomeNode, { floors, areas, devices }) => {
        node.home = {
            floors,
            areas: areas.map(({ floor, ...area }) => (floor ? { ...area, floor } : area)),
            devices: devices.map(({ area, ...device }) => (area ? { ...device, area } : device)),
        };
        return undefined;
    });
};
